import Model
import Rules
import Testing

/// Files that nobody writes in good faith, or that a broken program writes: a clear answer in a time that grows with
/// the file and not with its square.
@Suite("Hostile rule files") struct HostileTests {
  /// Codes by number of times, but advice.
  private func counts(_ text: String) -> [String: Int] { counts(load(text)) }

  private func counts(_ set: RuleSet) -> [String: Int] {
    Dictionary(set.diagnostics.filter { $0.severity == .error }.map { ($0.code, 1) }, uniquingKeysWith: +)
  }

  private func many(_ count: Int, _ line: (Int) -> String) -> String { (0..<count).map(line).joined() }

  @Test("five thousand rules with one error each", .timeLimit(.minutes(2))) func rules() {
    let rules = many(5000) { "- { id: a.r\($0), type: claim }\n" }
    #expect(counts("format: 1\nrules:\n" + rules) == ["E102": 5000])
  }

  @Test("three thousand terms in one rule, all of them named", .timeLimit(.minutes(2))) func terms() {
    let terms = many(3000) { "    t\($0): { any: [слово], weight: 1 }\n" }
    let match = "any of (\(many(3000) { $0 == 0 ? "t0" : ", t\($0)" }))"
    #expect(counts("format: 1\nrules:\n- id: a.b\n  type: claim\n  match: \(match)\n  terms:\n" + terms) == [:])
  }

  @Test("five hundred unknown names among five thousand known ones", .timeLimit(.minutes(2))) func names() {
    let lists = many(5000) { "  list\($0): [слово]\n" }
    let rules = many(500) {
      "- { id: a.r\($0), type: claim, terms: { t: { list: lost\($0) } }, match: t and u\($0) }\n"
    }
    #expect(counts("format: 1\nlists:\n\(lists)rules:\n" + rules) == ["E203": 1000])
  }

  @Test("a megabyte on one line", .timeLimit(.minutes(2))) func line() {
    let words = many(60_000) { "\($0 == 0 ? "" : ", ")слово\($0)" }
    #expect(counts("format: 1\nrules: [{ id: a.b, type: claim, terms: { t: { any: [\(words)], weight: 1 } } }]") == [:])
    let match = many(100_000) { $0 == 0 ? "a" : " or a" }
    #expect(counts(claim("match: \(match)")) == [:])
  }

  @Test("deep nesting, in YAML and in match") func nesting() {
    #expect(counts(String(repeating: "[", count: 50_000)) == ["E001": 1])
    #expect(counts(many(2000) { String(repeating: " ", count: $0) + "a:\n" })["E001"] == 1)
    #expect(counts(claim("match: \"\(String(repeating: "(", count: 50_000))a\"")) == ["E204": 1])
    #expect(counts(claim("match: \(String(repeating: "not ", count: 50_000))a")) == ["E204": 1])
  }

  @Test("bytes that are no text, and marks without letters") func bytes() {
    let broken = RuleLoader.load(texts: [("t.rules.yaml", Array("format: 1\n# ".utf8) + [0xFF])], types: ruleTypes)
    #expect(counts(broken) == ["E001": 1])
    let marks = String(repeating: "\u{301}", count: 1000)
    #expect(codes(claim("", terms: "terms: { a: { any: [\"\(marks)\"] } }")) == ["6:26 E104"])
    #expect(codes(claim("match: a and \u{301}")) == ["5:18 E204"])
    #expect(counts(claim("", terms: "terms: { a: { any: [\"дамба\u{301}\u{301}\u{301}\"], weight: 1 } }")) == [:])
  }

  @Test("overrides and filters by the thousand", .timeLimit(.minutes(2))) func overrides() {
    let rules = many(1000) { "- { id: a.r\($0), type: claim, terms: { t: { any: [дом], weight: 1 } } }\n" }
    let filters = many(500) { "- { rules: [\"a.*\($0)*\"], unless: [{ any: [газ] }] }\n" }
    let overrides = many(1000) { "- { rule: a.r\($0), append: { tags: [x] } }\n" }
    #expect(counts("format: 1\nfilters:\n\(filters)override:\n\(overrides)rules:\n\(rules)") == [:])
  }
}
