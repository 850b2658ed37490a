import JSON
import TestSupport
import Testing

@Suite("nabat why-not of rules that count") struct WhyNotTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private static let rules = """
    format: 1
    rules:
      - id: calls
        type: frequency
        stream: comment
        where: { source_class: community }
        per: [region]
        count: { gte: 3 }
        within: 1h
      - id: surge
        type: spike
        stream: comment
        per: [region]
        window: 15m
        step: 5m
        baseline: { min_samples: 1, season: hour }
        fire: { count: { gte: 2 }, ratio: { gte: 2 }, authors: { gte: 2 } }
      - id: both
        type: correlate
        all: [{ rule: calls }, { rule: surge }]
        same: [region]
        within: 1h

    """

  private func tape() throws {
    func comment(_ id: String, _ minute: String, _ more: String) -> String {
      #"{"kind":"comment","at":"2026-03-02T09:\#(minute):00Z","id":"\#(id)","region":"XA-ZAR","author":"\#(id)","text":"воды нет",\#(more)}"#
        + "\n"
    }
    try folder.write("a.rules.yaml", WhyNotTests.rules)
    // Another region's third comment is none of ours.
    try folder.write(
      "tape.ndjson",
      comment("c1", "00", #""source":"s","source_class":"community""#)
        + comment("c2", "10", #""source":"s","source_class":"community""#)
        + comment("x1", "11", #""source":"t","source_class":"media""#)
        + #"{"kind":"comment","at":"2026-03-02T09:12:00Z","id":"o1","region":"XA-BOR","source":"s","source_class":"community","text":"ок"}"#
        + "\n" + comment("c3", "59", #""source":"s","source_class":"community""#))
  }

  private func ask(_ rule: String, _ item: String) async throws -> JSONValue {
    let ended = try await ProgramRun.run(
      "why-not", rule, item, "--rules", "a.rules.yaml", "--tape", "tape.ndjson", "--json", in: folder.path)
    #expect(ended.status == 0, "\(ended.errors)")
    return try JSONValue(parsing: Array(ended.output.utf8))
  }

  @Test("say how many are missing, or which line of where fails")
  func frequency() async throws {
    try tape()
    // when: the second comment of the region has come
    let second = try await ask("calls", "c2")
    // then
    #expect(second["verdict"]?.string == "count" && second["failed"]?.string == "count >= 3")
    #expect(second["distance"]?.string == "2, 1 away")
    #expect(second["groups"]?.array?.first?["key"] == ["region": "XA-ZAR"])
    // and the third within the hour fires
    #expect(try await ask("calls", "c3")["verdict"]?.string == "alert")
    let media = try await ask("calls", "x1")
    #expect(media["verdict"]?.string == "where" && media["failed"]?.string == "source_class: community")
    #expect(media["distance"]?.string == "source_class is media")
  }

  @Test("judge a spike at its next step, and a correlation by what has fired")
  func others() async throws {
    try tape()
    // At 09:05 one comment was there, and nothing to compare it with.
    let first = try await ask("surge", "c1")
    #expect(first["verdict"]?.string == "count" && first["failed"]?.string == "count >= 2")
    let both = try await ask("both", "c3")
    #expect(both["verdict"]?.string == "firings" && both["failed"]?.string == "surge has not fired")
    #expect(both["firings"]?.array?.first?["rule"]?.string == "calls")
    #expect(both["firings"]?.array?.first?["last"]?.string == "2026-03-02T09:59:00Z")
  }

  @Test("a spike that has nothing to compare with yet learns; a text that came too late is in no group")
  func learning() async throws {
    func comment(_ id: String, _ at: String, _ published: String) -> String {
      #"{"kind":"comment","at":"2026-03-02T09:\#(at)Z","id":"\#(id)","region":"XA-ZAR","source":"n1","author":"\#(id)","published":"2026-03-02T\#(published)Z","text":"воды нет"}"#
        + "\n"
    }
    try folder.write(
      "a.rules.yaml",
      """
      format: 1
      rules:
        - id: s.p
          type: spike
          stream: comment
          per: [region]
          window: 15m
          step: 5m
          fire: { count: { gte: 3 } }

      """)
    try folder.write(
      "tape.ndjson",
      comment("c1", "01:00", "09:01:00") + comment("c2", "02:00", "09:02:00") + comment("c3", "03:00", "09:03:00")
        + comment("late", "03:30", "05:03:30"))
    // The first weeks have no baseline: three are enough, and nothing fires all the same.
    let third = try await ask("s.p", "c3")
    #expect(third["verdict"]?.string == "learning")
    let late = try await ask("s.p", "late")
    #expect(late["verdict"]?.string == "group")
    #expect(late["distance"]?.string == "it came later than «lateness» lets it")
  }

  @Test("coverage shows which comparisons no test has seen both ways")
  func coverage() async throws {
    let tests = """
          tests:
            - name: two are not enough
              given:
                - comment: { id: c1, at: +0m, region: XA-ZAR, source: s, source_class: community, text: "а" }
                - comment: { id: c2, at: +1m, region: XA-ZAR, source: s, source_class: community, text: "б" }
              expect: [{ at: +1m, alerts: 0 }]

      """
    let calls = WhyNotTests.rules.split(separator: "  - id: surge")[0]
    try folder.write("b.rules.yaml", String(calls) + tests)
    let ended = try await ProgramRun.run("test", "--coverage", "b.rules.yaml", in: folder.path)
    #expect(ended.status == 0)
    #expect(ended.output.contains("  GAP  count   count >= 3: true in 0, false in 1\n"))
    #expect(ended.output.contains("  GAP  where   source_class: community: true in 1, false in 0\n"))
  }
}
