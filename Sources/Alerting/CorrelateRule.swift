package import Model
package import Rules

/// The own part of `type: correlate`: firings of several rules that belong together become one alert.
package struct CorrelateRule: RuleBody, Hashable {
  package struct Child: Hashable, Sendable {
    package var rule: String
    /// The name under `as`; the rule's id where there is none.
    package var name: String
  }

  package struct Exclusion: Hashable, Sendable {
    package var rule: String
    /// The child since whose firing it counts, as a place in `all`; nil: within `within`.
    package var after: Int?
  }

  package enum Order: String, Sendable, CaseIterable { case any, given }

  /// At least two.
  package var all: [Child]
  package var none: [Exclusion] = []
  package var same: [SharedField] = []
  /// Between the firings of the children, inclusive.
  package var within: Span
  package var order: Order = .any
  /// How long a complete set waits for what excludes it.
  package var wait: Span = .zero
  /// Children whose own notices stop, as places in `all`.
  package var absorb: [Int] = []

  package func makeEvaluator(for rule: Rule) -> any Evaluator { CorrelateEvaluator(rule: rule, body: self) }

  package var watchesRules: Bool { true }

  package func watches(_ rule: String) -> Bool {
    all.contains { $0.rule == rule } || none.contains { $0.rule == rule }
  }

  package func isParent(_ rule: String) -> Bool { all.contains { $0.rule == rule } }
}
