import Alerting
import Engine
import JSON
import Model
import Storage
import Testing

/// What is stored of a spike rule's series.
@Suite("Records of series") struct SpikeStateTests {
  private static let rules = """
    format: 1
    rules:
      - id: volume
        type: spike
        severity: low
        stream: comment
        per: [narrative]
        window: 15m
        step: 5m
        baseline: { season: none, lookback: 2h, min_samples: 3 }
        fire: { count: { gte: 4 }, ratio: { gte: 3 } }
        clear: { count: { lt: 4 }, for: 10m }
        key: [narrative]
    """

  /// The records that a step leaves behind, by their keys; deleted ones with nil.
  private func records(of engine: Engine, after lines: [String]) throws -> [String: JSONValue?] {
    engine.handle(try Replaying.lines(lines))
    let changes = engine.takeChanges().filter { $0.kind == "rule" }
    return Dictionary(
      uniqueKeysWithValues: try changes.map { ($0.key, try $0.value.map { try JSONValue(parsing: $0) }) })
  }

  @Test("A series has a record while its texts may be evidence; once it is quiet its counts are all there is")
  func quietSeries() throws {
    let engine = try Replaying.engine(SpikeStateTests.rules)
    let series = "volume\nseries\nnarrative=n\n"
    _ = try records(of: engine, after: [#"{"kind":"tick","at":"2026-02-28T05:00:00Z"}"#])

    // when: two comments just now
    let now = try records(of: engine, after: [1, 2].map { Replaying.comment("a\($0)", at: "06:01:0\($0)") })
    let recent = try #require(now[series] ?? nil)["recent"]?.array?.compactMap { $0["id"]?.string }
    #expect(recent == ["a1", "a2"])

    // when: one more, in a step that ends two days later with a comment on something else
    let other =
      #"{"kind":"comment","at":"2026-03-04T06:00:00Z","id":"o","source":"s","narrative":"m","author":"o","text":"да"}"#
    let later = try records(of: engine, after: [Replaying.comment("b", at: "06:30:00"), other])
    #expect(later.keys.contains(series) && later[series] == .some(nil), "the record is deleted")

    // then: of a series that was quiet from the beginning there never is one, and its counts are kept
    let fresh = try Replaying.engine(SpikeStateTests.rules)
    let start = #"{"kind":"tick","at":"2026-02-28T05:00:00Z"}"#
    let all = try records(of: fresh, after: [start, Replaying.comment("a", at: "06:01:00"), other])
    // 06:01 lies in (06:00, 06:05]; day 20514 since the epoch.
    #expect(all.keys.filter { $0.hasSuffix("narrative=n\n") } == ["volume\nday\n20514\nnarrative=n\n"])
    let buckets = try #require(all["volume\nday\n20514\nnarrative=n\n"] ?? nil)["buckets"]
    #expect(buckets?.array?.first?.array?.prefix(2) == [.integer(1_772_431_500_000), 1])
  }

  @Test("A restart goes on from counts alone: they are the baseline of the surge that follows")
  func restart() throws {
    // given: two comments a quarter of an hour were usual for two hours
    let usual = (0..<18).map { number in
      let minute = number / 2 * 15 + 5
      return Replaying.comment(
        "u\(number)", at: "0\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00")
    }
    let start = #"{"kind":"tick","at":"2026-02-27T00:00:00Z"}"#
    let store = MemoryStore()
    let before = try Replaying.engine(SpikeStateTests.rules)
    before.handle(try Replaying.lines([start] + usual + [Replaying.tick("02:10:00")]))
    #expect(before.takeEvents().isEmpty)
    var step = Step(now: try #require(before.now))
    step.records = before.takeChanges()
    try store.commit(step)

    // when: seven meet the engine that ran through, and one that was restored
    let surge = (0..<7).map { Replaying.comment("s\($0)", at: "02:16:0\($0)") } + [Replaying.tick("02:20:01")]
    let after = try Replaying.engine(SpikeStateTests.rules)
    try after.restore(from: store)

    // then: both tell of 7 where 2 are usual
    for engine in [before, after] {
      engine.handle(try Replaying.lines(surge))
      let events = engine.takeEvents()
      #expect(events.map(\.type) == ["alert.fired"])
      let data = events.first?.json["data"]
      #expect(data?["times"]?["event_time"] == "2026-03-02T02:20:00Z")
      #expect(data?["measure"]?["count"] == 7)
      #expect(data?["measure"]?["ratio"] == 3.5)
      #expect(data?["evidence"]?["items"]?.array?.compactMap { $0["id"]?.string } == ["s2", "s3", "s4", "s5", "s6"])
    }
  }
}
