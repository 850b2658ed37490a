import Alerting
import Engine
import JSON
import Model
import Testing

@Suite("Why an alert fired, in words") struct BasisTests {
  /// The words of the last alert of rule `v`.
  private func words(_ rules: String, _ tape: [String], until: String) throws -> [String] {
    let engine = try Replaying.engine("format: 1\nrules:\n" + rules)
    engine.handle(try Replaying.lines(tape))
    engine.advance(through: try #require(Moment(rfc3339: until)))
    let alerts = try engine.takeChanges().filter { $0.kind == "alert" }
      .compactMap { try $0.value.map { try JSONValue(parsing: $0) } }.compactMap(Alert.init(json:))
    return try #require(alerts.last { $0.rule == "v" }).basisWords.map { words in
      alerts.reduce(words) { $0.replacing($1.id, with: "<\($1.rule)>") }
    }
  }

  private let claims = """
    - { id: a, type: claim, key: [region], match: t, terms: { t: { any: [дамба] } } }
    - { id: b, type: claim, key: [region], match: t, terms: { t: { any: [вода] } } }

    """

  @Test("so many within a time") func count() throws {
    let rule = "- { id: v, type: frequency, per: [region], count: { gte: 2 }, within: 1h }"
    let tape = [Replaying.item("x", at: "06:00:00"), Replaying.item("y", at: "06:20:00")]
    #expect(
      try words(rule, tape, until: "2026-03-02T06:30:00Z") == [
        "count >= 2 within 1h: 2 from 2026-03-02T05:20:00Z to 2026-03-02T06:20:00Z (region R1)"
      ])
  }

  @Test("who fired together") func joined() throws {
    let rule =
      claims + "- { id: v, type: correlate, all: [{ rule: a, as: dam }, { rule: b }], same: [region], within: 2h }"
    let tape = [Replaying.item("x", at: "06:00:00", "дамба"), Replaying.item("y", at: "06:20:00", "вода")]
    #expect(
      try words(rule, tape, until: "2026-03-02T06:30:00Z") == [
        "dam: a fired at 2026-03-02T06:00:00Z (<a>)", "b fired at 2026-03-02T06:20:00Z (<b>)",
        "together within 2h, region=R1",
      ])
  }

  @Test("whose answer is missing, and by when") func missing() throws {
    let rule =
      claims + "- { id: v, type: absence, after: { alert: a }, expect: { rule: b, same: [region] }, within: 3h }"
    #expect(
      try words(rule, [Replaying.item("x", at: "06:00:00", "дамба")], until: "2026-03-02T10:00:00Z") == [
        "a fired at 2026-03-02T06:00:00Z (<a>)", "no answer by b within 3h, that is by 2026-03-02T09:00:00Z",
      ])
  }

  @Test("who is silent, since when, and what is usual") func silent() throws {
    let rule = "- { id: v, type: absence, per: [source], expect: { count: { gte: 1 } }, within: 2h }"
    let tape = ["06:00:00", "07:00:00", "08:00:00"].enumerated().map { Replaying.item("i\($0)", at: $1) }
    #expect(
      try words(rule, tape, until: "2026-03-02T11:00:00Z") == [
        "count >= 1 is expected within 2h (source s): 0 until 2026-03-02T10:00:00Z",
        "the last came at 2026-03-02T08:00:00Z; usual are 2 in such a time",
      ])
  }

  @Test("what is new, and for how long it was not seen") func new() throws {
    let rule = "- { id: v, type: new-term, of: hashtag, learn: 0s, per: [region] }"
    #expect(
      try words(rule, [Replaying.item("x", at: "06:00:00", "вода #прорыв")], until: "2026-03-02T06:00:00Z") == [
        "hashtag «#прорыв» (region R1) at 2026-03-02T06:00:00Z, not seen for 30d before"
      ])
  }
}
