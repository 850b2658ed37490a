// Model: the values every module speaks of — moments, places, sources, items, tape lines, stored rows.
//
// In: nothing. Out: plain `Sendable` values and the protocols of the clock and the store.
// It does no I/O, calls no C and names no stage.
