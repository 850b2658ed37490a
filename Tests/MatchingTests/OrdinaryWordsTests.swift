import Foundation
import Monitor
import Rules
import Testing
import Text

@testable import Matching

/// How many ordinary words a folding changes: the dictionary's own forms, and the texts of the corpora where they lie
/// beside the package. Meant is the worst case: rules that ask for every word of the dictionary at once.
@Suite("Ordinary words that a folding changes") struct OrdinaryWordsTests {
  private let lexicon: Lexicon
  private let analyser: WordAnalyser

  init() throws {
    lexicon = try RuleTrial.lexicon()
    analyser = WordAnalyser(lexicon: lexicon)
  }

  /// Of five million forms every 100th: all of them take minutes in a build for debugging.
  @Test("none of the dictionary's forms, in small letters, with a capital, in capitals") func dictionary() {
    var number = 0
    var read = 0
    var changed: [String] = []
    lexicon.forEachForm { bytes in
      number += 1
      guard number.isMultiple(of: 100) else { return }
      let form = String(decoding: bytes, as: UTF8.self)
      for written in [form, form.prefix(1).uppercased() + form.dropFirst(), form.uppercased()] {
        read += 1
        let readings = analyser.readings(of: written)
        if readings.count > 1 || readings.contains(where: { !$0.foldings.isEmpty }) { changed.append(written) }
      }
    }
    print("ordinary forms of the dictionary: \(read) of \(number) read, \(changed.count) changed \(changed.prefix(5))")
    #expect(read > 100_000)
    #expect(changed == [])
  }

  @Test("no number with an ending or a unit") func numbers() {
    let endings = [
      "й", "го", "му", "ый", "ая", "ое", "ой", "ые", "ых", "ым", "ыми", "ом", "ю", "я", "е", "х", "ти", "ми", "мя",
      "ех",
      "ку", "кг", "км", "мм", "см", "га", "шт", "чел", "мес", "час", "мин", "сек", "руб", "тыс", "млн", "кВт",
      "этажный",
      "летний", "дневный", "процентный", "кратный", "лет", "дней", "раз",
    ]
    var changed: [String] = []
    for number in 0...2030 {
      for ending in endings {
        for word in ["\(number)\(ending)", "\(number)-\(ending)"] where isChanged(word) { changed.append(word) }
      }
    }
    #expect(changed == [])
  }

  @Test("hardly any of the texts of the corpora") func corpora() throws {
    guard let folder = OrdinaryWordsTests.corpora() else {
      print("skipped: the corpora are not beside the package (../shared/corpora)")
      return
    }
    // given
    let articles = try #require(object(folder + "/articles/ground-truth.json") as? [String: [String: Any]])
    let claims = try String(contentsOfFile: folder + "/ru-claims/ru_claims.dev.jsonl", encoding: .utf8)
      .split(separator: "\n").compactMap { try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
    let unhidden = claims.filter { $0["evasion"] as? String == "none" }.compactMap { $0["text"] as? String }
    let feeds = FileManager.default.enumerator(atPath: folder + "/feeds/feeds")?.compactMap { $0 as? String } ?? []
    let documents = feeds.sorted().compactMap { FileManager.default.contents(atPath: "\(folder)/feeds/feeds/\($0)") }
      .filter { $0.count < 50_000 }.map { String(decoding: $0, as: UTF8.self) }
    // when, then
    let bodies = articles.sorted { $0.key < $1.key }.compactMap { $0.value["articleBody"] as? String }
    expect("unhidden claims", unhidden, atMostLatin: 0)
    // English headings of two words that both read as Russian ones.
    expect("articles", bodies, atMostLatin: 0.002)
    expect("feed documents", documents, atMostLatin: 0.004)
    try expectNoHiddenWords(in: bodies + documents)
  }

  /// - Parameter share: of all tokens those that may be read as transliterations; no other folding may change one.
  private func expect(_ name: String, _ texts: [String], atMostLatin share: Double) {
    var count = 0
    var changed: [String] = []
    for text in texts {
      let (tokens, found) = changes(in: text)
      count += tokens
      changed += found
    }
    let latin = changed.filter { $0.utf8.allSatisfy { $0 < 0x80 } }
    print(
      "ordinary words of \(name): \(count) read, \(latin.count) as transliterations, \(changed.count - latin.count) else"
    )
    #expect(count > 0)
    #expect(Double(latin.count) <= share * Double(count), "\(name): \(latin)")
    #expect(changed.count == latin.count, "\(name): \(changed)")
  }

  /// The rules that Nabat ships see nothing hidden in texts that hide nothing.
  private func expectNoHiddenWords(in texts: [String]) throws {
    let root = #filePath.components(separatedBy: "/Tests/MatchingTests/")[0]
    let set = try RuleLoader.load(paths: [root + "/rules"], types: Registry.ruleTypes)
    try #require(!set.rules.isEmpty)
    let matcher = Matcher(CompiledClaims(set.rules, lexicon: lexicon), keepsAll: true)
    var hidden: [String] = []
    for text in texts {
      for reason in matcher.matches(title: nil, body: text).flatMap(\.why) where !reason.folds.isEmpty {
        hidden.append("\(reason.text) (\(reason.folds.joined(separator: ", ")))")
      }
    }
    print("words of the shipped rules seen hidden in them: \(hidden.count) \(hidden.prefix(10))")
    #expect(hidden == [])
  }

  /// Tokens of the text, and those among them that a folding would take for another word in their place.
  private func changes(in text: String) -> (tokens: Int, changed: [String]) {
    var text = text
    return text.withUTF8 { bytes in
      var tokens: [Token] = []
      Tokenizer.tokenize(bytes, into: &tokens)
      let revealed = HiddenWords(analyser: analyser).revealed(in: tokens, bytes)
      let plain = Set(tokens)
      var changed: [String] = []
      for (position, token) in revealed.enumerated() {
        let word = self.text(bytes, token)
        if !plain.contains(token) {
          if analyser.readings(of: word).contains(where: { lexicon.knows($0.text) }) { changed.append(word) }
        } else if isChanged(word), isMeant(revealed, position, bytes) {
          changed.append(word)
        }
      }
      return (tokens.count, changed)
    }
  }

  /// Whether the Latin letters of the place may be read as Russian; true for a word of other letters.
  private func isMeant(_ tokens: [Token], _ position: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let readings = others(text(bytes, tokens[position]))
    guard readings.allSatisfy({ $0.foldings.contains(.translit) }) else { return true }
    return LatinContext(tokens: tokens, text: bytes).isRussian(position) { word in
      others(String(decoding: word, as: UTF8.self)).contains { $0.foldings.contains(.translit) }
    }
  }

  /// Whether an ordinary word has a further reading that is a word of the dictionary.
  private func isChanged(_ word: String) -> Bool { isOrdinary(word) && !others(word).isEmpty }

  private func others(_ word: String) -> [WordReading] {
    analyser.readings(of: word).dropFirst().filter { reading in
      reading.text.split(separator: "-").contains { part in
        part.utf8.count >= 4 && lexicon.knows(String(part)) && !word.lowercased().contains(part)
      }
    }
  }

  /// Known, a number or Latin, in all its parts.
  private func isOrdinary(_ word: String) -> Bool {
    word.split(separator: "-").allSatisfy { part in
      analyser.knows(String(part)) || part.utf8.first.map { (0x30...0x39).contains($0) } ?? false
        || part.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
    }
  }

  private func text(_ bytes: UnsafeBufferPointer<UInt8>, _ token: Token) -> String {
    String(decoding: bytes[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  private func object(_ path: String) throws -> Any {
    try JSONSerialization.jsonObject(with: try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private static func corpora() -> String? {
    let root = #filePath.components(separatedBy: "/Tests/MatchingTests/")[0]
    return [root + "/..", root + "/../.."].map { $0 + "/shared/corpora" }
      .first { FileManager.default.fileExists(atPath: $0 + "/articles/ground-truth.json") }
  }
}
