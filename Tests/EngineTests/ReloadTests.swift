import Alerting
import Configuration
import Engine
import JSON
import Model
import Monitor
import Rules
import Storage
import Testing
import Text

/// A night in which the rules change under a running engine.
@Suite("Other rules under a running engine") struct ReloadTests {
  private let lexicon: Lexicon

  init() throws {
    lexicon = try #require(Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)), "run scripts/setup")
  }

  private func rules(claim: String = "мост", fire: Int = 3, window: String = "15m") -> String {
    """
    format: 1
    rules:
      - id: claim
        type: claim
        narrative: n
        severity: info
        terms: { t: { any: [\(claim)], weight: 1 } }
        key: [narrative, region]
      - id: volume
        type: spike
        severity: low
        stream: comment
        per: [narrative, region]
        window: \(window)
        step: 5m
        sla: { acknowledge: 10h, respond: 20h, hard: 20h }
        baseline: { season: none, lookback: 2h, min_samples: 3 }
        fire: { count: { gte: \(fire) } }
        clear: { count: { lt: \(fire) }, for: 10m }
    """
  }

  /// A pipeline on a store of its own, with what it told.
  private final class Night {
    let pipeline: Pipeline
    let store: any Store
    private let lexicon: Lexicon
    private var clock = Moment(milliseconds: 0)

    init(_ text: String, lexicon: Lexicon) throws {
      self.lexicon = lexicon
      store = MemoryStore()
      pipeline = try Pipeline(
        rules: Night.read(text), lexicon: lexicon, settings: EngineSettings(), history: [], store: store,
        router: Night.router(text)
      ) { _ in }
    }

    static func read(_ text: String) throws -> [Rule] {
      let set = RuleLoader.load(texts: [("t.rules.yaml", Array(text.utf8))], types: Registry.ruleTypes)
      try #require(set.diagnostics.filter { $0.severity == .error } == [])
      return set.rules
    }

    static func router(_ text: String) throws -> Router {
      Router(configuration: .init(file: "nabat.yaml"), kinds: [], rules: try read(text))
    }

    func take(_ lines: [String]) async throws {
      var reader = TapeReader { AuthorKey($0.utf8.reduce(1469) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }) }
      try await pipeline.ingest(lines.map { try reader.read(line: Array($0.utf8)) })
    }

    func change(_ text: String, at time: String) async throws {
      let now = try #require(Moment(rfc3339: "2026-03-02T\(time)Z"))
      try await pipeline.reload(
        rules: Night.read(text), lexicon: lexicon, router: Night.router(text), set: "sha256:0", files: [], at: now)
    }

    var told: [String] {
      get throws {
        var events: [JSONValue] = []
        try store.journal(alert: nil, from: nil) { row in
          if let event = try? JSONValue(parsing: Array(row.json.utf8)) { events.append(event) }
        }
        return events.compactMap { event in
          guard let type = event["type"]?.string, type.hasPrefix("alert."), type != "alert.updated",
            let time = event["time"]?.string,
            let rule = event["data"]?["rule"]?["id"]?.string
          else { return nil }
          return "\(rule) \(type.dropFirst(6)) \(time.dropFirst(11).dropLast())"
        }
      }
    }
  }

  private func comments(_ count: Int, at: String, prefix: String) -> [String] {
    (0..<count).map { Replaying.comment("\(prefix)\($0)", at: at) }
  }

  @Test("An alert lives on: the same claim is evidence and no second alert, also under a changed rule")
  func alertsLiveOn() async throws {
    let night = try Night(rules(), lexicon: lexicon)
    try await night.take([Replaying.item("a", at: "06:00:00", "Рухнул мост")])
    try await night.change(rules(claim: "мост, переправа"), at: "06:01:00")
    try await night.take([Replaying.item("b", at: "06:02:00", "Рухнула переправа")])
    #expect(try night.told == ["claim fired 06:00:00"])
    let record = try #require(try night.store.records(kind: "alert").first)
    let alert = try #require((try? JSONValue(parsing: record.value)).flatMap(Alert.init(json:)))
    #expect(alert.evidence.map(\.id) == ["a", "b"])
  }

  @Test("What officers did lives on: the acknowledgement ends in its time, the silence too") func actsLiveOn()
    async throws
  {
    let text = rules().replacing("severity: info", with: "severity: high\n    status: deprecated")
    let night = try Night(text, lexicon: lexicon)
    func act(_ verb: String, at: String, _ members: String) -> String {
      #"{"kind":"act","at":"2026-03-02T\#(at)Z","do":"\#(verb)","by":"one",\#(members)}"#
    }
    let alert = #""alert":{"rule":"claim","key":{"narrative":"n","region":"R1"}}"#
    try await night.take([
      Replaying.item("a", at: "06:00:00", "Рухнул мост"), act("acknowledge", at: "06:01:00", alert),
      act("silence", at: "06:02:00", #""match":{"region":"R1"},"for":"2h""#),
    ])
    try await night.change(text.replacing("мост", with: "мост, переправа"), at: "06:03:00")
    try await night.take([Replaying.tick("08:02:01")])
    #expect(
      try night.told == [
        "claim fired 06:00:00", "claim acknowledged 06:01:00", "claim escalated 07:01:00", "claim sla_warning 07:30:00",
      ])
    var stages: [String] = []
    try night.store.journal(alert: nil, from: nil) { row in
      guard let data = (try? JSONValue(parsing: row.json))?["data"], data["alert"] != nil else { return }
      stages.append("\(data["reason"]?.string ?? "") \(data["stage"]?.string ?? "")")
    }
    #expect(
      stages == [
        "first sent", "acknowledged sent", "ack-expired silenced", "sla-warning silenced", "repeat silenced",
        "silence-ended sent",
      ])
  }

  @Test("Counts live on under another bound: three of the window came before the change, one after it")
  func countsLiveOn() async throws {
    let night = try Night(rules(fire: 5), lexicon: lexicon)
    try await night.take(comments(1, at: "03:00:00", prefix: "x") + comments(3, at: "06:01:00", prefix: "a"))
    try await night.change(rules(fire: 4), at: "06:02:00")
    try await night.take(comments(1, at: "06:03:00", prefix: "b"))
    try await night.take([Replaying.tick("06:05:01")])
    #expect(try night.told == ["volume fired 06:05:00"])
  }

  /// Coverage begins two days before: there is a baseline for certain, and a step at which two comparisons fail whatever
  /// it is is not even waited for.
  private let twoDaysBefore = #"{"kind":"tick","at":"2026-02-28T05:00:00Z"}"#
  private var farBounds: String {
    rules().replacing("fire: { count: { gte: 3 } }", with: "fire: { count: { gte: 30 }, ratio: { gte: 20 } }")
  }

  @Test("A step that nothing could come of is judged all the same, when a lower bound comes into force before it")
  func skippedStep() async throws {
    let night = try Night(farBounds, lexicon: lexicon)
    try await night.take([twoDaysBefore] + comments(3, at: "06:01:00", prefix: "a"))
    try await night.change(rules(fire: 3), at: "06:02:00")
    try await night.take([Replaying.tick("06:04:00")])
    #expect(try night.told == [])
    try await night.take([Replaying.tick("06:06:00")])
    #expect(try night.told == ["volume fired 06:05:00"])
  }

  @Test("The same when the lower bound comes with a restart")
  func skippedStepAfterRestart() async throws {
    let night = try Night(farBounds, lexicon: lexicon)
    try await night.take([twoDaysBefore] + comments(3, at: "06:01:00", prefix: "a"))
    let again = try Pipeline(
      rules: Night.read(rules(fire: 3)), lexicon: lexicon, settings: EngineSettings(), history: [],
      store: night.store, router: Night.router(rules())
    ) { _ in }
    try await again.ingest(Replaying.lines([Replaying.tick("06:06:00")]))
    #expect(try night.told == ["volume fired 06:05:00"])
  }

  @Test("A firing surge clears by the new bound, when that has held for ten minutes")
  func firingLivesOn() async throws {
    let night = try Night(rules(fire: 3), lexicon: lexicon)
    try await night.take(comments(1, at: "03:00:00", prefix: "x") + comments(3, at: "06:01:00", prefix: "a"))
    try await night.take([Replaying.tick("06:06:00")])
    try await night.change(rules(fire: 10), at: "06:07:00")
    // Quiet by the new bound at 06:10; 06:10 + 10 minutes.
    try await night.take([Replaying.tick("06:30:00"), Replaying.tick("06:50:00")])
    let told = try night.told
    #expect(told == ["volume fired 06:05:00", "volume cleared 06:20:00"])
  }

  @Test("Another window counts the archive anew: comments of before the change fill it")
  func otherWindow() async throws {
    let night = try Night(rules(fire: 3), lexicon: lexicon)
    try await night.take(
      comments(1, at: "03:00:00", prefix: "x") + comments(2, at: "06:01:00", prefix: "a")
        + comments(1, at: "06:17:00", prefix: "b") + [Replaying.tick("06:21:00")])
    #expect(try night.told == [])
    // (05:55, 06:25] holds all three.
    try await night.change(rules(fire: 3, window: "30m"), at: "06:22:00")
    try await night.take([Replaying.tick("06:26:00")])
    #expect(try night.told == ["volume fired 06:25:00"])
  }

  @Test("The state after a change is that of the store: a restart goes on from it")
  func restart() async throws {
    let night = try Night(rules(fire: 5), lexicon: lexicon)
    try await night.take(comments(1, at: "03:00:00", prefix: "x") + comments(3, at: "06:01:00", prefix: "a"))
    try await night.change(rules(fire: 4, window: "30m"), at: "06:02:00")
    let again = try Pipeline(
      rules: Night.read(rules(fire: 4, window: "30m")), lexicon: lexicon, settings: EngineSettings(), history: [],
      store: night.store, router: Night.router(rules())
    ) { _ in }
    var reader = TapeReader { AuthorKey($0.utf8.reduce(1469) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }) }
    let lines = comments(1, at: "06:03:00", prefix: "b") + [Replaying.tick("06:05:01")]
    try await again.ingest(lines.map { try reader.read(line: Array($0.utf8)) })
    #expect(try night.told == ["volume fired 06:05:00"])
  }

  @Test("Counts live on under another id, over a restart too")
  func renamed() async throws {
    let night = try Night(rules(fire: 4), lexicon: lexicon)
    try await night.take(comments(1, at: "03:00:00", prefix: "x") + comments(3, at: "06:01:00", prefix: "a"))
    let renamed = rules(fire: 4).replacing("- id: volume", with: "- id: surge\n    formerly: [volume]")
    try await night.change(renamed, at: "06:02:00")
    let again = try Pipeline(
      rules: Night.read(renamed), lexicon: lexicon, settings: EngineSettings(), history: [],
      store: night.store, router: Night.router(renamed)
    ) { _ in }
    var reader = TapeReader { AuthorKey($0.utf8.reduce(1469) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }) }
    let lines = comments(1, at: "06:03:00", prefix: "b") + [Replaying.tick("06:05:01")]
    try await again.ingest(lines.map { try reader.read(line: Array($0.utf8)) })
    #expect(try night.told == ["surge fired 06:05:00"])
  }

  @Test("A change stands on the tape, at the moment at which it came into force")
  func mark() async throws {
    let night = try Night(rules(), lexicon: lexicon)
    try await night.take([Replaying.tick("06:00:00")])
    try await night.change(rules(fire: 9), at: "06:01:00")
    var lines: [String] = []
    try night.store.tape(from: nil, to: nil) { lines.append($0.json) }
    #expect(lines.last == #"{"kind":"rules","at":"2026-03-02T06:01:00Z","set":"sha256:0"}"#)
  }
}
