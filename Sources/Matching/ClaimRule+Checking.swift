import Rules
import YAML

extension ClaimRule {
  /// Whether a text without a single hit would match, or only terms of negative weight are asked for.
  var asksForNothing: Bool {
    let compiled = compiledMatch
    if compiled.holdsForNothing { return true }
    let positive = compiled.positive
    guard !positive.isEmpty else { return match.mentionsThem }
    let all = terms + sharedTerms
    return positive.allSatisfy { all[$0].weight < 0 }
  }

  /// Why a quantifier or a comparison of hits can never hold; nil when it can.
  func reasonNeverToHold(_ expression: MatchExpression, isComment: Bool) -> String? {
    switch expression {
    case .count(let quantity, let selection):
      let count = names(selection).count
      guard count > 0 else { return "no term of this rule is meant by «\(selection.written)»" }
      guard quantity.needed(of: count) > count else { return nil }
      return "\(selection.written) \(count == 1 ? "is 1 term" : "are \(count) terms")"
    case .hits(let name, let comparison, let limit):
      // A comment has one field, and a term of `all` hits once a field.
      let term = termIndex[name].map { (terms + sharedTerms)[$0] }
      var most = Double.infinity
      if case .all? = term?.body { most = isComment ? 1 : 2 }
      return switch comparison {
      case .atLeast where limit > most, .above where limit >= most, .equal where limit > most:
        "«\(name)» hits once in a field"
      case .atMost where limit < 0, .below where limit <= 0, .equal where limit < 0: "there are no fewer hits than 0"
      case .equal where limit != limit.rounded(): "hits are counted in whole numbers"
      default: nil
      }
    case .name, .not, .and, .or, .score: return nil
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
