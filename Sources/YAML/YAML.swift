// YAML: the bytes of a file that a person wrote → a tree in which every node knows its place.
//
// In: UTF-8 bytes. Out: a `YAMLDocument` (source, root, diagnostics) and `Fields`, which read a mapping's values as
// text, numbers, durations or words of a set and complain where they are not. The subset is the one the rule language
// accepts: no anchors, tags, merge keys or second documents. It knows no rule, no source and no configuration.
