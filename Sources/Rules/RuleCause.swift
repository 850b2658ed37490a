import YAML

/// What can be wrong with a rule, or is worth saying about it: the codes E201–E211, W4xx and I501.
package enum RuleCause: Cause {
  case definedTwice(kind: String, name: String, first: String)
  case unknownField(String, suggestion: String?)
  case person(String)
  case unknownState(String, suggestion: String?)
  case active(String, hint: String? = nil)
  case template(String, suggestion: String? = nil)
  case unknownName(kind: String, name: String, suggestion: String?)
  case grammar(String, hint: String? = nil)
  case unreachable(comparison: String, most: String, sum: String)
  case neverHolds(String, reason: String)
  case neverBelow(comparison: String, least: String, sum: String)
  case onlyNegative(hint: String)
  case weight(String)
  case near(String, hint: String? = nil)
  case clearWithFire(String)
  case stableWithoutTests
  case stableWithoutClaim
  case unused(kind: String, name: String)
  case notCovered(String)
  case noGuide(severity: String)
  case stopWords(String)
  case slowPattern(String)
  case hazard(String)
  case unknownWord(String)
  case reflexive(String)
  case implied(by: String)
  case swallowed(by: String)
  case notExercised(String)
  case noReview
  case deprecated
  case noEffect(String)
  case keyOfOtherType(String, type: String, owner: String)

  package var code: String {
    switch self {
    case .definedTwice: "E201"
    case .active: "E106"
    case .unknownField, .person, .template, .unknownState: "E202"
    case .unknownName: "E203"
    case .grammar: "E204"
    case .unreachable, .neverBelow, .neverHolds: "E205"
    case .onlyNegative: "E206"
    case .weight: "E207"
    case .near: "E208"
    case .clearWithFire: "E209"
    case .stableWithoutTests: "E210"
    case .stableWithoutClaim: "E211"
    case .unused: "W401"
    case .notCovered: "W402"
    case .noGuide: "W403"
    case .slowPattern: "W404"
    case .stopWords: "W405"
    case .hazard: "W406"
    case .unknownWord: "W407"
    case .implied: "W408"
    case .reflexive: "W409"
    case .swallowed: "W410"
    case .notExercised: "W411"
    case .noReview: "W412"
    case .deprecated: "W413"
    case .noEffect: "I501"
    case .keyOfOtherType: "E101"
    }
  }

  package var message: String {
    switch self {
    case .definedTwice(let kind, let name, let first): "the \(kind) «\(name)» is already defined at \(first)"
    case .unknownField(let name, _): "unknown field «\(name)»"
    case .person(let name): "«\(name)» may not be used here: rules watch claims, not people"
    case .template(let message, _), .active(let message, _): message
    case .unknownState(let name, _): "an alert is never «\(name)»"
    case .unknownName(let kind, let name, _): "unknown \(kind) «\(name)»"
    case .grammar(let message, _): message
    case .unreachable(let comparison, let most, _):
      "«\(comparison)» can never hold: weights add up to at most \(most)"
    case .neverBelow(let comparison, let least, _):
      "«\(comparison)» can never hold: weights add up to at least \(least)"
    case .neverHolds(let clause, let reason): "«\(clause)» can never hold: \(reason)"
    case .onlyNegative: "nothing in this rule asks for a word to be there"
    case .weight(let message): message
    case .near(let message, _): message
    case .clearWithFire(let hint): "«clear» can hold while «fire» holds\(hint)"
    case .stableWithoutTests: "a stable rule needs tests"
    case .stableWithoutClaim: "a stable claim rule needs «claim»: the statement in one sentence"
    case .unused(let kind, let name): "the \(kind) «\(name)» is not used"
    case .notCovered(let kind): "no test covers «\(kind)»"
    case .noGuide(let severity): "a rule of severity \(severity) has no «guide»"
    case .slowPattern(let reason): "a slow expression: \(reason)"
    case .stopWords(let name): "«\(name)» consists of words that stand in almost every text"
    case .hazard(let text): "«\(text)» is not text to every YAML reader"
    case .unknownWord(let word): "«\(word)» is not in the dictionary: it is matched by its stem"
    case .reflexive(let word): "«\(word)» does not match «\(word)ся»"
    case .implied(let rule): "every text that fires this rule fires «\(rule)» too"
    case .swallowed(let term):
      "the exception swallows its rule: it applies whenever «\(term)» is there, and that is always"
    case .notExercised(let term): "no test has a text in which «\(term)» hits"
    case .noReview: "a stable rule has no «review_by»"
    case .deprecated: "the rule is deprecated, and still runs"
    case .noEffect(let name): "«\(name)» has no effect yet"
    case .keyOfOtherType(let name, let type, _): "unknown key «\(name)» in a rule of type «\(type)»"
    }
  }

  package var hint: String? {
    switch self {
    case .unknownState(_, let suggestion):
      suggestion.map { "did you mean «\($0)»?" } ?? "one of: unacknowledged, unanswered"
    case .active(_, let hint): hint
    case .unknownField(_, let suggestion), .template(_, let suggestion), .unknownName(_, _, let suggestion):
      suggestion.map { "did you mean «\($0)»?" }
    case .grammar(_, let hint), .near(_, let hint): hint
    case .unreachable(_, _, let sum): sum.isEmpty ? "no term has a positive weight" : "largest: \(sum)"
    case .neverBelow(_, _, let sum): sum.isEmpty ? "no term has a negative weight" : "smallest: \(sum)"
    case .onlyNegative(let hint): hint
    case .stableWithoutTests: "add tests, or set «status: draft»"
    case .notCovered(let kind): "add a test with «covers: \(kind)»"
    case .noGuide: "say what the officer should do first"
    case .slowPattern: "begin it with a letter or a word; it is found anywhere in the text"
    case .hazard(let text): "quote it: \"\(text)\""
    case .reflexive(let word): "add «\(word)ся» if it is meant too"
    case .keyOfOtherType(_, _, let owner): "rules of type «\(owner)» have it"
    case .implied: "join the two, or let this one be of a higher severity or of another narrative"
    case .swallowed: "take the words out of it, or narrow what it applies to"
    case .notExercised: "add a test whose text has its words"
    case .noReview: "give the day on which somebody looks at it again"
    default: nil
    }
  }
}
