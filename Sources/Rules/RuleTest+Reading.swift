import Model
import YAML

extension RuleTest {
  /// What a claim rule's tests should cover.
  package static let kinds = ["claim", "denial", "question", "criticism", "satire", "other-meaning"]
  enum Kind: String, CaseIterable {
    case claim, denial, question, criticism, satire
    case otherMeaning = "other-meaning"
  }
}

/// Reads the tests embedded in a rule.
struct RuleTestReader {
  let complaints: Complaints
  let defaults: FileDefaults
  /// Every rule a test may fire.
  let ruleIDs: Set<String>

  func test(_ node: YAMLNode) -> RuleTest? {
    guard let fields = Fields(node, complaints) else { return nil }
    fields.check(known: RuleKeys.ofTest, notSupported: ["registry"])
    for name in ["name", "given", "expect"] { fields.require(name) }
    let given = fields.sequence("given")?.compactMap { self.given($0) } ?? []
    let expect = fields.sequence("expect")?.compactMap { expectation($0) } ?? []
    if let node = fields.value("expect"), node.sequence?.isEmpty == true {
      complaints.add(YAMLCause.value("a test that expects nothing"), at: node)
    }
    var test = RuleTest(name: fields.string("name") ?? "", given: given, expect: expect, place: node.place)
    test.covers = fields.choice("covers", RuleTest.Kind.self)?.rawValue
    if let node = fields.value("now"), let text = complaints.string(node) {
      test.now = Moment(rfc3339: text)
      if test.now == nil {
        let hint = "write it like \"2026-03-02T09:00:00+03:00\""
        complaints.add(YAMLCause.value("«\(text)» is not a point in time with its zone", hint: hint), at: node)
      }
    }
    test.history = fields.mapping("history").flatMap { history($0) }
    return test
  }

  private func history(_ fields: Fields) -> RuleTest.SameSlot? {
    fields.check(known: FieldName.keys + ["same_slot"])
    fields.require("same_slot")
    guard let nodes = fields.sequence("same_slot") else { return nil }
    let counts = nodes.compactMap { complaints.number($0, in: 0...1e9) }
    return RuleTest.SameSlot(series: key(fields, except: ["same_slot"]), counts: counts)
  }

  /// The fields of a key that a mapping gives, the others being read elsewhere.
  func key(_ fields: Fields, except: Set<String>) -> [String: String] {
    var key: [String: String] = [:]
    for entry in fields.entries where !except.contains(entry.name) && FieldName.keys.contains(entry.name) {
      if let value = fields.string(entry.name) { key[entry.name] = value }
    }
    return key
  }

  /// `+0m`, `+120m1s`: from the start of the test. `past` allows `-2h`.
  func offset(_ node: YAMLNode, past: Bool = false) -> Span? {
    guard let text = complaints.string(node) else { return nil }
    let sign = text.utf8.first
    if sign == 0x2B || (past && sign == 0x2D), let span = Span(text.dropFirst()) {
      return sign == 0x2D ? span * -1 : span
    }
    let hint = past ? "write it like +5m or -2h" : "write it like +0m or +1h30m, from the start of the test"
    complaints.add(YAMLCause.duration(text, hint: hint), at: node)
    return nil
  }
}

extension RuleTestReader {
  private func expectation(_ node: YAMLNode) -> RuleTest.Expectation? {
    guard let fields = Fields(node, complaints) else { return nil }
    fields.check(
      known: RuleKeys.ofExpectation,
      notSupported: ["kind", "registry"])
    fields.require("at")
    let limit = 0...1_000_000
    let alerts = fields.integer("alerts", in: limit)
    let refutations = fields.integer("refutations", in: limit)
    let state = fields.choice("state", State.self, notSupported: [])
    let severity = fields.choice("severity", Severity.self)
    let work = fields.choice("work", of: RuleTestReader.works)
    let parentWork = fields.choice("parent_work", of: RuleTestReader.works)
    let evidence = fields.strings("evidence")
    let key = fields.mapping("key").map { map in
      checkFieldNames(map)
      return self.key(map, except: [])
    }
    let nearMiss = fields.mapping("near_miss").map { map in
      map.check(known: ["score", "missing"])
      return RuleTest.NearMiss(score: number(map, "score"), missing: map.string("missing"))
    }
    let (score, ratio, z) = (number(fields, "score"), number(fields, "ratio"), number(fields, "z"))
    guard let at = fields.value("at").flatMap({ offset($0) }) else { return nil }
    var expectation = RuleTest.Expectation(at: at, place: node.place)
    expectation.alerts = alerts
    expectation.refutations = refutations
    expectation.state = state?.rawValue
    expectation.severity = severity?.rawValue
    expectation.work = work
    expectation.parentWork = parentWork
    expectation.key = key
    expectation.evidence = evidence
    expectation.score = score
    expectation.ratio = ratio
    expectation.z = z
    expectation.nearMiss = nearMiss
    return expectation
  }

  enum State: String, CaseIterable { case pending, firing, cleared }
  static let works = ["new", "acknowledged", "answering", "responded", "closed"]

  func checkFieldNames(_ map: Fields) {
    for entry in map.entries where !FieldName.keys.contains(entry.name) && !entry.key.isDamaged {
      complaints.add(FieldName.unknown(entry.name, among: FieldName.keys), at: entry.key)
    }
  }

  /// A number as it was written.
  private func number(_ fields: Fields, _ name: String) -> String? {
    guard let node = fields.value(name), complaints.number(node, in: -1e12...1e12) != nil else { return nil }
    return node.scalar?.text
  }
}
