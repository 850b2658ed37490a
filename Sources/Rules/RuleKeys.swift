/// The keys of a rule, beyond those that only its type has.
enum RuleKeys {
  /// Of a rule file, at its top.
  static let ofFile = ["format", "defaults", "lists", "terms", "rules", "filters", "override"]
  static let ofDefaults = ["timezone", "lang", "owner", "sla", "realert", "four_eyes"]
  static let ofTest = ["name", "covers", "now", "history", "given", "expect"]
  static let ofExpectation = [
    "at", "alerts", "refutations", "state", "severity", "key", "evidence", "score", "ratio", "z", "near_miss", "work",
    "parent_work",
  ]
  /// Read for every type.
  static let common: Set<String> = [
    "id", "title", "claim", "review_by", "narrative", "type", "status", "severity", "stream", "where", "key",
    "missing_key", "labels", "summary", "guide", "tags", "references", "false_positives", "owner", "sla", "realert",
    "keep_firing", "reopen_within", "tests", "formerly", "fold",
    "severity_by", "attach", "escalate", "active", "equivalent", "four_eyes",
  ]
  /// Keys of the types that are not there yet.
  static let ofLaterTypes: Set<String> = [
    "registry", "similarity", "agree", "on_conflict", "all", "none", "same", "within", "order", "wait", "absorb",
    "expect", "when_unreachable", "baseline_guard", "forget_after", "learn", "after", "when_met", "of", "count",
    "per", "match", "known", "fire", "window", "span", "verdict", "map", "raise", "rearm", "clear", "unless", "terms",
    "fields", "step", "lateness", "measure", "baseline", "learning", "hygiene",
  ]
  /// Types that the language defines and this version does not run.
  static let laterTypes: [String] = [
    "registry", "emerging",
  ]
}
