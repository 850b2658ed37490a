import Alerting
import Engine
import JSON
import Model
import Rules
import Storage
import Testing

/// A region's officer is told so many alarms by rarity in 24 hours; what is weaker waits, and is named.
@Suite("The budget of alarms") struct AlarmBudgetTests {
  private func firing(_ number: Int, region: String = "R1") -> Firing {
    var measure = Measure()
    measure.count = 10 + number
    let key = Key([("region", region), ("narrative", "n\(number)")])
    return Firing(key: key, eventTime: AlarmBudgetTests.start, severity: .medium, evidence: [], measure: measure)
  }

  private static let start = Moment(milliseconds: 1_772_438_400_000)

  /// Takes alarms of the given rarities, a minute apart: which are told.
  private func told(_ rarities: [Double], _ budget: inout AlarmBudget, from minute: Int64 = 0, region: String = "R1")
    -> [Bool]
  {
    rarities.enumerated().map { index, rarity in
      let number = index + Int(minute)
      let at = AlarmBudgetTests.start + .minutes(Int64(number))
      return budget.take(firing(number, region: region), rule: "v", rarity: rarity, at: at) == .told
    }
  }

  @Test("tells the budget and no more; one that is weaker than as many others waits") func ranks() {
    var budget = AlarmBudget(perDay: 3)
    // Three are told; a fourth never is within the day, however rare.
    let first = told([3.0, 2.5, 2.6, 2.4, 9.0], &budget)
    #expect(first == [true, true, true, false, false])
    // Another region has its own.
    let other = told([2.4], &budget, region: "R2")
    #expect(other == [true])
    // A day and a minute later the first two are past: 2.6, 2.4 and 9.0 are left, one of them told. 2.45 is weaker than
    // two of them, 2.4 than three.
    let next = told([2.45, 2.4], &budget, from: 24 * 60 + 1)
    #expect(next == [true, false])
  }

  @Test("names what it held back, the rarest first, once") func digest() throws {
    var budget = AlarmBudget(perDay: 1)
    _ = self.told([3.0, 2.5, 2.9], &budget)
    let due = AlarmBudgetTests.start + .minutes(1) + .days(1)
    #expect(budget.dueDigests.map(\.due) == [due])
    let early = budget.digest(of: "R1", at: due - .seconds(1))
    #expect(early == nil)
    // A restart in between forgets nothing.
    let change = budget.takeChange()
    let state = try #require(change)
    var restored = AlarmBudget(perDay: 1)
    restored.restore(state)
    let told = restored.digest(of: "R1", at: due)
    let digest = try #require(told)
    #expect(digest["held_back"] == 2 && digest["summary"] == "2 weaker alarms held back" && digest["budget"] == 1)
    #expect(digest["alarms"]?.array?.compactMap { $0["rarity"]?.number } == [2.9, 2.5])
    #expect(digest["alarms"]?.array?.first?["key"]?["narrative"] == "n2")
    let again = restored.digest(of: "R1", at: due)
    #expect(again == nil)
  }

  @Test("an alarm that was told and comes again within the day costs no more") func again() {
    var budget = AlarmBudget(perDay: 1)
    let first = told([3.0, 2.5], &budget)
    let again = told([2.6], &budget)
    let other = told([2.7], &budget, from: 5)
    #expect(first == [true, false] && again == [true] && other == [false])
  }

  @Test("a budget of none holds nothing back") func off() {
    var budget = AlarmBudget(perDay: 0)
    let all = told(Array(repeating: 2.4, count: 100), &budget)
    #expect(all == Array(repeating: true, count: 100))
  }

  // MARK: In the engine

  private func rules(severity: String = "medium", _ more: String = "") -> String {
    """
    format: 1
    rules:
      - id: v
        type: spike
        status: deprecated
        severity: \(severity)
        stream: comment
        per: [narrative, region]
        window: 15m
        step: 5m
        fire: { rarity: { gte: 2 }, count: { gte: 10 } }
        clear: { count: { lt: 10 } }
        sla: { acknowledge: 10h, respond: 20h, hard: 20h }
    \(more)
    """
  }

  /// A day of two comments in 5 minutes under each of three topics, then forty under each.
  private func play(_ rules: String, perDay: Int) throws -> [JSONValue] {
    let history = ["a", "b", "c"].map { (topic: String) -> String in
      "{\"series\":{\"narrative\":\"\(topic)\",\"region\":\"R1\"},\"bucket\":\"5m\",\"start\":\"2026-02-20T06:00:00Z\",\"counts\":["
        + (0..<2880).map { String($0 % 3 + 1) }.joined(separator: ",") + "]}"
    }
    let tape =
      [Replaying.tick("06:00:00")]
      + ["a", "b", "c"].enumerated().flatMap { (place: Int, topic: String) -> [String] in
        (0..<40).map { Replaying.comment("\(topic)\($0)", at: "06:\(12 + place * 5):00", narrative: topic) }
      }
    var settings = EngineSettings()
    settings.alarmsPerDay = perDay
    return try Replaying.events(rules, tape, history: history, until: "2026-03-03T12:00:00Z", settings: settings)
  }

  @Test("the engine notes each alarm held back and tells a digest a day later") func engine() throws {
    let events = try play(rules(), perDay: 2)
    #expect(Replaying.told(events, "alert.fired") == ["alert.fired 06:15:00", "alert.fired 06:20:00"])
    #expect(Replaying.told(events, "note.held_back") == ["note.held_back 06:25:00"])
    let digest = try #require(events.first { $0["type"] == "meta.digest" })
    #expect(digest["time"] == "2026-03-03T06:25:00Z" && digest["data"]?["held_back"] == 1)
    #expect(digest["data"]?["alarms"]?.array?.first?["key"]?["narrative"] == "c")
  }

  @Test("from high on, and where a correlation looks, nothing is held back") func exempt() throws {
    #expect(try Replaying.told(play(rules(severity: "high"), perDay: 1), "alert.fired").count == 3)
    let correlation = """
        - id: w
          type: claim
          narrative: a
          terms: { t: { any: [дамба], weight: 1 } }
          match: t
        - id: x
          type: correlate
          all: [{ rule: v, as: v }, { rule: w, as: w }]
          same: [region]
          within: 2h
          key: [region]
      """
    #expect(try Replaying.told(play(rules(severity: "medium", correlation), perDay: 1), "alert.fired").count == 3)
    #expect(try Replaying.told(play(rules(), perDay: 1), "alert.fired").count == 1)
  }
}
