import Model
import Rules
import Testing
import Text

/// A claim rule around some lines, which begin at line 5, indented by four.
func claim(
  _ lines: String, terms: String = "terms: { a: { any: [дамба], weight: 5 }, b: { any: [плотина], weight: 2, cap: 2 } }"
)
  -> String
{
  let own = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
  return "format: 1\nrules:\n  - id: x.y\n    type: claim\n\(own)    \(terms)\n"
}

/// A spike rule around some lines, which begin at line 5.
func spike(_ lines: String, rest: String = "window: 15m\n    fire: { count: { gte: 40 } }") -> String {
  let own = lines.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }.joined()
  return "format: 1\nrules:\n  - id: x.y\n    type: spike\n\(own)    \(rest)\n"
}

/// Errors of a text (and warnings and notes but W402), as `line:column code`.
func codes(_ text: String, knowsWord: (@Sendable (String) -> Bool)? = nil) -> [String] {
  load(text, knowsWord: knowsWord).diagnostics.filter { $0.code != "W402" }.map {
    "\($0.place.line):\($0.place.column) \($0.code)"
  }
}

@Suite("Keys and values") struct KeyTests {
  @Test("a sound rule has nothing to say") func sound() {
    #expect(codes(claim("match: a and score >= 7")) == [])
    #expect(codes(spike("stream: comment")) == [])
  }

  @Test("an unknown key is an error with a suggestion (E101)") func unknownKey() throws {
    #expect(codes(claim("satus: draft")) == ["5:5 E101"])
    let found = try #require(load(claim("satus: draft")).diagnostics.first { $0.code == "E101" })
    #expect(found.message == "unknown key «satus»")
    #expect(found.hint == "did you mean «status»?")
    #expect(codes("format: 1\nrule: []") == ["2:1 E101"])
    #expect(codes("format: 1\ndefaults: { owner: x, tz: UTC }") == ["2:23 E101"])
    #expect(codes(claim("", terms: "terms: { a: { any: [дамба], wieght: 3 } }")).contains("6:33 E101"))
    #expect(codes(claim("window: 15m")) == ["5:5 E101"])
    #expect(codes(spike("match: a")) == ["5:5 E101"])
  }

  @Test("a missing key is an error at its mapping (E102)") func missingKey() {
    #expect(codes("rules: []") == ["1:1 E102"])
    #expect(codes("") == ["1:1 E102"])
    #expect(codes("format: 1\nrules:\n  - title: x") == ["3:5 E102", "3:5 E102"])
    #expect(codes("format: 1\nrules:\n  - { id: a.b, type: claim }") == ["3:5 E102"])
    #expect(codes("format: 1\nrules:\n  - { id: a.b, type: spike, fire: { z: { gt: 1 } } }") == ["3:5 E102"])
    #expect(codes(claim("", terms: "terms: { a: { weight: 3 } }")).contains("6:14 E102"))
  }

  @Test("a wrong shape is an error (E103)") func shape() {
    #expect(codes(claim("tags: { a: 1 }")) == ["5:11 E103"])
    #expect(codes(claim("where: [lang]")) == ["5:12 E103"])
    #expect(codes(claim("unless: debunk")) == ["5:13 E103"])
    #expect(codes(claim("where: { region: { gte: [5] } }")) == ["5:29 E103"])
    #expect(codes("- a\n- b") == ["1:1 E103"])
    #expect(codes("format: 1\nrules: { id: x }") == ["2:8 E103"])
    #expect(codes(spike("", rest: "window: 15m\n    fire: { count: 40 }")).contains("7:20 E103"))
    #expect(codes(claim("match: [a]")) == ["5:12 E103"])
  }

  @Test("a wrong value is an error (E104)") func value() throws {
    #expect(codes(claim("status: stabel")) == ["5:13 E104"])
    #expect(load(claim("status: stabel")).diagnostics.first { $0.code == "E104" }?.hint == "did you mean «stable»?")
    #expect(codes(claim("severity: urgent")) == ["5:15 E104"])
    #expect(codes("format: 2") == ["1:9 E104"])
    #expect(codes("format: 1\nrules: [{ id: a.b, type: klaim }]") == ["2:26 E104"])
    #expect(codes(claim("review_by: 2027-02-30")) == ["5:16 E104"])
    #expect(codes(claim("title: \"a\\nb\"")) == ["5:12 E104"])
    #expect(codes(claim("narrative: a b")) == ["5:16 E104"])
    #expect(codes(claim("fields: { title: 9 }")) == ["5:22 E104"])
    #expect(codes(claim("where: { source_class: [offical] }")) == ["5:29 E104"])
    #expect(codes(claim("sla: { respond: 5h, hard: 4h }")) == ["5:21 E104"])
    #expect(codes(claim("guide: \"\(String(repeating: "я", count: 2049))\"")) == ["5:12 E104"])
    #expect(codes("format: 1\ndefaults: { timezone: Europe/Moskow }") == ["2:23 E104"])
    #expect(codes(spike("measure: sum")) == ["5:14 E104"])
    #expect(codes(spike("step: 20m")) == ["5:11 E104"])
    #expect(codes(spike("baseline: { min_samples: 0 }")) == ["5:30 E104"])
  }

  @Test("a duration needs a unit, and may not be negative (E105)") func duration() {
    #expect(codes(spike("lateness: 10")) == ["5:15 E105"])
    #expect(codes(spike("lateness: -10m")) == ["5:15 E105"])
    #expect(codes(spike("lateness: 0s")) == [])
    #expect(codes(spike("step: 0s")) == ["5:11 E105"])
    #expect(codes(claim("keep_firing: 1 d")) == ["5:18 E105"])
    #expect(codes(claim("sla: { respond: soon }")) == ["5:21 E105"])
    #expect(codes(claim("where: { age: { lte: 24 } }")) == ["5:26 E105"])
    #expect(codes(spike("clear: { count: { lt: 5 }, for: -1m }")) == ["5:37 E105"])
  }

  @Test("an empty value never takes the default (E004)") func empty() {
    #expect(codes(claim("match:")) == ["5:11 E004"])
    #expect(codes(claim("severity:")) == ["5:14 E004"])
    #expect(codes(claim("match: breach #x")).first == "5:19 E004")
    #expect(codes(claim("unless: []\ntests:")) == ["6:11 E004"])
    #expect(codes("format: 1\nrules:") == ["2:7 E004"])
  }

  @Test("what this version does not do yet is refused (E199)") func notSupported() {
    #expect(codes(claim("similarity: {}\nkey: [registry.id]")) == ["5:5 E199", "6:11 E199"])
    #expect(codes(claim("stream: source")) == ["5:13 E199"])
    #expect(codes(claim("stream: alert")) == ["5:13 E104"])
    #expect(codes(claim("key: [region@parent]")) == ["5:11 E199"])
    #expect(
      codes("format: 1\nrules:\n  - { id: a.b, type: emerging, within: 6h, expct: 1 }") == ["3:22 E199", "3:44 E101"])
    #expect(
      codes(claim("tests: [{ name: x, given: [act: { at: +0m }], expect: [{ at: +0m, kind: new }] }]")) == [
        "5:37 E102", "5:71 E199",
      ])
  }
}

@Suite("What a rule says about its alerts") struct AlertKeyTests {
  @Test("former ids are ids, each once, and no other rule's (E104, E201)") func formerly() throws {
    let rule = try #require(load(claim("formerly: [a.b, c]")).rules.first)
    #expect(rule.formerly == ["a.b", "c"] && rule.fingerprintID == "a.b")
    #expect(load(claim("")).rules.first?.fingerprintID == "x.y")
    #expect(codes(claim("formerly: x.y")) == ["5:15 E104"])
    #expect(codes(claim("formerly: [a, a]")) == ["5:19 E104"])
    #expect(codes(claim("formerly: a b")) == ["5:15 E104"])
    let other = "  - { id: a.b, type: claim, formerly: c.d, terms: { t: { any: [дом], weight: 1 } } }\n"
    #expect(codes(claim("formerly: [a.b]") + other) == ["5:16 E201"])
    #expect(codes(claim("formerly: [c.d]") + other) == ["7:39 E201"])
  }

  @Test("foldings are switched off by name (E104)") func fold() throws {
    let rule = try #require(load(claim("fold: { homoglyph: off, stress: on }")).rules.first)
    #expect(rule.foldsOff == [.homoglyph])
    #expect(codes(claim("fold: { homoglif: off }")) == ["5:13 E104"])
    #expect(codes(claim("fold: { stress: false }")) == ["5:21 E104"])
    #expect(
      load(claim("fold: { homoglif: off }")).diagnostics.first { $0.code == "E104" }?.hint
        == "did you mean «homoglyph»?")
  }

  @Test("a step of severity has conditions on fields and figures, and raises (E101, E104, E202)")
  func severityBy() throws {
    let steps = "severity_by: [{ when: { region: [R1], score: { gte: 9, lt: 12 } }, set: high }]"
    let rule = try #require(load(claim(steps)).rules.first)
    #expect(
      rule.severitySteps == [
        SeverityStep(
          conditions: [
            .field(FieldFilter(field: "region", test: .anyOf(["R1"]))),
            .measure("score", [Bound(.gte, 9), Bound(.lt, 12)]),
          ], severity: .high)
      ])
    #expect(codes(claim("severity_by: [{ when: { scor: { gte: 9 } }, set: high }]")) == ["5:29 E202"])
    #expect(codes(claim("severity_by: [{ when: { score: 9 }, set: high }]")) == ["5:36 E103"])
    #expect(codes(claim("severity_by: [{ when: { score: { gte: 9 } }, set: low }]")) == ["5:55 E104"])
    #expect(codes(claim("severity_by: [{ if: { score: { gte: 9 } }, set: high }]")) == ["5:19 E102", "5:21 E101"])
    #expect(codes(claim("severity_by: [{ when: {}, set: high }]")) == ["5:27 E104"])
    #expect(codes(claim("severity_by: [{ when: { author: [x] }, set: high }]")) == ["5:29 E202"])
  }

  @Test("escalate, realert and active are read; attach says that it has no effect yet (I501)") func lifecycle() throws {
    let text = claim(
      """
      escalate:
        - { after: 5m, if: unacknowledged, to: shift-lead }
        - { before_deadline: 30m, if: unanswered, to: head, level: siren }
      realert: { every: 10m, max: 1h }
      attach: [evidence.count, url]
      active: { days: fri-mon, from: "22:00", to: "06:00" }
      """)
    #expect(codes(text) == ["9:5 I501"])
    let rule = try #require(load(text).rules.first)
    #expect(
      rule.escalations == [
        Escalation(due: .after(.minutes(5)), condition: .unacknowledged, recipient: "shift-lead"),
        Escalation(due: .beforeDeadline(.minutes(30)), condition: .unanswered, recipient: "head", level: "siren"),
      ])
    #expect(rule.realert?.every == .minutes(10) && rule.realert?.longest == .hours(1) && rule.realert?.backoff == 2)
    #expect(rule.attachments == ["evidence.count", "url"])
    #expect(rule.active?.days == [5, 6, 7, 1] && rule.active?.from == 1320 && rule.active?.to == 360)
    #expect(load(claim("severity: info")).rules.first?.realert == nil)
  }

  @Test("what is wrong in escalate, realert and attach (E101, E102, E104, E105, E202)") func wrongEscalation() {
    func found(_ lines: String) -> [String] { codes(claim(lines)).filter { !$0.hasSuffix("I501") } }
    #expect(found("escalate: [{ after: 5m, if: unaswered, to: x }]") == ["5:33 E202"])
    #expect(found("escalate: [{ after: 5, if: unanswered, to: x }]") == ["5:25 E105"])
    #expect(found("escalate: [{ if: unanswered, to: x }]") == ["5:16 E102"])
    #expect(found("escalate: [{ after: 5m, before_deadline: 5m, if: unanswered, to: x }]") == ["5:29 E104"])
    #expect(found("escalate: [{ after: 5m, when: unanswered, to: x }]") == ["5:16 E102", "5:29 E101"])
    #expect(found("realert: { every: 5h }") == ["5:23 E104"])
    #expect(found("attach: [url, links]") == ["5:19 E202"])
    #expect(found("attach: [registry.url]") == ["5:14 E199"])
  }

  @Test("the hours of a rule are days and quoted times (E106)") func active() {
    func found(_ hours: String) -> [String] {
      codes(claim("active: { \(hours) }")).filter { !$0.hasSuffix("I501") }
    }
    #expect(found("days: [mon, wed-fri], from: \"08:00\", to: \"24:00\", timezone: Asia/Omsk") == [])
    #expect(found("days: mo-fri") == ["5:21 E106"])
    #expect(found("days: [mon, x]") == ["5:27 E106"])
    #expect(found("from: \"8:00\"") == ["5:21 E106"])
    #expect(found("to: \"24:30\"") == ["5:19 E106"])
    #expect(found("from: 08:00") == ["5:21 E106"])
    #expect(found("from: \"08:00\", to: \"08:00\"") == ["5:34 E106"])
    #expect(found("timezone: Asia/Omks") == ["5:25 E106"])
    #expect(found("day: mon") == ["5:15 E101"])
  }

  @Test("an explained mutant has a text and a reason (E102, E104)") func equivalent() throws {
    let rule = try #require(
      load(claim("equivalent: [{ mutant: \"score >= 7 → 8\", because: weights are 5 and 2 }]")).rules.first)
    #expect(rule.equivalent.map(\.mutant) == ["score >= 7 → 8"])
    #expect(rule.equivalent.first?.because == "weights are 5 and 2")
    #expect(codes(claim("equivalent: [{ mutant: a }]")) == ["5:18 E102"])
    #expect(codes(claim("equivalent: [{ mutant: a, because: \" \" }]")) == ["5:40 E104"])
    #expect(
      codes(claim("equivalent: [{ mutant: a, because: b }, { mutant: a, because: c }]")) == ["5:55 E104"])
  }
}

@Suite("Names") struct NameTests {
  @Test("a second definition is an error that names the first (E201)") func twice() throws {
    let first =
      "format: 1\nlists: { дом: [изба] }\nrules:\n  - { id: a.b, type: claim, terms: { t: { list: дом, weight: 1 } } }\n"
    let second =
      "format: 1\nterms: { u: { any: [лес] } }\nlists:\n  дом: [хата]\nrules:\n  - { id: a.b, type: claim, match: u }\n"
    let set = RuleLoader.load(
      texts: [("b.rules.yaml", Array(second.utf8)), ("a.rules.yaml", Array(first.utf8))], types: ruleTypes)
    let found = set.diagnostics.filter { $0.code == "E201" }
    #expect(found.map(\.place.description) == ["b.rules.yaml:4:3", "b.rules.yaml:6:11"])
    #expect(found.first?.message == "the list «дом» is already defined at a.rules.yaml:2:10")
    #expect(set.files == ["a.rules.yaml", "b.rules.yaml"])
    #expect(set.rules.map(\.place.file) == ["a.rules.yaml"])
  }

  @Test("fields and names in templates must exist, and be no people (E202)") func fields() throws {
    #expect(codes(claim("key: [regoin]")) == ["5:11 E202"])
    #expect(codes(claim("key: [author]")) == ["5:11 E202"])
    #expect(codes(claim("where: { author: x, lnag: ru }")) == ["5:14 E202", "5:25 E202"])
    #expect(codes(spike("per: [topic]")) == ["5:11 E202"])
    #expect(codes(claim("summary: \"всего {{ evidence.cuont }}\"")) == ["5:24 E202"])
    #expect(codes(claim("summary: \"{{ detected | lokal }}\"")) == ["5:29 E202"])
    #expect(codes(claim("summary: \"{{ title | local }}\"")) == ["5:26 E202"])
    #expect(codes(claim("summary: \"{{ items | plural: один два }}\"")) == ["5:26 E202"])
    #expect(codes(claim("summary: \"открыто {{ items\"")) == ["5:23 E202"])
    #expect(codes(claim("labels: { channel: \"{{ nobody }}\" }")) == ["5:28 E202"])
    #expect(codes(claim("fields: { titel: 1 }")) == ["5:15 E202"])
    #expect(codes(claim("summary: \"{{ items | plural: публикация публикации публикаций }}\"")) == [])
    let hint = load(claim("where: { lnag: ru }")).diagnostics.first { $0.code == "E202" }?.hint
    #expect(hint == "did you mean «lang»?")
  }

  @Test("lists, terms and rules must exist (E203)") func unknown() throws {
    #expect(codes(claim("match: a and c")) == ["5:18 E203"])
    #expect(codes(claim("match: \"a and дамба\"")) == ["5:19 E203"])
    #expect(codes(claim("unless: [{ term: drill }]")) == ["5:22 E203"])
    #expect(codes(claim("", terms: "terms: { a: { list: water } }")).contains("6:25 E203"))
    #expect(codes(claim("", terms: "terms: { a: { near: [{ list: water }, дом], weight: 1 } }")) == ["6:34 E203"])
    let test = "tests: [{ name: x, given: [fire: { rule: x.z, at: +0m }], expect: [{ at: +0m, alerts: 0 }] }]"
    #expect(codes(claim(test)) == ["5:46 E203"])
    let hint = load(
      "format: 1\nlists: { water: [дамба] }\n" + claim("match: b", terms: "terms: { b: { list: watr } }").dropFirst(10)
    )
    .diagnostics.first { $0.code == "E203" }?.hint
    #expect(hint == "did you mean «water»?")
  }
}

@Suite("Rules that cannot do what they say") struct SenseTests {
  @Test("a match outside the grammar is an error under its character (E204)") func grammar() throws {
    #expect(codes(claim("match: a & b")) == ["5:14 E204"])
    #expect(codes(claim("match: a b")) == ["5:14 E204"])
    #expect(codes(claim("match: a and")) == ["5:17 E204"])
    #expect(codes(claim("match: \"a and\"")) == ["5:18 E204"])
    #expect(codes(claim("match: 'a  or )'")) == ["5:19 E204"])
    #expect(codes(claim("match: (a or b")) == ["5:12 E204"])
    #expect(codes(claim("match: a and score > = 7")) == ["5:26 E204"])
    #expect(codes(claim("match: score")) == ["5:12 E204"])
    #expect(codes(claim("match: a >= 7")) == ["5:12 E204"])
    #expect(codes(claim("match: >-\n  a and\n  b or or a")) == ["7:12 E204"])
    #expect(codes(claim("match: a AND b")) == ["5:14 E204"])
    #expect(load(claim("match: a AND b")).diagnostics.first { $0.code == "E204" }?.hint == "write «and»")
    let nested = String(repeating: "(", count: 5000)
    #expect(codes(claim("match: \(nested)a")) == ["5:76 E204"])
  }

  @Test("a quantifier outside the grammar is an error under its character (E204)") func quantifierGrammar() throws {
    #expect(codes(claim("match: a and 2 them")) == ["5:18 E204"])
    #expect(codes(claim("match: any (a, b)")) == ["5:12 E204"])
    #expect(codes(claim("match: 0 of them")) == ["5:12 E204"])
    #expect(codes(claim("match: 1.5 of them")) == ["5:12 E204"])
    #expect(codes(claim("match: b of them")) == ["5:12 E204"])
    #expect(codes(claim("match: 2 of")) == ["5:16 E204"])
    #expect(codes(claim("match: any of (a b)")) == ["5:22 E204"])
    #expect(codes(claim("match: any of (a, b")) == ["5:19 E204"])
    #expect(codes(claim("match: any of (a, a)")) == ["5:23 E204"])
    #expect(codes(claim("match: any of (a, b*)")) == ["5:23 E204"])
    #expect(codes(claim("match: any of ()")) == ["5:20 E204"])
    #expect(codes(claim("match: any of score")) == ["5:19 E204"])
    #expect(codes(claim("match: a and b*")) == ["5:18 E204"])
    #expect(codes(claim("match: hits(a)")) == ["5:12 E204"])
    #expect(codes(claim("match: hits a >= 2")) == ["5:12 E204"])
    #expect(codes(claim("match: hits(a, b) >= 2")) == ["5:18 E204"])
    #expect(codes(claim("match: hits(a) >= b")) == ["5:23 E204"])
    #expect(codes(claim("match: дамба* or 3", terms: "terms: { дамба: { any: [дамба], weight: 1 } }")) == ["5:12 E204"])
    let bare = load(claim("match: a >= 2")).diagnostics.first { $0.code == "E204" }
    #expect(bare?.hint == "for its hits write «hits(a)»")
  }

  @Test("a quantifier that names what is not there, or more than there is, is an error (E203, E205)")
  func quantifierSense() throws {
    #expect(codes(claim("match: all of c*")) == ["5:19 E203"])
    #expect(codes(claim("match: hits(c) >= 2")) == ["5:17 E203"])
    #expect(codes(claim("match: any of (a, c)")) == ["5:23 E203"])
    #expect(codes(claim("match: a and 3 of them")) == ["5:18 E205"])
    #expect(codes(claim("match: 3 of (a, b) or a")) == ["5:12 E205"])
    #expect(codes(claim("match: a and hits(b) < 0")) == ["5:18 E205"])
    #expect(codes(claim("match: a and hits(b) == 1.5")) == ["5:18 E205"])
    let all = "terms: { a: { all: [дом, вода], weight: 1 } }"
    #expect(codes(claim("match: hits(a) >= 2", terms: all)) == [])
    #expect(codes(claim("match: hits(a) >= 3", terms: all)) == ["5:12 E205"])
    #expect(codes(claim("stream: comment\nmatch: hits(a) >= 2", terms: all)) == ["6:12 E205"])
    let many = load(claim("match: a and 3 of them")).diagnostics.first { $0.code == "E205" }
    #expect(many?.message == "«3 of them» can never hold: them are 2 terms")
    // An exception's term is none of them.
    #expect(codes(claim("match: 2 of them\nunless: [{ term: b }]")) == ["5:12 E205"])
    #expect(codes(claim("match: hits(a) >= 0")) == ["5:12 E206"])
    #expect(codes(claim("match: not any of (a, b)")) == ["5:12 E206"])
    #expect(codes(claim("match: hits(a) < 2")) == ["5:12 E206"])
  }

  @Test("a threshold that no text reaches is an error with the sum (E205)") func unreachable() throws {
    #expect(codes(claim("match: a and score >= 10")) == ["5:18 E205"])
    #expect(codes(claim("match: a and score >= 9")) == [])
    #expect(codes(claim("match: a and score > 9")) == ["5:18 E205"])
    #expect(codes(claim("match: a and score >= 10\nfields: { title: 2 }")) == [])
    #expect(codes(claim("match: a and score >= 10\nstream: comment\nfields: { title: 2 }")) == ["5:18 E205"])
    #expect(codes(claim("match: a and score < 0")) == ["5:18 E205"])
    let found = try #require(load(claim("match: a and score >= 10")).diagnostics.first { $0.code == "E205" })
    #expect(found.message == "«score >= 10» can never hold: weights add up to at most 9")
    #expect(found.hint == "largest: a 5 + b 2×2")
    #expect(found.width == 11)
  }

  @Test("a rule that asks for no word is an error (E206)") func negative() {
    #expect(codes(claim("match: not a")) == ["5:12 E206"])
    #expect(codes(claim("match: a or not b")) == ["5:12 E206"])
    #expect(codes(claim("match: score >= 0")) == ["5:12 E206"])
    #expect(codes(claim("match: a and not b")) == [])
    #expect(codes(claim("", terms: "terms: { a: { any: [дом], weight: -2 } }")) == ["6:5 E206"])
  }

  @Test("weights, caps and near have limits (E207, E208)") func limits() {
    #expect(codes(claim("", terms: "terms: { a: { any: [дом], weight: 101 } }")).contains("6:39 E207"))
    #expect(codes(claim("", terms: "terms: { a: { any: [дом], weight: big } }")).contains("6:39 E207"))
    #expect(codes(claim("", terms: "terms: { a: { any: [дом], weight: 1, cap: 11 } }")) == ["6:47 E207"])
    #expect(codes(claim("", terms: "terms: { a: { any: [дом], weight: 1, cap: 1.5 } }")) == ["6:47 E207"])
    #expect(codes(claim("", terms: "terms: { a: { near: [дом], weight: 1 } }")) == ["6:25 E208"])
    #expect(codes(claim("", terms: "terms: { a: { near: [дом, лес], within: 51, weight: 1 } }")) == ["6:45 E208"])
    #expect(codes(claim("", terms: "terms: { a: { near: [дом, лес], within: 0, weight: 1 } }")) == ["6:45 E208"])
    #expect(codes(claim("", terms: "terms: { a: { any: [дом], within: 3, weight: 1 } }")) == ["6:31 E208"])
    #expect(codes(claim("", terms: "terms: { a: { near: [дом, { any: [лес, бор] }], weight: 1 } }")) == [])
  }

  @Test("clear may not hold while fire holds (E209)") func hysteresis() {
    #expect(codes(spike("clear: { count: { lt: 50 } }")) == ["5:5 E209"])
    #expect(codes(spike("clear: { count: { lte: 40 } }")) == ["5:5 E209"])
    #expect(codes(spike("clear: { count: { lt: 40 } }")) == [])
    #expect(codes(spike("clear: { ratio: { lt: 1 } }")) == ["5:5 E209"])
    #expect(codes(spike("clear: { for: 5m }")) == [])
  }

  @Test("a stable rule has tests, a claim and a review (E210, E211, W412)") func stable() {
    #expect(codes(claim("status: stable")) == ["3:9 E211", "3:9 W412", "5:13 E210"])
    #expect(codes(claim("status: stable\ntests: []")) == ["3:9 E211", "3:9 W412", "5:13 E210"])
  }
}

@Suite("Advice") struct AdviceTests {
  @Test("unused terms and lists are named (W401)") func unused() {
    #expect(codes(claim("match: a", terms: "terms: { a: { any: [дом] }, b: { any: [лес] } }")) == ["6:33 W401"])
    #expect(codes("format: 1\nlists:\n  дом: [изба]\nterms:\n  t: { any: [лес] }") == ["3:3 W401", "5:3 W401"])
  }

  @Test("a claim rule without tests of each kind is told so (W402)") func covers() {
    let test = "tests: [{ name: x, covers: satire, given: [], expect: [{ at: +0m }] }]"
    let found = load(claim(test)).diagnostics.filter { $0.code == "W402" }
    #expect(
      found.map(\.message)
        == ["claim", "denial", "question", "criticism", "other-meaning"].map { "no test covers «\($0)»" })
    #expect(found.first?.place == Place(file: "t.rules.yaml", line: 5, column: 5))
  }

  @Test("high severity without a guide, and a deprecated rule (W403, W413)") func guide() {
    #expect(codes(claim("severity: high")) == ["5:15 W403"])
    #expect(codes(claim("status: deprecated")) == ["5:13 W413"])
  }

  @Test("slow expressions (W404)") func slow() {
    #expect(codes(claim("", terms: "terms: { a: { regex: \".*мост\", weight: 1 } }")) == ["6:26 W404"])
  }

  @Test("stop words, YAML 1.1 hazards and unknown words (W405, W406, W407, W409)") func words() {
    #expect(codes(claim("", terms: "terms: { a: { any: [не, и], weight: 1 } }")) == ["6:14 W405"])
    #expect(codes(claim("where: { lang: [no] }")) == ["5:21 W406"])
    #expect(
      codes(claim("", terms: "terms: { a: { any: [on, 12:30, 007, \"off\"], weight: 1 } }")) == [
        "6:25 W406", "6:29 W406", "6:36 W406",
      ])
    let words: Set<String> = ["дом", "прорвать", "прорваться"]
    let knows: @Sendable (String) -> Bool = { words.contains($0) }
    #expect(
      codes(
        claim("", terms: "terms: { a: { any: [\"дом балзамин\", \"=зззз\", house], weight: 1 } }"), knowsWord: knows)
        == ["6:30 W407"])
    #expect(codes(claim("", terms: "terms: { a: { any: [прорвать], weight: 1 } }"), knowsWord: knows) == ["6:25 W409"])
    #expect(codes(claim("", terms: "terms: { a: { any: [прорвать, прорваться], weight: 1 } }"), knowsWord: knows) == [])
  }

  @Test("a key without effect yet is noted at its place (I501)") func noEffect() {
    #expect(codes(claim("realert: { every: 30m }")) == [])
    #expect(codes(claim("realert: { every: 30, until: x }")) == ["5:23 E105", "5:27 E101"])
    #expect(
      codes(spike("hygiene: { same_text_share: { lte: 0.6, else: { label: x, severity: high } } }")) == [])
    #expect(
      codes(spike("hygiene: { same_text_share: { lte: 60, else: { lable: x } } }")) == ["5:40 E104", "5:52 E101"])
  }

  @Test("rarity and what belongs to it stand in fire, and raise and rearm only beside it") func rarity() {
    func fire(_ text: String) -> [String] { codes(spike("", rest: "window: 15m\n    fire: \(text)")) }
    #expect(fire("{ rarity: { gte: 2.4 }, raise: 0.5, rearm: 30m, count: { gte: 10 } }") == [])
    #expect(fire("{ rarity: { gte: 2.4 }, rearm: 0s }") == [])
    #expect(fire("{ count: { gte: 10 }, raise: 0.5 }") == ["7:33 E104"])
    #expect(fire("{ rarity: { gte: 2 }, raise: much, rearm: 30 }") == ["7:40 E104", "7:53 E105"])
  }
}

@Suite("Rules that watch the firings of others") struct WatchingRuleTests {
  private func rules(_ type: String, _ keys: String) -> String {
    let others = ["claim.a", "claim.b"].map {
      "  - { id: \($0), type: claim, terms: { t: { any: [дом] } }, match: t }\n"
    }.joined()
    return "format: 1\nrules:\n\(others)  - { id: x, type: \(type), \(keys) }"
  }

  private func found(_ type: String, _ keys: String) -> [String] {
    codes(rules(type, keys)).filter { $0.hasPrefix("5:") }
  }

  @Test("name rules that are loaded, at least two to join, and fields (E102, E104, E202, E203)") func correlate() {
    let all = "all: [{ rule: claim.a, as: c }, { rule: claim.b }], within: 2h"
    #expect(found("correlate", all) == [])
    #expect(found("correlate", all + ", same: [region@parent, narrative], none: [{ rule: claim.a, after: c }]") == [])
    #expect(found("correlate", "all: [{ rule: claim.a }, { rule: claim.c }], within: 2h") == ["5:64 E203"])
    #expect(found("correlate", "all: [{ rule: claim.a }, { rule: x }], within: 2h") == ["5:64 E104"])
    #expect(found("correlate", "all: [{ rule: claim.a }], within: 2h") == ["5:36 E104"])
    #expect(found("correlate", "all: [{ rule: claim.a }, { rule: claim.a }], within: 2h") == ["5:36 E104"])
    #expect(found("correlate", "all: [{ rule: claim.a }, {}], within: 0s").sorted() == ["5:56 E102", "5:69 E105"])
    #expect(found("correlate", "within: 2h") == ["5:5 E102"])
    #expect(found("correlate", all + ", same: [regoin, author]") == ["5:102 E202", "5:110 E202"])
    #expect(found("correlate", all + ", absorb: [d]") == ["5:104 E203"])
    #expect(found("correlate", all + ", none: [{ rule: claim.a, after: d }]") == ["5:126 E203"])
  }

  @Test("an absence says what is expected, and of which rules (E101–E105, E203)") func absence() {
    let after = "after: { alert: \"claim.*\" }, expect: { rule: claim.b, same: [region] }, within: 3h"
    #expect(found("absence", after) == [])
    #expect(found("absence", after + ", when_met: { set: closed }") == ["5:130 E104"])
    #expect(found("absence", after + ", forget_after: 7d") == ["5:113 E104"])
    #expect(found("absence", after.replacing("claim.*", with: "news.*")) == ["5:45 E203"])
    #expect(found("absence", after.replacing("rule: claim.b", with: "rule: claim.z")) == ["5:74 E203"])
    let silence = "per: [source], expect: { count: { gte: 1 } }, within: 6h"
    #expect(found("absence", silence) == [])
    #expect(found("absence", silence + ", forget_after: 6h") == ["5:101 E104"])
    #expect(found("absence", silence.replacing("gte", with: "lte")) == ["5:63 E104"])
    #expect(found("absence", "per: [source]").sorted() == ["5:5 E102", "5:5 E102"])
    #expect(found("absence", silence + ", baseline_guard: { usual: 2 }").sorted() == ["5:103 E102", "5:105 E101"])
  }

  @Test("a new value is one of the things an event has, and no person (E102, E202)") func newTerm() {
    #expect(found("new-term", "of: hashtag, learn: 0s") == [])
    #expect(found("new-term", "learn: 7d") == ["5:5 E102"])
    #expect(found("new-term", "of: author") == ["5:34 E202"])
    #expect(found("new-term", "of: hashtags") == ["5:34 E202"])
  }
}

@Suite("Counts of events") struct CountRuleTests {
  private func count(_ type: String, _ keys: String) -> String {
    "format: 1\nrules:\n  - { id: a.b, type: \(type), \(keys) }"
  }

  @Test("need a count and a time, and say what is counted (E102, E104, E202)") func keys() throws {
    #expect(codes(count("frequency", "within: 1h")) == ["3:5 E102"])
    #expect(codes(count("frequency", "count: { gte: 3 }")) == ["3:5 E102"])
    #expect(codes(count("cardinality", "count: { gte: 3 }, within: 1h")) == ["3:5 E102"])
    #expect(codes(count("frequency", "count: { lt: 3 }, within: 1h")) == ["3:42 E104"])
    #expect(codes(count("frequency", "count: 3, within: 1")) == ["3:40 E103", "3:51 E105"])
    #expect(codes(count("cardinality", "of: sorce, count: { gte: 3 }, within: 1h")) == ["3:39 E202"])
    #expect(codes(count("frequency", "of: source, count: { gte: 3 }, within: 1h")) == ["3:33 E101"])
    #expect(codes(count("cardinality", "of: author, per: [region], count: { gt: 3 }, within: 1h")) == [])
  }
}
