package import JSON
import Matching
package import Model
package import Rules
package import Text

/// Why a claim rule does not alert on a text: the first thing that fails, and how far it is from holding.
package struct WhyNot {
  /// What a rule made of a text, in the order in which it is judged: `match`, `unless`, `where`.
  package struct Answer: Sendable {
    package struct Line: Sendable, Hashable {
      package var text: String
      package var holds: Bool
    }
    /// `alert`, `no-words`, `match`, `exception`, `where`, `stream`.
    package var verdict: String
    /// The first thing that failed, as its author wrote it; nil for `alert`.
    package var failed: String?
    /// How far that is from holding, in words.
    package var distance: String?
    package var score: Double
    package var threshold: Double?
    package var clauses: [Line]
    package var terms: [MatchAccount.TermCount]
    /// Each entry of `unless`; `holds` where it applies.
    package var exceptions: [Line]
    /// Each line of `where`.
    package var filters: [Line]
    package var why: [Reason]
  }

  private let rule: Rule
  private let claim: ClaimRule
  private let trial: TextTrial

  /// nil for a rule that matches no texts.
  package init?(rule: Rule, lexicon: Lexicon?) {
    guard let claim = rule.body as? ClaimRule else { return nil }
    self.rule = rule
    self.claim = claim
    trial = TextTrial(rules: [rule], lexicon: lexicon, keepsAll: true)
  }

  /// - Parameters:
  ///   - arrival: when the text was first seen, for `age`.
  ///   - isComment: whether it is a comment: a rule watches one stream.
  package func answer(for text: Publication, arrival: Moment, isComment: Bool) -> Answer {
    let result = trial.results(for: text, arrival: arrival).first
    let match = result?.match
    let account = match?.account
    var fields = EventFields(text)
    fields.narrative = rule.narrative
    let age = arrival - text.published
    var answer = Answer(
      verdict: "alert", score: match?.score ?? 0, threshold: match?.threshold,
      clauses: account?.clauses.map { .init(text: $0.text, holds: $0.holds) }
        ?? claim.match.clauses.map { .init(text: $0.written, holds: false) },
      terms: account?.terms ?? claim.terms.map { .init(name: $0.name, hits: 0, adds: 0, nearly: nil) },
      exceptions: claim.unless.enumerated().map { index, exception in
        .init(text: exception.written, holds: account?.exceptions[index] ?? false)
      },
      filters: rule.filters.map { .init(text: $0.written, holds: $0.holds(for: fields, age: age)) },
      why: match?.why ?? [])
    func fail(_ verdict: String, _ failed: String?, _ distance: String?) {
      answer.verdict = verdict
      answer.failed = failed
      answer.distance = distance
    }
    if isComment != (rule.stream == .comment) {
      fail("stream", "stream: \(rule.stream.rawValue)", "the text is \(isComment ? "a comment" : "an item")")
    } else if match == nil {
      fail("no-words", answer.clauses.first?.text, "no word of the rule stands in the text")
    } else if let match, !match.holds {
      let index = answer.clauses.firstIndex { !$0.holds } ?? 0
      fail("match", answer.clauses[index].text, distance(claim.match.clauses[index], answer))
    } else if match?.outcome != .fire, let applied = answer.exceptions.first(where: { $0.holds }) {
      fail("exception", applied.text, match?.outcome == .refutation ? "recorded as a refutation" : "dropped")
    } else if let filter = rule.filters.first(where: { !$0.holds(for: fields, age: age) }) {
      let value = filter.field == "age" ? "\(age)" : fields[filter.field] ?? "absent"
      fail("where", filter.written, "\(filter.field) is \(value)")
    }
    return answer
  }

  private func distance(_ clause: MatchExpression, _ answer: Answer) -> String {
    func number(_ value: Double) -> String { JSONValue.number((value * 1e6).rounded() / 1e6).serialized }
    switch clause {
    case .score(_, let limit):
      return "score \(number(answer.score)), \(number(abs(limit - answer.score))) away"
    case .hits(let name, _, let limit):
      let hits = answer.terms.first { $0.name == name }?.hits ?? 0
      return "\(hits) of \(number(limit)) hits"
    case .name(let name):
      let term = answer.terms.first { $0.name == name }
      return term?.nearly.map { "both sides stand there, but not so: \($0)" } ?? "\(name) does not hit"
    default:
      let hitting = answer.terms.filter { $0.hits > 0 }.map(\.name)
      return hitting.isEmpty ? "no term hits" : "hits: \(hitting.joined(separator: ", "))"
    }
  }
}

extension EventFields {
  init(_ text: Publication) {
    self.init()
    id = text.id
    item = text.id
    source = text.source
    sourceClass = text.sourceClass
    region = text.region
    lang = text.lang
    url = text.url
    title = text.title
    body = text.body
  }
}

extension WhyNot.Answer {
  package func json(rule: String, item: String) -> JSONValue {
    func lines(_ lines: [Line], _ name: String) -> JSONValue {
      .array(lines.map { JSONValue.object(JSONObject(["text": .string($0.text), name: .bool($0.holds)])) })
    }
    return [
      "rule": .string(rule), "item": .string(item), "verdict": .string(verdict), "failed": JSONValue(failed),
      "distance": JSONValue(distance), "score": .number(score), "threshold": threshold.map(JSONValue.number) ?? .null,
      "match": lines(clauses, "holds"),
      "terms": .array(
        terms.map { term in
          var object = JSONObject([
            "name": .string(term.name), "hits": JSONValue(term.hits), "adds": .number(term.adds),
          ])
          object.append("nearly", ifPresent: term.nearly.map(JSONValue.string))
          return .object(object)
        }),
      "unless": lines(exceptions, "applies"), "where": lines(filters, "holds"),
    ]
  }

  /// For a person, a line each.
  package func words(rule: String, item: String) -> String {
    func number(_ value: Double) -> String { JSONValue.number(value).serialized }
    var lines: [String] = []
    if let failed {
      lines.append(
        "\(rule) does not alert on \(item): \(failed) \(verdict == "exception" ? "applies" : "fails")"
          + (distance.map { " — \($0)" } ?? ""))
    } else {
      lines.append("\(rule) alerts on \(item), score \(number(score))")
    }
    func list(_ title: String, _ entries: [Line], _ yes: String, _ no: String) {
      if entries.isEmpty { return }
      lines.append(title)
      lines += entries.map { "  \($0.holds ? yes : no)  \($0.text)" }
    }
    list("match", clauses, "holds", "FAILS")
    if !terms.isEmpty {
      lines.append("terms")
      for term in terms {
        let texts = why.filter { $0.term == term.name }.map { "«\($0.text)»" }.joined(separator: ", ")
        let what =
          term.hits == 0
          ? term.nearly.map { "nearly: \($0)" } ?? "no hit"
          : "\(term.hits) \(term.hits == 1 ? "hit" : "hits"), adds \(number(term.adds))\(texts.isEmpty ? "" : ": " + texts)"
        lines.append("  \(term.name): \(what)")
      }
    }
    list("unless", exceptions, "applies", "does not apply")
    list("where", filters, "holds", "FAILS")
    return lines.map { $0 + "\n" }.joined()
  }
}
