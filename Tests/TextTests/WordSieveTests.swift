import Testing

@testable import Text

@Suite("The sieve before the look-up of words") struct WordSieveTests {
  private func sieve(_ build: (inout WordSieve.Builder) -> Void) -> WordSieve {
    var builder = WordSieve.Builder(lexicon: nil)
    build(&builder)
    return builder.sieve()
  }

  /// The words let through, each with its position among all words; nil where the text must be looked at in full.
  private func suspects(_ text: String, _ sieve: WordSieve) -> [String]? {
    var text = text
    return text.withUTF8 { text in
      var found: [WordSieve.Suspect] = []
      guard sieve.sift(text, { found.append($0) }) else { return nil }
      return found.map { suspect in
        "\(suspect.position) " + String(decoding: text[Int(suspect.start)..<Int(suspect.end)], as: UTF8.self)
      }
    }
  }

  @Test("lets a known form through however its letters are written, and says which word it is")
  func known() {
    let forms = sieve { $0.add(form: "елка") }
    #expect(suspects("Наша Ёлка, ёлка и ЕЛКА…", forms) == ["1 Ёлка", "2 ёлка", "4 ЕЛКА"])
  }

  @Test("passes over the words of no rule, long and short, and over numbers")
  func unknown() {
    let forms = sieve { $0.add(form: "прорыв") }
    #expect(suspects("Сегодня в городе пройдёт 12345 концертов — приходите, будет интересно!", forms) == [])
  }

  @Test("knows a word by its beginning, and by no less than that")
  func prefix() {
    let forms = sieve { $0.add(prefix: "эва") }
    #expect(suspects("Эвакуация эв эва ваза", forms) == ["0 Эвакуация", "2 эва"])
  }

  @Test(
    "lets through what may be a word in disguise",
    arguments: [
      ("прррорвало", ["0 прррорвало"]), ("кое-где", ["0 кое-где"]), ("damba", ["0 damba"]),
      ("дам\u{301}ба", ["0 дам\u{301}ба"]), ("город #дамба", ["1 #дамба"]), ("д_мба", ["0 д_мба"]),
    ])
  func disguised(text: String, expected: [String]) {
    #expect(suspects(text, sieve { $0.add(form: "вода") }) == expected)
  }

  /// The words let through, each with its form's number and what was undone: `1 Дaмбy 0 homoglyph`.
  private func forms(_ text: String, _ sieve: WordSieve) -> [String] {
    var text = text
    return text.withUTF8 { text in
      var found: [String] = []
      _ = sieve.sift(text) { suspect in
        let word = String(decoding: text[Int(suspect.start)..<Int(suspect.end)], as: UTF8.self)
        found.append(
          "\(suspect.position) \(word) \(suspect.form)" + (suspect.foldings == .homoglyph ? " homoglyph" : ""))
      }
      return found
    }
  }

  @Test("knows a form by its number, also where Latin letters stand for its own")
  func numbers() {
    let known = sieve {
      $0.add(form: "вода")
      $0.add(form: "дамбу")
    }
    #expect(
      forms("Воду дaмбa Дaмбy ДАМБУ bода xата", known) == ["2 Дaмбy 1 homoglyph", "3 ДАМБУ 1", "4 bода 0 homoglyph"])
  }

  @Test("looks up what is not written with look-alikes alone, or begins as a word that is known by its beginning")
  func mixedInFull() {
    let known = sieve {
      $0.add(form: "дамба")
      $0.add(prefix: "пло")
    }
    #expect(
      forms("дaмба1 дamба дaaaмба плoтина", known) == [
        "0 дaмба1 -1", "1 дamба 0 homoglyph", "2 дaaaмба -1", "3 плoтина -1",
      ])
  }

  @Test(
    "a letter three times in a row is no plain word, wherever it stands; twice is",
    arguments: [
      ("ааабвгд", false), ("абббвгд", false), ("абвввгд", false), ("абвгггд", false), ("абвгддд", false),
      ("абвгдеее", false),
      ("абвгдежжж", false), ("ааАб", false), ("аабб", true), ("абвггдд", true), ("абввггддее", true), ("еёЕ", false),
      ("длинношеее", false), ("а", true), ("аа", true), ("ааа", false),
    ])
  func runs(word: String, isPlain: Bool) {
    #expect((Array(word.utf8).withUnsafeBufferPointer { PlainWord.key(of: $0) } != nil) == isPlain)
  }

  @Test("does not trust a key that two words share")
  func sharedKey() {
    var table = FormTable()
    for word in ["дамба", "вода", "дамба"] { Array(word.utf8).withUnsafeBufferPointer { table.insert($0, hash: 7) } }
    func number(_ word: String) -> Int {
      Array(word.utf8).withUnsafeBufferPointer { bytes in bytes.baseAddress.map { table.find($0, bytes.count, 7) } ?? -2
      }
    }
    #expect(["дамба", "Вода", "воды", "дамбам"].map(number) == [0, 1, -1, -1])
    #expect(table.count == 2)
  }

  @Test("keeps nearly a thousand forms apart, and gives them back in order")
  func manyForms() {
    let letters = Array("абвгдежзик".unicodeScalars)
    // A letter three times is no plain word.
    let words = (0..<1000).filter { $0 % 111 != 0 }.map { number in
      String(String.UnicodeScalarView([letters[number / 100], letters[number / 10 % 10], letters[number % 10]]))
    }
    let known = sieve { for word in words { $0.add(form: word) } }
    var given: [String] = []
    known.forEachForm { given.append(String(decoding: $0, as: UTF8.self)) }
    #expect(given == words)
    #expect(forms("вба", known) == ["0 вба 208"])
  }

  @Test("says all suspects even where letters stand apart")
  func suspectsOfHiddenText() {
    #expect(forms("а б в дамба", sieve { $0.add(form: "дамба") }) == ["3 дамба 0"])
  }

  @Test("asks for the whole text where letters stand apart or are masked", arguments: ["д а м б а", "д*мба", "вирус@"])
  func hidden(text: String) {
    #expect(suspects(text, sieve { $0.add(form: "вода") }) == nil)
  }

  @Test("counts words as the tokenizer does, whatever stands between them")
  func positions() {
    let everything = sieve { $0.passesAll = true }
    let texts = [
      "Дамбу прорвало? «Нет», — сказал мэр… 5 000 человек", "e-mail: see www.example.org/page — ok", "«ёж»ёж (Ёж)",
      "𝓗ello мир\u{301} \u{200B}тест\u{AD}ом 中文 д'Артаньян l’été x_y _z _", "Ґанок ѧзык Ѐ ѐ", "", "…", "а\u{0}б",
      "кот—пёс‑кот ‘слово’ №5 100% +7 (913) 123", "слово,слово;слово:слово/слово\\слово|слово",
    ]
    for text in texts {
      let tokens = Tokenizer.tokens(of: text)
      let bytes = Array(text.utf8)
      let words = tokens.enumerated().map { number, token in
        "\(number) " + String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
      }
      #expect(suspects(text, everything) == words)
    }
  }
}
