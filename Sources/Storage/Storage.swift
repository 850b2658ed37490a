// Storage: where steps are kept.
//
// In: whole steps of changes. Out: what was committed, never a part of a step. `SQLiteStore` keeps them in one file,
// `MemoryStore` for as long as the process lives; both pass the same suite. It decides nothing and calls nobody.
