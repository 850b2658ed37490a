package import Model
package import Rules

/// The own part of `type: absence` over a stream: fewer events of a group than are expected within a time.
package struct SilenceRule: RuleBody, Hashable {
  /// Field names that tell one group from another; a group is known from its first event on.
  package var per: [String]
  /// Lower bounds of the events expected within the time.
  package var bounds: [Bound<Double>]
  /// Of active time.
  package var within: Span
  package var active: ActiveHours?
  /// What is usual for a time of `within` must satisfy these; empty asks for nothing.
  package var usual: [Bound<Double>] = []
  /// A group without events for so long is no longer waited for.
  package var forgetAfter: Span = .days(7)

  /// How far back what is usual is taken from.
  static let lookbackDays: Int64 = 28

  /// The smallest number of events that satisfies every bound, ≥ 1.
  var least: Int { EventCount.least(bounds) }

  package var memory: Span? { .days(SilenceRule.lookbackDays) }

  package func countsLike(_ earlier: any RuleBody) -> Bool {
    guard let earlier = earlier as? SilenceRule else { return false }
    return per == earlier.per && bounds == earlier.bounds && within == earlier.within && active == earlier.active
      && forgetAfter == earlier.forgetAfter
  }

  package func makeEvaluator(for rule: Rule) -> any Evaluator { SilenceEvaluator(rule: rule, body: self) }
}
