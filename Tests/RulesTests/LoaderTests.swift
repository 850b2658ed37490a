import Glibc
import JSON
import Model
import Rules
import Testing
import YAML

/// A folder of its own for one test.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/nabat-rules-XXXXXX".utf8CString)
    let made = mkdtemp(&template).map { String(cString: $0) }
    path = try #require(made)
  }

  deinit {
    for name in ["b", "a", "c"].flatMap({ ["sub/\($0).rules.yaml", "\($0).rules.yaml", "\($0).yaml"] }) {
      unlink("\(path)/\(name)")
    }
    rmdir("\(path)/sub")
    rmdir(path)
  }

  func write(_ name: String, _ text: String) throws {
    let file = try #require(fopen("\(path)/\(name)", "w"))
    defer { fclose(file) }
    fputs(text, file)
  }
}

@Suite("Loading from files") struct LoaderTests {
  private let lists =
    "format: 1\nlists: { вода: [дамба] }\nrules:\n  - { id: z.z, type: claim, terms: { t: { list: вода } }, oops: 1 }\n"
  private func rule(_ id: String) -> String {
    "format: 1\nrules:\n  - { id: \(id), type: claim, terms: { t: { list: вода } } }\n"
  }

  @Test("a folder gives all rule files below it, in the order of their paths") func folder() throws {
    let folder = try TemporaryFolder()
    mkdir("\(folder.path)/sub", 0o755)
    try folder.write("b.rules.yaml", rule("b.b"))
    try folder.write("sub/a.rules.yaml", rule("a.a"))
    try folder.write("a.rules.yaml", lists)
    try folder.write("c.yaml", "not: [a rule file")
    let set = try RuleLoader.load(paths: [folder.path + "/"], types: ruleTypes)
    #expect(set.files == ["a.rules.yaml", "b.rules.yaml", "sub/a.rules.yaml"].map { "\(folder.path)/\($0)" })
    #expect(set.rules.map(\.id) == ["b.b", "a.a"])
    #expect(set.diagnostics.filter { $0.severity == .error }.map(\.code) == ["E101"])
  }

  @Test("a file sees the lists of its neighbours, not their rules and problems") func file() throws {
    let folder = try TemporaryFolder()
    try folder.write("b.rules.yaml", rule("b.b"))
    try folder.write("a.rules.yaml", lists)
    try folder.write("c.rules.yaml", "not: [yaml")
    let set = try RuleLoader.load(paths: ["\(folder.path)/b.rules.yaml"], types: ruleTypes)
    #expect(set.rules.map(\.id) == ["b.b"])
    #expect(set.diagnostics.allSatisfy { $0.code == "W402" })
    #expect(set.files == ["\(folder.path)/b.rules.yaml"])
  }

  @Test("a file named twice is read once") func twice() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.rules.yaml", claim(""))
    let set = try RuleLoader.load(paths: [folder.path, "\(folder.path)/./a.rules.yaml"], types: ruleTypes)
    #expect(set.rules.count == 1 && !set.hasErrors)
  }

  @Test("a file that is not there is an error with its reason") func missing() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/none.rules.yaml"
    #expect(throws: RuleLoadError.unreadable(path: path, reason: "No such file or directory")) {
      try RuleLoader.load(paths: [path], types: ruleTypes)
    }
    #expect(throws: RuleLoadError.unreadable(path: "/dev/null", reason: "not a regular file")) {
      try RuleLoader.load(paths: ["/dev/null"], types: ruleTypes)
    }
  }
}

@Suite("Damaged rule files") struct DamagedRuleTests {
  /// SplitMix64.
  private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    let set = try RuleLoader.load(paths: [fixture(name)], types: ruleTypes)
    let scalars = try #require(set.sources.values.first?.scalars)
    return Array(String(String.UnicodeScalarView(scalars)).utf8)
  }

  @Test("never crash the loader, and give rules or a diagnostic with its line", arguments: ["dam", "comments"])
  func mutations(name: String) throws {
    let original = try bytes("\(name).rules.yaml")
    var random = SeededGenerator(state: 20_260_302)
    let pieces: [[UInt8]] =
      [
        "", "", "\n", "*", "#", " #x", "[", "]", "{", "}", ":", ": ", "- ", "\"", "'", "-1", "0",
        "99999999999999999999",
        "1e400", "дом", "{{", "(", ")", ">=", " not ", "~", "list", "null", "\u{301}", "\u{202E}",
      ].map { Array($0.utf8) } + [[0xFF]]
    for _ in 0..<400 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let start = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...6, using: &random))
        bytes.replaceSubrange(start..<end, with: pieces.randomElement(using: &random) ?? [])
      }
      let set = RuleLoader.load(texts: [("t.rules.yaml", bytes)], types: ruleTypes)
      #expect(!set.rules.isEmpty || !set.diagnostics.isEmpty)
      let shown = DiagnosticRenderer(sources: set.sources)
      #expect(shown.text(set.diagnostics).isEmpty == set.diagnostics.isEmpty)
      #expect(shown.json(set.diagnostics).array?.count == set.diagnostics.count)
      for diagnostic in set.diagnostics {
        let source = try #require(set.sources["t.rules.yaml"])
        #expect(diagnostic.place.line >= 1 && diagnostic.place.line <= source.lineCount)
        #expect(diagnostic.place.column >= 1 && diagnostic.place.column <= source.line(diagnostic.place.line).count + 1)
      }
    }
  }
}
