import Model
import Monitor
import Rules
import Testing

/// What each sign of the pattern language asks for, and what it refuses.
@Suite("Signs of a pattern") struct PatternKindTests {
  @Test("= takes one form, whatever its case and however it is hidden") func exact() throws {
    let trial = try RuleTrial(["\"=дамбу\""])
    #expect(trial.found("Дамбу видно") == ["r0: Дамбу"])
    #expect(trial.found("видно дaмбу") == ["r0: дaмбу (homoglyph)"])
    #expect(trial.found("Дамба видна, дамбы нет") == [])
    #expect(trial.found("мост-дамбу строят") == ["r0: мост-дамбу"])
  }

  @Test("^ takes the capitals as written, also beside words of other patterns") func cased() throws {
    let trial = try RuleTrial(["\"^МЧС\"", "мчс", "\"^Лев\""])
    #expect(trial.found("Вызвали МЧС") == ["r0: МЧС", "r1: МЧС"])
    #expect(trial.found("вызвали мчс, Мчс") == ["r1: мчс"])
    #expect(trial.found("М\u{200B}ЧС") == ["r0: М\u{200B}ЧС (invisible)", "r1: М\u{200B}ЧС (invisible)"])
    #expect(trial.found("Льва и лев") == [])
    #expect(trial.found("наш лев и Лев") == ["r2: Лев"])
  }

  @Test("a star takes every word that begins so") func wildcard() throws {
    let trial = try RuleTrial(["\"смы*\""])
    for word in ["смыло", "СМЫТЫЙ", "смы", "берего-смыв"] { #expect(trial.found("Вот \(word)") == ["r0: \(word)"]) }
    #expect(trial.found("cмыло") == ["r0: cмыло (homoglyph)"])
    #expect(trial.found("высмыкать, см, смог") == [])
  }

  @Test("~1 takes forms and slips of one letter, but no other word") func fuzzy() throws {
    let trial = try RuleTrial(["\"плотина~1\""])
    // a form; a letter less, more, other, two exchanged, in whatever form
    for word in ["плотину", "плтина", "плоттина", "плотена", "плтоина", "плотниу"] {
      #expect(trial.found("Вот \(word)") == ["r0: \(word)"])
    }
    // two slips; words of their own: полтина, платина
    #expect(trial.found("платена, птолена, полтина, платина, плот") == [])
  }

  @Test("# takes the hashtag, a plain word also stands in one, @ takes the account alone") func signs() throws {
    let trial = try RuleTrial(["\"#прорыв\"", "прорыв", "\"@gorod\"", "gorod"])
    #expect(trial.found("Смотри #Прорыв") == ["r0: Прорыв", "r1: Прорыв"])
    #expect(trial.found("Смотри прорыв") == ["r1: прорыв"])
    #expect(trial.found("Спроси @Gorod") == ["r2: Gorod"])
    #expect(trial.found("Спроси gorod") == ["r3: gorod"])
    #expect(trial.found("Пиши: mail@gorod.example") == ["r3: gorod"])
  }

  @Test("a phrase stands together, in order, in one sentence, each word in any form") func phrase() throws {
    let trial = try RuleTrial(["прорвать дамба", "\"=прорвало дамб*\""])
    #expect(trial.found("Ночью прорвало, дамбу") == ["r0: прорвало, дамбу", "r1: прорвало, дамбу"])
    #expect(trial.found("прорвана дaмба") == ["r0: прорвана дaмба (homoglyph)"])
    #expect(trial.found("дамбу прорвало. Дамбу; прорвало! Дамбу") == [])
    #expect(trial.found("прорвало старую дамбу") == [])
  }

  @Test("near stays in a sentence, in a paragraph or in the field, and shows all from one side to the other")
  func near()
    throws
  {
    let spans = ["sentence", "paragraph", "document"].map { "{ near: [дамба, прорвать], within: 4, span: \($0) }" }
    let trial = try RuleTrial(spans)
    let all = ["r0", "r1", "r2"]
    #expect(trial.found("Эту дамбу вчера прорвало.") == all.map { "\($0): дамбу вчера прорвало" })
    #expect(trial.found("Вот дамба. Её прорвало.") == all.dropFirst().map { "\($0): дамба. Её прорвало" })
    #expect(trial.found("Вот дамба.\nЕё прорвало") == all.dropFirst().map { "\($0): дамба.\nЕё прорвало" })
    #expect(trial.found("Вот дамба\n \nЕё прорвало") == ["r2: дамба\n \nЕё прорвало"])
    #expect(
      trial.found("Прорвало раз, два, три, дaмбу") == all.map { "\($0): Прорвало раз, два, три, дaмбу (homoglyph)" })
    #expect(trial.found("Прорвало раз, два, три, четыре дамбу") == [])
  }
}

@Suite("Regular expressions in rules") struct ExpressionTests {
  private func term(_ expression: String) -> String { "{ regex: '\(expression)' }" }

  @Test("case and what hides letters do not matter; the words stand in the answer as in the text") func folded() throws
  {
    let trial = try RuleTrial([term("прорвал[ао]\\s+дамб"), term("8-800-[0-9]{3}"), term("^ночью"), term("[её]лк")])
    #expect(trial.found("Вот: ПРОРВАЛО  ДАМБУ!") == ["r0: ПРОРВАЛО  ДАМБУ"])
    #expect(
      trial.found("П\u{200B}poрвала да\u{301}мбы") == [
        "r0: П\u{200B}poрвала да\u{301}мбы (homoglyph, invisible, stress)"
      ])
    #expect(trial.found("Ёлка, звоните: 8-800-555-35-35") == ["r1: 8-800-555-35-35", "r3: Ёлка"])
    #expect(trial.found("Ночью тихо") == ["r2: Ночью"])
    #expect(trial.found("днём, ночью") == [])
  }

  @Test("a rule that does without a folding is not shown what it hides") func switchedOff() throws {
    let expression = term("прорвал[ао]")
    let trial = try RuleTrial([expression, expression], fold: [0: "{ homoglyph: off }"])
    #expect(trial.found("прoрвало") == ["r1: прoрвало (homoglyph)"])
    #expect(trial.found("прорвало") == ["r0: прорвало", "r1: прорвало"])
  }

  @Test("one that cannot run is refused where it stands, in a bounded time", .timeLimit(.minutes(2))) func refused() {
    let bad = [
      "(", "[а", "a{2,1}", "(a)\\1", "(?=a)b", "(((a{1,500}){1,500}){1,500})", String(repeating: "a", count: 1001),
    ]
    for expression in bad {
      let text = "format: 1\nrules:\n- id: a.b\n  type: claim\n  terms: { t: { regex: '\(expression)' } }\n  match: t\n"
      let set = RuleLoader.load(texts: [("t.rules.yaml", Array(text.utf8))], types: Registry.ruleTypes)
      let errors = set.diagnostics.filter { $0.severity == .error }
      #expect(
        errors.map { "\($0.place.line):\($0.place.column) \($0.code)" } == ["5:24 E104"], "\(expression.prefix(40))")
    }
  }

  @Test("one that would explode elsewhere runs over a megabyte", .timeLimit(.minutes(2))) func explosive() throws {
    let trial = try RuleTrial([term("(a+)+b"), term("(дам|дамб|дамба)+!"), term("(а|аа)+ъ"), term(".*конец")])
    #expect(trial.found(String(repeating: "a", count: 1 << 20)) == [])
    #expect(trial.found(String(repeating: "а", count: 1 << 19)) == [])
    #expect(trial.found(String(repeating: "дамба", count: 100_000) + " конец").map { $0.prefix(3) } == ["r3:"])
  }
}
