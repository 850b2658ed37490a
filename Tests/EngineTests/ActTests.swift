import Engine
import JSON
import Model
import Testing

/// What officers do with an alert, and what time does with it: the rows of the rule language's table of the lifecycle.
@Suite("The work on an alert") struct ActTests {
  private func rules(_ more: String = "realert: { every: 10h, max: 10h }") -> String {
    """
    format: 1
    rules:
      - id: claim.dam
        type: claim
        status: deprecated
        severity: high
        narrative: dam
        key: [narrative, region]
        terms: { t: { any: [дамба], weight: 5 } }
        match: t
        tags: [topic.emergency]
        \(more)
    """
  }

  /// An act on the alert of region R1.
  private func act(_ verb: String, at: String, _ more: String = "") -> String {
    #"{"kind":"act","at":"2026-03-02T\#(at)Z","do":"\#(verb)","# + #""alert":{"rule":"claim.dam","#
      + #""key":{"region":"R1","narrative":"dam"}},"by":"officer-1"\#(more)}"#
  }

  /// An act that names no alert: a silence or its end.
  private func silence(_ verb: String = "silence", at: String, _ members: String) -> String {
    #"{"kind":"act","at":"2026-03-02T\#(at)Z","do":"\#(verb)","by":"officer-1",\#(members)}"#
  }

  private func text(_ id: String, at: String) -> String { Replaying.item(id, at: at, "дамба \(id)") }

  private func play(
    _ tape: [String], _ more: String = "realert: { every: 10h, max: 10h }", until: String? = nil
  ) throws -> [JSONValue] {
    try Replaying.events(rules(more), tape, until: until.map { "2026-03-02T\($0)Z" })
  }

  private func why(_ events: [JSONValue]) -> [String] {
    events.filter { $0["type"] == "note.refused" }.map {
      "\($0["data"]?["do"]?.string ?? ""): \($0["data"]?["why"]?.string ?? "")"
    }
  }

  /// `alert.fired 06:00:00 first sent` …
  private func told(_ events: [JSONValue]) -> [String] {
    events.compactMap { event in
      guard let data = event["data"], let type = event["type"]?.string, type.hasPrefix("alert.") else { return nil }
      let reasons = (data["reasons"]?.array ?? []).compactMap(\.string).joined(separator: "+")
      return "\(type.dropFirst(6)) \(event["time"]?.string?.dropFirst(11).dropLast() ?? "") \(reasons)"
        + " \(data["work"]?.string ?? "") \(data["stage"]?.string ?? "")"
    }
  }

  // MARK: Two axes

  @Test("Condition and work: new, acknowledged, answering, responded, closed, while it goes on firing") func axes()
    throws
  {
    let events = try play(
      [
        text("a", at: "06:00:00"), act("acknowledge", at: "06:05:00", #","note":"смотрю""#),
        act("answer", at: "06:10:00"), act("respond", at: "06:20:00", #","url":"https://city.example/a""#),
        act("close", at: "06:30:00", #","reason":"confirmed-fake""#),
      ], until: "12:00:00")
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "acknowledged 06:05:00 acknowledged acknowledged sent",
        "answering 06:10:00 answering answering sent", "responded 06:20:00 responded responded sent",
        "closed 06:30:00 closed closed sent",
      ])
    let data = events.map { $0["data"] }
    #expect(data.map { $0?["condition"]?.string } == Array(repeating: "firing", count: 5))
    #expect(data.map { $0?["seq"]?.integer } == [1, 2, 3, 4, 5])
    #expect(data.map { $0?["by"]?.string } == [nil, "officer-1", "officer-1", "officer-1", "officer-1"])
    #expect(data[1]?["note"] == "смотрю" && data[2]?["note"] == nil)
    #expect(data[1]?["owner"] == "officer-1" && data[1]?["changed"] == ["work"])
    #expect(data[3]?["url"] == "https://city.example/a")
    #expect(data[4]?["closed"] == ["reason": "confirmed-fake"])
  }

  @Test("Cleared and unanswered: it stays open, and its deadlines go on") func clearedButOpen() throws {
    let events = try play(
      [text("a", at: "06:00:00")], "keep_firing: 10m\n    realert: { every: 10h, max: 10h }", until: "06:20:00")
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "cleared 06:10:00 cleared new sent",
        "sla_breached 06:15:00 sla-breach new sent",
      ])
  }

  @Test("Refused: what the state does not allow, and what lacks its reason or address; the replay goes on")
  func refused() throws {
    let events = try play([
      act("acknowledge", at: "05:59:00"), text("a", at: "06:00:00"), act("close", at: "06:01:00"),
      act("close", at: "06:01:00", #","reason":"dull""#), act("respond", at: "06:01:00"),
      act("respond", at: "06:01:00", #","url":"by phone""#), act("dance", at: "06:01:00"),
      act("reopen", at: "06:02:00"),
      act("close", at: "06:03:00", #","reason":"noise""#), act("acknowledge", at: "06:04:00"),
      act("close", at: "06:04:00", #","reason":"noise""#),
      silence("acknowledge", at: "06:05:00", #""alert":"al_none""#),
      silence("acknowledge", at: "06:05:00", #""note":"x""#),
      silence("acknowledge", at: "06:06:00", #""alert":{"rule":"no.such","key":{}}"#),
    ])
    let reasons =
      "confirmed-fake, true-event, partly-true, repeat, variant, debunked-by-others, noise, test, overturned"
    #expect(
      why(events) == [
        "acknowledge: there is no alert of «claim.dam» with narrative=dam, region=R1",
        "close: «reason» is missing: one of \(reasons)", "close: unknown reason «dull»: one of \(reasons)",
        "respond: «url» is missing: where the answer stands",
        "respond: «url» is not an address that begins with https://: by phone",
        "dance: unknown act «dance»: acknowledge, answer, respond, close, reopen, silence or unsilence",
        "reopen: the alert is open: it is new", "acknowledge: the alert is closed already",
        "close: the alert is closed already as noise", "acknowledge: there is no alert «al_none»",
        "acknowledge: «alert» is missing: its id, or its rule and key", "acknowledge: there is no rule «no.such»",
      ])
    #expect(told(events) == ["fired 06:00:00 first new sent", "closed 06:03:00 closed closed sent"])
  }

  @Test("Being wrong is a state: a closed alert is overturned by another verdict") func overturned() throws {
    let events = try play([
      text("a", at: "06:00:00"), act("close", at: "06:01:00", #","reason":"overturned""#),
      act("close", at: "06:02:00", #","reason":"confirmed-fake""#),
      act("close", at: "07:00:00", #","reason":"true-event","note":"подтвердилось""#),
    ])
    #expect(why(events) == ["close: only a closed alert can be overturned"])
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "closed 06:02:00 closed closed sent",
        "overturned 07:00:00 overturned closed sent",
      ])
    #expect(events.last?["data"]?["closed"]?["reason"] == "true-event")
    #expect(events.last?["data"]?["note"] == "подтвердилось")
  }

  @Test("Four eyes: who had an alert in hand cannot confirm the fake; another can, and noise needs nobody else")
  func fourEyes() throws {
    func close(_ reason: String, _ by: String, at: String) -> String {
      act("close", at: at, #","reason":"\#(reason)""#).replacing(#""by":"officer-1""#, with: #""by":"\#(by)""#)
    }
    let events = try play(
      [
        text("a", at: "06:00:00"), close("confirmed-fake", "officer-2", at: "06:01:00"),
        act("acknowledge", at: "06:02:00"),
        close("confirmed-fake", "officer-1", at: "06:03:00"), close("confirmed-fake", "officer-2", at: "06:04:00"),
      ], "four_eyes: true")
    #expect(
      why(events) == [
        "close: «confirmed-fake» wants a second pair of eyes: one account takes the alert, another closes it",
        "close: «confirmed-fake» wants a second pair of eyes: officer-1 had the alert in hand, another must close it",
      ])
    #expect(told(events).last == "closed 06:04:00 closed closed sent")
    let noise = try play([text("a", at: "06:00:00"), close("noise", "officer-1", at: "06:01:00")], "four_eyes: true")
    #expect(told(noise).last == "closed 06:01:00 closed closed sent")
  }

  // MARK: Episode

  @Test("Episode: closed and fired again within reopen_within is the same alert; later a new one") func episode() throws
  {
    let events = try play(
      [
        text("a", at: "06:00:00"), act("close", at: "06:10:00", #","reason":"noise""#), text("b", at: "06:39:59"),
        act("close", at: "06:40:00", #","reason":"noise""#), text("c", at: "07:10:00"),
      ], "reopen_within: 30m\n    realert: { every: 10h, max: 10h }")
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "closed 06:10:00 closed closed sent", "reopened 06:39:59 reopened new sent",
        "closed 06:40:00 closed closed sent", "fired 07:10:00 first new sent",
      ])
    let data = events.map { $0["data"] }
    #expect(data[2]?["alert"] == data[0]?["alert"] && data[2]?["closed"] == nil)
    #expect(data[4]?["episode"] == 2 && data[4]?["previous"] == data[0]?["alert"])
  }

  @Test("Episode: the later of cleared and closed counts; being unanswered does not prolong it") func laterEnd() throws
  {
    let more = "keep_firing: 10m\n    reopen_within: 30m\n    realert: { every: 10h, max: 10h }"
    let events = try play(
      [
        // Cleared at 06:10, closed at 06:30: 06:55 is 25 minutes after the later of the two.
        text("a", at: "06:00:00"), act("close", at: "06:30:00", #","reason":"noise""#), text("b", at: "06:55:00"),
        // Cleared at 07:05 and left unanswered: 07:35 is not less than 30 minutes later.
        text("c", at: "07:35:00"),
      ], more)
    #expect(
      Replaying.told(events) == [
        "alert.fired 06:00:00", "alert.cleared 06:10:00", "alert.sla_breached 06:15:00", "alert.closed 06:30:00",
        "alert.reopened 06:55:00", "alert.cleared 07:05:00", "alert.sla_warning 07:30:00", "alert.fired 07:35:00",
      ])
  }

  @Test("An officer reopens what is closed or responded: the work is new again") func reopening() throws {
    let events = try play(
      [
        text("a", at: "06:00:00"), act("respond", at: "06:05:00", #","url":"https://a.example/1""#),
        act("reopen", at: "06:10:00"),
      ], until: "06:15:00")
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "responded 06:05:00 responded responded sent",
        "reopened 06:10:00 reopened new sent", "sla_breached 06:15:00 sla-breach new sent",
      ])
    #expect(events[2]["data"]?["url"] == nil)
  }

  // MARK: Reasons

  @Test("Reasons to notify: distinct texts ×2, ×5 and ×10 of the first notice; a repost is no news") func milestones()
    throws
  {
    var tape = (1...10).map { text("n\($0)", at: "06:00:\($0 < 10 ? "0" : "")\($0)") }
    tape.insert(Replaying.item("r", at: "06:00:03", "ДАМБА  n3"), at: 3)
    let events = try play(tape)
    #expect(
      told(events) == [
        "fired 06:00:01 first new sent", "updated 06:00:02 new-evidence-milestone new sent",
        "updated 06:00:05 new-evidence-milestone new sent", "updated 06:00:10 new-evidence-milestone new sent",
      ])
    #expect(events.last?["data"]?["measure"]?["reposts"] == 1)
  }

  @Test("Reasons to notify: a region and a class of sources that are new to it") func places() throws {
    let rule = rules("").replacing("key: [narrative, region]", with: "key: [narrative]")
    let events = try Replaying.events(
      rule,
      [
        text("a", at: "06:00:00"), text("b", at: "06:01:00").replacing("R1", with: "R2"),
        text("c", at: "06:02:00").replacing("\"kind\"", with: "\"source_class\":\"community\",\"kind\""),
        text("d", at: "06:03:00").replacing("R1", with: "R2"),
      ])
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "updated 06:01:00 new-evidence-milestone+new-region new sent",
        "updated 06:02:00 new-source-class new sent",
      ])
  }

  // MARK: Re-alert

  @Test("Re-alert: 30m, doubled, at most 4h: +30m, +90m, +210m, +450m, +690m") func realert() throws {
    let events = try play([text("a", at: "06:00:00")], "", until: "18:00:00")
    let repeats = events.filter { $0["data"]?["reasons"]?.array?.contains("repeat") ?? false }
    #expect(
      repeats.map { $0["time"]?.string?.dropFirst(11).dropLast() } == [
        "06:30:00", "07:30:00", "09:30:00", "13:30:00", "17:30:00",
      ])
    // +90m is 50 % of the three hours to respond too: one notice, the graver reason first.
    #expect(repeats[1]["type"] == "alert.sla_warning" && repeats[1]["data"]?["reasons"] == ["sla-warning", "repeat"])
    #expect(repeats[0]["type"] == "alert.updated" && repeats[0]["data"]?["reason"] == "repeat")
  }

  @Test("Re-alert: only while nobody has acknowledged, or answered where the rule says so") func realertWhile() throws {
    let tape = [text("a", at: "06:00:00"), act("acknowledge", at: "06:05:00", #","for":"5h""#)]
    func repeats(_ more: String) throws -> [String] {
      try told(play(tape, more, until: "07:00:00")).filter { $0.contains("repeat") }
    }
    #expect(try repeats("").isEmpty)
    #expect(
      try repeats("realert: { every: 20m, max: 20m, while: unanswered }") == [
        "updated 06:20:00 repeat acknowledged sent", "updated 06:40:00 repeat acknowledged sent",
        "updated 07:00:00 repeat acknowledged sent",
      ])
  }

  @Test("Re-alert: a raise in severity begins it anew") func realertReset() throws {
    let more = "severity_by: [{ when: { items: { gte: 3 } }, set: critical }]"
    let events = try play(
      [text("a", at: "06:00:00"), text("b", at: "06:01:00"), text("c", at: "06:20:00")], more, until: "07:50:00")
    #expect(
      told(events).filter { $0.contains("updated") } == [
        "updated 06:01:00 new-evidence-milestone new sent", "updated 06:20:00 severity-raised new sent",
        "updated 06:50:00 repeat new sent", "updated 07:50:00 repeat new sent",
      ])
  }

  // MARK: SLA

  @Test("SLA: an alert responded or closed stops deadlines and repeats") func deadlinesStop() throws {
    for end in [
      act("respond", at: "06:10:00", #","url":"https://a.example/1""#),
      act("close", at: "06:10:00", #","reason":"noise""#),
    ] {
      let events = try play([text("a", at: "06:00:00"), end], "", until: "12:00:00")
      #expect(told(events).count == 2)
    }
  }

  @Test("SLA: acknowledging stops the deadline of acknowledging alone") func acknowledged() throws {
    let events = try play(
      [text("a", at: "06:00:00"), act("acknowledge", at: "06:14:59"), act("answer", at: "06:20:00")], until: "10:00:00")
    // 50 and 80 % of three hours, then respond and hard.
    #expect(
      told(events).dropFirst(3) == [
        "sla_warning 07:30:00 sla-warning answering sent", "sla_warning 08:24:00 sla-warning answering sent",
        "sla_breached 09:00:00 sla-breach answering sent", "sla_breached 10:00:00 sla-breach answering sent",
      ])
    #expect(events.suffix(2).map { $0["data"]?["changed"] } == [["sla.respond_by"], ["sla.hard_by"]])
  }

  // MARK: Ack

  @Test("Ack: without progress it expires after 60m: escalated, the work new, repeats anew")
  func acknowledgementExpires() throws {
    let more =
      "escalate: [{ after: 20m, if: unacknowledged, to: shift-lead }, { after: 2h, if: unanswered, to: head, level: siren }]"
    let events = try play([text("a", at: "06:00:00"), act("acknowledge", at: "06:05:00")], more, until: "08:00:00")
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "acknowledged 06:05:00 acknowledged acknowledged sent",
        "escalated 07:05:00 ack-expired+escalated new sent", "sla_warning 07:30:00 sla-warning new sent",
        "updated 07:35:00 repeat new sent", "escalated 08:00:00 escalated new sent",
      ])
    // Who should have been told in the meantime is told now; nobody owns it.
    #expect(events[2]["data"]?["to"] == ["shift-lead"] && events[2]["data"]?["owner"] == nil)
    #expect(events[5]["data"]?["to"] == ["head"] && events[5]["data"]?["level"] == "siren")
  }

  @Test("Ack: progress in time keeps it; another acknowledgement prolongs it") func acknowledgementKept() throws {
    let answered = try play(
      [text("a", at: "06:00:00"), act("acknowledge", at: "06:05:00"), act("answer", at: "07:04:59")], until: "07:20:00")
    #expect(told(answered).count == 3)
    let prolonged = try play(
      [
        text("a", at: "06:00:00"), act("acknowledge", at: "06:05:00"),
        act("acknowledge", at: "06:30:00", #","for":"15m""#),
      ],
      until: "07:20:00")
    #expect(told(prolonged).last == "escalated 06:45:00 ack-expired+escalated new sent")
  }

  @Test("Ack: new evidence sends a quiet update, a raise in severity breaks through") func quiet() throws {
    let more = "severity_by: [{ when: { items: { gte: 5 } }, set: critical }]"
    let events = try play(
      [text("a", at: "06:00:00"), act("acknowledge", at: "06:05:00")]
        + (1...4).map { text("n\($0)", at: "06:1\($0):00") }, more)
    #expect(
      told(events).suffix(2) == [
        "updated 06:11:00 new-evidence-milestone acknowledged sent",
        "updated 06:14:00 new-evidence-milestone+severity-raised acknowledged sent",
      ])
    #expect(events.suffix(2).map { $0["data"]?["level"] } == ["quiet", nil])
  }

  // MARK: Escalation

  @Test("Escalation: after detection and before the deadline, while nobody has acted; one instant, one notice")
  func escalation() throws {
    let more = """
      sla: { acknowledge: 5m, respond: 2h, hard: 4h }
          realert: { every: 10h, max: 10h }
          escalate:
            - { after: 5m, if: unacknowledged, to: shift-lead }
            - { after: 60m, if: unanswered, to: head-of-centre }
            - { before_deadline: 30m, if: unanswered, to: head-of-centre, level: siren }
      """
    let events = try play([text("a", at: "06:00:00")], more, until: "07:36:00")
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "sla_breached 06:05:00 sla-breach+escalated new sent",
        "sla_warning 07:00:00 sla-warning+escalated new sent", "escalated 07:30:00 escalated new sent",
        "sla_warning 07:36:00 sla-warning new sent",
      ])
    #expect(
      events.map { $0["data"]?["to"] } == [nil, ["shift-lead"], ["head-of-centre"], ["head-of-centre"], nil])
    let handled = try play(
      [
        text("a", at: "06:00:00"), act("answer", at: "06:04:00"),
        act("respond", at: "07:10:00", #","url":"https://a.example""#),
      ], more, until: "07:36:00")
    #expect(
      told(handled) == [
        "fired 06:00:00 first new sent", "answering 06:04:00 answering answering sent",
        "sla_warning 07:00:00 sla-warning+escalated answering sent", "responded 07:10:00 responded responded sent",
      ])
  }

  // MARK: Silence

  @Test("Silence: holds notices, not state or deadlines; at its end what still fires is told") func silenced() throws {
    let events = try play(
      [
        text("a", at: "06:00:00"), silence(at: "06:05:00", #""match":{"region":"R1"},"for":"30m","reason":"учения""#),
        act("acknowledge", at: "06:20:00"),
      ], until: "07:00:00")
    #expect(
      told(events) == [
        "fired 06:00:00 first new sent", "sla_breached 06:15:00 sla-breach new silenced",
        "acknowledged 06:20:00 acknowledged acknowledged silenced",
        "updated 06:35:00 silence-ended acknowledged sent",
      ])
  }

  @Test("Silence: names rule, region, narrative, severity, source and tag; of a list any value, of several names all")
  func matchers() throws {
    func stage(_ match: String) throws -> String? {
      let events = try play([silence(at: "05:00:00", #""match":\#(match),"for":"2h""#), text("a", at: "06:00:00")])
      return events.last?["data"]?["stage"]?.string
    }
    for match in [
      #"{"rule":"claim.dam"}"#, #"{"rule":"claim.*"}"#, #"{"region":"R1"}"#, #"{"narrative":"dam"}"#,
      #"{"source":"s"}"#, #"{"tag":"topic.emergency"}"#, #"{"region":["R2","R1"],"severity":"high"}"#,
    ] {
      #expect(try stage(match) == "silenced", "\(match)")
    }
    for match in [#"{"rule":"claim"}"#, #"{"region":"R2"}"#, #"{"region":"R1","severity":"low"}"#] {
      #expect(try stage(match) == "sent", "\(match)")
    }
  }

  @Test("Silence: refused when too broad, too long, without an end or with an unknown name") func breadth() throws {
    let events = try play([
      silence(at: "06:00:00", #""match":{"severity":"low"},"for":"1h""#),
      silence(at: "06:00:00", #""match":{"region":""},"for":"1h""#),
      silence(at: "06:00:00", #""match":{"region":"R1"},"for":"7d1s""#),
      silence(at: "06:00:00", #""match":{"region":"R1"}"#),
      silence(at: "06:00:00", #""match":{"colour":"red"},"for":"1h""#),
      silence(at: "06:00:00", #""for":"1h""#),
      silence("unsilence", at: "06:00:00", #""match":{"region":"R1"}"#),
    ])
    let broad =
      "silence: the silence is too broad: it needs a rule, region, narrative, source or tag besides a severity"
    #expect(
      why(events) == [
        broad, broad, "silence: «for» 7d1s is too long: at most 7d",
        "silence: «for» is missing: how long, at most 7d, or «until»: «cleared»",
        "silence: «colour» cannot be matched: one of rule, region, narrative, severity, source, tag",
        #"silence: «match» is missing: what is to be silent, such as {"region":"RU-PER"}"#,
        "unsilence: there is no silence with these matchers",
      ])
  }

  @Test("Silence: unless it grows to twice its size, or is critical") func unless() throws {
    let growth = silence(at: "06:00:30", #""match":{"region":"R1"},"for":"5h","unless":{"growth":{"gte":2}}"#)
    let grown = try play(
      [text("a", at: "06:00:00"), growth, text("b", at: "06:01:00"), text("c", at: "06:02:00")], until: "06:15:00")
    #expect(
      told(grown) == [
        "fired 06:00:00 first new sent", "updated 06:01:00 new-evidence-milestone new sent",
        "sla_breached 06:15:00 sla-breach new sent",
      ])
    // From two texts it takes four; that is no milestone, so the end of the silence is the reason.
    let later = silence(at: "06:01:30", #""match":{"region":"R1"},"for":"5h","unless":{"growth":{"gte":2}}"#)
    let tape = [
      text("a", at: "06:00:00"), text("b", at: "06:01:00"), later, text("c", at: "06:02:00"), text("d", at: "06:03:00"),
    ]
    #expect(told(try play(tape)).last == "updated 06:03:00 silence-ended new sent")
    let critical = silence(at: "05:00:00", #""match":{"region":"R1"},"for":"5h","unless":{"severity":"critical"}"#)
    let raised = try play(
      [critical, text("a", at: "06:00:00"), text("b", at: "06:01:00")],
      "severity_by: [{ when: { items: { gte: 2 } }, set: critical }]")
    #expect(
      told(raised) == [
        "fired 06:00:00 first new silenced", "updated 06:01:00 new-evidence-milestone+severity-raised new sent",
      ])
  }

  @Test("Silence: ends when taken back, when all is cleared, and after 24h without a match") func silenceEnds() throws {
    let taken = try play(
      [
        text("a", at: "06:00:00"), silence(at: "06:05:00", #""match":{"region":"R1"},"for":"5h""#),
        silence("unsilence", at: "06:10:00", #""match":{"region":"R1"}"#), Replaying.tick("06:12:00"),
      ])
    #expect(told(taken).last == "updated 06:10:00 silence-ended new sent")
    let cleared = try play(
      [
        text("a", at: "06:00:00"), silence(at: "06:05:00", #""match":{"region":"R1"},"until":"cleared""#),
        text("b", at: "06:30:00"),
      ], "keep_firing: 10m\n    realert: { every: 10h, max: 10h }")
    #expect(
      told(cleared) == [
        "fired 06:00:00 first new sent", "cleared 06:10:00 cleared new silenced",
        "sla_breached 06:15:00 sla-breach new sent", "reopened 06:30:00 reopened new sent",
      ])
    let idle = silence(at: "06:00:00", #""match":{"region":"R1"},"for":"7d""#)
    for (day, stage) in [("2026-03-03T05:59:59Z", "silenced"), ("2026-03-03T06:00:01Z", "sent")] {
      let item = text("a", at: "06:00:00").replacing("2026-03-02T06:00:00Z", with: day)
      #expect(try play([idle, item]).last?["data"]?["stage"]?.string == stage)
    }
  }

  // MARK: Stages

  @Test("Order of stages: draft before absorbed before silenced before calendar; outside its hours a rule waits")
  func calendar() throws {
    let hours = "active: { from: \"08:00\", to: \"22:00\" }\n    realert: { every: 10h, max: 10h }"
    let night = text("a", at: "06:00:00")
    let events = try play([night], hours, until: "08:00:00")
    #expect(
      told(events) == [
        "fired 06:00:00 first new calendar", "sla_breached 06:15:00 sla-breach new calendar",
        "sla_warning 07:30:00 sla-warning new calendar", "updated 08:00:00 digest new sent",
      ])
    let silenced = try play([silence(at: "05:00:00", #""match":{"region":"R1"},"for":"5h""#), night], hours)
    #expect(told(silenced) == ["fired 06:00:00 first new silenced"])
    let draft = try Replaying.events(
      rules(hours).replacing("deprecated", with: "draft"),
      [silence(at: "05:00:00", #""match":{"region":"R1"},"for":"5h""#), night])
    #expect(told(draft) == ["fired 06:00:00 first new draft"])
  }
}
