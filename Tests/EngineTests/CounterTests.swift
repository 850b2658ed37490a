import Alerting
import Engine
import JSON
import Model
import Monitor
import Rules
import Testing

/// A counter under one item, read every five minutes: 2, 7, 12 … minutes past; it rises by 40 at each reading from
/// 22 to 47, and 10 comments a window are usual.
@Suite("A surge known only from a counter") struct CounterTests {
  private let start = Moment(milliseconds: 1_772_431_200_000)  // 2026-03-02T06:00:00Z

  private func engine(step: String = "5m") throws -> Engine {
    let set = RuleLoader.load(
      texts: [
        (
          "t.rules.yaml",
          Array(
            """
            format: 1
            rules:
              - id: volume.surge
                type: spike
                status: test
                stream: comment
                per: [region]
                window: 15m
                step: \(step)
                baseline: { season: hour-of-week, lookback: 28d }
                fire: { count: { gte: 40 }, ratio: { gte: 4 }, authors: { gte: 15 } }
                clear: { ratio: { lt: 1.5 }, for: 30m }
                lateness: 10m
            """.utf8)
        )
      ], types: Registry.ruleTypes)
    try #require(set.rules.count == 1)
    let engine = Engine(rules: set.rules, lexicon: nil)
    engine.preload([
      HistoryLine(
        series: ["region": "XA-ZAR"], bucket: .minutes(15), start: start - .days(29),
        counts: Array(repeating: 10, count: 4 * 24 * 30))
    ])
    return engine
  }

  private func tape(until last: Int64) -> [TapeLine] {
    var lines: [TapeLine] = [
      .item(at: start, Publication(id: "a", source: "s", region: "XA-ZAR", title: "Новость", published: start))
    ]
    var count = 5
    for minute in stride(from: Int64(2), through: last, by: 5) {
      if (22...47).contains(minute) { count += 40 }
      lines.append(.total(at: start + .minutes(minute), Total(source: "s", item: "a", comments: count)))
    }
    return lines
  }

  private func told(_ events: [Event]) -> [String] {
    events.filter { !$0.isNote && !["alert.sla_breached", "alert.sla_warning", "alert.updated"].contains($0.type) }
      .map { "\($0.type) +\(($0.time - start))" }
  }

  @Test("fires when the shares of the window reach the limit, one severity lower, authors unknown")
  func fires() throws {
    // given
    let engine = try engine()
    // when: the reading at 22 brings 40 over (17, 22]: 24 until 20, 16 until 25
    engine.handle(tape(until: 22))
    engine.advance(through: start + .minutes(25))
    // then: at 25 the window holds 40, 4 times the usual 10; the first reading, 5, is backfill
    let events = engine.takeEvents().filter { $0.type == "alert.fired" }
    let data = try #require(events.first?.json["data"])
    #expect(events.map(\.time) == [start + .minutes(25)])
    #expect(data["measure"]?["count"] == 40)
    #expect(data["measure"]?["ratio"]?.number == 4)
    #expect(data["measure"]?["authors"] == .null)
    #expect(data["labels"] == ["authors-unknown": "true"])
    #expect(data["severity"] == "low")
  }

  @Test("clears when the reading comes that shows half an hour of quiet")
  func clears() throws {
    // given: the last rise is spread over (42, 47], so 16 of it count at 50 and the first quiet step is 65
    let engine = try engine()
    // when
    engine.handle(tape(until: 117))
    engine.advance(through: start + .minutes(120))
    // then: step 95 ends the wait; it is known with the reading at 97
    #expect(told(engine.takeEvents()) == ["alert.fired +25m", "alert.cleared +1h37m"])
  }

  @Test("clears by the clock when the counter is gone")
  func counterGone() throws {
    // given: no reading after 47; after twice the interval the counter is no longer waited for
    let engine = try engine()
    // when
    engine.handle(tape(until: 47))
    engine.advance(through: start + .hours(3))
    // then: first quiet step 65, cleared at 95
    #expect(told(engine.takeEvents()) == ["alert.fired +25m", "alert.cleared +1h35m"])
  }

  @Test("takes an item that claims to be half a century old at no more cost than others", .timeLimit(.minutes(1)))
  func ancient() throws {
    // given: a rule with a step of a second, and 300 comments under an item of 1970
    let engine = try engine(step: "1s")
    let item = Publication(
      id: "old", source: "s", region: "XA-ZAR", title: "Новость", published: Moment(milliseconds: 86_400_000))
    // when: ten such items are read for the first time
    for number in 0..<10 {
      var item = item
      item.id = "old\(number)"
      engine.handle([
        .item(at: start, item), .total(at: start, Total(source: "s", item: item.id, comments: 300)),
      ])
    }
    engine.advance(through: start + .minutes(1))
    // then: a first reading never fires
    #expect(told(engine.takeEvents()) == [])
  }
}
