import Rules

/// Tells from the number of hits alone that a rule has nothing to say of a text: most rules that share a word with it.
struct RuleGate: Sendable {
  private struct Part: Sendable {
    /// Range in `slots`; the term cannot hit unless all of them have hits.
    var start: Int32
    var end: Int32
    /// At most so many hits count.
    var cap: Double
    /// The most that one hit adds; at least 0.
    var worth: Double
    /// `match` cannot hold without the term.
    var isNeeded: Bool
  }

  /// Parts of a rule, by its position.
  private var starts: [Int32] = [0]
  private var parts: [Part] = []
  private var slots: [Int32] = []
  /// The score from which a miss is a near one; infinite where no score is.
  private var limits: [Double] = []

  init(_ rules: [CompiledClaims.CompiledRule]) {
    for rule in rules {
      let factor = max(0, rule.factors.max() ?? 0)
      for (index, body) in rule.bodies.enumerated() where rule.scores[index] {
        let start = Int32(slots.count)
        var cap = Double(rule.caps[index])
        switch body {
        case .any(let slot): slots.append(Int32(slot))
        case .near(let left, let right, _, _, _): slots += [Int32(left), Int32(right)]
        case .all(let entries):
          slots += entries.map { Int32($0) }
          // Once in each field.
          cap = min(cap, Double(TextFields.names.count))
        }
        parts.append(
          Part(
            start: start, end: Int32(slots.count), cap: cap, worth: max(0, rule.weights[index]) * factor,
            isNeeded: rule.needed.contains(index)))
      }
      starts.append(Int32(parts.count))
      let threshold = rule.threshold ?? 0
      // Rounding of the score is 1e-6.
      limits.append(threshold > 0 ? 0.6 * threshold - 1e-5 : .infinity)
    }
  }

  /// Whether the rule at the position may match or come near.
  ///
  /// `hits` are the hits of each slot, at least as many as count.
  @inline(__always)
  func admits(_ rule: Int, hits: UnsafePointer<Int32>) -> Bool {
    var lacks = false
    var bound = 0.0
    for index in Int(starts[rule])..<Int(starts[rule + 1]) {
      let part = parts[index]
      var count = Int32.max
      for slot in Int(part.start)..<Int(part.end) { count = min(count, hits[Int(slots[slot])]) }
      if count == 0 {
        if part.isNeeded { lacks = true }
      } else {
        bound += part.worth * min(part.cap, Double(count))
      }
    }
    return !lacks || bound >= limits[rule]
  }
}
