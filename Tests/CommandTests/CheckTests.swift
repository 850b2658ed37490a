import JSON
import TestSupport
import Testing

@Suite("nabat check and nabat test") struct CheckTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func check(_ text: String, _ options: String...) async throws -> ProgramRun.Ended {
    try folder.write("town.rules.yaml", text)
    return await (try ProgramRun(["check", "town.rules.yaml"] + options, in: folder.path)).end()
  }

  @Test("find nothing to say against the shipped files")
  func shipped() async throws {
    for name in ["rules", "feeds"] {
      let ended = try await ProgramRun.run("check", "--strict", ProgramRun.root + "/" + name)
      #expect(ended.status == 0, "\(name): \(ended.errors)")
    }
    let tests = try await ProgramRun.run("test", Shipped.rules)
    #expect(tests.status == 0)
    #expect(tests.output.contains(" passed, 0 failed\n"))
  }

  @Test("point at a broken rule with file, line, column and caret, and end with 2")
  func broken() async throws {
    let text = wordRule().replacing("severity: high", with: "severty: high")
    let ended = try await check(text)
    #expect(ended.status == 2)
    #expect(ended.errors.contains("town.rules.yaml:7:5: error[E101]: unknown key «severty»\n"))
    #expect(
      ended.errors.contains("\n    7 |     severty: high\n      |     ^~~~~~~ did you mean «severity»?\n")
        || ended.errors.contains("\n    7 |     severty: high\n      |     ^^^^^^^ did you mean «severity»?\n"))
    let replay = try await ProgramRun.run(
      "replay", "--rules", folder.file("town.rules.yaml"), "--tape", Shipped.tape)
    #expect(replay.status == 2)
    #expect(replay.errors.contains("error[E101]") && replay.output.isEmpty)
  }

  @Test("give one JSON array with a fixed set of members")
  func json() async throws {
    let ended = try await check(wordRule().replacing("severity: high", with: "severty: high"), "--json")
    #expect(ended.status == 2)
    let array = try #require(try JSONValue(parsing: Array(ended.output.utf8)).array)
    let first = try #require(array.first?.object)
    let members = Set(first.members.map(\.name))
    #expect(members.isSuperset(of: ["file", "line", "column", "code", "severity", "message", "hint"]))
    #expect(array.first?["line"]?.integer == 7 && array.first?["column"]?.integer == 5)
    #expect(array.first?["code"]?.string == "E101" && array.first?["severity"]?.string == "error")
  }

  @Test("count columns in characters, offsets in bytes and UTF-16, past Cyrillic, emoji, CR LF and a byte order mark")
  func offsets() async throws {
    // given: a mark of 3 bytes, lines of 11 and 8 bytes, and 39 characters before the key: я of 2 bytes, 😀 of 4 and
    // 2 UTF-16 units
    let line = "  - { id: a, type: claim, title: \"я😀\", severty: high, terms: { x: { any: [мост] } } }\r\n"
    let ended = try await check("\u{FEFF}format: 1\r\nrules:\r\n" + line, "--json")
    // then
    let found = try JSONValue(parsing: Array(ended.output.utf8)).array?.first { $0["code"]?.string == "E101" }
    #expect(found?["line"]?.integer == 3 && found?["column"]?.integer == 40)
    #expect(found?["offset"]?.integer == 65, "3 + 11 + 8 + 39 + 1 + 3")
    #expect(found?["utf16"]?.integer == 59, "11 + 8 + 39 + 1")
    #expect(found?["end"] == ["line": 3, "column": 47, "offset": 72, "utf16": 66])
  }

  @Test("fail over a failed test only under --strict, and a warning only there too")
  func strict() async throws {
    #expect(try await check(wordRule(expecting: 2)).status == 0)
    #expect(try await check(wordRule(expecting: 2), "--strict").status == 1)
    // W-codes: a rule without a test.
    let untested = wordRule().prefix(upTo: try #require(wordRule().firstRange(of: "    tests:")?.lowerBound))
    let loose = try await check(String(untested))
    #expect(loose.status == 0)
    #expect(loose.errors.contains("warning["))
    #expect(try await check(String(untested), "--strict").status == 3)
  }

  @Test("show expected and actual of a failed test, end with 1, and write JUnit that is XML")
  func failing() async throws {
    try folder.write("town.rules.yaml", wordRule(expecting: 2).replacing("plain claim", with: "plain <claim> & «all»"))
    let ended = try await ProgramRun.run("test", "town.rules.yaml", "--junit", "report.xml", in: folder.path)
    #expect(ended.status == 1)
    #expect(ended.output.contains("FAIL  claim.bridge · the plain <claim> & «all»\n"))
    #expect(ended.output.contains("expected  2\n") && ended.output.contains("actual    1\n"))
    #expect(ended.output.hasSuffix("0 passed, 1 failed\n"))
    let report = folder.text("report.xml")
    #expect(report.contains("tests=\"1\" failures=\"1\"") && report.contains("the plain &lt;claim&gt; &amp; «all»"))
    let parsed = try await ProgramRun.run(
      "-c", "import sys,xml.dom.minidom as m;m.parse(sys.argv[1])", folder.file("report.xml"),
      shell: #"shift; command -v python3 >/dev/null || exit 0; exec python3 "$@""#)
    #expect(parsed.status == 0, "\(parsed.errors)")
  }
}
