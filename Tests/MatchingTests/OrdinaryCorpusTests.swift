import Foundation
import JSON
import Matching
import Model
import Monitor
import Parsing
import Rules
import Testing
import Text

/// Texts that nobody hid anything in, under rules for every word that stands in them: a word that a rule finds by a
/// folding alone is one that the folding has changed.
@Suite("Ordinary texts under the foldings") struct OrdinaryCorpusTests {
  @Test("no word of letters of one alphabet is changed", .timeLimit(.minutes(10))) func texts() throws {
    guard let folder = OrdinaryCorpusTests.folder() else { return }
    let texts = try OrdinaryCorpusTests.texts(in: folder)
    let matcher = try matcher(of: texts)
    var counts: [String: Int] = [:]
    var words = 0
    var changed: [String] = []
    for text in texts {
      words += text.split(separator: " ").count
      for reason in matcher.matches(title: nil, body: text).flatMap(\.why) where !reason.folds.isEmpty {
        // What has a mark or a letter of another alphabet in it is not written as it is read.
        guard OrdinaryCorpusTests.isOrdinary(reason.text) else { continue }
        for name in reason.folds { counts[name, default: 0] += 1 }
        changed.append("\(reason.text) (\(reason.folds.joined(separator: ", "))): \(text.prefix(200))")
      }
    }
    let table = Foldings.names.map { "\($0.name) \(counts[$0.name] ?? 0)" }.joined(separator: ", ")
    print("of \(words) words in \(texts.count) ordinary texts the foldings change: \(table)")
    #expect(words > 10_000)
    #expect(changed.prefix(40) == [])
  }

  /// Cyrillic letters alone or ASCII letters alone, with what may stand in and between words.
  private static func isOrdinary(_ text: String) -> Bool {
    let letters = text.unicodeScalars.filter { $0.properties.isAlphabetic }
    let isPlain = text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || " .,-'\n".unicodeScalars.contains($0) }
    return isPlain && (letters.allSatisfy(\.isASCII) || letters.allSatisfy { (0x410...0x451).contains($0.value) })
  }

  /// One rule for each Russian word of four letters or more: of these texts, and the most usual ones.
  private func matcher(of texts: [String]) throws -> Matcher {
    let lexicon = try RuleTrial.lexicon()
    var words: [String: Int] = [:]
    for text in texts {
      for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) where word.count >= 4 {
        if word.unicodeScalars.allSatisfy({ (0x430...0x451).contains($0.value) }) {
          words[String(word), default: 0] += 1
        }
      }
    }
    let known = words.filter { lexicon.knows($0.key.replacing("ё", with: "е")) }.sorted {
      ($1.value, $0.key) < ($0.value, $1.key)
    }
    let usual = [
      "город", "вода", "дом", "река", "мост", "пост", "лист", "порт", "стол", "поле", "море", "план", "фронт", "банк",
      "спорт", "партия", "дамба", "тест", "метр", "порог", "школа", "газ", "авария", "взрыв", "пожар", "вирус", "мама",
      "папа", "дети", "деньги", "пенсия", "выборы", "закон", "суд", "война", "мир", "друг", "брат", "день", "ночь",
    ]
    let patterns = Array(Set(known.prefix(1500).map(\.key) + usual)).sorted()
    let rules = patterns.enumerated().map { number, word in
      "- id: a.r\(number)\n  type: claim\n  terms: { t: { any: [\"\(word)\"] } }\n  match: t\n"
    }
    let file = "format: 1\nrules:\n" + rules.joined()
    let set = RuleLoader.load(texts: [("t.rules.yaml", Array(file.utf8))], types: Registry.ruleTypes)
    try #require(!set.hasErrors, "\(set.diagnostics.filter { $0.severity == .error }.prefix(3))")
    return Matcher(CompiledClaims(set.rules, lexicon: lexicon))
  }

  /// Paragraphs of the claims without evasion, of the feeds' entries and of the articles.
  private static func texts(in folder: URL) throws -> [String] {
    var texts: [String] = []
    let claims = folder.appending(path: "ru-claims/ru_claims.dev.jsonl")
    for line in (try? String(contentsOf: claims, encoding: .utf8))?.split(separator: "\n") ?? [] {
      let value = try JSONValue(parsing: String(line))
      if value["evasion"]?.string == "none", let text = value["text"]?.string { texts.append(text) }
    }
    for file in files(in: folder.appending(path: "feeds"), ["xml", "json"]) {
      let feed = DocumentReader.read(
        Payload(bytes: [UInt8](try Data(contentsOf: file)), url: "https://feed.example/f.xml"),
        options: ReadingOptions(now: Moment(milliseconds: 1_795_456_800_000)))
      for item in feed.items { texts += [item.title, item.plainText].compactMap(\.self) }
    }
    let articles = folder.appending(path: "articles/ground-truth.json")
    if let bytes = try? Data(contentsOf: articles) {
      for article in try JSONValue(parsing: [UInt8](bytes)).object?.members ?? [] {
        if let text = article.value["articleBody"]?.string { texts.append(text) }
      }
    }
    return texts.flatMap { $0.split(separator: "\n").map(String.init) }.filter { $0.count > 3 }
  }

  private static func files(in folder: URL, _ kinds: [String]) -> [URL] {
    let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let all = walker?.allObjects.compactMap { $0 as? URL } ?? []
    return all.filter { kinds.contains($0.pathExtension) }.sorted { $0.path < $1.path }
  }

  /// The corpora beside the package, or beside the folder that holds several checkouts of it.
  private static func folder() -> URL? {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for path in ["../shared/corpora", "../../shared/corpora"] {
      let folder = package.appending(path: path).standardized
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    print("skipped: there is no ../shared/corpora beside the package")
    return nil
  }
}
