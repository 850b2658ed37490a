import Alerting
package import JSON
package import Model
package import Rules
package import Text

/// Why a rule that counts, waits or joins did not alert when a text came: the tape up to it, played once more.
package struct CountQuestion {
  /// The figures of one group, and which comparisons they fulfil.
  package struct Group: Sendable {
    package var key: Key
    package var comparisons: [(text: String, value: Double?, holds: Bool, distance: Double)]
  }

  package struct Answer: Sendable {
    /// `alert`, `stream`, `where`, `count`, `group`, `known`, `learning`, `firings`.
    package var verdict: String
    /// The first thing that failed; nil for `alert`.
    package var failed: String?
    package var distance: String?
    package var groups: [Group] = []
    /// Each line of `where`, and whether it holds.
    package var filters: [(text: String, holds: Bool)] = []
    /// For a rule that looks at others: when each of them fired last.
    package var firings: [(rule: String, last: Moment?)] = []
  }

  private let rule: Rule
  private let engine: Engine
  private let ruleIDs: [String]
  private let text: Publication
  private let isComment: Bool
  private let comment: Comment?
  /// When what came with the text is judged: lines after that do not matter.
  package let until: Moment
  private let arrival: Moment
  private var hasFired = false
  private var isLearning = false
  private var isTooLate = false
  private var firings: [String: Moment] = [:]

  /// - Parameters:
  ///   - rules: all that run together: topics of comments come from claim rules.
  ///   - comment: the text where it is one: a comment has fields that an item has not.
  package init(
    rule: Rule, rules: [Rule], lexicon: Lexicon?, text: Publication, comment: Comment?, arrival: Moment,
    history: [HistoryLine] = []
  ) {
    self.rule = rule
    self.text = text
    self.comment = comment
    isComment = comment != nil
    self.arrival = arrival
    until = rule.body.judgement(after: arrival)
    ruleIDs = rules.map(\.id)
    engine = Engine(rules: rules, lexicon: lexicon)
    engine.preload(history)
  }

  /// Lines in the order of arrival; those after `until` are left out.
  package mutating func take(_ lines: [TapeLine]) {
    engine.handle(lines.filter { $0.at <= until })
    note(engine.takeEvents())
  }

  private mutating func note(_ events: [Event]) {
    for event in events {
      guard let data = event.json["data"] else { continue }
      if event.type == "alert.fired" || event.type == "alert.reopened", let id = data["rule"]?["id"]?.string {
        firings[id] = event.time
        if id == rule.id, event.time >= arrival { hasFired = true }
      }
      if event.type == "note.too_late", data["rule"]?.string == rule.id, data["item"]?.string == text.id {
        isTooLate = true
      }
      if event.type == "note.learning", data["rule"]?.string == rule.id, event.time >= arrival { isLearning = true }
    }
  }

  /// What there is to say when every line was taken.
  package mutating func answer() -> Answer {
    engine.advance(through: until)
    note(engine.takeEvents())
    var fields = EventFields(text)
    fields.item = comment?.item ?? fields.item
    fields.narrative = comment?.narrative
    let age = arrival - text.published
    var answer = Answer(verdict: "alert")
    answer.filters = rule.filters.map { ($0.written, $0.holds(for: fields, age: age)) }
    func fail(_ verdict: String, _ failed: String?, _ distance: String?) {
      answer.verdict = verdict
      answer.failed = failed
      answer.distance = distance
    }
    if rule.body.watchesRules {
      answer.firings = ruleIDs.filter { $0 != rule.id && rule.body.watches($0) }.map { ($0, firings[$0]) }
      if hasFired { return answer }
      let silent = answer.firings.first { $0.last == nil }
      fail(
        "firings", silent.map { "\($0.rule) has not fired" } ?? "the firings do not belong together",
        silent == nil ? "see «within», «same», «order» and «none» of the rule" : nil)
      return answer
    }
    if isComment != (rule.stream == .comment) {
      fail("stream", "stream: \(rule.stream.rawValue)", "the text is \(isComment ? "a comment" : "an item")")
      return answer
    }
    // A topic that the line does not name comes from the claim rules, in the engine.
    if let filter = rule.filters.first(where: {
      !$0.holds(for: fields, age: age) && !($0.field == "narrative" && fields.narrative == nil)
    }) {
      fail(
        "where", filter.written,
        "\(filter.field) is \(filter.field == "age" ? "\(age)" : fields[filter.field] ?? "absent")")
      return answer
    }
    guard !rule.body.comparisons.isEmpty else {
      if hasFired { return answer }
      if isLearning {
        fail("learning", "learn", "the rule still learns what is usual")
      } else {
        fail("known", "the value was seen before, or the text has none", nil)
      }
      return answer
    }
    if isTooLate {
      fail("group", "the text is counted in no group", "it came later than «lateness» lets it")
      return answer
    }
    answer.groups = groups(agreeingWith: fields)
    guard let nearest = answer.groups.max(by: { $0.heldCount < $1.heldCount }) else {
      fail("group", "the text is counted in no group", "its time, or a field of «per», is missing or out of the window")
      return answer
    }
    if let missing = nearest.comparisons.first(where: { !$0.holds }) {
      let value = missing.value.map { "\(CountQuestion.number($0)), \(CountQuestion.number(missing.distance)) away" }
      fail("count", missing.text, value ?? "unknown: there is nothing to compare with")
    } else if isLearning, !hasFired {
      fail("learning", "baseline", "the rule still learns what is usual")
    }
    return answer
  }

  /// The groups that the text may count in: those that say nothing else of its fields.
  private func groups(agreeingWith fields: EventFields) -> [Group] {
    guard let index = engine.rules.firstIndex(where: { $0.id == rule.id }) else { return [] }
    let comparisons = rule.body.comparisons.filter { $0.section != "clear" }
    return engine.evaluators[index].figures(at: until)
      .filter { key, _ in
        key.fields.allSatisfy { field in fields[field.name].map { $0 == field.value } ?? (field.name == "narrative") }
      }
      .map { key, measure in
        Group(
          key: key,
          comparisons: comparisons.map { comparison in
            let holds = comparison.holds(for: measure)
            // Of unknown authors every comparison holds.
            let isUnknownAuthors = holds == nil && comparison.measure == "authors" && measure.count ?? 0 > 0
            return (
              comparison.written, measure[comparison.measure], holds ?? isUnknownAuthors,
              comparison.distance(of: measure)
            )
          })
      }
  }

  static func number(_ value: Double) -> String { JSONValue.number((value * 100).rounded() / 100).serialized }
}

extension CountQuestion.Group {
  fileprivate var heldCount: Int { comparisons.count { $0.holds } }
}

extension CountQuestion.Answer {
  package func json(rule: String, item: String) -> JSONValue {
    [
      "rule": .string(rule), "item": .string(item), "verdict": .string(verdict), "failed": JSONValue(failed),
      "distance": JSONValue(distance),
      "groups": .array(
        groups.map { group in
          [
            "key": group.key.json,
            "fire": .array(
              group.comparisons.map {
                [
                  "text": .string($0.text), "value": $0.value.map { .number(($0 * 100).rounded() / 100) } ?? .null,
                  "holds": .bool($0.holds),
                ]
              }),
          ]
        }),
      "where": .array(filters.map { ["text": .string($0.text), "holds": .bool($0.holds)] }),
      "firings": .array(firings.map { ["rule": .string($0.rule), "last": JSONValue($0.last?.rfc3339)] }),
    ]
  }

  /// For a person, a line each.
  package func words(rule: String, item: String) -> String {
    var lines: [String] = []
    if let failed {
      lines.append("\(rule) does not alert on \(item): \(failed)" + (distance.map { " — \($0)" } ?? ""))
    } else {
      lines.append("\(rule) alerts when \(item) has come")
    }
    for group in groups {
      let key = group.key.fields.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
      lines.append("figures\(key.isEmpty ? "" : " of \(key)")")
      for comparison in group.comparisons {
        lines.append(
          "  \(comparison.holds ? "holds" : "FAILS")  \(comparison.text): "
            + (comparison.value.map { CountQuestion.number($0) } ?? "unknown"))
      }
    }
    for firing in firings {
      lines.append("  \(firing.rule): \(firing.last.map { "fired at \($0.rfc3339)" } ?? "has not fired")")
    }
    if !filters.isEmpty {
      lines.append("where")
      lines += filters.map { "  \($0.holds ? "holds" : "FAILS")  \($0.text)" }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
