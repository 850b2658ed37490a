import JSON
import Model
import Testing

@Suite("Writing a tape") struct TapeWritingTests {
  private let at = Moment(milliseconds: 1_772_344_800_000)  // 2026-03-01T06:00:00Z

  @Test("members come in a fixed order, absent ones are left out, the author is a hash")
  func order() {
    let item = Publication(
      id: "a\"1", source: "news1", region: "RU-ORE", title: "Дамба\n", author: AuthorKey(255),
      published: at - .minutes(19))
    #expect(
      TapeLine.item(at: at, item).json
        == ##"{"kind":"item","at":"2026-03-01T06:00:00Z","id":"a\"1","source":"news1","source_class":"media","region":"RU-ORE","lang":"ru","title":"Дамба\n","author":"#00000000000000ff","published":"2026-03-01T05:41:00Z"}"##
    )
    let comment = Comment(id: "c1", source: "news1", item: "a1", lang: nil, text: "правда?", published: at)
    #expect(
      TapeLine.comment(at: at, comment).json
        == #"{"kind":"comment","at":"2026-03-01T06:00:00Z","id":"c1","source":"news1","item":"a1","lang":null,"text":"правда?"}"#
    )
    #expect(
      TapeLine.total(at: at, Total(source: "s", item: "a1", comments: 3)).json
        == #"{"kind":"total","at":"2026-03-01T06:00:00Z","source":"s","item":"a1","comments":3}"#)
    #expect(
      TapeLine.fire(at: at, Fire(rule: "r", key: ["region": "RU-PER", "narrative": "dam"])).json
        == #"{"kind":"fire","at":"2026-03-01T06:00:00Z","rule":"r","narrative":"dam","region":"RU-PER"}"#)
    #expect(TapeLine.tick(at: at).json == #"{"kind":"tick","at":"2026-03-01T06:00:00Z"}"#)
  }

  @Test("an act is written as it came, unless its time was moved")
  func act() {
    let json = #"{"do":"close","kind":"act","at":"2026-03-01T09:00:00+03:00","note":"x"}"#
    let act = Act(verb: "close", json: json)
    #expect(TapeLine.act(at: at, act).json == json)
    #expect(
      TapeLine.act(at: at + .seconds(1), act).json
        == #"{"do":"close","kind":"act","at":"2026-03-01T06:00:01Z","note":"x"}"#)
    #expect(
      TapeLine.act(at: at, Act(verb: "close", json: "nonsense")).json
        == #"{"kind":"act","at":"2026-03-01T06:00:00Z","do":"close"}"#)
  }

  @Test("reading what was written gives the same line, for any line and any default language")
  func identity() throws {
    var random = Seeded(state: 7)
    var russian = TapeReader { _ in AuthorKey(0) }
    var tatar = TapeReader(defaultLanguage: "tt") { _ in AuthorKey(0) }
    for _ in 0..<3000 {
      let line = anyLine(&random)
      let json = line.json
      #expect(try russian.read(line: Array(json.utf8)) == line, "\(json)")
      #expect(try tatar.read(line: Array(json.utf8)) == line, "\(json)")
      #expect(!json.utf8.contains(0x0A))
      #expect(try russian.read(line: Array(json.utf8)).json == json)
    }
  }

  private func anyLine(_ random: inout Seeded) -> TapeLine {
    let at = Moment(milliseconds: Int64.random(in: -1_000_000_000_000...4_000_000_000_000, using: &random))
    let published = Bool.random(using: &random) ? at : at - .seconds(Int64.random(in: 0...90_000, using: &random))
    let author = Bool.random(using: &random) ? AuthorKey(random.next()) : nil
    let classes = ["media", "official", "community", "satire"]
    let sourceClass = classes.randomElement(using: &random) ?? "media"
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      return .item(
        at: at,
        Publication(
          id: random.text(), source: random.maybe() ?? "", sourceClass: sourceClass, region: random.maybe(),
          lang: random.maybe(), url: random.maybe(), title: random.maybe(), body: random.maybe(), author: author,
          published: published))
    case 2, 3:
      return .comment(
        at: at,
        Comment(
          id: random.text(), source: random.maybe() ?? "", sourceClass: sourceClass, item: random.maybe(),
          region: random.maybe(), lang: random.maybe(), url: random.maybe(), narrative: random.maybe(),
          author: author, text: random.maybe(), published: published))
    case 4:
      return .total(
        at: at, Total(source: random.maybe() ?? "", item: random.text(), comments: Int(random.next() >> 25)))
    case 5: return .fetch(at: at, Fetch(source: random.text(), status: Int.random(in: 0...599, using: &random)))
    case 6: return .fire(at: at, Fire(rule: random.text(), key: ["region": random.text(), "n" + random.text(): "x"]))
    default:
      return Bool.random(using: &random) ? .tick(at: at) : .rules(at: at, set: random.text())
    }
  }
}

/// SplitMix64 (S. Vigna): the same numbers in every run.
struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// One to twelve characters, awkward ones among them.
  mutating func text() -> String {
    let alphabet: [Character] = [
      "a", "ж", "\"", "\\", "\n", "\r", "\t", "\u{0}", "\u{7F}", "\u{2028}", "🚨", "#", "/", " ",
    ]
    return String((0..<Int.random(in: 1...12, using: &self)).map { _ in alphabet.randomElement(using: &self) ?? "a" })
  }

  mutating func maybe() -> String? { Bool.random(using: &self) ? text() : nil }
}
