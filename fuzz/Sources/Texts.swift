import Model
import Rules
import Text

@testable import Alerting
@testable import Counting
@testable import Matching

extension FuzzTarget {
  static let rules = FuzzTarget(name: "rules", summary: "a rule file, and a text for what loads", longest: 4096) {
    bytes in
    let set = RuleLoader.load(texts: [("t.rules.yaml", bytes)], types: Texts.ruleTypes)
    let lines = bytes.count { $0 == 0x0A || $0 == 0x0D } + 1
    for diagnostic in set.diagnostics {
      precondition((0...lines + 1).contains(diagnostic.place.line), "a diagnostic stands outside its file")
    }
    _ = DiagnosticRenderer(sources: set.sources).text(set.diagnostics)
    guard !set.hasErrors else { return }
    let matcher = Matcher(CompiledClaims(set.rules, lexicon: Texts.lexicon))
    _ = matcher.matches(title: "Прорыв", body: "Дамбу прорвало, эвакуация! МЧС: 01-2345 #вода @voda")
  }

  static let matcher = FuzzTarget(name: "matcher", summary: "a text under every kind of pattern", longest: 2048) {
    bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    guard let matchers = Texts.matchers else { return }
    for matcher in matchers.all {
      for match in matcher.matches(title: nil, body: text) {
        for reason in match.why {
          precondition(text.utf8.firstRange(of: reason.text.utf8) != nil, "what was found does not stand in the text")
        }
      }
    }
  }

  static let folding = FuzzTarget(name: "folding", summary: "a word under the foldings", longest: 512) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    for word in Texts.words(text) {
      let plain = Folding.fold(word)
      precondition(Folding.fold(plain.text).text == plain.text, "folding twice is not folding once")
      _ = Folding.readings(of: word)
      _ = Folding.withoutRuns(plain.text)
      _ = Transliteration.readings(of: plain.text)
    }
    for reading in Texts.analyser?.readings(of: text) ?? [] { _ = reading.lemmas }
  }
}

private enum Texts {
  static let ruleTypes: [RuleType] = [.claim, .spike, .frequency, .cardinality, .newTerm, .absence, .correlate]
  static let lexicon = Lexicon.defaultFolder().flatMap(Lexicon.init(folder:))
  // Each is used by the one thread of the fuzzer.
  nonisolated(unsafe) static let analyser: WordAnalyser? = WordAnalyser(lexicon: lexicon)

  /// Matchers with and without patterns that switch on other ways through the text.
  struct Matchers { var all: [Matcher] }

  nonisolated(unsafe) static let matchers: Matchers? = {
    let plain = [
      "дамба, прорыв, вода", "дамба прорвать", "{ near: [дамба, прорвать], within: 3 }", "{ all: [дамба, вода] }",
      "{ any: [вода], not_after: { words: [не], within: 2 } }", "\"=дамбу\"", "\"дам*\"",
    ]
    let signed = ["\"плотина~1\"", "\"^МЧС\"", "{ regex: 'дамб[ауы]+' }", "\"#вода\"", "\"@voda\""]
    return Matchers(all: [plain, plain + signed].compactMap(matcher))
  }()

  private static func matcher(_ terms: [String]) -> Matcher? {
    let rules = terms.enumerated().map { number, term in
      let body = term.hasPrefix("{") ? term : "{ any: [\(term)] }"
      return "- id: a.r\(number)\n  type: claim\n  terms: { t: \(body) }\n  match: t\n"
    }
    let file = Array(("format: 1\nrules:\n" + rules.joined()).utf8)
    let set = RuleLoader.load(texts: [("t.rules.yaml", file)], types: ruleTypes)
    precondition(!set.hasErrors, "the rules of the target are wrong: \(set.diagnostics)")
    return Matcher(CompiledClaims(set.rules, lexicon: lexicon), wordLimit: 1000)
  }

  static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
}
