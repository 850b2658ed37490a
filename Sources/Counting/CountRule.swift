package import Model
package import Rules

/// The own part of `type: frequency` and `type: cardinality`: N events, or N different values, within a window.
package struct CountRule: RuleBody, Hashable {
  /// What is counted once each; nil counts events.
  package var value: EventValue?
  /// Field names that tell one group from another; none is one group of all.
  package var per: [String]
  /// Lower bounds of the count, all of which must hold.
  package var bounds: [Bound<Double>]
  package var within: Span
  /// `stream: alert`: what is counted are firings of other rules.
  package var countsAlerts = false

  package var watchesRules: Bool { countsAlerts }
  package func watches(_ rule: String) -> Bool { countsAlerts }
  package func isParent(_ rule: String) -> Bool { false }

  /// The smallest count that satisfies every bound, ≥ 1.
  var least: Int { EventCount.least(bounds) }

  /// `count >= 10`, as people read it.
  var condition: String { "count >= \(least)" }
}

extension CountRule {
  package var memory: Span? { within }

  package func countsLike(_ earlier: any RuleBody) -> Bool {
    guard let earlier = earlier as? CountRule else { return false }
    return value == earlier.value && per == earlier.per && within == earlier.within && bounds == earlier.bounds
      && countsAlerts == earlier.countsAlerts
  }

  package func makeEvaluator(for rule: Rule) -> any Evaluator { CountEvaluator(rule: rule, body: self) }
}
