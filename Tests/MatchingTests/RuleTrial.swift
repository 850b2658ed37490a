import Matching
import Model
import Monitor
import Rules
import TestSupport
import Testing
import Text

/// Rules as their authors write them, and what they find in a text.
struct RuleTrial {
  private let matcher: Matcher
  private let ids: [String]

  /// One rule `r0`, `r1` … for each text of terms; `t` is the term that counts.
  ///
  /// - Parameters:
  ///   - terms: the value of `any` of the one term, or with `{` at its beginning the term itself.
  ///   - fold: by the number of the rule, the value of its `fold`.
  init(_ terms: [String], fold: [Int: String] = [:], wordLimit: Int = 1_000_000) throws {
    let rules = terms.enumerated().map { number, term in
      let body = term.hasPrefix("{") ? term : "{ any: [\(term)] }"
      let fold = fold[number].map { "\n  fold: \($0)" } ?? ""
      return "- id: a.r\(number)\n  type: claim\n  terms: { t: \(body) }\n  match: t\(fold)\n"
    }
    let text = "format: 1\nrules:\n" + rules.joined()
    let set = RuleLoader.load(texts: [("t.rules.yaml", Array(text.utf8))], types: Registry.ruleTypes)
    try #require(!set.hasErrors, "\(set.diagnostics)")
    ids = set.rules.map(\.id)
    matcher = Matcher(CompiledClaims(set.rules, lexicon: try RuleTrial.lexicon()), wordLimit: wordLimit)
  }

  /// The dictionary is part of the set-up.
  static func lexicon() throws -> Lexicon {
    try #require(shared, "run scripts/setup: the dictionary is missing")
  }

  private static let shared = Lexicon.defaultFolder().flatMap(Lexicon.init(folder:))

  /// What each rule that holds found first: `r0: дaмбa (homoglyph)`.
  func found(_ text: String) -> [String] {
    matcher.matches(title: nil, body: text).filter(\.holds).map { match in
      let reason = match.why.first
      let folds = reason?.folds ?? []
      let suffix = folds.isEmpty ? "" : " (\(folds.joined(separator: ", ")))"
      return "\(ids[match.rule].dropFirst(2)): \(reason?.text ?? "")\(suffix)"
    }
  }

  /// How often the first rule's term hits; 0 where it does not hold.
  func score(_ text: String) -> Double { matcher.matches(title: nil, body: text).first?.score ?? 0 }

  /// Matches a text with any rules.
  static func matches(_ rules: [Rule], _ text: String) throws -> [Match] {
    Matcher(CompiledClaims(rules, lexicon: try lexicon())).matches(title: text, body: text)
  }
}
