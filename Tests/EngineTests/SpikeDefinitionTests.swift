import Engine
import JSON
import Model
import Testing

/// The definitions of the rule language for volumes, each with numbers worked out by hand.
@Suite("A surge is found as the rule language defines it") struct SpikeDefinitionTests {
  private func rules(
    _ fire: String = "{ count: { gte: 3 } }", clear: String = "{ count: { lt: 3 }, for: 10m }", _ more: String = "",
    baseline: String = "{ season: none, lookback: 45m, min_samples: 3 }"
  ) -> String {
    """
    format: 1
    defaults: { timezone: Europe/Berlin }
    rules:
      - id: v
        type: spike
        severity: medium
        stream: comment
        per: [narrative, region]
        window: 15m
        step: 5m
        baseline: \(baseline)
        fire: \(fire)
        clear: \(clear)
        sla: { acknowledge: 10h, respond: 20h, hard: 20h }
        \(more)
    """
  }

  /// 10 comments a quarter of an hour for the whole of February and more.
  private let usual = [
    "{\"series\":{\"narrative\":\"n\",\"region\":\"R1\"},\"bucket\":\"15m\",\"start\":\"2026-01-25T00:00:00Z\",\"counts\":["
      + Array(repeating: "10", count: 4 * 24 * 40).joined(separator: ",") + "]}"
  ]

  private func comments(_ count: Int, at: String, authors: Int = 1000, prefix: String = "c") -> [String] {
    (0..<count).map { Replaying.comment("\(prefix)\($0)", at: at, author: "a\($0 % authors)") }
  }

  private func figures(_ event: JSONValue?) -> [Double?] {
    ["count", "ratio", "z", "authors"].map { event?["data"]?["measure"]?[$0]?.number }
  }

  @Test("A step behind the one that clears is judged like any other: one comparison fails, a near-miss")
  func stepAfterClearing() throws {
    // (06:05, 06:20] is the first empty window.
    let events = try Replaying.events(
      rules(clear: "{ count: { lt: 3 } }"), comments(3, at: "06:02:00"), history: usual, until: "2026-03-02T08:00:00Z")
    #expect(
      Replaying.told(events, "") == ["alert.fired 06:05:00", "alert.cleared 06:20:00", "note.near_miss 06:25:00"])
  }

  @Test("The checked numbers: bounds are inclusive; a step is judged at its own time, for (t − window, t]")
  func numbers() throws {
    let rule = rules(
      "{ count: { gte: 40 }, ratio: { gte: 4 }, z: { gte: 4 }, authors: { gte: 15 } }",
      clear: "{ ratio: { lt: 1.5 }, for: 30m }", baseline: "{ season: hour-of-week, lookback: 28d }")
    // ref 10, mad 0, scale √10 = 3.1623: ratio 4, z 30 / 3.1623 = 9.49
    let fired = try Replaying.events(
      rule, comments(40, at: "06:02:00", authors: 15), history: usual, until: "2026-03-02T08:00:00Z")
    #expect(Replaying.told(fired) == ["alert.fired 06:05:00", "alert.cleared 06:50:00"])
    #expect(figures(fired.first) == [40, 4, 9.49, 15])
    // Empty from 06:20 (the window (06:05, 06:20]); 06:20 + 30 minutes. ratio 0, z −3.16; the peak stays.
    #expect(figures(fired.last) == [0, 0, -3.16, 0])
    #expect(fired.last?["data"]?["measure"]?["peak"]?["z"]?.number == 9.49)
    let few = try Replaying.events(
      rule, comments(40, at: "06:02:00", authors: 14), history: usual, until: "2026-03-02T08:00:00Z")
    #expect(Replaying.told(few, "") == ["note.near_miss 06:05:00"])
    #expect(few[0]["data"]?["missing"] == "authors >= 15")
    #expect(few[0]["data"]?["score"] == .null)
  }

  @Test("An event at t − window is out, one at t is in") func window() throws {
    let tape = [
      Replaying.comment("a", at: "06:00:00"), Replaying.comment("b", at: "06:10:00"),
      Replaying.comment("c", at: "06:15:00"),
      Replaying.comment("d", at: "06:15:00.001"),
    ]
    // 06:15: a is out, b and c. 06:20: b, c, d.
    let events = try Replaying.events(rules(), tape, history: usual, until: "2026-03-02T07:00:00Z")
    #expect(Replaying.told(events).first == "alert.fired 06:20:00")
  }

  @Test("What was published first is the first event of the window, though only a few are shown") func first() throws {
    let tape = [Replaying.comment("a", at: "06:01:00", published: "06:00:30")] + comments(8, at: "06:04:00")
    let rule = rules("{ count: { gte: 3 } }", clear: "{ count: { lt: 3 } }", "lateness: 5m")
    let data = try Replaying.events(rule, tape, history: usual, until: "2026-03-02T06:05:00Z").first?["data"]
    #expect(data?["times"]?["first_published"] == "2026-03-02T06:00:30Z")
    #expect(data?["times"]?["event_time"] == "2026-03-02T06:05:00Z")
    #expect(data?["evidence"]?["count"]?.integer == 9)
    #expect(data?["evidence"]?["items"]?.array?.count == 5)
  }

  @Test("A late event judges past steps and fires at its arrival; one too late is noted and not counted")
  func lateness() throws {
    let tape = [
      Replaying.comment("a", at: "06:01:00"), Replaying.comment("b", at: "06:02:00"),
      Replaying.comment("x", at: "06:12:00", published: "06:01:59.999"),
      Replaying.comment("c", at: "06:12:30", published: "06:02:30"),
    ]
    let events = try Replaying.events(
      rules("{ count: { gte: 3 } }", clear: "{ count: { lt: 3 }, for: 10m }", "lateness: 10m"), tape, history: usual,
      until: "2026-03-02T07:00:00Z")
    // c joins a and b in the windows of 06:05 and 06:10; the step that fires is 06:05. Quiet: 06:20 (only c left: b is out).
    #expect(Replaying.told(events).contains("alert.fired 06:12:30"))
    #expect(Replaying.told(events, "note.too_late") == ["note.too_late 06:12:00"])
    #expect(Replaying.told(events, "alert.cleared") == ["alert.cleared 06:30:00"])
  }

  @Test("`for` counts from the first quiet step; a loud step in between starts it anew") func hysteresis() throws {
    let tape =
      comments(3, at: "06:04:00") + comments(3, at: "06:26:00", prefix: "d") + [Replaying.tick("07:30:00")]
    // 06:05–06:15 hold; 06:20 and 06:25 are quiet: 10 minutes would end at 06:30, where 3 stand again until 06:40.
    let events = try Replaying.events(rules(), tape, history: usual)
    #expect(Replaying.told(events) == ["alert.fired 06:05:00", "alert.cleared 06:55:00"])
  }

  @Test("Without samples the rule learns, and says so once a day") func learning() throws {
    let tape = comments(5, at: "06:01:00") + comments(5, at: "06:31:00", prefix: "d")
    let rule = rules(baseline: "{ season: hour-of-week, cold: previous-24h }")
    let events = try Replaying.events(rule, tape, until: "2026-03-02T08:00:00Z")
    #expect(Replaying.told(events, "") == ["note.learning 06:05:00"])
    #expect(events[0]["data"]?["key"] == ["narrative": "n", "region": "R1"])
  }

  @Test("A day of learning is a day of the file's zone, and a near-miss is told once an episode") func once() throws {
    // Berlin: midnight is 23:00 UTC.
    let learner = rules(baseline: "{ season: hour-of-week, cold: none }")
    let tape = ["20:01:00", "22:58:00", "23:04:00"].enumerated().flatMap { comments(5, at: $1, prefix: "p\($0)") }
    #expect(
      try Replaying.told(Replaying.events(learner, tape, until: "2026-03-02T23:30:00Z"), "")
        == ["note.learning 20:05:00", "note.learning 23:00:00"])
    // 2 of 3 at 06:05: near. Fires at 06:20, clears at 06:35; near at the step behind it, told, so 07:05 is not;
    // reopens at 07:35, which is the same episode, so 08:35 is not told either.
    let near = rules(clear: "{ count: { lt: 2 }, for: 0m }")
    let steps =
      comments(2, at: "06:01:00", prefix: "a") + comments(3, at: "06:19:00", prefix: "b")
      + comments(2, at: "07:01:00", prefix: "c") + comments(3, at: "07:31:00", prefix: "d")
      + comments(2, at: "08:31:00", prefix: "e")
    let events = try Replaying.events(near, steps, history: usual, until: "2026-03-02T09:00:00Z")
    #expect(
      Replaying.told(events, "") == [
        "note.near_miss 06:05:00", "alert.fired 06:20:00", "alert.cleared 06:35:00", "note.near_miss 06:40:00",
        "alert.reopened 07:35:00", "alert.cleared 07:50:00",
      ])
  }

  @Test("previous-24h: the windows of the last day once it is covered") func cold() throws {
    // 24 hours before 06:05 are covered by history with 2 a quarter: ref 2, ratio 8 / 2.
    let history = [
      "{\"series\":{\"narrative\":\"n\",\"region\":\"R1\"},\"bucket\":\"15m\",\"start\":\"2026-03-01T06:00:00Z\",\"counts\":["
        + Array(repeating: "2", count: 4 * 24 + 1).joined(separator: ",") + "]}"
    ]
    let rule = rules(
      "{ ratio: { gte: 4 } }", clear: "{ ratio: { lt: 2 } }", baseline: "{ season: hour-of-week, lookback: 28d }")
    let events = try Replaying.events(
      rule, comments(8, at: "06:02:00"), history: history, until: "2026-03-02T06:05:00Z")
    #expect(Replaying.told(events, "") == ["alert.fired 06:05:00"])
    #expect(figures(events.first)[1] == 4)
  }

  @Test("Seasons follow the wall clock over a change of the clocks; a history bucket is spread evenly") func wallTime()
    throws
  {
    // Berlin: on 2026-03-30 summer time holds, a week and two weeks before it does not. 08:05 local is 06:05 UTC then,
    // 07:05 UTC before. History: 30 an hour at 07:00–08:00 UTC, else nothing: (06:50, 07:05] holds 30 × 5 / 60 = 2.5.
    let hours = (0..<24).map { $0 == 7 ? "30" : "0" }.joined(separator: ",")
    let history = ["16", "23"].map {
      "{\"series\":{\"narrative\":\"n\",\"region\":\"R1\"},\"bucket\":\"1h\",\"start\":\"2026-03-\($0)T00:00:00Z\",\"counts\":[\(hours)]}"
    }
    let rule = rules(
      "{ ratio: { gte: 2 } }", clear: "{ ratio: { lt: 1 } }",
      baseline: "{ season: hour-of-week, lookback: 14d, min_samples: 2 }")
    let tape = comments(5, at: "06:02:00").map { $0.replacing("2026-03-02", with: "2026-03-30") }
    let events = try Replaying.events(rule, tape, history: history, until: "2026-03-30T06:05:00Z")
    #expect(events.map { $0["type"] } == ["alert.fired"])
    #expect(figures(events.first)[1] == 2)
  }

  @Test("A comment without a topic counts under those of the claims it tells, else under its item's") func topics()
    throws
  {
    let claims = """

        - id: c
          type: claim
          narrative: n
          terms: { t: { any: [дамба], weight: 1 }, u: { any: [вода], weight: 1 } }
          match: t and score >= 2
          where: { source_class: [official] }
      """
    let file = rules("{ count: { gte: 2 } }", clear: "{ count: { lt: 2 } }") + claims
    // The claim's `where` and the comparison of the score are left aside; only the item's own match needs the score.
    let own = [
      Replaying.comment("a", at: "06:01:00", narrative: nil, text: "дамба"),
      Replaying.comment("b", at: "06:01:00", narrative: nil, text: "дамба"),
    ]
    #expect(
      try Replaying.told(Replaying.events(file, own, history: usual, until: "2026-03-02T06:05:00Z")) == [
        "alert.fired 06:05:00"
      ])
    func under(_ text: String) throws -> [JSONValue] {
      try Replaying.events(
        file,
        [Replaying.item("i", text)]
          + ["a", "b"].map {
            Replaying.comment($0, at: "06:01:00", narrative: nil, text: "да", more: ",\"item\":\"i\"")
          },
        history: usual, until: "2026-03-02T06:05:00Z")
    }
    #expect(try Replaying.told(under("дамба, вода")) == ["alert.fired 06:05:00"])
    #expect(try Replaying.told(under("дамба")) == [])
  }
}
