// Rules: rule files → rules with places, checks and tests.
//
// In: YAML files. Out: a `RuleSet` or diagnostics. It knows what every rule has in common; what only one rule
// type has is read by that type's stage, which registers a `RuleType`. It evaluates nothing.
