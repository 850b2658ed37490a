package import JSON
package import Model
package import Rules
package import Text

/// What the claim rules would make of single texts, each for itself: nothing is remembered between them.
package struct TextTrial {
  package struct Result: Sendable {
    package var rule: Rule
    package var match: Match
    /// Whether `where` lets the text through.
    package var isAdmitted: Bool

    package var wouldAlert: Bool { match.outcome == .fire && isAdmitted }
  }

  private let rules: [Rule]
  private let pool: MatchPool

  private let keepsAll: Bool

  /// - Parameter keepsAll: also rules that share no more than a word with the text, each with its account.
  package init(rules: [Rule], lexicon: Lexicon?, keepsAll: Bool = false) {
    self.rules = rules
    self.keepsAll = keepsAll
    pool = MatchPool(rules: rules, lexicon: lexicon, threads: 1, keepsAll: keepsAll)
  }

  /// Results of the rules that have anything to say, in the order of the rules.
  ///
  /// - Parameter arrival: when the text was first seen; nil: when it was published.
  package func results(for text: Publication, arrival: Moment? = nil) -> [Result] {
    let now = arrival ?? text.published
    let matches = pool.matches(for: [.item(at: now, text)], commentsNeedMatching: { _ in true })[0]
    var fields = EventFields()
    fields.id = text.id
    fields.source = text.source
    fields.sourceClass = text.sourceClass
    fields.region = text.region
    fields.lang = text.lang
    return matches.filter { keepsAll || $0.holds || $0.nearMiss != nil }.map { match in
      let observation = Observation(
        subject: .item, now: now, eventTime: text.published, fields: fields,
        content: Content(id: text.id, source: text.source, url: nil, published: text.published))
      return Result(rule: rules[match.rule], match: match, isAdmitted: rules[match.rule].admits(observation))
    }
  }

  /// `{"id","rules":[…],"matches":[…]}`: rules that would alert, and what each rule that came near saw.
  package static func json(_ results: [Result], id: String) -> JSONValue {
    [
      "id": .string(id),
      "rules": .array(results.filter(\.wouldAlert).map { .string($0.rule.id) }),
      "matches": .array(results.map(\.json)),
    ]
  }

  /// The same for a person.
  package static func words(_ results: [Result], id: String) -> String {
    guard !results.isEmpty else { return "\(id): no rule has anything to say\n" }
    return results.map { result in
      let score = JSONValue.number(result.match.score).serialized
      let threshold = result.match.threshold.map { " of \(JSONValue.number($0).serialized)" } ?? ""
      var text = "\(id): \(result.rule.id) — \(result.verdict), score \(score)\(threshold)\n"
      for reason in result.match.why {
        let folds = reason.folds.isEmpty ? "" : " (\(reason.folds.joined(separator: ", ")))"
        text +=
          "    \(reason.term) \(JSONValue.number(reason.weight).serialized): «\(reason.text)» in \(reason.field)\(folds)\n"
      }
      for change in result.rule.changes { text += "    changed by: \(change.line)\n" }
      return text
    }.joined()
  }
}

extension TextTrial.Result {
  /// `alert`, `refutation`, `dropped`, `not admitted`, or what is missing.
  fileprivate var outcome: String {
    switch match.outcome {
    case .fire: isAdmitted ? "alert" : "not-admitted"
    case .refutation: "refutation"
    case .drop: "dropped"
    case .none: "near-miss"
    }
  }

  fileprivate var verdict: String {
    switch match.outcome {
    case .fire: isAdmitted ? "would alert" : "matches, but `where` does not let it through"
    case .refutation: "refutes the claim, no alert"
    case .drop: "matches, but an exception drops it"
    case .none: "near miss, missing: \(match.nearMiss ?? "")"
    }
  }

  fileprivate var json: JSONValue {
    var object = JSONObject([
      "rule": .string(rule.id), "outcome": .string(outcome), "score": .number(match.score),
      "threshold": match.threshold.map(JSONValue.number) ?? .null,
    ])
    object.append("missing", ifPresent: match.nearMiss.map(JSONValue.string))
    object.append(
      "why",
      .array(
        match.why.map { reason in
          var why = JSONObject([
            "term": .string(reason.term), "weight": .number(reason.weight), "field": .string(reason.field),
            "text": .string(reason.text),
          ])
          if !reason.folds.isEmpty { why.append("fold", .array(reason.folds.map(JSONValue.string))) }
          return .object(why)
        }))
    if !rule.changes.isEmpty { object.append("changes", .array(rule.changes.map { .string($0.line) })) }
    return .object(object)
  }
}
