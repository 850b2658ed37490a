// Monitor: wiring. It ties polling, parsing, the engine, the store and delivery together and keeps them going.
//
// In: a configuration, rules, a clock. Out: a server that runs until its task is cancelled. It decides nothing about
// what a text means.
