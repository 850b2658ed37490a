import JSON
import Model
import Rules
package import Text

/// A claim rule made of a few example texts: words that they have in common, the usual exceptions, and a test of each
/// kind that a claim rule should have. A beginning for its author, not an end.
package struct RuleDraft {
  /// Texts that state the claim; at least one.
  private let claims: [String]
  /// Texts that must not alert.
  private let others: [String]
  private let id: String
  private let region: String
  private let core: Core

  /// What the claim is told by.
  private struct Core {
    /// Two groups of words that stand near each other; the second is empty where a text has one word only.
    var first: [String] = []
    var second: [String] = []
    var within = 6
    /// From the one word to the other in the first text.
    var excerpt = ""
  }

  /// nil where no text has a word to tell it by.
  package init?(id: String, claims: [String], others: [String], region: String?, lexicon: Lexicon?) {
    let texts = claims.map { ReadText($0, lexicon) }
    guard let core = RuleDraft.core(of: texts) else { return nil }
    self.id = id
    self.claims = claims
    self.others = others
    self.core = core
    self.region = region ?? "RU-ORE"
  }

  /// Words beside those of almost every text that tell no claim from another.
  private static let saysLittle: Set<String> = [
    "через", "после", "возле", "около", "перед", "среди", "вместо", "между", "без", "очень", "вчера", "сегодня",
    "завтра", "есть", "нет", "там", "тут", "где", "когда", "нам", "нас", "вам", "вас", "его", "её", "еще", "их", "мне",
    "наш", "ваш", "опять", "снова", "теперь", "говорят", "пишут", "сообщают", "будет", "был", "была", "было", "были",
  ]

  /// A text with the words that say what it is about.
  private struct ReadText {
    struct Word {
      var pattern: String
      var lemmas: Set<String>
      var token: Int
      var sentence: Int32
      var range: Range<Int>
      var isVerb: Bool
    }
    var bytes: [UInt8]
    var words: [Word] = []

    init(_ text: String, _ lexicon: Lexicon?) {
      bytes = Array(text.utf8)
      for (index, token) in Tokenizer.tokens(of: text).enumerated() {
        let range = Int(token.start)..<Int(token.end)
        let word = String(decoding: bytes[range], as: UTF8.self).lowercased()
        let isPlain = word.unicodeScalars.allSatisfy { $0.properties.isAlphabetic }
        guard isPlain, word.unicodeScalars.count >= 3, !Pattern.isStopWord(word), !RuleDraft.saysLittle.contains(word)
        else { continue }
        let isKnown = lexicon?.knows(word) ?? true
        // What the dictionary does not have, and an infinitive that has a reflexive beside it, stand for themselves.
        let hasReflexive = (word.hasSuffix("ть") || word.hasSuffix("ти")) && lexicon?.knows(word + "ся") ?? false
        let lemmas = lexicon?.likelyLemmas(of: word) ?? []
        words.append(
          Word(
            pattern: isKnown && !hasReflexive ? word : "=" + word,
            lemmas: Set(lemmas).union([word]), token: index, sentence: token.sentence, range: range,
            isVerb: lemmas.contains { RuleDraft.isInfinitive($0, lexicon) }))
      }
    }
  }

  /// What ends like an infinitive and has a past (упасть, упал): власть has none.
  private static func isInfinitive(_ lemma: String, _ lexicon: Lexicon?) -> Bool {
    for (ending, past) in [("ться", "лся"), ("сть", "л"), ("ть", "л")] where lemma.hasSuffix(ending) {
      if lexicon?.knows(lemma.dropLast(ending.count) + past) ?? false { return true }
    }
    return false
  }

  /// The words that most texts share, each with the nearest other word of its sentence.
  private static func core(of texts: [ReadText]) -> Core? {
    var core = Core()
    var uncovered = Array(texts.indices)
    while !uncovered.isEmpty {
      let counts = uncovered.reduce(into: [String: Int]()) { counts, index in
        for lemma in texts[index].words.reduce(into: Set<String>(), { $0.formUnion($1.lemmas) }) {
          counts[lemma, default: 0] += 1
        }
      }
      // The most common, rather a thing than what is said of it, and of those the first.
      var best: (lemma: String, rank: (Int, Int))?
      for word in uncovered.flatMap({ texts[$0].words }) {
        for lemma in word.lemmas.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
          let rank = (counts[lemma] ?? 0, word.isVerb ? 0 : 1)
          if best.map({ $0.rank < rank }) ?? true { best = (lemma, rank) }
        }
      }
      guard let lemma = best?.lemma else { return core.first.isEmpty ? nil : core }
      for index in uncovered {
        guard let word = texts[index].words.first(where: { $0.lemmas.contains(lemma) }) else { continue }
        take(word, of: texts[index], isFirstText: index == 0, &core)
      }
      uncovered.removeAll { texts[$0].words.isEmpty || texts[$0].words.contains { $0.lemmas.contains(lemma) } }
    }
    return core.first.isEmpty ? nil : core
  }

  private static func take(_ word: ReadText.Word, of text: ReadText, isFirstText: Bool, _ core: inout Core) {
    if !core.first.contains(word.pattern) { core.first.append(word.pattern) }
    let neighbours = text.words.filter { $0.sentence == word.sentence && $0.lemmas.isDisjoint(with: word.lemmas) }
    // What is said of the thing is a verb, as a rule.
    let near = neighbours.min {
      ($0.isVerb ? 0 : 1, abs($0.token - word.token)) < ($1.isVerb ? 0 : 1, abs($1.token - word.token))
    }
    if let near {
      if !core.second.contains(near.pattern) { core.second.append(near.pattern) }
      core.within = min(50, max(core.within, abs(near.token - word.token)))
    }
    guard isFirstText else { return }
    let other = near ?? word
    let range = min(word.range.lowerBound, other.range.lowerBound)..<max(word.range.upperBound, other.range.upperBound)
    core.excerpt = String(decoding: text.bytes[range], as: UTF8.self)
  }
}

extension RuleDraft {
  /// The rule file.
  package var text: String {
    """
    # A draft made of example texts: replace what is not meant, then «status: test», then «stable».
    format: 1
    rules:
      - id: \(id)
        title: \(quoted(claims.first ?? id))
        claim: \(quoted(claims.first ?? id))
        type: claim
        status: draft
        severity: medium
        where:
          source_class: { not: [satire] }
        terms:
          core: \(written)
          denial:
            any: [фейк, опровергнуть, опровергать, опровергаться, опровержение, неправда]
            not_after: { words: [не], within: 2 }
          question: { any: [правда ли, верно ли, кто знает] }
        match: core
        unless:
          - { term: denial, scope: near, within: 10, then: refutation }
          - { term: question, scope: sentence, then: drop }
        key: [narrative, region]
        tests:
    \(tests)
    """
  }

  /// Where a text has one word only there is nothing for it to be near to.
  private var written: String {
    guard !core.second.isEmpty else { return "{ any: \(list(core.first)) }" }
    return "{ near: [{ any: \(list(core.first)) }, { any: \(list(core.second)) }], within: \(core.within) }"
  }

  private func list(_ words: [String]) -> String {
    "[" + words.map { $0.hasPrefix("=") ? quoted($0) : $0 }.joined(separator: ", ") + "]"
  }

  private func quoted(_ text: String) -> String {
    JSONValue.string(text.split(whereSeparator: \.isNewline).joined(separator: " ")).serialized
  }

  private var tests: String {
    var tests = claims.enumerated().map { index, text in
      test("the claim\(claims.count > 1 ? ", in the words of example \(index + 1)" : "")", "claim", text, alerts: 1)
    }
    tests.append(test("a denial", "denial", "Это фейк: \(core.excerpt)", alerts: 0, refutations: 1))
    tests.append(test("a question", "question", "Правда ли, что \(core.excerpt)?", alerts: 0))
    tests.append(
      test("criticism without the statement", "criticism", "Опять никто ничего не объясняет, сколько можно?", alerts: 0)
    )
    tests.append(test("satire by its source", "satire", claims[0], alerts: 0, sourceClass: "satire"))
    for (index, text) in others.enumerated() {
      tests.append(test("another meaning, counter-example \(index + 1)", "other-meaning", text, alerts: 0))
    }
    if others.isEmpty {
      tests.append(
        test("another text; write one with the same words", "other-meaning", "В субботу открыта выставка.", alerts: 0))
    }
    return tests.joined()
  }

  private func test(
    _ name: String, _ covers: String, _ text: String, alerts: Int, refutations: Int? = nil, sourceClass: String? = nil
  ) -> String {
    """
          - name: \(quoted(name))
            covers: \(covers)
            given:
              - item: { id: a1, at: +0m, region: \(quoted(region)), source: chat1\(sourceClass.map { ", source_class: \($0)" } ?? ""),
                        body: \(quoted(text)) }
            expect:
              - { at: +0m, alerts: \(alerts)\(refutations.map { ", refutations: \($0)" } ?? "") }

    """
  }
}
