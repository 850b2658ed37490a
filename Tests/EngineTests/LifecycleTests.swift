import Engine
import JSON
import Model
import Testing

/// The life of an alert, with identifiers computed by hand (SHA-256 and base32 of another program).
@Suite("An alert lives as the rule language says") struct LifecycleTests {
  private func rules(_ more: String, severity: String = "high", type: String = "status: draft") -> String {
    """
    format: 1
    defaults: { timezone: Europe/Moscow }
    rules:
      - id: claim.dam-breach
        type: claim
        \(type)
        severity: \(severity)
        narrative: dam-breach
        key: [narrative, region]
        terms: { t: { any: [дамба], weight: 5 }, u: { any: [вода], weight: 1 } }
        match: t
        \(more)
    """
  }

  @Test("Fingerprint, alert id and event id are those of the contract") func identifiers() throws {
    // SHA-256("v1\nclaim.dam-breach\nnarrative=dam-breach\nregion=RU-ORE\n"), first 32 hex digits: the page's vector.
    let item = Replaying.item("a", "дамба").replacing("\"R1\"", with: "\"RU-ORE\"")
    let event = try #require(try Replaying.events(rules(""), [item]).first)
    #expect(event["data"]?["fingerprint"]?.string == "f7ac85c5375872c9d7d4c2b79152e474")
    // base32(SHA-256("f7ac85c5375872c9d7d4c2b79152e474\n1")) and base32(SHA-256(alert id + "\n1")).
    #expect(event["data"]?["alert"]?.string == "al_n2mzdkkfmjomfk3s")
    #expect(event["id"]?.string == "msg_fyg6ahl2jk4n66ptqtno")
    #expect(event["subject"] == event["data"]?["alert"])
  }

  @Test("The first event, member by member") func event() throws {
    let rule = rules(
      "labels: { channel: emergency }\n    summary: \"{{ narrative }} {{ first_seen | local }}: {{ evidence.count }}\"")
    let event = try #require(
      try Replaying.events(rule, [Replaying.item("a", at: "06:00:00.5", published: "05:50:00", "дамба и вода")]).first)
    var text = event.serialized
    let version = try #require(event["data"]?["rule"]?["version"]?.string)
    #expect(version.count == "sha256:".count + 64)
    for value in [event["id"]?.string, event["subject"]?.string, version, event["data"]?["fingerprint"]?.string] {
      text = text.replacing(value ?? "-", with: "#")
    }
    let hash = try #require(event["data"]?["evidence"]?["items"]?.array?.first?["sha256"]?.string)
    text = text.replacing(hash, with: "#")
    #expect(
      text == """
        {"specversion":"1.0","id":"#","source":"/monitor/local","type":"alert.fired","time":"2026-03-02T06:00:00.500Z",\
        "timestamp":"2026-03-02T06:00:00.500Z","subject":"#","datacontenttype":"application/json","data":{"schema":1,\
        "alert":"#","seq":1,"episode":1,"fingerprint":"#","previous":null,"key":{"narrative":"dam-breach","region":"R1"},\
        "stage":"draft","reason":"first","reasons":["first"],"changed":[],"rule":{"id":"claim.dam-breach","version":"#",\
        "status":"draft"},"condition":"firing","work":"new","severity":"high","title":"claim.dam-breach",\
        "summary":"dam-breach 02.03 08:50: 1","narrative":"dam-breach","region":{"code":"R1","name":"R1"},\
        "labels":{"channel":"emergency"},"times":{"first_published":"2026-03-02T05:50:00Z",\
        "detected":"2026-03-02T06:00:00.500Z","event_time":"2026-03-02T05:50:00Z"},\
        "sla":{"acknowledge_by":"2026-03-02T06:15:00.500Z","respond_by":"2026-03-02T09:00:00.500Z",\
        "hard_by":"2026-03-02T10:00:00.500Z"},"measure":{"score":6,"threshold":null,"items":1,"reposts":0,"sources":1,\
        "count":null,"authors":null,"ratio":null,"z":null,"peak":null},"why":[{"term":"t","weight":5,"field":"body",\
        "text":"дамба"},{"term":"u","weight":1,"field":"body","text":"вода"}],"evidence":{"count":1,"items":[{"id":"a",\
        "source":"s","published":"2026-03-02T05:50:00Z","sha256":"#"}]},"registry":null}}
        """)
  }

  @Test("Deadlines: warnings at 50 and 80 %, breaches at acknowledge, respond and hard, one event an instant")
  func deadlines() throws {
    let sla = "sla: { acknowledge: 10m, respond: 20m, hard: 20m }\n    realert: { every: 10h, max: 10h }"
    let events = try Replaying.events(rules(sla), [Replaying.item("a", "дамба")], until: "2026-03-02T07:00:00Z")
    #expect(
      Replaying.told(events) == [
        "alert.fired 06:00:00",
        // 50 % of 20 minutes is the moment of acknowledge too: one event, the breach gives its type.
        "alert.sla_breached 06:10:00", "alert.sla_warning 06:16:00", "alert.sla_breached 06:20:00",
      ])
    #expect(events[1]["data"]?["reasons"] == ["sla-breach", "sla-warning"])
    #expect(events[1]["data"]?["reason"] == "sla-breach")
    #expect(events.map { $0["data"]?["seq"]?.integer } == [1, 2, 3, 4])
  }

  @Test("A deadline past at firing is breached in the first notice; acknowledge counts from detection")
  func pastDeadlines() throws {
    let sla = "sla: { acknowledge: 10m, respond: 1h, hard: 3h, from: published }"
    let events = try Replaying.events(
      rules(sla), [Replaying.item("a", published: "04:00:00", "дамба")], until: "2026-03-02T08:00:00Z")
    // respond_by 05:00 is past; hard_by 07:00 is not.
    #expect(
      Replaying.told(events) == ["alert.fired 06:00:00", "alert.sla_breached 06:10:00", "alert.sla_breached 07:00:00"])
    #expect(events[0]["data"]?["reasons"] == ["first", "sla-breach"])
    #expect(events[0]["data"]?["sla"]?["respond_by"] == "2026-03-02T05:00:00Z")
    #expect(events[0]["data"]?["sla"]?["acknowledge_by"] == "2026-03-02T06:10:00Z")
  }

  @Test("Severity info has no deadlines unless the rule gives them") func info() throws {
    let silent = try Replaying.events(
      rules("", severity: "info"), [Replaying.item("a", "дамба")], until: "2026-03-02T12:00:00Z")
    #expect(Replaying.told(silent) == ["alert.fired 06:00:00"])
    #expect(silent[0]["data"]?["sla"] == .null)
    let own = try Replaying.events(
      rules("sla: { acknowledge: 5m }", severity: "info"), [Replaying.item("a", "дамба")], until: "2026-03-02T06:05:00Z"
    )
    #expect(Replaying.told(own) == ["alert.fired 06:00:00", "alert.sla_breached 06:05:00"])
  }

  @Test("keep_firing, reopening within reopen_within, then a new episode") func episodes() throws {
    let rule = rules("keep_firing: 10m\n    reopen_within: 30m", severity: "info")
    let events = try Replaying.events(
      rule,
      [
        Replaying.item("a", "дамба"),
        // New evidence at 06:05 carries the alert to 06:15; the same words again at 06:08 are a repost and do not.
        Replaying.item("b", at: "06:05:00", "дамба и город"), Replaying.item("c", at: "06:08:00", "ДАМБА  и город"),
        // 06:44:59 is less than 30 minutes after 06:15; it clears at 06:54:59, and 07:24:59 is not less.
        Replaying.item("d", at: "06:44:59", "дамба третья"), Replaying.item("e", at: "07:24:59", "дамба опять"),
      ])
    #expect(
      Replaying.told(events, "") == [
        "alert.fired 06:00:00", "note.repost 06:08:00", "alert.cleared 06:15:00", "alert.reopened 06:44:59",
        "alert.cleared 06:54:59", "alert.fired 07:24:59",
      ])
    let data = events.filter { $0["type"] != "alert.updated" }.map { $0["data"] }
    #expect(data[2]?["measure"]?["items"]?.integer == 2)
    #expect(data[2]?["measure"]?["reposts"]?.integer == 1)
    #expect(data[3]?["measure"]?["reposts"]?.integer == 1)
    #expect(data[3]?["evidence"]?["count"]?.integer == 3)
    #expect(data[3]?["alert"] == data[0]?["alert"])
    #expect(data[3]?["reasons"] == ["reopened"])
    #expect(data[5]?["episode"]?.integer == 2)
    #expect(data[5]?["previous"] == data[0]?["alert"])
    #expect(data[5]?["seq"]?.integer == 1)
  }

  @Test("After its day of review a rule speaks to its author only") func review() throws {
    let tests =
      "tests: [{ name: n, given: [{ item: { id: x, at: +0m, body: дамба } }], expect: [{ at: +0m, alerts: 1 }] }]"
    let rule = rules("review_by: 2026-03-02\n    claim: x\n    \(tests)", type: "status: stable")
    // The day ends at midnight in Moscow: 21:00 UTC.
    let events = try Replaying.events(
      rule,
      [
        Replaying.item("a", at: "20:59:59", "дамба"),
        Replaying.item("b", at: "21:00:00", "дамба, вода", more: "").replacing("R1", with: "R2"),
      ])
    #expect(events.map { $0["data"]?["stage"] } == ["sent", "test"])
    #expect(events.map { $0["data"]?["rule"]?["status"] } == ["stable", "test"])
  }

  @Test("Absent fields of a key: an alert of its own, or none at all") func missingKey() throws {
    let item = Replaying.item("a", "дамба").replacing("\"region\":\"R1\",", with: "")
    let separate = try Replaying.events(rules(""), [item])
    #expect(separate.map { $0["data"]?["key"] } == [["narrative": "dam-breach"]])
    #expect(separate[0]["data"]?["region"] == .null)
    #expect(try Replaying.events(rules("missing_key: skip"), [item]).isEmpty)
  }

  @Test("An id counts once within its source; one alert for one cause") func identity() throws {
    let events = try Replaying.events(
      rules(""),
      [
        Replaying.item("a", "дамба"), Replaying.item("a", at: "06:01:00", "дамба снова"),
        Replaying.item("a", at: "06:02:00", source: "t", "дамба у города"), Replaying.tick("06:15:00"),
      ])
    #expect(Replaying.told(events) == ["alert.fired 06:00:00", "alert.sla_breached 06:15:00"])
    #expect(events.last?["data"]?["measure"]?["items"]?.integer == 2)
    #expect(events.last?["data"]?["measure"]?["sources"]?.integer == 2)
  }

  @Test("A failed fetch is told at the first of a run; unknown rules are refused") func notes() throws {
    func fetch(_ at: String, _ status: Int) -> String {
      "{\"kind\":\"fetch\",\"at\":\"2026-03-02T\(at)Z\",\"source\":\"s\",\"status\":\(status)}"
    }
    let events = try Replaying.events(
      rules(""),
      [
        fetch("06:00:00", 503), fetch("06:01:00", 404), fetch("06:02:00", 200), fetch("06:03:00", 500),
        "{\"kind\":\"fire\",\"at\":\"2026-03-02T06:04:00Z\",\"rule\":\"no.such\",\"region\":\"R1\"}",
      ])
    #expect(
      Replaying.told(events, "") == [
        "meta.source_unreachable 06:00:00", "meta.source_unreachable 06:03:00", "note.refused 06:04:00",
      ])
  }

  @Test("A pseudo-firing raises the rule's alert, which has the rule's topic") func fire() throws {
    let events = try Replaying.events(
      rules(""), ["{\"kind\":\"fire\",\"at\":\"2026-03-02T06:00:00Z\",\"rule\":\"claim.dam-breach\",\"region\":\"R1\"}"]
    )
    #expect(events.map { $0["data"]?["key"] } == [["narrative": "dam-breach", "region": "R1"]])
  }
}
