import JSON

/// One comparison by which a rule that counts decides: `fire` of a spike, `count` of a frequency, `expect` of an absence.
package struct MeasureComparison: Sendable, Hashable {
  /// The key of the rule under which it stands.
  package var section: String
  /// `count`, `ratio`, `z`, `authors`.
  package var measure: String
  package var bound: Bound<Double>

  package init(_ section: String, _ measure: String, _ bound: Bound<Double>) {
    self.section = section
    self.measure = measure
    self.bound = bound
  }

  /// `count >= 40`, as messages write it.
  package var written: String {
    "\(measure) \(bound.relation.sign) \(JSONValue.number(bound.limit).serialized)"
  }

  /// nil where the figure is unknown.
  package func holds(for figures: Measure) -> Bool? { figures[measure].map { bound.holds(for: $0) } }

  /// How far the figure is from the bound; 0 where it is reached or unknown.
  package func distance(of figures: Measure) -> Double {
    guard let value = figures[measure], !bound.holds(for: value) else { return 0 }
    return abs(bound.limit - value)
  }
}
