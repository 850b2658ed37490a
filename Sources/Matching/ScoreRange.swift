import Rules
import YAML

/// Between which scores the texts of a claim rule can be, where certain terms are there or are not.
struct ScoreRange {
  private(set) var least = 0.0
  private(set) var most = 0.0
  /// What makes up `most` and `least`, as messages write it.
  private var largest = ""
  private var smallest = ""

  init(_ rule: ClaimRule, isComment: Bool, _ bounds: HitBounds) {
    // A comment has a body only.
    let factors = (isComment ? ["body"] : ["title", "body"]).map { rule.fields[$0] ?? 1 }.filter { $0 > 0 }
    guard let highest = factors.max(), let lowest = factors.min() else { return }
    let named = rule.match.names
    for (index, term) in (rule.terms + rule.sharedTerms).enumerated() where term.weight != 0 {
      guard index < rule.terms.count || named.contains(term.name) else { continue }
      var cap = min(term.cap, bounds.most[index])
      if case .all = term.body { cap = min(cap, factors.count) }
      let (few, many) = (min(bounds.least[index], cap), cap)
      guard many > 0 else { continue }
      if term.weight > 0 {
        most += term.weight * Double(many) * highest
        add(term, many, highest, to: &largest)
        least += term.weight * Double(few) * lowest
        if few > 0 { add(term, few, lowest, to: &smallest) }
      } else {
        least += term.weight * Double(many) * highest
        add(term, many, highest, to: &smallest)
        most += term.weight * Double(few) * lowest
        if few > 0 { add(term, few, lowest, to: &largest) }
      }
    }
  }

  /// `a 2×3`, joined by a sign to what stands there.
  private func add(_ term: Term, _ count: Int, _ factor: Double, to sum: inout String) {
    if !sum.isEmpty { sum += " + " }
    sum += "\(term.name) \(Complaints.written(term.weight))"
    if count > 1 { sum += "×\(count)" }
    if factor != 1 { sum += "×\(Complaints.written(factor))" }
  }

  /// Why a comparison can never hold; nil when it can.
  func cause(for score: MatchSyntax.Score, in text: String) -> RuleCause? {
    let scalars = Array(text.unicodeScalars)
    let written = String(String.UnicodeScalarView(scalars[score.range.clamped(to: 0..<scalars.count)]))
    let tooHigh = RuleCause.unreachable(comparison: written, most: Complaints.written(most), sum: largest)
    let tooLow = RuleCause.neverBelow(comparison: written, least: Complaints.written(least), sum: smallest)
    return switch score.comparison {
    case .atLeast where most < score.limit: tooHigh
    case .above where most <= score.limit: tooHigh
    case .equal where most < score.limit: tooHigh
    case .equal where least > score.limit: tooLow
    case .atMost where least > score.limit: tooLow
    case .below where least >= score.limit: tooLow
    default: nil
    }
  }
}
