import Counting
import Matching
import Model
import Rules
import Testing
import YAML

/// The claim rule of a text without errors.
func claimRule(_ text: String) throws -> ClaimRule {
  let set = load(text)
  try #require(!set.hasErrors, "\(DiagnosticRenderer(sources: set.sources).text(set.diagnostics))")
  return try #require(set.rules.first?.body as? ClaimRule)
}

@Suite("The match line") struct MatchTests {
  private func expression(_ match: String) throws -> MatchExpression {
    let terms =
      "terms: { a: { any: [дом], weight: 9 }, b: { any: [лес] }, слух: { any: [бор] }, не-то_1: { any: [сад] } }"
    return try claimRule(claim("match: \"\(match)\"", terms: terms)).match
  }

  @Test("binds not before and, and before or") func binding() throws {
    #expect(try expression("a or b and not слух") == .or([.name("a"), .and([.name("b"), .not(.name("слух"))])]))
    #expect(try expression("(a or b) and слух") == .and([.or([.name("a"), .name("b")]), .name("слух")]))
    #expect(try expression("a and not not b") == .and([.name("a"), .not(.not(.name("b")))]))
    #expect(try expression("a and b and слух") == .and([.name("a"), .name("b"), .name("слух")]))
  }

  @Test("takes Russian words for the operators, and names in any script") func russian() throws {
    #expect(try expression("a и не b или слух") == .or([.and([.name("a"), .not(.name("b"))]), .name("слух")]))
    #expect(try expression("не-то_1") == .name("не-то_1"))
  }

  @Test("compares the score with all six operators") func comparisons() throws {
    for comparison in MatchExpression.Comparison.allCases where comparison != .below {
      let limit = comparison == .atMost ? 8.5 : 7
      let written = limit == 7 ? "7" : "8.5"
      #expect(
        try expression("b and score\(comparison.rawValue)\(written)") == .and([.name("b"), .score(comparison, limit)]))
    }
    #expect(
      try expression("b and score < -0.5 + 1".replacing(" + 1", with: "").replacing("-0.5", with: "3"))
        == .and([.name("b"), .score(.below, 3)]))
  }

  @Test("may be left out: any of them") func absent() throws {
    #expect(try claimRule(claim("")).match == .anyOfThem)
    #expect(try expression("any of them") == .anyOfThem)
  }

  @Test("counts terms: so many, all or any of them, of a glob, of names in brackets") func quantifiers() throws {
    #expect(try expression("2 of them") == .count(.atLeast(2), of: .them))
    #expect(try expression("all of a*") == .count(.all, of: .glob("a*")))
    #expect(try expression("any of (a, b)") == .count(.any, of: .names(["a", "b"])))
    #expect(try expression("1 of a") == .count(.atLeast(1), of: .names(["a"])))
    #expect(
      try expression("не all of (a,b) и слух или 2 of them и hits( a ) >= 2")
        == .or([
          .and([.not(.count(.all, of: .names(["a", "b"]))), .name("слух")]),
          .and([.count(.atLeast(2), of: .them), .hits("a", .atLeast, 2)]),
        ]))
    let written = "2 of them and (all of a* or any of (a, b)) and hits(a) != 3"
    #expect(try expression(written).written == written)
  }

  @Test("a glob stands for names that fit it, with «_» in front only where it says so") func globs() {
    func fits(_ name: String, _ glob: String) -> Bool { MatchExpression.Selection.fits(name, glob: glob) }
    #expect(fits("casualty", "casualty*") && fits("casualty-dead", "casualty*") && !fits("causality", "casualty*"))
    #expect(fits("ab-x-ba", "a*x*a") && !fits("ab-x-b", "a*x*a") && fits("паника", "па*ка"))
    #expect(!fits("_a", "*a") && !fits("_a", "*") && fits("_a", "_*"))
    #expect(!fits(String(repeating: "a", count: 5000), String(repeating: "a*", count: 2000) + "b"))
  }
}

@Suite("Patterns and terms") struct PatternTests {
  private func patterns(_ list: String) throws -> [Pattern] {
    let rule = try claimRule(claim("", terms: "terms: { a: { any: [\(list)], weight: 1 } }"))
    guard case .any(let patterns)? = rule.terms.first?.body else { return [] }
    return patterns
  }

  @Test("a word, a phrase, an exact form and a beginning") func kinds() throws {
    let found = try patterns("дамба, пропасть без вести, \"=дамбу\", смы*, \"=в =Орске\", 112, COVID-19")
    #expect(
      found.map(\.words) == [
        [.lemma("дамба")], [.lemma("пропасть"), .lemma("без"), .lemma("вести")], [.exact("дамбу")], [.prefix("смы")],
        [.exact("в"), .exact("Орске")], [.lemma("112")], [.lemma("COVID-19")],
      ])
    #expect(found.map(\.place.column) == [25, 32, 52, 62, 68, 81, 86])
  }

  @Test("what is no pattern is an error under its characters (E104)") func wrong() throws {
    func found(_ list: String) -> [String] { codes(claim("", terms: "terms: { a: { any: [\(list)], weight: 1 } }")) }
    #expect(found("см*") == ["6:25 E104"])
    #expect(found("\"*дом\"") == ["6:26 E104"])
    #expect(found("дом и д*м") == ["6:32 E104"])
    #expect(found("\"=\"") == ["6:26 E104"])
    #expect(found("\"дом —\"") == ["6:30 E104"])
    #expect(found("\"\"") == ["6:25 E104"])
    #expect(found("") == ["6:24 E104"])
    let hint = load(claim("", terms: "terms: { a: { any: [д*м], weight: 1 } }")).diagnostics.first {
      $0.code == "E104"
    }?.hint
    #expect(hint == "like \"дм*\"")
  }

  @Test("lists are opened, from other files too") func lists() throws {
    let lists =
      "format: 1\nlists: { вода: [дамба, плотина] }\nterms:\n  debunk: { any: [фейк], not_after: { words: [не], within: 2 } }\n"
    let rules = claim(
      "match: a and not debunk",
      terms:
        "terms: { a: { near: [{ list: вода }, { any: [смыть, \"прор*\"] }], within: 6, order: given, weight: 1 }, b: { list: [вода], weight: 1 } }"
    )
    let set = RuleLoader.load(
      texts: [("a.rules.yaml", Array(rules.utf8)), ("b.rules.yaml", Array(lists.utf8))], types: ruleTypes)
    #expect(!set.hasErrors)
    let rule = try #require(set.rules.first?.body as? ClaimRule)
    guard case .near(let left, let right, let within, let order, let span)? = rule.terms.first?.body else {
      Issue.record("no near")
      return
    }
    #expect(left.map(\.words) == [[.lemma("дамба")], [.lemma("плотина")]])
    #expect(right.map(\.words) == [[.lemma("смыть")], [.prefix("прор")]])
    #expect(within == 6 && order == .given && span == .sentence)
    #expect(rule.sharedTerms.map(\.name) == ["debunk"])
    #expect(rule.sharedTerms.first?.notAfter?.within == 2)
    #expect(left.first?.place.file == "b.rules.yaml")
  }

  @Test("every way to write a pattern is read as what it is") func patterns() throws {
    let text = claim(
      "match: a or b or c",
      terms: """
        terms:
              a: { any: ["^МЧС", "дамба~1", "#прорыв", "@user", { regex: "0[1-9]-[0-9]{4}" }], weight: 1 }
              b: { all: [дом, { any: [вода, "газ*"] }, { regex: "[0-9]+" }], weight: 1 }
              c: { near: [{ regex: "x+" }, дом], span: paragraph, weight: 1 }
        """)
    let rule = try #require(load(text).rules.first?.body as? ClaimRule)
    guard case .any(let any)? = rule.terms.first?.body, case .all(let all) = rule.terms[1].body,
      case .near(let left, let right, _, _, let span) = rule.terms[2].body
    else {
      Issue.record("other bodies than any, all and near")
      return
    }
    #expect(
      any.map(\.words) == [[.cased("МЧС")], [.fuzzy("дамба")], [.hashtag("прорыв")], [.mention("user")], []])
    #expect(any.map(\.regex) == [nil, nil, nil, nil, "0[1-9]-[0-9]{4}"])
    #expect(all.map { $0.map(\.words) } == [[[.lemma("дом")]], [[.lemma("вода")], [.prefix("газ")]], [[]]])
    #expect(all.map { $0.map(\.regex) } == [[nil], [nil, nil], ["[0-9]+"]])
    #expect(left.map(\.regex) == ["x+"] && right.map(\.words) == [[.lemma("дом")]])
    #expect(span == .paragraph)
  }

  @Test("a sign that does not fit is complained about at the sign") func signs() {
    func term(_ pattern: String) -> [String] { codes(claim("", terms: "terms: { a: { any: [\"\(pattern)\"] } }")) }
    #expect(term("дом~1") == ["6:26 E104"])
    #expect(term("дамба~2") == ["6:31 E104"])
    #expect(term("дамба~") == ["6:31 E104"])
    #expect(term("=дамба~1") == ["6:26 E104"])
    #expect(term("^МЧ*") == ["6:29 E104"])
    #expect(term("##прорыв") == ["6:27 E104"])
    #expect(term("@") == ["6:26 E104"])
    #expect(term("большая дамба~3") == ["6:39 E104"])
    #expect(codes(claim("", terms: "terms: { a: { regex: \" \" } }")) == ["6:26 E104"])
    #expect(codes(claim("", terms: "terms: { a: { any: [дом], span: document } }")) == ["6:31 E208"])
    #expect(codes(claim("", terms: "terms: { a: { any: [{ list: x, regex: y }] } }")) == ["6:33 E203", "6:36 E104"])
  }

  @Test("words of the match grammar are no names of terms") func reserved() {
    for name in ["and", "or", "not", "of", "all", "any", "them", "score", "hits", "и", "или", "не", "1a", "\"a b\""] {
      #expect(codes(claim("", terms: "terms: { \(name): { any: [дом] } }")).first == "6:14 E104", "\(name)")
    }
  }
}

@Suite("What all rules have in common") struct CommonTests {
  @Test("the claim example is read to the last key") func claimExample() throws {
    let set = try RuleLoader.load(paths: [fixture("dam.rules.yaml")], types: ruleTypes)
    let rule = try #require(set.rules.first)
    #expect(rule.title == "Слух о прорыве дамбы")
    #expect(rule.reviewBy == CivilDate(year: 2027, month: 6, day: 1))
    #expect(rule.status == .stable && rule.severity == .high && rule.stream == .item)
    #expect(rule.timezone == "Europe/Moscow" && rule.owner == "duty-info")
    #expect(
      rule.filters == [
        FieldFilter(field: "lang", test: .anyOf(["ru"])),
        FieldFilter(field: "source_class", test: .noneOf(["official", "satire"])),
        FieldFilter(field: "age", test: .age([Bound(.lte, .hours(24))])),
      ])
    #expect(rule.key == ["narrative", "region"] && rule.narrative == "dam-breach")
    #expect(rule.deadlines == Deadlines())
    #expect(rule.falsePositives.count == 3)
    #expect(rule.labels.map(\.name) == ["channel"])
    #expect(rule.summary?.parts.first == .hole(name: "narrative", filter: nil))
    #expect(rule.summary?.parts.last == .hole(name: "first_seen", filter: .local))
    #expect(rule.guide?.hasPrefix("1. Сверить") == true)
    #expect(rule.version.hasPrefix("sha256:") && rule.version.utf8.count == 71)
    let claim = try #require(rule.body as? ClaimRule)
    #expect(claim.terms.map(\.name) == ["breach", "casualty", "panic", "hearsay", "past", "drill"])
    #expect(claim.terms.map(\.weight) == [5, 2, 2, 2, -4, 0])
    #expect(claim.match == .and([.name("breach"), .score(.atLeast, 7)]))
    #expect(
      claim.unless == [
        ClaimRule.Exception(cue: .term("debunk"), scope: .near(within: 10), outcome: .refutation),
        ClaimRule.Exception(cue: .term("debunk"), scope: .title, outcome: .refutation),
        ClaimRule.Exception(cue: .term("drill"), scope: .sentence, outcome: .drop),
      ])
    #expect(claim.fields == ["title": 1, "body": 1])
  }

  @Test("the spike example is read to the last key") func spikeExample() throws {
    let set = try RuleLoader.load(paths: [fixture("comments.rules.yaml")], types: ruleTypes)
    let rule = try #require(set.rules.first)
    let spike = try #require(rule.body as? SpikeRule)
    #expect(rule.stream == .comment && rule.key == ["narrative", "region"])
    #expect(spike.per == ["narrative", "region"])
    #expect(spike.window == .minutes(15) && spike.step == .minutes(5) && spike.lateness == .minutes(10))
    #expect(spike.baseline == BaselineSettings())
    #expect(
      spike.fire == [
        .count: [Bound(.gte, 40)], .ratio: [Bound(.gte, 4)], .z: [Bound(.gte, 4)], .authors: [Bound(.gte, 15)],
      ])
    #expect(spike.clear == [.ratio: [Bound(.lt, 1.5)]] && spike.clearFor == .minutes(30))
  }

  @Test("defaults are those of the language") func defaults() throws {
    let rule = try #require(load(claim("")).rules.first)
    #expect(rule.title == "x.y" && rule.narrative == "x.y")
    #expect(rule.status == .draft && rule.severity == .medium && rule.stream == .item)
    #expect(rule.key == ["region"] && rule.missingKey == .separate)
    #expect(rule.keepFiring == .hours(24) && rule.reopenWithin == .hours(24))
    #expect(rule.language == "ru" && rule.timezone == "UTC")
    #expect(rule.deadlines == Deadlines())
    #expect(try #require(load(spike("per: [source, lang]")).rules.first).key == ["source", "lang"])
  }

  @Test("severity info has deadlines only of its own, and they lie over the file's") func deadlines() throws {
    let head = "format: 1\ndefaults: { sla: { respond: 2h, from: published } }\n"
    func rule(_ lines: String) -> Rule? { load(head + claim(lines).dropFirst("format: 1\n".count)).rules.first }
    #expect(try #require(rule("severity: info")).deadlines == nil)
    var expected = Deadlines()
    expected.respond = .hours(2)
    expected.from = .published
    #expect(try #require(rule("severity: low")).deadlines == expected)
    expected.acknowledge = .minutes(5)
    #expect(try #require(rule("severity: info\nsla: { acknowledge: 5m }")).deadlines == expected)
  }

  @Test("a rule with an error is not in the set, its neighbours are") func broken() {
    let set = load(
      "format: 1\nrules:\n  - { id: a, type: claim, terms: { t: { any: [дом] } }, severity: x }\n  - { id: b, type: claim, terms: { t: { any: [дом] } } }\n"
    )
    #expect(set.rules.map(\.id) == ["b"])
    #expect(
      load("format: 1\nrules:\n  - { id: a, type: claim, terms: { t: { any: [дом] } }, owner: @me }\n").rules.isEmpty)
    #expect(load("format: 1\nrules:\n  - { id: *a, type: claim, terms: { t: { any: [дом] } } }\n").rules.isEmpty)
  }

  @Test("the version is the hash of the file's bytes") func version() {
    #expect(Digest.sha256Hex(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(Digest.sha256Hex([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}

@Suite("Tests inside rules") struct RuleTestTests {
  private func test(_ lines: String) throws -> RuleTest {
    let set = load(
      claim("tests:\n  - name: x\n" + lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")))
    try #require(!set.hasErrors, "\(DiagnosticRenderer(sources: set.sources).text(set.diagnostics))")
    return try #require(set.rules.first?.tests.first)
  }

  @Test("every kind of event is read") func given() throws {
    let test = try test(
      """
      covers: other-meaning
      now: "2026-03-02T09:00:00+03:00"
      history: { region: RU-ORE, same_slot: [10, 12.5] }
      given:
        - item: { id: a1, at: +0m, published: -2h, region: RU-ORE, lang: null, title: "Ночью", author: кто-то }
        - comment: { id: c1, at: +1h30m, item: a1, text: ой }
        - comments: { from: +0m, to: +15m, count: 72, authors: 51, narrative: dam }
        - total: { at: +1m, source: s, item: a1, comments: 9 }
        - fetch: { at: +1m, source: s, status: 503 }
        - fire: { rule: x.y, at: +120m1s, region: RU-SAM }
        - tick: { at: +2h }
      expect:
        - { at: +15m, alerts: 1, refutations: 0, state: firing, severity: high, key: { region: RU-ORE }, evidence: [a1], score: 9, ratio: 6.86, z: 18.90, near_miss: { score: 5, missing: "score >= 7" } }
      """)
    #expect(test.covers == "other-meaning")
    #expect(test.now == Moment(rfc3339: "2026-03-02T06:00:00Z"))
    #expect(test.history == RuleTest.SameSlot(series: ["region": "RU-ORE"], counts: [10, 12.5]))
    #expect(test.given.count == 7)
    guard case .item(let at, let published, let item) = test.given[0] else { return }
    #expect(at == .zero && published == .hours(2) * -1)
    #expect(item.lang == nil && item.sourceClass == "media" && item.title == "Ночью" && item.author != nil)
    guard case .fire(let fired, let fire) = test.given[5] else { return }
    #expect(fired == .seconds(7201) && fire == Fire(rule: "x.y", key: ["region": "RU-SAM"]))
    let expect = try #require(test.expect.first)
    #expect(expect.z == "18.90" && expect.nearMiss?.missing == "score >= 7" && expect.evidence == ["a1"])
  }

  @Test("what a test cannot say is an error at its place") func errors() {
    func found(_ given: String, _ expect: String = "{ at: +0m }") -> [String] {
      codes(claim("tests:\n- name: x\n  given: [\(given)]\n  expect: [\(expect)]"))
    }
    #expect(found("item: { at: 0m, id: a }") == ["7:27 E105"])
    #expect(found("item: { at: -1m, id: a }") == ["7:27 E105"])
    #expect(found("item: { at: +0m }") == ["7:21 E102"])
    #expect(found("item: { id: a, at: +0m, text: x }") == ["7:39 E101"])
    #expect(found("itme: { id: a }") == ["7:15 E101"])
    #expect(found("comments: { from: +5m, to: +5m, count: 2 }") == ["7:42 E104"])
    #expect(found("comments: { from: +0m, to: +5m, count: 0 }") == ["7:54 E104"])
    #expect(found("", "{ at: +0m, state: open }") == ["8:34 E104"])
    #expect(found("", "{ at: +0m, scor: 1 }") == ["8:27 E101"])
    #expect(found("", "{ alerts: 1 }") == ["8:16 E102"])
    #expect(found("", "{ at: +0m, score: many }") == ["8:34 E104"])
    #expect(codes(claim("tests: [{ name: x }]")) == ["5:13 E102", "5:13 E102"])
  }
}
