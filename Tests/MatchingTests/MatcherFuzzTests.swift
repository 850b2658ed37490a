import Foundation
import Model
import Monitor
import Rules
import TestSupport
import Testing

/// Seeded, so that a failure comes back: random texts through every kind of pattern, damaged rule files through the
/// loader. Nothing may crash, and what is found must stand in the text.
@Suite("Random texts and damaged rules") struct MatcherFuzzTests {
  private static let kinds = [
    "дамба, прорыв, вода", "дамба прорвать", "{ near: [дамба, прорвать], within: 3 }", "{ all: [дамба, вода] }",
    "{ any: [вода], not_after: { words: [не], within: 2 } }", "\"=дамбу\"", "\"дам*\"", "{ list: l }",
  ]
  private static let signed = ["\"плотина~1\"", "\"^МЧС\"", "{ regex: 'дамб[ауы]+' }", "\"#вода\"", "\"@voda\""]
  private static let pieces = [
    "дамба", "дамбу", "прорвало", "вода", "не", "МЧС", "плотниа", "damba", "voda", "proryv", "the", "д", "а", "м", "б",
    "*", "@", "_", "#", ".", "-", " ", " ", " ", "  ", "\n\n", ". ", "! ", "0", "3", "a", "o", "p", "\u{200B}",
    "\u{AD}",
    "\u{301}", "\u{306}", "ё", "Ё", "🌊", "家", "«", "»", "…", "\u{A0}", "\u{FEFF}", "\u{10FFFF}", "\u{0}", "'",
    "http://",
  ]

  private func text(_ generator: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...30, using: &generator)).map { _ in
      if Int.random(in: 0..<12, using: &generator) == 0 {
        return String(Unicode.Scalar(UInt32.random(in: 1...0xD7FF, using: &generator)) ?? " ")
      }
      return MatcherFuzzTests.pieces.randomElement(using: &generator) ?? " "
    }.joined()
  }

  @Test("what is found stands in the text, whatever else was matched before and whatever other rules there are")
  func texts() throws {
    var generator = SeededGenerator(seed: 20_260_302)
    let kinds = MatcherFuzzTests.kinds.filter { !$0.contains("list") }
    let alone = try RuleTrial(kinds)
    // Patterns of other kinds switch on other ways through the matcher; a limit of nothing forgets every word.
    let among = try RuleTrial(kinds + MatcherFuzzTests.signed)
    let forgetful = try RuleTrial(kinds + MatcherFuzzTests.signed, wordLimit: 0)
    var hits = 0
    for _ in 0..<4000 {
      let text = text(&generator)
      let found = among.found(text)
      hits += found.count
      for line in found {
        let span = line.dropFirst(
          line.firstIndex(of: ":").map { line.distance(from: line.startIndex, to: $0) + 2 } ?? 0)
        let written = span.range(of: " (", options: .backwards).map { span[..<$0.lowerBound] } ?? span[...]
        #expect(text.utf8.contains(written.utf8), "\(text)")
      }
      #expect(alone.found(text) == found.filter { number($0) < kinds.count }, "\(text)")
      #expect(forgetful.found(text) == found, "\(text)")
    }
    // A fuzz that finds nothing tests nothing.
    #expect(hits > 1000)
  }

  /// A rule with a word in two scripts has every such word looked up letter by letter: what is known by its form must be
  /// found just the same.
  @Test("a word in look-alikes is found by its form as it is when analysed in full")
  func lookAlikes() throws {
    var generator = SeededGenerator(seed: 20_261_124)
    let rules = ["дамба, прорвать", "{ near: [вода, город], within: 4 }", "пруд, мост", "\"=воде\", \"школьник\""]
    let byForm = try RuleTrial(rules)
    let inFull = try RuleTrial(rules + ["\"=zябa\""])
    let words = ["дамба", "Дамбы", "ПРОРВАЛО", "воде", "города", "пруду", "мостом", "школьники", "народ", "хата", "и"]
    let twins: [Character: String] = [
      "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "х": "x", "у": "y", "А": "A", "О": "O", "Р": "P", "М": "M",
      "в": "b", "т": "t", "к": "k",
    ]
    var disguised = 0
    for _ in 0..<3000 {
      let text = (0..<Int.random(in: 1...6, using: &generator)).map { _ in
        let word = words.randomElement(using: &generator) ?? ""
        return word.map { letter in
          Int.random(in: 0..<3, using: &generator) == 0 ? twins[letter] ?? String(letter) : String(letter)
        }.joined()
      }.joined(separator: [" ", ", ", "-", ". "].randomElement(using: &generator) ?? " ")
      let found = byForm.found(text)
      disguised += found.count { $0.hasSuffix("(homoglyph)") }
      #expect(found == inFull.found(text), "\(text)")
    }
    #expect(disguised > 1000)
  }

  private func number(_ line: String) -> Int { Int(line.dropFirst().prefix { $0.isNumber }) ?? -1 }

  private static let file = """
    format: 1
    defaults: { timezone: Europe/Moscow, owner: duty }
    lists:
      l: [дамба, "=дамбу", "пло*", "^МЧС", "плотина~1", "#вода", "@voda", { regex: "0[1-9]-[0-9]{4}" }]
    terms:
      debunk: { any: [фейк, не соответствует], not_after: { words: [не, нет], within: 2 } }
    filters:
      - { rules: ["claim.*"], unless: [{ any: [учения] }], until: 2027-01-01 }
    rules:
      - id: claim.dam
        type: claim
        fold: { translit: off, masked: on }
        where: { lang: [ru], source_class: { not: [official] } }
        terms:
          breach: { near: [{ list: l }, { any: [прорвать, смыть] }], within: 6, order: any, span: paragraph, weight: 5 }
          panic: { any: [эвакуация, власти скрывают], weight: 2, cap: 2 }
          past: { any: [годовщина], weight: -4 }
        match: breach and (score >= 6 or not past) and 1 of them and hits(panic) >= 1
        unless:
          - { term: debunk, scope: near, within: 10, then: refutation }
        fields: { title: 2, body: 1 }
        summary: "{{ narrative }}: {{ evidence.count | plural: текст текста текстов }}"
        tests:
          - name: fires
            given: [{ item: { id: a, at: +0m, body: "Дамбу прорвало, эвакуация" } }]
            expect: [{ at: +0m, alerts: 1 }]

    """

  @Test("a damaged rule file is loaded or refused with places inside it, and what loads can match") func rules() throws
  {
    var generator = SeededGenerator(seed: 11)
    let original = Array(MatcherFuzzTests.file.utf8)
    func load(_ bytes: [UInt8]) -> RuleSet {
      RuleLoader.load(texts: [("t.rules.yaml", bytes)], types: Registry.ruleTypes)
    }
    #expect(load(original).diagnostics.filter { $0.severity == .error } == [])
    var loaded = 0
    for _ in 0..<1500 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...2, using: &generator) { mutate(&bytes, &generator) }
      let set = load(bytes)
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).count
      for diagnostic in set.diagnostics {
        #expect((0...lines + 1).contains(diagnostic.place.line) && !diagnostic.message.isEmpty)
      }
      guard !set.hasErrors else { continue }
      loaded += 1
      _ = try RuleTrial.matches(set.rules, "Дамбу прорвало, эвакуация! МЧС: 01-2345 #вода @voda")
    }
    #expect(loaded > 50)
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    guard !bytes.isEmpty else { return }
    let at = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes.remove(at: at)
    case 2:
      let signs = Array("{}[]:,#&*!|>'\"%@`~=^-\n\t 0".utf8) + [0, 0xD0, 0xFF]
      bytes.insert(signs.randomElement(using: &generator) ?? 0, at: at)
    case 3: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &generator)))
    case 4:
      let copy = Array(bytes[at..<min(bytes.count, at + 60)])
      bytes.insert(contentsOf: copy, at: Int.random(in: 0..<bytes.count, using: &generator))
    default: bytes.removeSubrange(at...)
    }
  }
}
