import TestSupport
import Testing
import Text

@Suite("Tokens and sentences") struct TokenizerTests {
  private func words(_ text: String) -> [String] {
    let bytes = Array(text.utf8)
    return Tokenizer.tokens(of: text).map { String(decoding: bytes[Int($0.start)..<Int($0.end)], as: UTF8.self) }
  }

  private func sentences(_ text: String) -> [Int32] { Tokenizer.tokens(of: text).map(\.sentence) }

  @Test("a token is a run of letters, digits and marks; punctuation and emoji take no position")
  func runs() {
    #expect(words("Ночью, в 3 часа 🌊 дамбу прорвало!") == ["Ночью", "в", "3", "часа", "дамбу", "прорвало"])
  }

  @Test("a hyphenated compound is one token, a dash between words is none")
  func hyphens() {
    #expect(words("юго-запад — кто-нибудь - да") == ["юго-запад", "кто-нибудь", "да"])
    #expect(words("п'ять -раз") == ["п'ять", "раз"])
  }

  @Test("an invisible character does not cut a word")
  func invisible() { #expect(words("дам\u{200B}ба про\u{AD}рвана") == ["дам\u{200B}ба", "про\u{AD}рвана"]) }

  @Test("a sentence ends before a capital letter, a digit, a quotation mark or a dash")
  func ends() {
    #expect(sentences("Дамбу прорвало. Вода идёт") == [0, 0, 1, 1])
    #expect(sentences("Прорвало! 30 домов") == [0, 1, 1])
    #expect(sentences("Прорвало? «да») нет") == [0, 1, 1])
    #expect(sentences("Прорвало… — нет") == [0, 1])
    #expect(sentences("прорвало. вода") == [0, 0])
    #expect(sentences("«Прорвало.» Вода") == [0, 1])
  }

  @Test("abbreviations and initials end none")
  func abbreviations() {
    #expect(sentences("в г. Орске на ул. Мира") == [0, 0, 0, 0, 0, 0])
    #expect(sentences("А. Б. Ветров и т.д. Вода") == [0, 0, 0, 0, 0, 0, 0])
    #expect(sentences("5 млн. Вода") == [0, 0, 0])
    #expect(sentences("т.е. Вода") == [0, 0, 0])
  }

  @Test("a blank line ends a sentence, a single line break does not")
  func blankLine() {
    #expect(sentences("дамбу\nпрорвало\n \nвода") == [0, 0, 1])
  }

  @Test("any bytes of valid UTF-8 give tokens inside the text, in order")
  func property() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<2000 {
      let scalars = (0..<Int.random(in: 0...40, using: &generator)).map { _ -> Unicode.Scalar in
        let pool: [ClosedRange<UInt32>] = [
          0x20...0x7E, 0x400...0x45F, 0x300...0x310, 0x2000...0x2060, 0x1F300...0x1F310,
        ]
        return Unicode.Scalar(
          UInt32.random(in: pool.randomElement(using: &generator) ?? 0x20...0x7E, using: &generator)) ?? " "
      }
      let text = String(String.UnicodeScalarView(scalars))
      var end: Int32 = 0
      for token in Tokenizer.tokens(of: text) {
        #expect(token.start >= end && token.end > token.start && Int(token.end) <= text.utf8.count)
        end = token.end
      }
    }
  }
}
