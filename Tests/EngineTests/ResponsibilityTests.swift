import Alerting
import Engine
import JSON
import Model
import Monitor
import Rules
import Testing

/// What Nabat must never become, as far as alerts are concerned: each line a property.
@Suite("Responsibility, in alerts") struct ResponsibilityTests {
  private func rules(summary: String) -> String {
    """
    format: 1
    rules:
      - id: volume
        type: spike
        status: deprecated
        severity: info
        stream: comment
        per: [narrative]
        window: 15m
        step: 5m
        baseline: { season: none, lookback: 2h, min_samples: 3 }
        fire: { count: { gte: 4 } }
        key: [narrative]
        summary: "\(summary)"
    """
  }

  private func summary(_ template: String, authors: Int) throws -> JSONValue? {
    let tape =
      [Replaying.tick("03:00:00")]
      + (0..<10).map { Replaying.comment("c\($0)", at: "06:01:0\($0)", author: "author-\($0 % authors)") }
      + [Replaying.tick("06:05:00")]
    let events = try Replaying.events(rules(summary: template), tape)
    return events.first { $0["type"] == "alert.fired" }?["data"]
  }

  @Test("Fewer than five authors are «< 5» in what people read; the figure of an event is the number") func fewAuthors()
    throws
  {
    let few = try summary("авторов: {{ authors }}", authors: 4)
    #expect(few?["summary"] == "авторов: < 5")
    #expect(few?["measure"]?["authors"] == 4)
    #expect(try summary("авторов: {{ authors }}", authors: 5)?["summary"] == "авторов: 5")
    #expect(try summary("{{ authors | plural: автор автора авторов }}", authors: 4)?["summary"] == "< 5")
  }

  @Test("No event and no record of an alert names an author, or carries the author's hash") func noAuthors() throws {
    let engine = try Replaying.engine(rules(summary: "x"))
    engine.handle(
      try Replaying.lines(
        [Replaying.tick("03:00:00")]
          + (0..<10).map { Replaying.comment("c\($0)", at: "06:01:0\($0)", author: "Иван Петров \($0)") }))
    engine.advance(through: try #require(Moment(rfc3339: "2026-03-02T06:05:00Z")))
    let events = engine.takeEvents().map(\.text).joined()
    #expect(events.contains("alert.fired") && !events.contains("Петров") && !events.contains("#"))
    let records = engine.takeChanges().filter { $0.kind == "alert" }.compactMap(\.value)
    #expect(records.count == 1)
    #expect(records.allSatisfy { !String(decoding: $0, as: UTF8.self).contains("author-") })
  }

  @Test("The same template about another body gives the same result") func sameForEveryone() throws {
    let rule = """
      format: 1
      rules:
        - { id: r, type: claim, status: deprecated, key: [region], terms: { t: { near: [губернатор, скрывать], within: 5, weight: 5 } },
            match: t }
      """
    func told(_ body: String) throws -> [JSONValue?] {
      let text = "\(body) скрывает правду о воде"
      let events = try Replaying.events(rule.replacing("губернатор", with: body), [Replaying.item("a", text)])
      return events.map { $0["data"]?["measure"]?["score"] }
    }
    let one = try told("губернатор")
    for body in ["мэр", "министр", "депутат"] { #expect(try told(body) == one) }
    #expect(one == [5])
  }

  @Test("A rule's own tests play acts, and look at the work") func actsInTests() throws {
    let text = """
      format: 1
      rules:
        - id: r
          type: claim
          key: [region]
          terms: { t: { any: [дамба] } }
          match: t
          tests:
            - name: an officer takes and closes it
              given:
                - item: { id: a, at: +0m, region: R, body: дамба }
                - act: { at: +5m, do: acknowledge, alert: { rule: r, key: { region: R } }, by: one }
                - act: { at: +9m, do: close, alert: { rule: r, key: { region: R } }, reason: noise }
              expect:
                - { at: +4m, work: new }
                - { at: +5m, work: acknowledged, state: firing }
                - { at: +9m, work: WORK }
      """
    func failures(_ work: String) throws -> [String] {
      let set = RuleLoader.load(
        texts: [("t.rules.yaml", Array(text.replacing("WORK", with: work).utf8))], types: Registry.ruleTypes)
      try #require(!set.hasErrors, "\(set.diagnostics)")
      return RuleTests.run(set, lexicon: nil).flatMap(\.failures).map { "\($0.name) is \($0.actual)" }
    }
    #expect(try failures("closed") == [])
    #expect(try failures("new") == ["work is closed"])
  }

  @Test("Being wrong is a state: true-event and partly-true close an alert like confirmed-fake") func verdicts() throws
  {
    let rule = """
      format: 1
      rules:
        - { id: r, type: claim, status: deprecated, key: [region], terms: { t: { any: [дамба] } }, match: t }
      """
    for verdict in ["true-event", "partly-true", "confirmed-fake"] {
      let act =
        #"{"kind":"act","at":"2026-03-02T06:01:00Z","do":"close","by":"a","reason":"\#(verdict)","alert":{"rule":"r","key":{"region":"R1"}}}"#
      let events = try Replaying.events(rule, [Replaying.item("a", "дамба"), act])
      #expect(events.last?["type"] == "alert.closed" && events.last?["data"]?["closed"]?["reason"]?.string == verdict)
    }
  }
}
