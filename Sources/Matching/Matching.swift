// Matching: texts × claim rules → matches.
//
// In: the fields of an item or a comment. Out: for each rule that the text concerns, its score, whether `match`
// holds, what an exception made of it, and what was missing. It reads no clock and keeps no state but a cache of a
// pure function (word → pattern words).
