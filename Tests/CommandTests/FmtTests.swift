import Foundation
import TestSupport
import Testing

@Suite("nabat fmt") struct FmtTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func fmt(_ arguments: String...) async throws -> ProgramRun.Ended {
    await (try ProgramRun(["fmt"] + arguments, in: folder.path)).end()
  }

  private static let messy = "format:   1\nrules:\n- id: claim.bridge # why\n  type: claim\n  match: a и не b\n"
  private static let tidy =
    "format: 1\nrules:\n  - id: claim.bridge  # why\n    type: claim\n    match: a and not b\n"

  @Test("prints the form, and rewrites with -w only what is not in it")
  func verbs() async throws {
    // given
    try folder.write("a.rules.yaml", FmtTests.messy)
    try folder.write("b.rules.yaml", FmtTests.tidy)
    // when, then
    #expect(try await fmt("a.rules.yaml").output == FmtTests.tidy)
    let checked = try await fmt("--check", ".")
    #expect(checked.status == 1 && checked.output.hasSuffix("a.rules.yaml\n") && !checked.output.contains("b.rules"))
    #expect(folder.text("a.rules.yaml") == FmtTests.messy)
    let written = try await fmt("-w", ".")
    #expect(written.status == 0 && written.output.hasSuffix("a.rules.yaml\n") && !written.output.contains("b.rules"))
    #expect(folder.text("a.rules.yaml") == FmtTests.tidy)
    #expect(try await fmt("--check", ".").status == 0)
  }

  @Test("leaves a file alone that is no YAML, and shows where")
  func broken() async throws {
    try folder.write("a.rules.yaml", "format: 1\nrules: [\n")
    let ended = try await fmt("-w", "a.rules.yaml")
    #expect(ended.status == 2 && ended.errors.contains("a.rules.yaml:") && ended.errors.contains("error[E001]"))
    #expect(folder.text("a.rules.yaml") == "format: 1\nrules: [\n")
  }

  @Test("changes the meaning of no file that is shipped: by PyYAML's judgement and by the files' own tests")
  func shipped() async throws {
    // given: every rule file of the package, folder by folder, and the rule files that the pages show
    let root = URL(fileURLWithPath: ProgramRun.root)
    var count = 0
    for place in ["rules", "examples", "Sources/Demo/Region", "Tests/RulesTests/Fixtures"] {
      let paths = try FileManager.default.subpathsOfDirectory(atPath: root.appendingPathComponent(place).path)
      for path in paths where path.hasSuffix(".rules.yaml") {
        let text = try String(contentsOf: root.appendingPathComponent(place + "/" + path), encoding: .utf8)
        for copy in ["before", "after"] { try folder.write("\(copy)/\(place)/\(path)", text) }
        count += 1
      }
    }
    for page in ["README.md", "docs/rules.md", "docs/operations.md"] {
      let text = try String(contentsOf: root.appendingPathComponent(page), encoding: .utf8)
      for (index, block) in text.components(separatedBy: "\n```").enumerated() where block.contains("\nformat: 1\n") {
        let rules = block.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)[1] + "\n"
        for copy in ["before", "after"] { try folder.write("\(copy)/\(page)/\(index).rules.yaml", String(rules)) }
        count += 1
      }
    }
    try #require(count > 30)
    // when
    let written = try await fmt("-w", "after")
    // then
    #expect(written.status == 0, "\(written.errors)")
    #expect(try await fmt("--check", "after").status == 0, "the form of the form is another one")
    for place in ["examples/server/rules", "Tests/RulesTests/Fixtures"] {
      let before = try await ProgramRun.run("test", "before/" + place, in: folder.path)
      let after = try await ProgramRun.run("test", "after/" + place, in: folder.path)
      #expect(after.status == before.status && after.output == before.output.replacing("before/", with: "after/"))
    }
    try folder.write(
      "judge.py",
      """
      import glob, re, sys
      try:
          import yaml
      except ImportError:
          print("skipped"); sys.exit()
      def plain(value):
          if isinstance(value, dict):
              return [(k, "" if k == "match" else plain(v)) for k, v in value.items()]
          return [plain(v) for v in value] if isinstance(value, list) else value
      files = glob.glob("before/**/*.rules.yaml", recursive=True)
      for file in files:
          before, after = (open(path, encoding="utf-8").read() for path in (file, file.replace("before", "after", 1)))
          if plain(yaml.load(before, yaml.BaseLoader)) != plain(yaml.load(after, yaml.BaseLoader)):
              print("another meaning:", file)
          if re.findall("# .*", before) != re.findall("# .*", after):
              print("other comments:", file)
      print("judged", len(files))
      """)
    let judged = try await ProgramRun.run(
      "judge.py", in: folder.path,
      shell: #"shift; command -v python3 >/dev/null || { echo skipped; exit; }; exec python3 "$@""#)
    #expect(judged.status == 0, "\(judged.errors)")
    if judged.output == "skipped\n" {
      print("skipped: the judgement of python3 with yaml, which is not installed")
    } else {
      #expect(judged.output == "judged \(count)\n")
    }
  }
}
