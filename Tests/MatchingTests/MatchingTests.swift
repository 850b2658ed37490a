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

  @Test("forgetting words changes nothing, and a vocabulary without end costs no memory without end")
  func hostileVocabulary() {
    // given: a rule, one matcher that keeps every word and one that keeps ten
    let near = Term(
      name: "breach", body: .near([pattern("дамба")], [pattern("прорвало")], within: 3, order: .any, span: .sentence),
      weight: 5)
    let rule = Rule(
      id: "claim.x", type: "claim", body: ClaimRule(terms: [near], match: .name("breach")), place: .init(file: "t"))
    let claims = CompiledClaims([rule], lexicon: nil)
    let patient = Matcher(claims)
    let forgetful = Matcher(claims, wordLimit: 10)
    // when: each text brings twenty words that nobody has seen, Latin and hyphenated so that each is looked up
    for number in 0..<500 {
      let strangers = (0..<20).map { "слово-x\(number * 20 + $0)" }.joined(separator: " ")
      let text = number % 5 == 0 ? "\(strangers) дaмбу вчера прорвало" : strangers
      let found = forgetful.matches(title: nil, body: text)
      // then: both find the same, in every fifth text
      #expect(found.flatMap(\.why) == patient.matches(title: nil, body: text).flatMap(\.why))
      #expect(found.first?.why.first?.text == (number % 5 == 0 ? "дaмбу вчера прорвало" : nil))
    }
  }

  @Test("finds the same words whether it looks at suspects or at the whole text")
  func wholeText() {
    let terms = [
      Term(name: "cue", body: .any([pattern("дамба"), pattern("эвакуация", "жителей")]), weight: 1, cap: 5),
      Term(
        name: "breach", body: .near([pattern("дамба")], [pattern("прорвало")], within: 3, order: .any, span: .sentence),
        weight: 5),
    ]
    let claim = ClaimRule(terms: terms, match: .score(.atLeast, 1))
    for text in [
      "Дамбу прорвало", "Дамба. Прорвало трубу.", "эвакуация жителей, ЭВАКУАЦИЮ всех жителей", "у дамбы #дамба дaмба",
      "дам-ба, дамба-мост и прорвало", "proryv damby, дамба",
    ] {
      let plain = matches(claim, body: text)
      // Letters set apart ask for the whole text; these make no word.
      let whole = matches(claim, body: text + "\n\nь й ъ")
      #expect(plain.map(\.score) == whole.map(\.score))
      #expect(plain.flatMap(\.why) == whole.flatMap(\.why))
    }
  }

  @Test("a miss is told though the rule lacks what it needs, where the score comes near")
  func nearWithoutNeed() {
    // given: the core is needed, and two cues alone reach 60 % of the threshold
    let terms = [
      Term(name: "core", body: .any([pattern("дамба")]), weight: 5),
      Term(name: "cue", body: .any([pattern("эвакуация")]), weight: 3, cap: 2),
    ]
    let claim = ClaimRule(terms: terms, match: .and([.name("core"), .score(.atLeast, 10)]))
    // when, then: 6 of 10 is near, 3 of 10 is nothing
    #expect(matches(claim, body: "эвакуация, эвакуация").map(\.nearMiss) == ["core"])
    #expect(matches(claim, body: "эвакуация").isEmpty)
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
