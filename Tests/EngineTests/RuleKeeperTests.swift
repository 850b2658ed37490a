import Model
import Monitor
import Rules
import Testing
import Text

/// Rule files change while a night goes on: what is sound runs, what is not keeps its last good version.
@Suite("Of changed rule files those run that are sound together") struct RuleKeeperTests {
  private let keeper: RuleKeeper

  init() throws {
    let lexicon = try #require(Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)), "run scripts/setup")
    keeper = RuleKeeper(types: Registry.ruleTypes, timezone: "UTC", lexicon: lexicon)
  }

  private func rule(_ id: String, _ word: String = "мост", expects alerts: Int = 1) -> [UInt8] {
    Array(
      """
      format: 1
      rules:
        - id: \(id)
          type: claim
          terms: { t: { any: [\(word)], weight: 1 } }
          tests:
            - name: it is told
              given: [{ item: { id: a, at: +0m, body: "Рухнул мост" } }]
              expect: [{ at: +0m, alerts: \(alerts) }]

      """.utf8)
  }

  private func ids(_ selection: RuleKeeper.Selection) -> [String] { selection.rules.map(\.id) }

  @Test("A sound change is taken whole: new, changed and deleted files")
  func sound() {
    let running = ["a.rules.yaml": rule("a"), "b.rules.yaml": rule("b")]
    let found = ["a.rules.yaml": rule("a.new"), "c.rules.yaml": rule("c")]
    let selection = keeper.select(found, running: running)
    #expect(ids(selection) == ["a.new", "c"])
    #expect(selection.files == found && selection.rejected.isEmpty)
  }

  @Test("A file with an error keeps its last good version; the other changes are taken")
  func error() {
    let running = ["a.rules.yaml": rule("a"), "b.rules.yaml": rule("b")]
    let found = ["a.rules.yaml": Array("format: 1\nruls: []\n".utf8), "b.rules.yaml": rule("b.new")]
    let selection = keeper.select(found, running: running)
    #expect(ids(selection) == ["a", "b.new"])
    #expect(selection.rejected.map(\.file) == ["a.rules.yaml"])
    #expect(selection.rejected.first?.text == "a.rules.yaml:2:1: unknown key «ruls»")
  }

  @Test("A failing test refuses its file; a test that failed before hinders no other file")
  func failingTest() {
    let failing = keeper.select(["a.rules.yaml": rule("a", expects: 2)], running: ["a.rules.yaml": rule("a")])
    #expect(ids(failing) == ["a"])
    #expect(failing.rejected.first?.text.contains("test «it is told» of a fails") ?? false)
    let old = rule("old", expects: 2)
    let other = keeper.select(
      ["a.rules.yaml": rule("a.new"), "old.rules.yaml": old],
      running: ["a.rules.yaml": rule("a"), "old.rules.yaml": old])
    #expect(ids(other) == ["a.new", "old"] && other.rejected.isEmpty)
  }

  @Test("Files that need each other are taken together, whatever the order of their names")
  func together() {
    let lists = Array("format: 1\nlists: { bridge: [мост] }\n".utf8)
    let bad = Array("format: 2\n".utf8)
    let user = Array(String(decoding: rule("a"), as: UTF8.self).replacing("any: [мост]", with: "list: bridge").utf8)
    let selection = keeper.select(
      ["a.rules.yaml": user, "lists.rules.yaml": lists, "x.rules.yaml": bad], running: ["a.rules.yaml": rule("a")])
    #expect(selection.files["a.rules.yaml"] == user && selection.files["lists.rules.yaml"] == lists)
    #expect(selection.rejected.map(\.file) == ["x.rules.yaml"])
  }

  @Test("A list that others need cannot go")
  func needed() {
    let lists = Array("format: 1\nlists: { bridge: [мост] }\n".utf8)
    let user = Array(String(decoding: rule("a"), as: UTF8.self).replacing("any: [мост]", with: "list: bridge").utf8)
    let selection = keeper.select(["a.rules.yaml": user], running: ["a.rules.yaml": user, "lists.rules.yaml": lists])
    #expect(ids(selection) == ["a"])
    #expect(selection.rejected.first?.text.hasPrefix("lists.rules.yaml: is gone, but other files need it") ?? false)
  }
}
