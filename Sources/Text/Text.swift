// Text: UTF-8 bytes → tokens, sentences, foldings, lemmas and stems.
//
// In: bytes of a text. Out: token ranges, and for a word the readings and lemmas it may have. It knows no rules.
