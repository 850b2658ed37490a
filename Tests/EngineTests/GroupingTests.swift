import Alerting
import Engine
import JSON
import Model
import Testing

/// Grouping, as the rule language's table has it: notices for people are merged by route.
@Suite("Grouping by route") struct GroupingTests {
  private let rules = """
    format: 1
    defaults: { realert: { every: 10h, max: 10h } }
    rules:
      - { id: claim.dam, type: claim, status: deprecated, severity: high, narrative: dam, key: [narrative, region],
          terms: { t: { any: [дамба] } }, match: t }
      - { id: claim.bridge, type: claim, status: deprecated, severity: high, narrative: bridge, key: [narrative, region],
          terms: { t: { any: [мост] } }, match: t }
      - { id: claim.fire, type: claim, status: deprecated, severity: critical, narrative: fire, key: [narrative, region],
          terms: { t: { any: [пожар] } }, match: t }
    """

  private func settings(_ groupings: [Grouping]) -> EngineSettings {
    var settings = EngineSettings()
    settings.events.groupings = groupings
    return settings
  }

  /// `06:00:00 claim.dam sent first 1` …: stage, reasons, size of the group.
  private func told(_ events: [JSONValue]) -> [String] {
    events.map { event in
      let data = event["data"]
      let reasons = (data?["reasons"]?.array ?? []).compactMap(\.string).joined(separator: "+")
      return "\(event["time"]?.string?.dropFirst(11).dropLast() ?? "") \(data?["rule"]?["id"]?.string ?? "") "
        + "\(data?["stage"]?.string ?? "") \(reasons) \(data?["group"]?["size"]?.integer.map(String.init) ?? "-")"
    }
  }

  @Test("The first notice waits 30s for others, what is critical for none; later ones are gathered anew") func waits()
    throws
  {
    let events = try Replaying.events(
      rules,
      [
        Replaying.item("a", "дамба"), Replaying.item("b", at: "06:00:29", "мост"),
        Replaying.item("c", at: "06:00:30", "мост другой"), Replaying.item("d", at: "06:00:40", "дамба другая"),
        Replaying.item("e", at: "06:05:00", "пожар"),
      ], settings: settings([Grouping(by: ["region"])]))
    #expect(
      told(events) == [
        "06:00:00 claim.dam sent first 1", "06:00:29 claim.bridge grouped first+new-in-group 2",
        // The first wait is over: this opens the next.
        "06:00:30 claim.bridge sent new-evidence-milestone 2",
        "06:00:40 claim.dam grouped new-evidence-milestone 2", "06:05:00 claim.fire sent first+new-in-group 3",
      ])
    #expect(Set(events.map { $0["data"]?["group"]?["id"]?.string }).count == 1)
    // `time` is the instant of the change, whatever waits.
    #expect(events[1]["time"] == "2026-03-02T06:00:29Z")
  }

  @Test("A route groups what it takes, by its fields; without group_by nothing is grouped") func routes() throws {
    let groupings = [
      Grouping(match: [.severity: ["critical"]]), Grouping(match: [.region: ["R1"]], by: ["region"], wait: .zero),
      Grouping(by: ["narrative", "region"], wait: .minutes(1)),
    ]
    let tape = [
      Replaying.item("a", "пожар"), Replaying.item("b", "дамба"), Replaying.item("c", "мост"),
      Replaying.item("d", "дамба").replacing("R1", with: "R2"), Replaying.item("e", "мост").replacing("R1", with: "R2"),
      Replaying.item("f", "дамба опять").replacing("R1", with: "R2"),
    ]
    #expect(
      told(try Replaying.events(rules, tape, settings: settings(groupings))) == [
        "06:00:00 claim.fire sent first -", "06:00:00 claim.dam sent first 1",
        "06:00:00 claim.bridge sent first+new-in-group 2", "06:00:00 claim.dam sent first 1",
        "06:00:00 claim.bridge sent first 1", "06:00:00 claim.dam grouped new-evidence-milestone 1",
      ])
    #expect(told(try Replaying.events(rules, tape)).allSatisfy { $0.hasSuffix(" -") })
  }

  @Test("A closed alert leaves its group") func leaving() throws {
    let close =
      #"{"kind":"act","at":"2026-03-02T06:01:00Z","do":"close","reason":"noise","alert":{"rule":"claim.dam","key":{"narrative":"dam","region":"R1"}}}"#
    let events = try Replaying.events(
      rules, [Replaying.item("a", "дамба"), close, Replaying.item("b", at: "06:02:00", "мост")],
      settings: settings([Grouping(by: ["region"])]))
    #expect(told(events).last == "06:02:00 claim.bridge sent first 1")
  }
}
