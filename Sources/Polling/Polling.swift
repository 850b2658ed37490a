// Polling: when to ask which source, and what its answers mean for the next time.
//
// In: sources with their states, a clock, something that fetches. Out: payloads, «unchanged» or failures in words, one
// at a time to a callback that says whether the bytes could be read. It does not look into the bytes.
