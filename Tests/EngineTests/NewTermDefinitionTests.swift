import Engine
import JSON
import Model
import Testing

@Suite("Values that were not seen before") struct NewTermDefinitionTests {
  private func rules(_ more: String) -> String {
    """
    format: 1
    rules:
      - { id: v, type: new-term, severity: info, per: [region], \(more) }
    """
  }

  private func item(_ id: String, _ at: String, _ body: String, region: String = "R1") -> String {
    "{\"kind\":\"item\",\"at\":\"2026-\(at)Z\",\"id\":\"\(id)\",\"source\":\"s\",\"region\":\"\(region)\",\"body\":\"\(body)\"}"
  }

  private func told(_ events: [JSONValue]) -> [String] {
    events.filter { $0["type"] != "alert.updated" }.map { event in
      let tag = event["data"]?["key"]?["hashtag"]?.string ?? ""
      return "\(event["type"]?.string ?? "") \(event["time"]?.string?.dropFirst(5).dropLast() ?? "") \(tag)"
    }
  }

  @Test("silent for the first week, once a day; from then on each new value is an alert of its own") func learn() throws
  {
    let rule = rules("of: hashtag, learn: 7d")
    let tape = [
      item("a", "03-02T06:00:00", "#один"), item("b", "03-02T07:00:00", "#два"),
      item("c", "03-09T05:59:59", "#три"), item("d", "03-09T06:00:00", "#три #четыре #один"),
      item("e", "03-09T06:00:01", "#пять", region: "R2"),
    ]
    #expect(
      told(try Replaying.events(rule, tape)) == [
        "note.learning 03-02T06:00:00 ", "note.learning 03-09T05:59:59 ", "alert.fired 03-09T06:00:00 #четыре",
        "alert.fired 03-09T06:00:01 #пять",
      ])
  }

  @Test("a value seen within a month is not new, each time it is seen") func forget() throws {
    let rule = rules("of: hashtag, learn: 0s, forget_after: 30d, keep_firing: 1h")
    let tape = [
      item("a", "03-01T06:00:00", "#один"), item("b", "03-31T05:59:59", "#один"), item("c", "04-30T05:59:59", "#один"),
    ]
    #expect(
      told(try Replaying.events(rule, tape)) == [
        "alert.fired 03-01T06:00:00 #один", "alert.cleared 03-01T07:00:00 #один", "alert.fired 04-30T05:59:59 #один",
      ])
  }

  @Test("texts with the value again are evidence while the alert fires") func evidence() throws {
    let rule = rules("of: hashtag, learn: 0s, keep_firing: 1h")
    let tape = [item("a", "03-02T06:00:00", "#один"), item("b", "03-02T06:50:00", "о нём: #Один")]
    let events = try Replaying.events(rule, tape, until: "2026-03-02T09:00:00Z")
    #expect(told(events) == ["alert.fired 03-02T06:00:00 #один", "alert.cleared 03-02T07:50:00 #один"])
    #expect(events.last?["data"]?["evidence"]?["count"] == 2)
  }
}
