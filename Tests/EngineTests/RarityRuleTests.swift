import Alerting
import Engine
import JSON
import Model
import Storage
import TestSupport
import Testing

/// Rules that ask how rare a volume is for its own series.
@Suite("A surge is told by its rarity") struct RarityRuleTests {
  private func rules(_ fire: String = "{ rarity: { gte: 2.4 }, count: { gte: 10 } }", _ more: String = "") -> String {
    """
    format: 1
    rules:
      - id: v
        type: spike
        severity: medium
        stream: comment
        per: [narrative, region]
        window: 15m
        step: 5m
        fire: \(fire)
        clear: { count: { lt: 10 } }
        sla: { acknowledge: 10h, respond: 20h, hard: 20h }
        \(more)
    """
  }

  /// Two weeks of 1, 2, 3, 1, 2, 3 … in 5 minutes, up to 06:00 of 2026-03-02.
  private let usual = [
    "{\"series\":{\"narrative\":\"n\",\"region\":\"R1\"},\"bucket\":\"5m\",\"start\":\"2026-02-16T06:00:00Z\",\"counts\":["
      + (0..<4032).map { String($0 % 3 + 1) }.joined(separator: ",") + "]}"
  ]

  private func comments(_ count: Int, at: String, prefix: String = "c", text: (Int) -> String = { "да \($0)" })
    -> [String]
  {
    (0..<count).map { Replaying.comment("\(prefix)\($0)", at: at, text: text($0)) }
  }

  private func fetch(_ at: String, _ status: Int) -> String {
    "{\"kind\":\"fetch\",\"at\":\"2026-03-02T\(at)Z\",\"source\":\"s\",\"status\":\(status)}"
  }

  @Test("forty where two are usual fire at the step, and the alert says what was expected") func fires() throws {
    // given, when
    let tape = [Replaying.tick("06:00:00")] + comments(40, at: "06:12:00")
    let engine = try Replaying.engine(rules())
    var reader = TapeReader { _ in AuthorKey(0) }
    engine.preload([try reader.history(usual[0])])
    engine.handle(try Replaying.lines(tape))
    engine.advance(through: try #require(Moment(rfc3339: "2026-03-02T07:00:00Z")))
    // then
    let events = engine.takeEvents().map { JSONValue.object($0.json) }
    #expect(Replaying.told(events) == ["alert.fired 06:15:00", "alert.cleared 06:30:00"])
    #expect(events.first?["data"]?["measure"]?["count"] == 40)
    #expect(events.first?["data"]?["measure"]?["ratio"] == .null)
    let record = engine.takeChanges().first { $0.kind == "alert" }?.value
    let stored = try JSONValue(parsing: #require(record))
    let basis = stored["basis"]
    let words = try #require(Alert(json: stored)).basisWords.joined(separator: "\n")
    #expect(words.contains("in the window of 15m there were 40, by 40 authors"), "\(words)")
    #expect(
      words.contains("came 40: ") && words.contains("above the usual since 2026-03-02T06:10:00Z; rarity "), "\(words)")
    #expect(basis?["rarity"]?["window"] == "5m" || basis?["rarity"]?["window"] == "15m")
    #expect(basis?["rarity"]?["count"]?.number == 40)
    #expect(basis?["rarity"]?["since"] == "2026-03-02T06:10:00Z")
    #expect(basis?["course"]?["counts"]?.array?.count == 72)
    #expect(basis?["course"]?["counts"]?.array?.last == 40)
  }

  @Test("what is usual is no surge, however the count is; a quiet rule learns in silence for half a day")
  func usualAndLearning() throws {
    let many = rules("{ rarity: { gte: 2.4 }, count: { gte: 1 } }").replacing("lt: 10", with: "lt: 1")
    let drip = (0..<12).flatMap { comments($0 % 3 + 1, at: "06:\($0 < 2 ? "0" : "")\($0 * 5):30", prefix: "m\($0)-") }
    let told = try Replaying.events(
      many, [Replaying.tick("06:00:00")] + drip, history: usual, until: "2026-03-02T07:00:00Z")
    #expect(Replaying.told(told) == [])
    let alone = try Replaying.events(rules(), comments(40, at: "06:12:00"), until: "2026-03-02T07:00:00Z")
    #expect(Replaying.told(alone, "") == ["note.learning 06:15:00"])
  }

  @Test("within rearm a second surge must be clearly rarer; behind it the level alone counts") func rearm() throws {
    let tape = [Replaying.tick("06:00:00")] + comments(40, at: "06:12:00") + comments(30, at: "07:02:00", prefix: "d")
    func told(_ fire: String) throws -> [String] {
      try Replaying.told(
        Replaying.events(rules(fire), tape, history: usual, until: "2026-03-02T08:00:00Z")
      ).filter { !$0.contains("cleared") }
    }
    #expect(try told("{ rarity: { gte: 2.4 }, count: { gte: 10 } }") == ["alert.fired 06:15:00"])
    #expect(
      try told("{ rarity: { gte: 2.4 }, count: { gte: 10 }, rearm: 30m }") == [
        "alert.fired 06:15:00", "alert.reopened 07:05:00",
      ])
  }

  @Test("what comes at once after an outage is no surge, and the outage no quiet") func outage() throws {
    // given: the source fails for half an hour, and forty come when it is back
    let start = [Replaying.tick("06:00:00")] + comments(2, at: "06:00:30", prefix: "a")
    let back = comments(40, at: "06:32:00")
    let failed = start + [fetch("06:02:00", 503)] + back + [fetch("06:32:00", 200)]
    // when, then
    let until = "2026-03-02T07:30:00Z"
    #expect(try Replaying.told(Replaying.events(rules(), failed, history: usual, until: until)) == [])
    #expect(
      try Replaying.told(Replaying.events(rules(), start + back, history: usual, until: until)).first
        == "alert.fired 06:35:00")
    // An open alert waits out the time that nobody could read: from 06:17 to 07:00.
    let firing = start + comments(40, at: "06:12:00") + [fetch("06:17:00", 0), fetch("07:00:00", 200)]
    #expect(
      try Replaying.told(Replaying.events(rules(), firing, history: usual, until: until)) == [
        "alert.fired 06:15:00", "alert.cleared 07:10:00",
      ])
  }

  @Test("copies of one text are told as such, with a severity of their own") func copies() throws {
    let hygiene = "hygiene: { same_text_share: { lte: 0.6, else: { label: pasted, severity: high } } }"
    let plain = "{ count: { gte: 10 } }"
    let baseline = "\n    baseline: { season: none, lookback: 45m, min_samples: 3 }"
    func fired(_ copies: Int) throws -> JSONValue? {
      let tape =
        [Replaying.tick("06:00:00")] + comments(10, at: "06:12:00") { $0 < copies ? "Все  НА площадь" : "да \($0)" }
      return try Replaying.events(
        rules(plain, hygiene + baseline), tape, history: usual, until: "2026-03-02T06:20:00Z"
      ).first?["data"]
    }
    // 6 of 10 is the limit, 7 is beyond it.
    #expect(try fired(6)?["severity"] == "medium")
    let coordinated = try fired(7)
    #expect(coordinated?["severity"] == "high")
    #expect(coordinated?["labels"]?.serialized.contains("pasted") == true)
  }

  @Test("a holiday is compared with Sundays and holidays, and no weekday with it") func holidays() throws {
    // given: 2026-03-02 is a Monday. Mondays had 30, 30, 60 and 90 an hour, the last a holiday; Sundays 60.
    let folder = try TestFolder()
    let calendar = try folder.write("days.yaml", "format: 1\nholidays: [2026-02-23]\n")
    let holiday = try folder.write("today.yaml", "format: 1\nholidays: [2026-02-23, 2026-03-02]\n")
    let history = (0..<28).map { back in
      let date = CivilDate(daysSinceEpoch: 20514 - 28 + Int64(back))
      let count = [0: 30, 7: 30, 14: 60, 21: 90][back] ?? (back % 7 == 6 ? 60 : 10)
      let counts = Array(repeating: String(count), count: 24).joined(separator: ",")
      func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
      return
        "{\"series\":{\"narrative\":\"n\",\"region\":\"R1\"},\"bucket\":\"1h\",\"start\":\"2026-\(two(date.month))-\(two(date.day))T00:00:00Z\",\"counts\":[\(counts)]}"
    }
    func ratio(_ holidays: String) throws -> Double? {
      let rule = rules(
        "{ ratio: { gte: 1 } }", "baseline: { season: hour-of-week, lookback: 28d, min_samples: 2\(holidays) }"
      )
      .replacing("window: 15m", with: "window: 1h").replacing(
        "clear: { count: { lt: 10 } }", with: "clear: { ratio: { lt: 1 } }")
      return try Replaying.events(
        rule, [Replaying.tick("06:00:00")] + comments(180, at: "06:12:00"), history: history,
        until: "2026-03-02T06:15:00Z"
      ).first?["data"]?["measure"]?["ratio"]?.number
    }
    // then: 180 to the median of 30, 30, 60, 90; to that of 30, 30, 60; to that of four Sundays' 60 and the holiday's 90.
    #expect(try ratio("") == 4)
    #expect(try ratio(", holidays: \(calendar)") == 6)
    #expect(try ratio(", holidays: \(holiday)") == 3)
  }

  @Test("a restart at any moment, other steps and more ticks change no byte") func replay() throws {
    // given: two days of a slow series with surges
    var random = SeededGenerator(seed: 7)
    var tape: [String] = []
    for minute in stride(from: 0, to: 2880, by: 5) {
      let surge = minute > 1500 && minute % 400 < 20
      let count = surge ? 9 : Int.random(in: 0...2, using: &random)
      let (day, clock) = (2 + minute / 1440, minute % 1440)
      func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
      if minute == 1700 { tape.append(fetch("04:20:00", 503).replacing("2026-03-02", with: "2026-03-03")) }
      if minute == 1800 { tape.append(fetch("06:00:00", 200).replacing("2026-03-02", with: "2026-03-03")) }
      if minute > 1700, minute < 1800 { continue }
      for index in 0..<count {
        tape.append(
          Replaying.comment("c\(minute)-\(index)", at: "\(two(clock / 60)):\(two(clock % 60)):0\(index)", text: "да")
            .replacing("2026-03-02", with: "2026-03-0\(day)"))
      }
    }
    let rule = rules(
      "{ rarity: { gte: 1.5 }, count: { gte: 10 }, rearm: 20m }",
      "lateness: 10m\n    hygiene: { same_text_share: { lte: 0.6 } }")
    let lines = try Replaying.lines(tape)
    let end = try #require(Moment(rfc3339: "2026-03-04T01:00:00Z"))
    let whole = try Replaying.engine(rule)
    whole.handle(lines)
    whole.advance(through: end)
    let expected = whole.takeEvents().map(\.text)
    #expect(expected.count { $0.contains("alert.fired") || $0.contains("alert.reopened") } >= 2)
    for split in stride(from: 97, to: lines.count, by: 211) {
      // when: every few lines are a step, with ticks between, and a restart
      let store = MemoryStore()
      var engine = try Replaying.engine(rule)
      var output: [String] = []
      for start in stride(from: 0, to: lines.count, by: 13) {
        let batch = lines[start..<min(start + 13, lines.count)]
        engine.handle(Array(batch) + [.tick(at: batch[batch.count - 1 + start].at)])
        output += engine.takeEvents().map(\.text)
        var step = Step(now: batch[start].at)
        step.now = try #require(engine.now)
        step.records = engine.takeChanges()
        step.tape = batch.compactMap(RarityRuleTests.row)
        try store.commit(step)
        if start <= split, split < start + 13 {
          engine = try Replaying.engine(rule)
          try engine.restore(from: store)
        }
      }
      engine.advance(through: end)
      output += engine.takeEvents().map(\.text)
      // then
      #expect(output == expected, "split at \(split)")
    }
  }

  private static func row(_ line: TapeLine) -> TapeRow? {
    guard case .comment(let at, let comment) = line else { return nil }
    return TapeRow(at: at, kind: "comment", source: comment.source, id: comment.id, json: "{}")
  }
}

extension TapeReader {
  fileprivate mutating func history(_ text: String) throws -> HistoryLine {
    var text = text
    return try text.withUTF8 { try readHistory(line: $0) }
  }
}
