import JSON
import TestSupport
import Testing

@Suite("nabat replay") struct ReplayTests {
  private static let arguments = [
    "replay", "--rules", Shipped.rules, "--tape", Shipped.tape, "--history", Shipped.history,
  ]

  @Test("gives the same bytes with any number of threads, in any folder, zone and language")
  func sameBytes() async throws {
    let folder = try TestFolder()
    let first = await (try ProgramRun(ReplayTests.arguments)).end()
    let runs = [
      await (try ProgramRun(ReplayTests.arguments + ["--threads", "1"])).end(),
      await (try ProgramRun(ReplayTests.arguments + ["--threads", "2"])).end(),
      await (try ProgramRun(ReplayTests.arguments, in: folder.path)).end(),
      await
        (try ProgramRun(
          ReplayTests.arguments,
          environment: ["TZ": "Asia/Novosibirsk", "LANG": "ru_RU.UTF-8", "LC_ALL": "ru_RU.UTF-8"])).end(),
    ]
    #expect(first.status == 0 && !first.output.isEmpty)
    for run in runs { #expect(run.output == first.output) }
  }

  @Test("of the demo's story gives exactly its three alerts, each fired once")
  func story() async throws {
    let ended = await (try ProgramRun(ReplayTests.arguments)).end()
    let events = try ended.output.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    let fired = events.filter { $0["type"]?.string == "alert.fired" }.map { event in
      "\(event["time"]?.string ?? "") \(event["data"]?["rule"]?["id"]?.string ?? "")"
    }
    #expect(
      fired == [
        "2026-03-02T02:31:00Z claim.dam-breach", "2026-03-02T02:55:00Z volume.comments-surge",
        "2026-03-02T03:06:00Z official.denial",
      ])
  }

  @Test("ends at --until, the moment itself included")
  func until() async throws {
    let before = await (try ProgramRun(ReplayTests.arguments + ["--until", "2026-03-02T02:30:59.999Z"])).end()
    let at = await (try ProgramRun(ReplayTests.arguments + ["--until", "2026-03-02T09:31:00+07:00"])).end()
    #expect(before.status == 0 && before.output.isEmpty)
    #expect(at.status == 0 && at.output.split(separator: "\n").count == 1)
  }

  @Test(
    "points at a bad line of the tape, and keeps what was true before it",
    arguments: [
      "not json", #"{"kind":"item"}"#, #"{"kind":"dance","at":"2026-03-01T09:00:00Z"}"#, "{\"kind\":\"tick\"",
    ])
  func badLine(_ line: String) async throws {
    let folder = try TestFolder()
    try folder.write(
      "night.ndjson",
      """
      {"kind":"item","at":"2026-03-02T02:00:00Z","id":"a1","source":"s","region":"XA-ZAR","title":"Ночью прорвало плотину, эвакуация"}
      \(line)

      """)
    let ended = try await ProgramRun.run("replay", "--rules", Shipped.rules, "--tape", "night.ndjson", in: folder.path)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("night.ndjson:2: "))
    #expect(ended.output.contains("\"alert.fired\""))
  }
}
