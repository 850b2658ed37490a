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
      name: "breach", body: .near([pattern("дамба")], [pattern("прорвало")], within: 3, order: .any, span: .sentence), weight: 5)
    let found = matches(ClaimRule(terms: [near], match: .name("breach")), body: "Ночью прорвало старую ДАМБУ!")
    #expect(found.first?.why.map(\.text) == ["прорвало старую ДАМБУ"])
  }
}
