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
