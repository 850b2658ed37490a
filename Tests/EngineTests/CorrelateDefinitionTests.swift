import Alerting
import Engine
import JSON
import Model
import Testing

/// What belongs together becomes one alert: the definitions beside the examples of the rule language.
@Suite("Rules that join the firings of others") struct CorrelateDefinitionTests {
  private func rules(_ more: String = "", same: String = "[narrative, region]", absorb: String = "[]") -> String {
    """
    format: 1
    rules:
      - { id: a, type: claim, status: deprecated, severity: info, key: [narrative, region], match: t, terms: { t: { any: [дамба] } } }
      - { id: b, type: claim, status: deprecated, severity: info, key: [narrative, region], match: t, terms: { t: { any: [вода] } } }
      - { id: denial, type: claim, severity: info, key: [narrative, region], match: t, terms: { t: { any: [фейк] } } }
      - id: both
        type: correlate
        status: deprecated
        severity: info
        all: [{ rule: a, as: first }, { rule: b, as: second }]
        same: \(same)
        within: 2h
        absorb: \(absorb)
        key: [region]
        \(more)
    """
  }

  private func fire(_ rule: String, _ at: String, region: String = "R1", narrative: String? = "n") -> String {
    let topic = narrative.map { ",\"narrative\":\"\($0)\"" } ?? ""
    return "{\"kind\":\"fire\",\"at\":\"2026-03-02T\(at)Z\",\"rule\":\"\(rule)\",\"region\":\"\(region)\"\(topic)}"
  }

  /// `rule time type stage` of the events of alerts.
  private func told(_ events: [JSONValue], of rule: String? = nil) -> [String] {
    events.compactMap { event in
      guard let id = event["data"]?["rule"]?["id"]?.string, rule.map({ $0 == id }) ?? true else { return nil }
      let stage = event["data"]?["stage"]?.string ?? ""
      return "\(id) \(event["time"]?.string?.dropFirst(11) ?? "") \(event["type"]?.string ?? "") \(stage)"
    }
  }

  @Test("within compares the instants of firing, inclusive; each side may come first") func within() throws {
    let edge = [fire("b", "06:00:00"), fire("a", "08:00:00")]
    #expect(told(try Replaying.events(rules(), edge), of: "both") == ["both 08:00:00Z alert.fired sent"])
    let late = [fire("a", "06:00:00"), fire("b", "08:00:00.001")]
    #expect(told(try Replaying.events(rules(), late), of: "both") == [])
  }

  @Test("order: given wants the firings in the order of the rule") func order() throws {
    let wrong = [fire("b", "06:00:00"), fire("a", "07:00:00")]
    #expect(told(try Replaying.events(rules("order: given"), wrong), of: "both") == [])
    let right = [fire("a", "06:00:00"), fire("b", "06:00:00")]
    #expect(told(try Replaying.events(rules("order: given"), right), of: "both") == ["both 06:00:00Z alert.fired sent"])
  }

  @Test("what one side does not have is equal to nothing") func absent() throws {
    let tape = [
      fire("a", "06:00:00", region: ""), fire("b", "06:01:00", region: ""),
    ]
    #expect(told(try Replaying.events(rules(same: "[region]"), tape), of: "both") == [])
    #expect(told(try Replaying.events(rules(same: "[narrative]"), tape), of: "both") == [])
  }

  @Test("region@parent compares the regions above, and the alert is about that one") func parents() throws {
    let tape = [fire("a", "06:00:00", region: "RU-ORE-ORSK"), fire("b", "06:01:00", region: "RU-ORE-BUZ")]
    let rule = rules(same: "[narrative, region@parent]")
    let events = try Replaying.events(rule, tape)
    #expect(told(events, of: "both").count == 1)
    #expect(events.last?["data"]?["key"] == ["region": "RU-ORE"])
    let apart = [fire("a", "06:00:00", region: "RU-ORE-ORSK"), fire("b", "06:01:00", region: "RU-SAM-X")]
    #expect(told(try Replaying.events(rule, apart), of: "both") == [])
    var settings = EngineSettings()
    settings.events.parentRegions = ["RU-SAM-X": "RU-ORE"]
    #expect(told(try Replaying.events(rule, apart, settings: settings), of: "both").count == 1)
  }

  @Test("none … after looks from that firing to now, also at what only confirms an alert") func none() throws {
    let rule = rules("none: [{ rule: denial, after: first }]")
    let before = [fire("denial", "05:59:59"), fire("a", "06:00:00"), fire("b", "07:00:00")]
    #expect(told(try Replaying.events(rule, before), of: "both").count == 1)
    let between = [fire("a", "06:00:00"), fire("denial", "06:30:00"), fire("b", "07:00:00")]
    #expect(told(try Replaying.events(rule, between), of: "both") == [])
    let again = [fire("denial", "05:00:00")] + between
    #expect(told(try Replaying.events(rule, again), of: "both") == [])
    let elsewhere = [fire("a", "06:00:00"), fire("denial", "06:30:00", region: "R2"), fire("b", "07:00:00")]
    #expect(told(try Replaying.events(rule, elsewhere), of: "both").count == 1)
  }

  @Test("a set that waits is dropped by what excludes it") func wait() throws {
    let rule = rules("wait: 10m\n    none: [{ rule: denial, after: second }]")
    let tape = [fire("a", "06:00:00"), fire("b", "06:05:00")]
    #expect(
      told(try Replaying.events(rule, tape, until: "2026-03-02T07:00:00Z"), of: "both") == [
        "both 06:15:00Z alert.fired sent"
      ])
    let answered = tape + [fire("denial", "06:15:00")]
    #expect(told(try Replaying.events(rule, answered, until: "2026-03-02T07:00:00Z"), of: "both") == [])
  }

  @Test("the notices of absorbed children stop with the very notice that completes the set") func absorb() throws {
    let rule = rules("keep_firing: 1h", absorb: "[first, second]")
      .replacing(
        "status: deprecated, severity: info, key", with: "status: deprecated, keep_firing: 30m, severity: info, key")
    let tape = [fire("a", "06:00:00"), fire("b", "06:10:00")]
    #expect(
      told(try Replaying.events(rule, tape, until: "2026-03-02T08:00:00Z")) == [
        "a 06:00:00Z alert.fired sent",
        // The child that completes the set is absorbed before it is told.
        "b 06:10:00Z alert.fired absorbed", "both 06:10:00Z alert.fired sent",
        "a 06:30:00Z alert.cleared absorbed", "b 06:40:00Z alert.cleared absorbed",
        "both 07:10:00Z alert.cleared sent",
      ])
    // A rule that is only tried out silences nobody.
    let draft = rule.replacing("type: correlate\n    status: deprecated", with: "type: correlate\n    status: test")
    #expect(told(try Replaying.events(draft, tape)).prefix(2).last == "b 06:10:00Z alert.fired sent")
  }

  @Test("the evidence of the children becomes its own, each text once") func evidence() throws {
    let tape = [
      Replaying.item("x", at: "06:00:00", published: "05:40:00", "дамба и вода"),
      Replaying.item("y", at: "06:01:00", "вода", more: ",\"url\":\"https://n.example\""),
    ]
    let rule = rules("sla: { acknowledge: 5m, respond: 2h, hard: 4h, from: first-evidence }", same: "[region]")
    let events = try Replaying.events(rule, tape)
    // x fires a and b at once: a comes first, b completes the set.
    let fired = try #require(events.first { $0["data"]?["rule"]?["id"] == "both" })
    #expect(fired["time"] == "2026-03-02T06:00:00Z")
    #expect(fired["data"]?["evidence"]?["items"]?.array?.map { $0["id"]?.string } == ["x"])
    #expect(fired["data"]?["times"]?["first_published"] == "2026-03-02T05:40:00Z")
    #expect(fired["data"]?["sla"]?["respond_by"] == "2026-03-02T07:40:00Z")
  }

  @Test("a join may complete another at the same instant") func cascade() throws {
    let rule =
      rules() + """

          - id: all
            type: correlate
            status: deprecated
            severity: info
            all: [{ rule: both }, { rule: denial }]
            same: [region]
            within: 2h
        """
    let tape = [fire("a", "06:00:00"), fire("denial", "06:01:00"), fire("b", "06:02:00")]
    #expect(
      told(try Replaying.events(rule, tape)).suffix(3) == [
        "b 06:02:00Z alert.fired sent", "both 06:02:00Z alert.fired sent", "all 06:02:00Z alert.fired sent",
      ])
  }
}
