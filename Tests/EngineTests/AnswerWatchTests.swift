import JSON
import Testing

@Suite("The answer is watched") struct AnswerWatchTests {
  private let rules = """
    format: 1
    rules:
      - id: claim.dam
        type: claim
        status: deprecated
        severity: high
        narrative: dam
        key: [narrative, region]
        realert: { every: 10h, max: 10h }
        terms: { t: { any: [дамба], weight: 5 }, debunk: { any: [фейк] } }
        match: t
        unless: [{ term: debunk, then: refutation }]
      - id: official.denial
        type: claim
        severity: info
        where: { source_class: [official] }
        narrative: dam
        key: [narrative, region]
        terms: { f: { any: [опровергать] } }
        match: f
    """

  private func official(_ id: String, at: String, _ body: String) -> String {
    Replaying.item(id, at: at, source: "mchs", body, more: #","source_class":"official""#)
  }

  private func spread(_ event: JSONValue?) -> [Int64?] {
    let spread = event?["data"]?["spread"]
    return [
      spread?["claim"]?["texts"]?.integer, spread?["answer"]?["texts"]?.integer,
      spread?["claim_since_answer"]?.integer,
    ]
  }

  @Test("Refutations, by whomever, and what officials say on the topic count as the answer; both spreads are shown")
  func answers() throws {
    let events = try Replaying.events(
      rules,
      [
        Replaying.item("a", "дамба раз"), Replaying.item("b", at: "06:01:00", "дамба два"),
        Replaying.item("c", at: "06:02:00", source: "t", "Про дамбу — фейк"),
        official("d", at: "06:03:00", "Опровергаем слухи"), official("e", at: "06:04:00", "Дамба цела, это фейк"),
        #"{"kind":"act","at":"2026-03-02T06:30:00Z","do":"respond","url":"https://a.example/1","alert":{"rule":"claim.dam","key":{"region":"R1","narrative":"dam"}}}"#,
      ], until: "2026-03-02T12:00:00Z")
    #expect(
      Replaying.told(events).filter { !$0.contains("fired 06:03") } == [
        "alert.fired 06:00:00", "alert.sla_breached 06:15:00", "alert.responded 06:30:00",
      ])
    #expect(events[0]["data"]?["spread"] == nil)
    // Two texts of the claim; three that answer it: two refutations and the denial.
    #expect(spread(events.first { $0["type"] == "alert.responded" }) == [2, 3, 0])
  }

  @Test("Responded, it opens again when the claim grows to twice of what it was") func growsAgain() throws {
    let act =
      #"{"kind":"act","at":"2026-03-02T06:05:00Z","do":"respond","url":"https://a.example/1","alert":{"rule":"claim.dam","key":{"region":"R1","narrative":"dam"}}}"#
    let texts = (1...4).map { Replaying.item("a\($0)", at: "06:00:0\($0)", "дамба \($0)") }
    let later = (5...8).map { Replaying.item("a\($0)", at: "06:10:0\($0)", "дамба \($0)") }
    let events = try Replaying.events(rules, texts + [act] + later, until: "2026-03-02T06:15:01Z")
    #expect(
      Replaying.told(events) == [
        "alert.fired 06:00:01", "alert.responded 06:05:00", "alert.reopened 06:10:08", "alert.sla_breached 06:15:01",
      ])
    let reopened = events.first { $0["type"] == "alert.reopened" }
    #expect(reopened?["data"]?["work"] == "new" && reopened?["data"]?["condition"] == "firing")
    // A straggler or two after the answer to a small claim are nothing yet.
    let small = try Replaying.events(rules, [texts[0], act, later[0], later[1]])
    #expect(Replaying.told(small) == ["alert.fired 06:00:01", "alert.responded 06:05:00"])
  }
}
