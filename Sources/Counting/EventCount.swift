import Rules

/// Counts to be reached.
enum EventCount {
  /// The smallest count that satisfies every lower bound, ≥ 1.
  static func least(_ bounds: [Bound<Double>]) -> Int {
    bounds.reduce(1) { least, bound in
      let whole = Int(bound.limit.rounded(.down))
      return max(least, bound.relation == .gt || Double(whole) < bound.limit ? whole + 1 : whole)
    }
  }
}
