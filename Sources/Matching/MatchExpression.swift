/// The `match` of a claim rule, as its author wrote it.
package indirect enum MatchExpression: Hashable, Sendable {
  case name(String)
  case not(MatchExpression)
  case and([MatchExpression])
  case or([MatchExpression])
  /// `score >= 7`.
  case score(Comparison, Double)
  /// `hits(casualty) >= 2`: all hits of the term, beyond its cap too.
  case hits(String, Comparison, Double)
  /// `2 of them`, `all of casualty*`, `any of (a, b)`.
  case count(Quantity, of: Selection)

  /// The default where a rule has no `match`.
  package static let anyOfThem = MatchExpression.count(.any, of: .them)

  package enum Comparison: String, Sendable, CaseIterable {
    case atLeast = ">="
    case above = ">"
    case atMost = "<="
    case below = "<"
    case equal = "=="
    case notEqual = "!="
  }

  /// How many of the selected terms must hit.
  package enum Quantity: Hashable, Sendable {
    case all, any
    /// From 1.
    case atLeast(Int)
  }

  /// Which terms are counted.
  package enum Selection: Hashable, Sendable {
    /// The rule's own terms with a weight of 0 or more that no `unless` names and whose names do not begin with `_`.
    case them
    /// The rule's own terms whose names fit; `*` stands for any characters. Names that begin with `_` only where the
    /// glob does so too.
    case glob(String)
    /// Own or shared terms.
    case names([String])
  }
}
