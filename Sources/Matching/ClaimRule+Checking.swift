import Rules
import YAML

extension ClaimRule {
  /// Names that `unless` uses.
  var exceptionTerms: Set<String> {
    Set(
      unless.compactMap { exception in
        if case .term(let name) = exception.cue { name } else { nil }
      })
  }

  /// The terms that `any of them` means.
  var them: [Term] {
    let exceptions = exceptionTerms
    return terms.filter { $0.weight >= 0 && !$0.name.hasPrefix("_") && !exceptions.contains($0.name) }
  }

  /// Whether a text without a single hit would match, or only terms of negative weight are asked for.
  var asksForNothing: Bool {
    if match.holdsForNothing { return true }
    let positive = match.positiveNames
    if match.mentionsAnyOfThem { return them.isEmpty && positive.isEmpty }
    let weights = (terms + sharedTerms).filter { positive.contains($0.name) }.map(\.weight)
    return !weights.isEmpty && weights.allSatisfy { $0 < 0 }
  }
}

extension MatchExpression {
  /// Whether it holds where no term hits and the score is 0.
  var holdsForNothing: Bool {
    switch self {
    case .name, .anyOfThem: false
    case .not(let inner): !inner.holdsForNothing
    case .and(let parts): parts.allSatisfy(\.holdsForNothing)
    case .or(let parts): parts.contains(where: \.holdsForNothing)
    case .score(let comparison, let limit): comparison.holds(0, limit)
    }
  }

  var mentionsAnyOfThem: Bool {
    switch self {
    case .anyOfThem: true
    case .not(let inner): inner.mentionsAnyOfThem
    case .and(let parts), .or(let parts): parts.contains(where: \.mentionsAnyOfThem)
    case .name, .score: false
    }
  }
}

extension MatchExpression.Comparison {
  package func holds(_ value: Double, _ limit: Double) -> Bool {
    switch self {
    case .atLeast: value >= limit
    case .above: value > limit
    case .atMost: value <= limit
    case .below: value < limit
    case .equal: value == limit
    case .notEqual: value != limit
    }
  }
}

/// Between which scores a claim rule's texts can be.
struct ScoreRange {
  private(set) var least = 0.0
  private(set) var most = 0.0
  private var gains: [String] = []
  private var losses: [String] = []

  init(_ rule: ClaimRule, isComment: Bool) {
    // A comment has a body only.
    let factor = (isComment ? ["body"] : ["title", "body"]).map { rule.fields[$0] ?? 1 }.max() ?? 1
    for term in rule.terms + rule.sharedTerms where term.weight != 0 && factor > 0 {
      var text = "\(term.name) \(Complaints.written(term.weight))"
      if term.cap > 1 { text += "×\(term.cap)" }
      if factor != 1 { text += "×\(Complaints.written(factor))" }
      let value = term.weight * Double(term.cap) * factor
      if value > 0 {
        most += value
        gains.append(text)
      } else {
        least += value
        losses.append(text)
      }
    }
  }

  /// Why a comparison can never hold; nil when it can.
  func cause(for score: MatchSyntax.Score, in text: String) -> RuleCause? {
    let scalars = Array(text.unicodeScalars)
    let written = String(String.UnicodeScalarView(scalars[score.range.clamped(to: 0..<scalars.count)]))
    let tooHigh = RuleCause.unreachable(
      comparison: written, most: Complaints.written(most), sum: gains.joined(separator: " + "))
    let tooLow = RuleCause.neverBelow(
      comparison: written, least: Complaints.written(least), sum: losses.joined(separator: " + "))
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
