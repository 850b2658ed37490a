import Matching
import Model
import Rules
import Testing

/// Without a dictionary words are compared by their stems: that is enough for these.
@Suite("Matching a text") struct MatcherTests {
  private func pattern(_ words: String...) -> Pattern { Pattern(words: words.map { .lemma($0) }) }

  private func matches(_ claim: ClaimRule, title: String? = nil, body: String? = nil) -> [Match] {
    let rule = Rule(id: "claim.x", type: "claim", body: claim, place: .init(file: "t"))
    return Matcher(CompiledClaims([rule], lexicon: nil)).matches(title: title, body: body)
  }

  @Test("counts a term as often as its cap allows, by the largest factor of the fields where it hit")
  func capAndFactor() throws {
    // given: weight 2, cap 2, title counts threefold
    let term = Term(name: "panic", body: .any([pattern("эвакуация")]), weight: 2, cap: 2)
    let claim = ClaimRule(terms: [term], match: .score(.atLeast, 1), fields: ["title": 3])
    // when: three hits, one of them in the title
    let found = matches(claim, title: "Эвакуация", body: "эвакуация, эвакуация")
    // then: 2 × min(3, 2) × 3
    #expect(found.map(\.score) == [12])
  }

  @Test("has nothing to say of a text without a word of the rule")
  func silence() {
    let term = Term(name: "panic", body: .any([pattern("эвакуация")]), weight: 2)
    #expect(matches(ClaimRule(terms: [term], match: .name("panic")), body: "Концерт в школе").isEmpty)
  }

  @Test("shows the words as they stand in the text, from the first to the last of a pair")
  func span() throws {
    let near = Term(
      name: "breach", body: .near([pattern("дамба")], [pattern("прорвало")], within: 3, order: .any, span: .sentence),
      weight: 5)
    let found = matches(ClaimRule(terms: [near], match: .name("breach")), body: "Ночью прорвало старую ДАМБУ!")
    #expect(found.first?.why.map(\.text) == ["прорвало старую ДАМБУ"])
  }

  /// Three terms of weight 1 that hit «дом», «газ» and «вода».
  private func three(_ match: MatchExpression) -> ClaimRule {
    let words = [("a-1", "дом"), ("a-2", "газ"), ("b", "вода")]
    return ClaimRule(
      terms: words.map { Term(name: $0, body: .any([pattern($1)]), weight: 1, cap: 2) }, match: match)
  }

  @Test("two of them hold when two different terms hit, however often one does") func twoOfThem() {
    let rule = three(.count(.atLeast(2), of: .them))
    #expect(matches(rule, body: "дом, дом, дом").first?.holds != true)
    #expect(matches(rule, title: "дом", body: "вода").first?.holds == true)
    #expect(matches(rule, body: "дом, газ и вода").first?.holds == true)
  }

  @Test("all of a glob asks for every term of that name, any of names for one") func allAndAny() {
    let all = three(.count(.all, of: .glob("a-*")))
    #expect(matches(all, body: "дом и вода").first?.holds != true)
    #expect(matches(all, body: "дом и газ").first?.holds == true)
    let any = three(.count(.any, of: .names(["a-2", "b"])))
    #expect(matches(any, body: "дом").first?.holds != true)
    #expect(matches(any, body: "вода").first?.holds == true)
  }

  @Test("hits counts beyond the cap, and a comparison of hits alone can be a near-miss") func hits() {
    let rule = three(.and([.name("b"), .hits("a-1", .atLeast, 3)]))
    #expect(matches(rule, title: "дом", body: "вода, дом, дом").first?.holds == true)
    #expect(matches(rule, body: "вода, дом, дом").first?.nearMiss == "hits(a-1) >= 3")
    #expect(matches(rule, body: "дом, дом, дом").first?.nearMiss == nil)
  }

  @Test("a term of all hits once a field that has every entry") func all() {
    let term = Term(name: "t", body: .all([[pattern("дом")], [pattern("газ"), pattern("вода")]]), weight: 2, cap: 10)
    let rule = ClaimRule(terms: [term], match: .name("t"))
    #expect(matches(rule, body: "дом, дом, вода, газ").map(\.score) == [2])
    #expect(matches(rule, title: "газ и дом", body: "вода у дома").map(\.score) == [4])
    #expect(matches(rule, title: "дом", body: "вода").isEmpty)
  }

  @Test("an exception that labels lets the alert through, and those after it still count") func label() {
    func rule(_ later: ClaimRule.Exception.Outcome) -> ClaimRule {
      ClaimRule(
        terms: [Term(name: "t", body: .any([pattern("дом")]), weight: 1)], match: .name("t"),
        unless: [
          .init(cue: .any([pattern("газ")]), outcome: .label("old")),
          .init(cue: .any([pattern("вода")]), outcome: later),
        ])
    }
    let labelled = matches(rule(.label("wet")), body: "дом, газ, вода").first
    #expect(labelled?.outcome == .fire && labelled?.labels == ["old", "wet"])
    #expect(matches(rule(.drop), body: "дом, газ").first?.labels == ["old"])
    #expect(matches(rule(.drop), body: "дом, газ, вода").first?.outcome == .drop)
  }
}
