import Engine
import JSON
import Model
import Testing

/// Counters of comments, read every five minutes unless said otherwise.
@Suite("A counter becomes comments as the contract says") struct TotalDefinitionTests {
  private func rules(fire: Int, window: String = "5m", _ more: String = "") -> String {
    """
    format: 1
    rules:
      - id: v
        type: spike
        severity: medium
        stream: comment
        per: [region]
        window: \(window)
        step: 5m
        baseline: { season: none, lookback: 1h, min_samples: 1 }
        fire: { count: { gte: \(fire) } }
        clear: { count: { lt: \(fire) } }
        sla: { acknowledge: 10h, respond: 20h, hard: 20h }
        \(more)
    """
  }

  private let quiet = [
    "{\"series\":{\"region\":\"R1\"},\"bucket\":\"1h\",\"start\":\"2026-03-02T00:00:00Z\",\"counts\":[0,0,0,0,0,0]}"
  ]

  private func total(_ at: String, _ comments: Int) -> String {
    "{\"kind\":\"total\",\"at\":\"2026-03-02T\(at)Z\",\"source\":\"s\",\"item\":\"i\",\"comments\":\(comments)}"
  }

  private func play(
    _ rules: String, _ tape: [String], until: String? = nil, settings: EngineSettings = EngineSettings()
  ) throws -> [JSONValue] {
    try Replaying.events(
      rules, [Replaying.item("i", "новость")] + tape, history: quiet, until: until.map { "2026-03-02T\($0)Z" },
      settings: settings)
  }

  private func counts(_ events: [JSONValue]) -> [Int64?] { events.map { $0["data"]?["measure"]?["count"]?.integer } }

  @Test("The increase is spread in whole shares over the time between the readings") func shares() throws {
    // 10 over (06:03, 06:10]: ⌊10 × 2/7⌋ = 2 until 06:05, 10 − 2 = 8 until 06:10.
    let tape = [total("06:03:00", 100), total("06:10:00", 110)]
    #expect(try Replaying.told(play(rules(fire: 8), tape)) == ["alert.fired 06:10:00"])
    #expect(try play(rules(fire: 9), tape).filter { $0["type"] == "alert.fired" }.isEmpty)
    // 7 over (06:03, 06:08]: ⌊7 × 2/5⌋ = 2 until 06:05, known at 06:08; 5 until 06:10, which is still to come.
    let open = try play(rules(fire: 5), [total("06:03:00", 0), total("06:08:00", 7)], until: "06:10:00")
    #expect(Replaying.told(open, "") == ["note.near_miss 06:08:00", "alert.fired 06:10:00"])
    #expect(counts(open).last == 5)
  }

  @Test("A reading is a late event: a past step fires at its arrival") func late() throws {
    // 10 over (06:03, 06:09]: ⌊10 × 2/6⌋ = 3 until 06:05, which fires when it is known.
    let events = try play(rules(fire: 3), [total("06:03:00", 0), total("06:09:00", 10)])
    #expect(Replaying.told(events) == ["alert.fired 06:09:00"])
    #expect(counts(events) == [3])
    #expect(events[0]["data"]?["labels"] == ["authors-unknown": "true"])
    #expect(events[0]["data"]?["severity"] == "low")
  }

  @Test("The first reading is backfill; a fall counts as zero, and what rises from there counts") func backfill() throws
  {
    let tape = [total("06:01:00", 500), total("06:02:00", 400), total("06:03:00", 403), total("06:04:00", 403)]
    let events = try play(rules(fire: 3), tape, until: "06:05:00")
    #expect(Replaying.told(events) == ["alert.fired 06:05:00"])
    #expect(counts(events) == [3])
  }

  @Test("An item that claims to be ages old, with a counter to match, costs no more than another") func ages() throws {
    let old = Replaying.item("i", title: "новость", more: ",\"published\":\"0001-01-01T00:00:00Z\"")
    let tape = [old, total("06:01:00", 999_999_999_000), total("06:03:00", 999_999_999_003)]
    let events = try Replaying.events(rules(fire: 3), tape, history: quiet, until: "2026-03-02T06:05:00Z")
    #expect(Replaying.told(events) == ["alert.fired 06:05:00"])
    #expect(counts(events) == [3])
  }

  @Test("Texts count, and only the excess of the counter over them is textless") func excess() throws {
    let texts = (0..<4).map { Replaying.comment("c\($0)", at: "06:02:00", more: ",\"item\":\"i\"") }
    // 7 more by the counter, 4 of them with text: 7 in all, 3 textless: authors are known.
    let events = try play(rules(fire: 7), [total("06:01:00", 10)] + texts + [total("06:03:00", 17)], until: "06:05:00")
    #expect(Replaying.told(events) == ["alert.fired 06:05:00"])
    #expect(counts(events) == [7])
    #expect(events[0]["data"]?["measure"]?["authors"]?.integer == 4)
    #expect(events[0]["data"]?["severity"] == "medium")
  }

  @Test("Half of the count without text leaves authors known, more does not") func majority() throws {
    func events(textless: Int) throws -> JSONValue? {
      let texts = (0..<3).map { Replaying.comment("c\($0)", at: "06:02:00", more: ",\"item\":\"i\"") }
      let tape = [total("06:01:00", 0)] + texts + [total("06:03:00", 3 + textless)]
      return try play(rules(fire: 5), tape, until: "06:05:00").first?["data"]
    }
    #expect(try events(textless: 3)?["measure"]?["authors"]?.integer == 3)
    #expect(try events(textless: 4)?["measure"]?["authors"] == .null)
  }

  @Test("Shares older than max(lateness, 2 × interval) are too late") func patience() throws {
    // 30 over (06:05, 06:35], 5 a step: 06:10, 06:15 and 06:20 are more than 10 minutes old.
    let tape = [total("06:05:00", 0), total("06:35:00", 30)]
    let events = try play(rules(fire: 5), tape)
    #expect(Replaying.told(events, "note.too_late") == ["note.too_late 06:35:00"])
    #expect(events.first { $0["type"] == "note.too_late" }?["data"]?["count"]?.integer == 15)
    var settings = EngineSettings()
    settings.sourceIntervals = ["s": .minutes(15)]
    #expect(try Replaying.told(play(rules(fire: 5), tape, settings: settings), "note.too_late") == [])
  }
}
