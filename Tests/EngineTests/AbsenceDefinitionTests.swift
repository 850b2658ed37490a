import Engine
import JSON
import Model
import Testing

@Suite("What should have come and did not") struct AbsenceDefinitionTests {
  private func silence(_ more: String = "") -> String {
    """
    format: 1
    defaults: { timezone: Europe/Moscow }
    rules:
      - id: silent
        type: absence
        severity: info
        per: [source]
        expect: { count: { gte: 1 } }
        within: 6h
        \(more)
    """
  }

  private func item(_ id: String, _ at: String, published: String? = nil, source: String = "s") -> String {
    let event = published.map { ",\"published\":\"2026-03-\($0)Z\"" } ?? ""
    return "{\"kind\":\"item\",\"at\":\"2026-03-\(at)Z\",\"id\":\"\(id)\",\"source\":\"\(source)\"\(event)}"
  }

  private func fetch(_ status: Int, _ at: String) -> String {
    "{\"kind\":\"fetch\",\"at\":\"2026-03-\(at)Z\",\"source\":\"s\",\"status\":\(status)}"
  }

  private func told(_ events: [JSONValue]) -> [String] {
    events.filter { $0["type"] != "alert.updated" }.map {
      "\($0["type"]?.string ?? "") \($0["time"]?.string?.dropFirst(8).dropLast() ?? "")"
    }
  }

  @Test("a source is silent when its time is up, and no more when it speaks") func silent() throws {
    let tape = [item("a", "02T06:00:00"), item("b", "02T11:59:59"), item("c", "02T20:00:00")]
    #expect(
      told(try Replaying.events(silence(), tape, until: "2026-03-02T23:00:00Z")) == [
        "alert.fired 02T17:59:59", "alert.cleared 02T20:00:00",
      ])
    // What comes at the very instant comes in time.
    let onTime = [item("a", "02T06:00:00"), item("b", "02T12:00:00")]
    #expect(told(try Replaying.events(silence(), onTime)) == [])
    // What was written long ago is no sign of life.
    let old = [item("a", "02T06:00:00"), item("b", "02T13:00:00", published: "02T05:00:00")]
    #expect(told(try Replaying.events(silence(), old, until: "2026-03-02T14:00:00Z")) == ["alert.fired 02T12:00:00"])
  }

  @Test("several are expected of each that has begun") func several() throws {
    let rule = silence().replacing("gte: 1", with: "gte: 2")
    let events = try Replaying.events(
      rule, [item("a", "02T06:00:00"), item("x", "02T06:30:00", source: "t"), item("b", "02T07:00:00")],
      until: "2026-03-02T13:00:00Z")
    // s: of two, the earlier leaves the window at 12:00. t: one only, six hours after its first.
    #expect(told(events) == ["alert.fired 02T12:00:00", "alert.fired 02T12:30:00"])
  }

  @Test("only active time counts: from Friday evening on it goes on on Monday") func active() throws {
    // 2026-03-06 is a Friday. 20:00 in Moscow is 17:00 UTC; two hours are left of the day; 4 h from Monday 08:00.
    let rule = silence("active: { days: mon-fri, from: \"08:00\", to: \"22:00\" }")
    #expect(
      told(try Replaying.events(rule, [item("a", "06T17:00:00")], until: "2026-03-10T00:00:00Z")) == [
        "alert.fired 09T09:00:00"
      ])
    // Over midnight: 22:00–02:00 of four days; 23:00 Moscow + 3 h, then 3 h from 22:00 the next day.
    let night = silence("active: { from: \"22:00\", to: \"02:00\" }")
    #expect(
      told(try Replaying.events(night, [item("a", "06T20:00:00")], until: "2026-03-10T00:00:00Z")) == [
        "alert.fired 07T22:00:00"
      ])
  }

  @Test("a source that cannot be fetched is not silent, until it can be and says nothing") func unreachable() throws {
    let rule = silence("when_unreachable: separate")
    let down = [item("a", "02T06:00:00"), fetch(503, "02T10:00:00"), fetch(0, "02T11:00:00")]
    #expect(
      told(try Replaying.events(rule, down, until: "2026-03-02T20:00:00Z")) == ["meta.source_unreachable 02T10:00:00"])
    let up = down + [fetch(200, "02T15:00:00")]
    #expect(
      told(try Replaying.events(rule, up, until: "2026-03-02T20:00:00Z")) == [
        "meta.source_unreachable 02T10:00:00", "alert.fired 02T15:00:00",
      ])
    let speaking = up + [item("b", "02T15:00:00", published: "02T14:00:00")]
    #expect(
      told(try Replaying.events(rule, speaking, until: "2026-03-02T19:00:00Z")) == [
        "meta.source_unreachable 02T10:00:00"
      ])
  }

  @Test("where little is usual, nothing is missed; a source long gone is forgotten") func usual() throws {
    let rule = silence("baseline_guard: { usual_per_window: { gte: 2 } }\n    forget_after: 1d")
    // Three in six hours after the first: 3 per window of 6 h.
    let busy = ["06:00:00", "08:00:00", "10:00:00", "12:00:00"].enumerated().map { item("i\($0)", "02T\($1)") }
    #expect(
      told(try Replaying.events(rule, busy, until: "2026-03-05T00:00:00Z")) == [
        "alert.fired 02T18:00:00", "alert.cleared 03T12:00:00",
      ])
    // One in six hours after the first: 1 per window.
    let slow = [item("a", "02T06:00:00"), item("b", "02T12:00:00")]
    #expect(told(try Replaying.events(rule, slow, until: "2026-03-05T00:00:00Z")) == [])
  }

  private let answers = """
    format: 1
    rules:
      - { id: claim.a, type: claim, key: [narrative, region], match: t, terms: { t: { any: [дамба] } },
          sla: { acknowledge: 8h, respond: 9h, hard: 10h } }
      - { id: denial, type: claim, severity: info, key: [narrative, region], match: t, terms: { t: { any: [фейк] } } }
      - id: missing
        type: absence
        severity: info
        after: { alert: "claim.*", state: firing }
        expect: { rule: denial, same: [region] }
        within: 3h
        when_met: { set: responded, note: "по публикации" }
        key: [region]
    """

  private func fire(_ rule: String, _ at: String, region: String = "R1") -> String {
    "{\"kind\":\"fire\",\"at\":\"2026-03-\(at)Z\",\"rule\":\"\(rule)\",\"region\":\"\(region)\"}"
  }

  @Test("an answer in time is told, and ends the deadlines") func answered() throws {
    let tape = [fire("claim.a", "02T06:00:00"), fire("denial", "02T09:00:00")]
    let events = try Replaying.events(answers, tape, until: "2026-03-02T20:00:00Z")
    #expect(
      told(events) == ["alert.fired 02T06:00:00", "alert.fired 02T09:00:00", "alert.responded 02T09:00:00"])
    let answer = events.last?["data"]
    #expect(answer?["rule"]?["id"] == "claim.a" && answer?["work"] == "responded" && answer?["condition"] == "firing")
    #expect(answer?["reason"] == "responded" && answer?["changed"] == ["work"] && answer?["note"] == "по публикации")
  }

  @Test("an answer for another region is none, and a late one ends only the alert") func late() throws {
    let tape = [
      fire("claim.a", "02T06:00:00"), fire("denial", "02T08:00:00", region: "R2"), fire("denial", "02T09:00:00.001"),
    ]
    let events = try Replaying.events(answers, tape, until: "2026-03-02T13:00:00Z")
    #expect(
      told(events) == [
        "alert.fired 02T06:00:00", "alert.fired 02T08:00:00", "alert.fired 02T09:00:00",
        "alert.fired 02T09:00:00.001", "alert.cleared 02T09:00:00.001", "alert.sla_warning 02T10:30:00",
      ])
  }
}
