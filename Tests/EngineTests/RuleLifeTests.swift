import Alerting
import Engine
import JSON
import Model
import Monitor
import Rules
import Storage
import Testing

/// What a rule says about its alerts beyond their firing.
@Suite("What a rule makes of its alerts") struct RuleLifeTests {
  private func rule(_ lines: String, id: String = "claim.dam") -> String {
    """
    format: 1
    rules:
      - id: \(id)
        type: claim
        key: [region]
        terms: { t: { any: [дамба], weight: 5 }, u: { any: [вода], weight: 3 } }
        match: t
        \(lines)
    """
  }

  private func severities(_ events: [JSONValue]) -> [String] {
    events.filter { event in
      event["type"]?.string?.hasPrefix("alert.") == true && event["data"]?["reason"] != "new-evidence-milestone"
    }.map {
      "\($0["type"]?.string ?? "") \($0["data"]?["reasons"]?.serialized ?? "") \($0["data"]?["severity"]?.string ?? "")"
    }
  }

  @Test("severity_by raises an alert when it fires, by the text and by its figures") func raisedAtOnce() throws {
    let steps = rule(
      """
      severity_by:
            - { when: { source_class: [official] }, set: high }
            - { when: { score: { gte: 8 } }, set: critical }
      """)
    func first(_ body: String, more: String = "") throws -> [String] {
      severities(try Replaying.events(steps, [Replaying.item("a", body, more: more)]))
    }
    #expect(try first("дамба") == ["alert.fired [\"first\"] medium"])
    #expect(try first("дамба", more: ",\"source_class\":\"official\"") == ["alert.fired [\"first\"] high"])
    #expect(try first("дамба и вода", more: ",\"source_class\":\"official\"") == ["alert.fired [\"first\"] critical"])
  }

  @Test("later evidence raises it too, is told once, and never lowers it") func raisedLater() throws {
    // given: three sources make it high
    let steps = rule("severity_by: [{ when: { sources: { gte: 3 } }, set: high }]")
    let tape = [
      Replaying.item("a", at: "06:00:00", source: "s1", "дамба раз"),
      Replaying.item("b", at: "06:01:00", source: "s2", "дамба два"),
      Replaying.item("c", at: "06:02:00", source: "s3", "дамба три"),
      Replaying.item("d", at: "06:03:00", source: "s3", "дамба четыре"),
    ]
    // when
    let events = try Replaying.events(steps, tape)
    // then
    #expect(severities(events) == ["alert.fired [\"first\"] medium", "alert.updated [\"severity-raised\"] high"])
    #expect(events.last?["type"] == "alert.updated" && events.last?["time"] == "2026-03-02T06:02:00Z")
    #expect(events.last?["data"]?["changed"] == ["severity"])
  }

  @Test("an exception that labels marks the alert, and later evidence adds its own label") func labels() throws {
    let labelled = rule("unless: [{ any: [старый], then: label, label: old }, { term: u, then: label }]")
    let tape = [Replaying.item("a", "старая дамба"), Replaying.item("b", at: "06:01:00", "дамба, вода")]
    let alerts = try play([labelled], [tape]).alerts
    #expect(alerts.map(\.labels) == [["old", "u"]])
  }

  @Test("a text without a field of the key is evidence of the latest alert that agrees on the others, where merged")
  func merge() throws {
    func evidence(_ missing: String) throws -> [String] {
      let text = rule("missing_key: \(missing)").replacing("key: [region]", with: "key: [source, region]")
      func item(_ id: String, _ at: String, _ region: String?, source: String = "s") -> String {
        let line = Replaying.item(id, at: at, source: source, "дамба \(id)")
        return line.replacing(",\"region\":\"R1\"", with: region.map { ",\"region\":\"\($0)\"" } ?? "")
      }
      // given: alerts of two regions, then texts without one, the last from another source
      let tape = [
        item("a", "06:00:00", "R1"), item("b", "06:01:00", "R2"), item("c", "06:02:00", nil),
        item("d", "06:03:00", nil, source: "other"),
      ]
      return try play([text], [tape]).alerts.map { alert in
        (alert.key["region"] ?? "-") + " " + alert.evidence.map(\.id).joined(separator: ",")
      }.sorted()
    }
    #expect(try evidence("merge") == ["- d", "R1 a", "R2 b,c"])
    #expect(try evidence("separate") == ["- c", "- d", "R1 a", "R2 b"])
    #expect(try evidence("skip") == ["R1 a", "R2 b"])
  }

  @Test("a filter holds to the end of its last day by the file's clocks") func filter() throws {
    // given: excluded through the 2nd of March in Omsk, which ends at 18:00 UTC
    let rules = """
      format: 1
      defaults: { timezone: Asia/Omsk }
      filters: [{ rules: ["claim.*"], unless: [{ any: [учение] }], until: 2026-03-02 }]

      """ + rule("").split(separator: "\n").dropFirst().joined(separator: "\n")
    // when
    let events = try Replaying.events(
      rules,
      [
        Replaying.item("a", at: "17:59:59", "учения: дамба"), Replaying.item("b", at: "18:00:00", "учения: дамба раз"),
      ])
    // then
    #expect(Replaying.told(events) == ["alert.fired 18:00:00"])
  }

  @Test("a renamed rule goes on with the alerts it had, under the fingerprint it had") func renamed() throws {
    // given: an alert of the rule under its first name
    let before = Replaying.item("a", at: "06:00:00", "дамба раз")
    let after = Replaying.item("b", at: "06:10:00", "дамба два")
    let once = "formerly: [claim.dam]"
    let twice = "formerly: [claim.dam, claim.dam-breach]"
    // when: it is renamed, and once more
    let (engine, events, kept) = try play(
      [rule(""), rule(once, id: "claim.dam-breach"), rule(twice, id: "claim.dam-3")],
      [[before], [after], [Replaying.item("c", at: "06:20:00", "дамба три")]])
    // then: one alert with all the evidence, and it clears as ever
    #expect(kept.map(\.rule) == ["claim.dam-3"])
    #expect(kept.first?.evidence.map(\.id) == ["a", "b", "c"])
    engine.advance(through: try #require(Moment(rfc3339: "2026-03-03T06:20:00Z")))
    let told = events + engine.takeEvents().map { .object($0.json) }
    let alerts = told.filter { $0["type"]?.string?.hasPrefix("alert.") == true }
    #expect(alerts.first?["data"]?["rule"]?["id"]?.string == "claim.dam")
    #expect(alerts.last?["type"]?.string == "alert.cleared")
    #expect(alerts.last?["data"]?["rule"]?["id"]?.string == "claim.dam-3")
    #expect(Set(alerts.compactMap { $0["data"]?["fingerprint"]?.string }).count == 1)
  }

  @Test("a rule that was renamed has the fingerprint of its first id from the start") func fingerprint() throws {
    // SHA-256("v1\nclaim.dam-breach\nregion=R1\n") of another program, the first 32 digits.
    let text = rule("formerly: [claim.dam-breach, claim.dam-2]", id: "claim.dam-9")
    let event = try #require(try Replaying.events(text, [Replaying.item("a", "дамба")]).first)
    #expect(event["data"]?["fingerprint"]?.string == "1d874449305532cfd3fcaeae85755500")
  }

  /// Plays each part of a tape with its version of the rules on one store; the last engine, and all events.
  private func play(_ versions: [String], _ tapes: [[String]]) throws -> (
    engine: Engine, events: [JSONValue], alerts: [Alert]
  ) {
    let store = MemoryStore()
    var events: [JSONValue] = []
    var last: Engine?
    for (rules, tape) in zip(versions, tapes) {
      let engine = try Replaying.engine(rules)
      try engine.restore(from: store)
      let lines = try Replaying.lines(tape)
      engine.handle(lines)
      events += engine.takeEvents().map { .object($0.json) }
      var step = Step(now: try #require(lines.last?.at))
      step.tape = lines.enumerated().map {
        TapeRow(at: $1.at, kind: "item", source: "s", id: "\(tape)\($0)", json: "{}")
      }
      step.records = engine.takeChanges()
      try store.commit(step)
      last = engine
    }
    let alerts = try store.records(kind: "alert").compactMap { Alert(json: try JSONValue(parsing: $0.value)) }
    return (try #require(last), events, alerts)
  }
}
