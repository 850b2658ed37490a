import Testing

/// Ways to hide a word, each caught, named and switched off by itself.
@Suite("A word that is hidden is found, and how it was hidden is said") struct HidingTests {
  private static let words = ["прорыв, прорвать, дамба, завод, плотина, поликлиника"]

  private func found(_ text: String, fold: String? = nil) throws -> [String] {
    try RuleTrial(HidingTests.words, fold: fold.map { [0: $0] } ?? [:]).found(text)
  }

  /// Found as it stands, by that folding alone, and no more once the rule switches it off.
  private func expect(
    _ word: String, _ folding: String, in text: String? = nil, _ location: SourceLocation = #_sourceLocation
  )
    throws
  {
    let text = text ?? "Ночью \(word) близ села"
    #expect(try found(text) == ["r0: \(word) (\(folding))"], "\(word)", sourceLocation: location)
    #expect(try found(text, fold: "{ \(folding): off }") == [], "\(word)", sourceLocation: location)
  }

  @Test("a Latin beginning is known whatever letters the word goes on in, beside whatever other rules")
  func latinBeginning() throws {
    for terms in [["\"max*\""], ["\"max*\"", "\"=maxом\""], ["\"max*\"", "дамба~1"]] {
      let trial = try RuleTrial(terms.map { $0.contains("~") ? "\"\($0)\"" : $0 })
      for text in ["пишут в maxе", "сказали maxом", "в разных MAXах"] {
        #expect(trial.found(text).contains { $0.hasPrefix("r0: ") || $0.hasPrefix("0: ") }, "\(terms) \(text)")
      }
    }
  }

  @Test("a word in look-alikes is a slip of one rule's word, though another rule has just that word")
  func slipInLookAlikes() throws {
    let alone = try RuleTrial(["\"рампа~1\""])
    let among = try RuleTrial(["\"рампа~1\"", "лампа"])
    let slip = alone.found("вот лaмпа тут")
    #expect(slip.count == 1)
    #expect(among.found("вот лaмпа тут").prefix(1) == slip[...])
  }

  @Test("look-alike letters: Latin, Greek, with a stress mark, in one part of a compound") func homoglyph() throws {
    for word in ["дaмба", "ДAMБA", "прopвaлo", "зaвoд", "дαмба", "Πлотина", "дáмба", "плотинa-дaмбa", "дaмба-19"] {
      try expect(word, "homoglyph")
    }
  }

  @Test("digits that look like letters") func digit() throws {
    for word in ["пр0рыв", "3авод", "зав0д"] { try expect(word, "digit") }
    #expect(try found("Д@м6а") == ["r0: Д@м6а (masked, digit)"])
  }

  @Test("what cannot be seen") func invisible() throws {
    for hidden in [
      "\u{200B}", "\u{AD}", "\u{2060}", "\u{FEFF}", "\u{200D}", "\u{200E}", "\u{202C}", "\u{FE0F}", "\u{34F}",
    ] {
      try expect("дам\(hidden)ба", "invisible")
    }
  }

  @Test("stress marks, and marks heaped over or through letters") func stress() throws {
    try expect("да\u{301}мба", "stress")
    try expect("д\u{336}а\u{336}м\u{336}б\u{336}а\u{336}", "stress")
    try expect("за\u{300}во\u{331}д", "stress")
  }

  @Test("letters run three or more times, whether the word has one or two of them") func repeats() throws {
    for word in ["прорвалооо", "дааааамба", "пллллотина"] { try expect(word, "repeat") }
    #expect(try RuleTrial(["длинный"]).found("длиннннный") == ["r0: длиннннный (repeat)"])
  }

  @Test("letters set apart, by whatever single sign") func spaced() throws {
    for word in [
      "п р о р ы в", "д а м б у", "П.Р.О.Р.Ы.В", "п·р·о·р·ы·в", "п\u{A0}р\u{A0}о\u{A0}р\u{A0}ы\u{A0}в", "п-р-о-р-ы-в",
      "п_р_о_р_ы_в", "п*р*о*р*ы*в", "П.О.Л.Иклиника",
    ] { try expect(word, "spaced") }
    // Two words in one row.
    let trial = try RuleTrial(["дамба прорвать", "дамба", "прорвать"])
    #expect(
      trial.found("д а м б у п р о р в а л о") == [
        "r0: д а м б у п р о р в а л о (spaced)", "r1: д а м б у (spaced)", "r2: п р о р в а л о (spaced)",
      ])
  }

  @Test("a letter that is masked") func masked() throws {
    for word in ["д*мба", "д@мба", "д_мба", "пр*рыв", "з@вод", "плотин@"] { try expect(word, "masked") }
  }

  @Test("a masked word that two words of the rule fit is neither of them, another rule is not asked") func maskedTwice()
    throws
  {
    // given: к?рка may be корка and кирка
    let both = try RuleTrial(["корка, кирка", "корка", "кирка, дамба"])
    // then
    #expect(both.found("Вон к*рка") == ["r1: к*рка (masked)", "r2: к*рка (masked)"])
    #expect(try RuleTrial(["дамба"]).found("Вон д*мбу") == ["r0: д*мбу (masked)"])
    // Two forms of one word are one word: смыло and смыто, скрывает and скрывают.
    #expect(try RuleTrial(["смыть, дамба"]).found("Мост смы*о") == ["r0: смы*о (masked)"])
    #expect(try RuleTrial(["скрывать, \"скрыва*\""]).found("Они скрыва*т") == ["r0: скрыва*т (masked)"])
  }

  @Test("Latin letters, beside Russian words or in a sentence written so") func translit() throws {
    try expect("proryv", "translit")
    try expect("damby", "translit")
    try expect("plotina", "translit", in: "Vchera plotina proryv zavod")
    #expect(try found("The plotina is a river dam in the novel") == [])
  }

  @Test("whether a sentence in Latin letters is Russian does not depend on the other rules") func latinSentence()
    throws
  {
    // given: the same rule alone, and beside one that has the other words too
    let alone = try RuleTrial(["дамба"])
    let beside = try RuleTrial(["дамба", "вода, смыть, ночь"])
    for (text, matches) in [("Nochyu smylo vody damby", true), ("The damby gallery was closed", false)] {
      // then
      #expect(alone.found(text) == (matches ? ["r0: damby (translit)"] : []))
      #expect(beside.found(text).filter { $0.hasPrefix("r0") } == alone.found(text))
    }
    // Two words make no sentence, but are enough for a rule that has both.
    #expect(try RuleTrial(["дамба", "прорыв"]).found("proryv damby") == [])
    #expect(try RuleTrial(["дамба, прорыв"]).found("proryv damby") == ["r0: proryv (translit)"])
  }

  @Test("several at once are all named") func several() throws {
    #expect(try found("д\u{200B}aмбaaa") == ["r0: д\u{200B}aмбaaa (homoglyph, invisible, repeat)"])
    #expect(try found("д a м б а", fold: "{ homoglyph: off }") == [])
    #expect(try found("д a м б а") == ["r0: д a м б а (homoglyph, spaced)"])
  }

  @Test("what one rule switches off the others keep, and a rule never changes what another matches") func perRule()
    throws
  {
    let text = "Ночью proryv, дaмба и д*мба"
    let alone = try RuleTrial(["дамба"]).found(text)
    let several = try RuleTrial(
      ["дамба", "прорыв", "прорыв", "дамба, думба, домба", "дамба"],
      fold: [2: "{ translit: off }", 4: "{ homoglyph: off }"])
    #expect(alone == ["r0: дaмба (homoglyph)"])
    #expect(
      several.found(text) == [
        "r0: дaмба (homoglyph)", "r1: proryv (translit)", "r3: дaмба (homoglyph)", "r4: д*мба (masked)",
      ])
  }
}
