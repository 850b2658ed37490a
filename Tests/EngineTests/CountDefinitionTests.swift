import Engine
import JSON
import Model
import Testing

/// Exactly N fires, N − 1 does not; a window is (t − within, t].
@Suite("So many events, or so many different ones, within a time") struct CountDefinitionTests {
  private func rules(_ type: String, _ more: String) -> String {
    """
    format: 1
    rules:
      - { id: v, type: \(type), severity: info, stream: comment, within: 1h, \(more) }
    """
  }

  private func times(_ events: [JSONValue]) -> [String] { Replaying.told(events) }

  @Test("the third of three comments within the hour fires; it is over when the first of them is an hour old")
  func threshold() throws {
    let rule = rules("frequency", "per: [region], count: { gte: 3 }")
    let tape = ["06:00:00", "06:20:00", "06:59:59.999"].enumerated().map { Replaying.comment("c\($0)", at: $1) }
    // The first leaves the window (06:00, 07:00] at 07:00.
    let events = try Replaying.events(rule, tape, until: "2026-03-02T09:00:00Z")
    #expect(times(events) == ["alert.fired 06:59:59.999", "alert.cleared 07:00:00"])
    #expect(events.map { $0["data"]?["measure"]?["count"]?.integer } == [3, 2])
    #expect(times(try Replaying.events(rule, Array(tape.dropLast()), until: "2026-03-02T09:00:00Z")) == [])
    let late = Array(tape.prefix(2)) + [Replaying.comment("c9", at: "07:00:00")]
    #expect(times(try Replaying.events(rule, late)) == [])
  }

  @Test("a region of its own counts by itself, and comments count by when they were written")
  func groups() throws {
    let rule = rules("frequency", "per: [narrative], count: { gte: 2 }")
    let apart = [
      Replaying.comment("a", at: "06:00:00", narrative: "n"), Replaying.comment("b", at: "06:01:00", narrative: "m"),
    ]
    #expect(times(try Replaying.events(rule, apart)) == [])
    let old = [
      Replaying.comment("a", at: "06:00:00", published: "05:00:01"),
      Replaying.comment("b", at: "06:00:00.500", published: "05:00:00.500"),
      Replaying.comment("c", at: "06:00:00.900", published: "05:00:01"),
    ]
    #expect(times(try Replaying.events(rule, old)) == ["alert.fired 06:00:00.900"])
  }

  @Test("again within a day it is the same alert, reopened") func again() throws {
    let rule = rules("frequency", "per: [region], count: { gte: 1 }")
    let tape = [Replaying.comment("a", at: "06:00:00"), Replaying.comment("b", at: "08:00:00")]
    #expect(
      times(try Replaying.events(rule, tape)) == [
        "alert.fired 06:00:00", "alert.cleared 07:00:00", "alert.reopened 08:00:00",
      ])
  }

  @Test("of different authors the latest word of each counts, and nobody is no author") func values() throws {
    let rule = rules("cardinality", "of: author, per: [region], count: { gt: 1 }")
    let loud = (0..<9).map { Replaying.comment("c\($0)", at: "06:0\($0):00", author: "one") }
    #expect(times(try Replaying.events(rule, loud)) == [])
    let two = loud + [Replaying.comment("x", at: "06:30:00", author: "two")]
    // The last word of «one» is of 06:08; from 07:08 only «two» is left.
    let events = try Replaying.events(rule, two, until: "2026-03-02T09:00:00Z")
    #expect(times(events) == ["alert.fired 06:30:00", "alert.cleared 07:08:00"])
    let nobody = [Replaying.comment("c", at: "06:00:00", author: "one"), Replaying.tick("06:01:00")]
    #expect(times(try Replaying.events(rule, nobody)) == [])
  }

  @Test("hashtags and hosts of links are counted without differences of writing") func links() throws {
    let tags = rules("cardinality", "of: hashtag, per: [region], count: { gte: 2 }")
    let same = [
      Replaying.comment("a", at: "06:00:00", text: "вода #Прорыв! C#"),
      Replaying.comment("b", at: "06:01:00", text: "#прорыв#ПРОРЫВ, #5"),
    ]
    #expect(times(try Replaying.events(tags, same)) == [])
    #expect(
      times(try Replaying.events(tags, same + [Replaying.comment("c", at: "06:02:00", text: "(#вода)")]))
        == ["alert.fired 06:02:00"])
    let hosts = rules("cardinality", "of: link-host, per: [region], count: { gte: 2 }")
    let links = [
      Replaying.comment("a", at: "06:00:00", text: "см. https://www.News.example/1"),
      Replaying.comment("b", at: "06:01:00", text: "(http://news.example/2?x)"),
      Replaying.comment("c", at: "06:02:00", text: "https://other.example"),
    ]
    #expect(times(try Replaying.events(hosts, links)) == ["alert.fired 06:02:00"])
  }

  @Test("what was seen of the window stands in the basis") func basis() throws {
    let engine = try Replaying.engine(rules("frequency", "per: [region], count: { gte: 2 }"))
    engine.handle(
      try Replaying.lines([Replaying.comment("a", at: "06:00:00"), Replaying.comment("b", at: "06:10:00")]))
    let record = try #require(engine.takeChanges().first { $0.kind == "alert" }?.value)
    let basis = try #require(try JSONValue(parsing: record)["basis"])
    #expect(basis["condition"] == "count >= 2" && basis["count"] == 2 && basis["within"] == "1h")
    #expect(basis["from"] == "2026-03-02T05:10:00Z" && basis["to"] == "2026-03-02T06:10:00Z")
  }
}
