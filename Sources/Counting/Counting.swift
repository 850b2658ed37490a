// Counting: events → counts per series and bucket → spikes against what is usual.
//
// In: observations and counter readings. Out: firings with count, ratio, z and authors, and when they clear.
// It knows no texts, and of authors nothing but a keyed hash that tells ten voices from one.
