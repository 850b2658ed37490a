// Configuration: what people write beside rules.
//
// In: `nabat.yaml`, source files and region files. Out: typed values, and every problem of every file with its place.
// It opens no connection and reads no secret until it is asked for one. Rule files are read by Rules.
