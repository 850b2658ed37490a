/// How a claim rule came to what it made of a text: every clause, term and exception, for explanations and coverage.
package struct MatchAccount: Sendable, Hashable {
  /// One clause of the top-level `and` of `match`.
  package struct Clause: Sendable, Hashable {
    /// As its author wrote it.
    package var text: String
    package var holds: Bool

    package init(text: String, holds: Bool) {
      self.text = text
      self.holds = holds
    }
  }

  package struct TermCount: Sendable, Hashable {
    package var name: String
    package var hits: Int
    /// weight × min(hits, cap) × factor.
    package var adds: Double
    /// Why a `near` did not hit though both sides stand there: `breach within: 6`, `breach sentence`.
    package var nearly: String?

    package init(name: String, hits: Int, adds: Double, nearly: String?) {
      self.name = name
      self.hits = hits
      self.adds = adds
      self.nearly = nearly
    }
  }

  /// In the order written.
  package var clauses: [Clause]
  /// Own terms in the order written, then the shared ones that the rule names.
  package var terms: [TermCount]
  /// For each entry of `unless` whether it applies; those behind the first that ends the matter are tried all the same.
  package var exceptions: [Bool]

  package init(clauses: [Clause], terms: [TermCount], exceptions: [Bool]) {
    self.clauses = clauses
    self.terms = terms
    self.exceptions = exceptions
  }
}
