package import JSON
import Matching
import Model
package import Rules
package import Text

/// What of each rule its tests have seen: how many texts a term hits, and which parts were seen to hold and to fail.
package struct TestCoverage: Sendable {
  package struct Part: Sendable, Hashable {
    /// `match`, `unless`, `where`; of rules that count `fire`, `clear`, `count`, `expect`.
    package var kind: String
    /// As its author wrote it.
    package var text: String
    /// In how many tests it held, or applied.
    package var held: Int
    /// In how many tests it did not.
    package var failed: Int

    package var isComplete: Bool { held > 0 && failed > 0 }
  }

  package struct RuleCoverage: Sendable {
    package var rule: Rule
    /// In how many tests each term hits, in the order written.
    package var terms: [(name: String, tests: Int)]
    package var parts: [Part]

    package var isComplete: Bool { terms.allSatisfy { $0.tests > 0 } && parts.allSatisfy(\.isComplete) }
  }

  package private(set) var rules: [RuleCoverage] = []

  package init(_ set: RuleSet, lexicon: Lexicon?) {
    let rulesOfFile = Dictionary(grouping: set.rules, by: \.place.file)
    rules = set.files.flatMap { file -> [RuleCoverage] in
      let rules = rulesOfFile[file] ?? []
      let runner = RuleTestRunner(rules: rules + RuleTests.companions(of: rules, in: set), lexicon: lexicon)
      return rules.compactMap { RuleCoverage($0, lexicon) ?? RuleCoverage(counting: $0, runner) }
    }
  }
}

extension TestCoverage.RuleCoverage {
  /// nil for a rule that matches no texts.
  fileprivate init?(_ rule: Rule, _ lexicon: Lexicon?) {
    guard let claim = rule.body as? ClaimRule, let trial = WhyNot(rule: rule, lexicon: lexicon) else { return nil }
    self.rule = rule
    terms = claim.terms.map { ($0.name, 0) }
    parts =
      claim.match.clauses.map { TestCoverage.Part(kind: "match", text: $0.written, held: 0, failed: 0) }
      + claim.unless.map { TestCoverage.Part(kind: "unless", text: $0.written, held: 0, failed: 0) }
      + rule.filters.map { TestCoverage.Part(kind: "where", text: $0.written, held: 0, failed: 0) }
    for test in rule.tests {
      let answers = test.given.compactMap { $0.text(start: test.now ?? Moment(milliseconds: 0)) }
        .filter { $0.isComment == (rule.stream == .comment) }
        .map { trial.answer(for: $0.text, arrival: $0.arrival, isComment: $0.isComment) }
      for index in terms.indices where answers.contains(where: { $0.hits(terms[index].name) }) {
        terms[index].tests += 1
      }
      let lines = answers.map { $0.clauses + $0.exceptions + $0.filters }
      for index in parts.indices {
        parts[index].held += lines.contains { $0[index].holds } ? 1 : 0
        parts[index].failed += lines.contains { !$0[index].holds } ? 1 : 0
      }
    }
  }
}

extension TestCoverage.RuleCoverage {
  /// nil for a rule that compares no figures.
  fileprivate init?(counting rule: Rule, _ runner: RuleTestRunner) {
    let comparisons = rule.body.comparisons
    guard !comparisons.isEmpty else { return nil }
    self.rule = rule
    terms = []
    parts =
      comparisons.map { TestCoverage.Part(kind: $0.section, text: $0.written, held: 0, failed: 0) }
      + rule.filters.map { TestCoverage.Part(kind: "where", text: $0.written, held: 0, failed: 0) }
    for test in rule.tests {
      let measures = runner.measures(test, of: rule)
      for (index, comparison) in comparisons.enumerated() {
        let seen = Set(measures.compactMap(comparison.holds))
        parts[index].held += seen.contains(true) ? 1 : 0
        parts[index].failed += seen.contains(false) ? 1 : 0
      }
      let texts = test.given.compactMap { $0.fields(start: test.now ?? Moment(milliseconds: 0)) }
        .filter { $0.isComment == (rule.stream == .comment) }
      for (index, filter) in rule.filters.enumerated() {
        let seen = Set(texts.map { filter.holds(for: $0.fields, age: $0.age) })
        parts[comparisons.count + index].held += seen.contains(true) ? 1 : 0
        parts[comparisons.count + index].failed += seen.contains(false) ? 1 : 0
      }
    }
  }
}

extension WhyNot.Answer {
  fileprivate func hits(_ term: String) -> Bool { terms.contains { $0.name == term && $0.hits > 0 } }
}

extension RuleTest.Given {
  /// The fields that `where` asks of a line.
  fileprivate func fields(start: Moment) -> (fields: EventFields, age: Span, isComment: Bool)? {
    guard let (text, arrival, isComment) = text(start: start) else { return nil }
    var fields = EventFields(text)
    switch self {
    case .comment(_, _, let comment), .comments(_, _, _, _, let comment):
      fields.item = comment.item
      fields.narrative = comment.narrative
    default: break
    }
    return (fields, arrival - text.published, isComment)
  }

  /// The text that it brings, as a rule sees it; nil where there is none.
  fileprivate func text(start: Moment) -> (text: Publication, arrival: Moment, isComment: Bool)? {
    switch self {
    case .item(let at, let published, var item):
      item.published = start + (published ?? at)
      return (item, start + at, false)
    case .comment(let at, let published, let comment): return comment.text(start + at, start + (published ?? at))
    case .comments(let from, _, _, _, let comment): return comment.text(start + from, start + from)
    case .total, .fetch, .act, .fire, .tick, .rules: return nil
    }
  }
}

extension Comment {
  fileprivate func text(_ arrival: Moment, _ published: Moment) -> (text: Publication, arrival: Moment, isComment: Bool)
  {
    let text = Publication(
      id: id, source: source, sourceClass: sourceClass, region: region, lang: lang, url: url, body: self.text,
      published: published)
    return (text, arrival, true)
  }
}

extension TestCoverage {
  /// For a person: a table of each rule.
  package var lines: [String] {
    rules.flatMap { coverage -> [String] in
      var lines = ["\(coverage.rule.place): \(coverage.rule.id)\(coverage.isComplete ? "" : " — not all seen")"]
      for term in coverage.terms {
        lines.append(
          "  \(term.tests == 0 ? "GAP" : "   ")  term    \(term.name): "
            + (term.tests == 0 ? "hit by no test" : "hit by \(term.tests) \(term.tests == 1 ? "test" : "tests")"))
      }
      for part in coverage.parts {
        let kind = part.kind + String(repeating: " ", count: 8 - part.kind.count)
        lines.append(
          "  \(part.isComplete ? "   " : "GAP")  \(kind)\(part.text): true in \(part.held), false in \(part.failed)")
      }
      return lines
    }
  }

  package var json: JSONValue {
    .array(
      rules.map { coverage in
        [
          "rule": .string(coverage.rule.id), "complete": .bool(coverage.isComplete),
          "terms": .array(
            coverage.terms.map { ["name": .string($0.name), "tests": JSONValue($0.tests)] }),
          "parts": .array(
            coverage.parts.map {
              [
                "kind": .string($0.kind), "text": .string($0.text), "true": JSONValue($0.held),
                "false": JSONValue($0.failed),
              ]
            }),
        ]
      })
  }
}
