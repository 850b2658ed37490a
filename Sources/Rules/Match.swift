/// What one claim rule made of one text.
package struct Match: Sendable {
  package enum Outcome: Sendable, Hashable {
    /// `match` does not hold.
    case none
    case fire
    /// `match` holds, and an exception says the text refutes the claim.
    case refutation
    /// `match` holds, and an exception says it is something else.
    case drop
  }
  /// Index in the rule set.
  package var rule: Int
  /// Quantised to 1e-6.
  package var score: Double
  /// The limit of the first top-level `score >= n`; nil without one.
  package var threshold: Double?
  package var outcome: Outcome
  /// Labels that exceptions give the text, in the order of the rule; only with `fire`.
  package var labels: [String] = []
  /// `match` holds when every comparison of `score` is taken as true.
  package var holdsWithoutScore: Bool
  /// The clause that was missing, as text, when the text came close.
  package var nearMiss: String?
  /// Terms that hit, in the order of the rule; filled when `match` holds or came close.
  package var why: [Reason]
  /// Clause by clause; only where explanations are asked for.
  package var account: MatchAccount?

  package init(
    rule: Int, score: Double, threshold: Double?, outcome: Outcome, holdsWithoutScore: Bool, nearMiss: String?,
    why: [Reason]
  ) {
    self.rule = rule
    self.score = score
    self.threshold = threshold
    self.outcome = outcome
    self.holdsWithoutScore = holdsWithoutScore
    self.nearMiss = nearMiss
    self.why = why
  }

  package var holds: Bool { outcome != .none }
}

/// A term that hit, with the words that made it.
package struct Reason: Sendable, Hashable {
  package var term: String
  package var weight: Double
  /// `title` or `body`.
  package var field: String
  /// As it stands in the text.
  package var text: String
  /// Names of the foldings that were needed.
  package var folds: [String]

  package init(term: String, weight: Double, field: String, text: String, folds: [String] = []) {
    self.term = term
    self.weight = weight
    self.field = field
    self.text = text
    self.folds = folds
  }
}
