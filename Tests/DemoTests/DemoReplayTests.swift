import Alerting
import Demo
import Engine
import JSON
import Model
import Monitor
import Rules
import Testing
import Text

@Suite("A replay of the demo's story") struct DemoReplayTests {
  private let events: [Event]

  init() throws {
    let lexicon = try #require(
      Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)), "run scripts/setup: the dictionary is missing")
    let set = RuleLoader.load(
      texts: DemoFiles.ruleFiles.map { ("rules/\($0.name)", $0.bytes) }, types: Registry.ruleTypes,
      knowsWord: { lexicon.knows($0) })
    try #require(set.diagnostics.isEmpty)
    var reader = TapeReader(authorKey: AuthorHash().key)
    let engine = Engine(rules: set.rules, lexicon: lexicon)
    engine.preload(
      try DemoStory.history.split(separator: 0x0A).map { line in
        try Array(line).withUnsafeBufferPointer { try reader.readHistory(line: $0) }
      })
    engine.handle(try DemoStory.tape.split(separator: 0x0A).map { try reader.read(line: Array($0)) })
    engine.advance(through: try DemoStory().end)
    events = engine.takeEvents()
  }

  /// Events of a type: time, rule and what `detail` reads of the data.
  private func told(_ type: String, _ detail: (JSONValue) -> String? = { _ in nil }) -> [String] {
    events.filter { $0.type == type }.map { event in
      let data = event.json["data"] ?? .null
      let rule = data["rule"]?["id"]?.string ?? data["rule"]?.string ?? ""
      return [event.time.rfc3339, rule, detail(data)].compactMap { $0 }.joined(separator: " ")
    }
  }

  /// 09:31 is the first rumour (score: breach 5 + panic 2 + hearsay 2). 10:06 is the denial.
  ///
  /// The surge is counted in windows of 15 minutes at steps of 5. Comments under the rumour come in, by the ends of
  /// five minutes, 09:40: 3, 09:45: 9, 09:50: 16, 09:55: 22; the counter of the article on the drill, whose title tells
  /// the scenario and so has the same topic, rises by 1 in 09:40 (2), then by 2, 3 and 4 (4, 7, 11).
  ///   09:50: 3 + 9 + 16 + 0 + 2 + 3 = 33, below 40 (the reading of 09:40 lies on the step 09:40, and 09:35 is outside).
  ///   09:55: 9 + 16 + 22 + 2 + 3 + 4 = 56, at least 40: it fires.
  /// Usual: 2, 3, 4 and 3 each quarter of an hour in the four weeks before: ref = 3, mad = 0.5,
  /// scale = max(1.4826 · 0.5, √3) = 1.732; ratio = 56 / 3 = 18.67, z = 53 / 1.732 = 30.60.
  @Test("fires exactly the alerts that are expected, at the times worked out by hand")
  func fired() throws {
    #expect(
      told("alert.fired") == [
        "2026-03-02T02:31:00Z claim.dam-breach", "2026-03-02T02:55:00Z volume.comments-surge",
        "2026-03-02T03:06:00Z official.denial",
      ])
    let fired = events.filter { $0.type == "alert.fired" }
    #expect(fired.map(\.time) == DemoStory.expectations.map(\.firesAt))
    for (event, expected) in zip(fired, DemoStory.expectations) {
      #expect(event.json["data"]?["rule"]?["id"]?.string == expected.rule)
      for (name, value) in expected.key { #expect(event.json["data"]?["key"]?[name]?.string == value) }
    }
    let surge = try #require(fired.dropFirst().first?.json["data"]?["measure"])
    #expect(surge["count"]?.integer == 56)
    #expect(surge["ratio"]?.number == 18.67)
    #expect(surge["z"]?.number == 30.6)
  }

  /// Quiet is a ratio below 1.5, that is at most 4 in 15 minutes. Comments and counter by five minutes: 10:20: 4 + 1,
  /// 10:25: 1 + 1, 10:30: 1 + 0, 10:35: 1 + 0. 10:30 counts 8, 10:35 counts 4: quiet since 10:35, cleared 15 m later.
  @Test("clears the surge a quarter of an hour after it has ebbed")
  func cleared() {
    #expect(told("alert.cleared") == ["2026-03-02T03:50:00Z volume.comments-surge"])
  }

  @Test("tells of the rumour and the surge that nobody acknowledged them in time, and of nothing else")
  func deadlines() {
    #expect(
      told("alert.sla_breached") == [
        "2026-03-02T02:46:00Z claim.dam-breach", "2026-03-02T03:10:00Z volume.comments-surge",
      ])
    let known = ["alert.fired", "alert.cleared", "alert.sla_breached", "alert.updated"]
    #expect(events.filter { !$0.isNote && !known.contains($0.type) }.isEmpty)
  }

  @Test("takes the text that was copied for a repost, the corrections for refutations")
  func notes() {
    #expect(told("note.repost") { $0["item"]?.string } == ["2026-03-02T02:41:00Z claim.dam-breach lunnobereg-3"])
    #expect(
      told("note.refutation") { $0["item"]?.string } == [
        "2026-03-02T03:12:00Z claim.dam-breach olha-news-4", "2026-03-02T03:15:00Z claim.dam-breach listok-3",
      ])
  }

  @Test("counts as evidence the two rumours, look-alike letters included, and the reports of them")
  func evidence() throws {
    let last = try #require(
      events.last { $0.json["data"]?["rule"]?["id"]?.string == "claim.dam-breach" }?.json["data"]?["evidence"])
    #expect(last["items"]?.array?.compactMap { $0["id"]?.string } == ["sosedi-2", "sosedi-3", "olha-news-3"])
  }

  @Test("asks nothing about questions, criticism, satire and ordinary news")
  func quiet() {
    let nearMisses = told("note.near_miss") { $0["item"]?.string }
    #expect(
      nearMisses == ["2026-03-02T02:50:00Z volume.comments-surge", "2026-03-02T02:52:00Z claim.dam-breach sosedi-4"])
  }
}
