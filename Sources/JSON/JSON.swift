// JSON: bytes ↔ values.
//
// In: JSON and NDJSON bytes, read by simdjson. Out: `JSONValue` trees and tape lines; and back, written with the
// members in the order they were given. It knows nothing of files or of the network.
