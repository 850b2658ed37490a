import TestSupport
import Testing

@Suite("nabat detect") struct DetectTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func detect(_ arguments: String...) async throws -> ProgramRun.Ended {
    await (try ProgramRun(["detect"] + arguments, in: folder.path)).end()
  }

  /// Two days and a half of 5-minute counts about 3, with 90 in each of the last three.
  private static let rows: [String] = (0..<720).map { index in
    let (day, minute) = (index / 288 + 2, index % 288 * 5)
    let count = index >= 717 ? 90 : [3, 2, 4, 3, 1, 5][index % 6]
    return
      "2026-03-0\(day) \(minute / 60 < 10 ? "0" : "")\(minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00,\(count)"
  }

  private static func scores(_ output: String) -> [Double] {
    output.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").last.flatMap { Double($0) } }
  }

  @Test("prints a row for every row, by what came before it alone")
  func rows() async throws {
    // given
    try folder.write("whole.csv", (["timestamp,value"] + Self.rows).joined(separator: "\n") + "\n")
    try folder.write("cut.csv", (["timestamp,value"] + Self.rows.prefix(718)).joined(separator: "\r\n"))
    // when
    let whole = try await detect("--csv", "whole.csv", "--bucket", "5m")
    let cut = try await detect("--csv", "cut.csv", "--bucket", "5m")
    // then
    let lines = whole.output.split(separator: "\n")
    #expect(whole.status == 0 && lines.count == 721 && lines[0] == "timestamp,value,anomaly_score")
    #expect(lines[1] == "2026-03-02 00:00:00,3,0.000000")
    let scores = Self.scores(whole.output)
    #expect(scores.allSatisfy { (0...1).contains($0) } && scores.count == 720)
    #expect(Array(scores.prefix(718)) == Self.scores(cut.output))
    // The surge is an alarm within its three buckets, and nothing before it is.
    #expect(scores.suffix(3).contains { $0 >= 0.5 } && !scores.prefix(717).contains { $0 >= 0.5 })
  }

  @Test("draws the series, its usual band and the alarms")
  func plot() async throws {
    try folder.write("a.csv", (["timestamp,value"] + Self.rows).joined(separator: "\n"))
    let run = try await detect("--csv", "a.csv", "--bucket", "5m", "--plot", "a.svg")
    let svg = folder.text("a.svg")
    #expect(run.status == 0 && svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    for part in ["class=\"band\"", "class=\"usual\"", "class=\"count\"", "class=\"alarm\"", "a.csv"] {
      #expect(svg.contains(part), "\(part)")
    }
    #expect(!svg.contains("<script") && !svg.contains("href"))
  }

  @Test("takes what has gaps, other columns, zones and no value")
  func forms() async throws {
    try folder.write(
      "a.csv",
      "id,timestamp,value\n1,2026-03-02T00:00:00Z,1\n2,2026-03-02T00:05:00.5Z,\n3,\"2026-03-09T00:00:00+03:00\",2.5\n\n"
    )
    let run = try await detect("--csv", "a.csv", "--bucket", "5m")
    #expect(
      run.output
        == "timestamp,value,anomaly_score\n2026-03-02T00:00:00Z,1,0.000000\n2026-03-02T00:05:00.5Z,,0.000000\n2026-03-09T00:00:00+03:00,2.5,0.000000\n"
    )
  }

  @Test("goes on when clocks are put back by an hour")
  func putBack() async throws {
    // given: the hour from 2 to 3 twice, then the surge
    let (before, after) = (Self.rows.prefix(324), Self.rows.dropFirst(312))
    try folder.write("a.csv", (["timestamp,value"] + before + after).joined(separator: "\n"))
    let run = try await detect("--csv", "a.csv", "--bucket", "5m")
    let scores = Self.scores(run.output)
    #expect(run.status == 0 && scores.count == 732, "\(run.errors)")
    #expect(scores.suffix(3).contains { $0 >= 0.5 } && !scores.prefix(729).contains { $0 >= 0.5 })
  }

  @Test(
    "says what is wrong with a file, and where",
    arguments: [
      ("", "a.csv:1: the file is empty"), ("time,value\n1,2\n", "a.csv:1: the first line must name"),
      ("timestamp,value\n2026-03-02 00:00:00\n", "a.csv:2: a row needs 2 fields, this one has 1"),
      ("timestamp,value\n\nyesterday,2\n", "a.csv:3: «yesterday» is no time like 2026-03-02 09:05:00"),
      ("timestamp,value\n2026-02-30 00:00:00,2\n", "a.csv:2: «2026-02-30 00:00:00» is no time"),
      ("timestamp,value\n2026-03-02 00:00:00,many\n", "a.csv:2: «many» is no number"),
      ("timestamp,value\n2026-03-02 05:05:00,1\n2026-03-02 04:00:00,1\n", "a.csv:3: «2026-03-02 04:00:00» is earlier"),
    ])
  func broken(text: String, message: String) async throws {
    try folder.write("a.csv", text)
    let run = try await detect("--csv", "a.csv", "--bucket", "5m")
    #expect(run.status == 2 && run.output.isEmpty && run.errors.contains(message), "\(run.errors)")
  }

  @Test("knows its usage")
  func usage() async throws {
    #expect(try await detect("--csv", "none.csv", "--bucket", "5m").status == 74)
    #expect(try await detect("--csv", "none.csv", "--bucket", "5").status == 64)
    #expect(try await detect("--csv", "none.csv").status == 64)
    #expect(try await detect("--csv", "none.csv", "--bucket", "5m", "--season", "year").errors.contains("hour-of-week"))
    let help = try await detect("--help")
    #expect(help.status == 0 && help.output.contains("nabat detect --csv comments.csv --bucket 5m"))
  }
}
