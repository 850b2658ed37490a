import TestSupport
import Testing

@Suite("nabat new rule") struct NewRuleTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func make(_ texts: String, _ arguments: String...) async throws -> ProgramRun.Ended {
    await (try ProgramRun(["new", "rule", "claim.bridge"] + arguments, in: folder.path, input: texts)).end()
  }

  @Test("makes a rule of example texts that checks and tests clean and is in the form")
  func clean() async throws {
    // given
    let texts = "Мост через реку рухнул\nВчера упал старый мост, есть погибшие\n- Мост откроют в мае\n"
    // when
    let made = try await make(texts, "--to", "mine/bridge.rules.yaml")
    try #require(made.status == 74, "the folder is not there")
    try folder.write("mine/keep", "")
    #expect(try await make(texts, "--to", "mine/bridge.rules.yaml").status == 0)
    // then
    let rule = folder.text("mine/bridge.rules.yaml")
    #expect(rule.contains("core: { near: [{ any: [мост] }, { any: [рухнул, упал] }], within: 6 }"))
    #expect(rule.contains("      - name: \"another meaning, counter-example 1\"\n"))
    let checked = try await ProgramRun.run("check", "--strict", "mine", in: folder.path)
    #expect(checked.status == 0, "\(checked.errors)")
    let tested = try await ProgramRun.run("test", "mine", in: folder.path)
    #expect(tested.output.hasSuffix("7 passed, 0 failed\n"))
    #expect(try await ProgramRun.run("fmt", "--check", "mine", in: folder.path).status == 0)
    // and it is not overwritten
    #expect(try await make(texts, "--to", "mine/bridge.rules.yaml").status == 74)
    #expect(folder.text("mine/bridge.rules.yaml") == rule)
  }

  @Test("says which counter-example its words do not keep out")
  func counterExample() async throws {
    let made = try await make("Мост рухнул\n- Мост рухнул только в кино\n")
    #expect(made.status == 1 && made.output.contains("id: claim.bridge"))
    #expect(made.errors.contains("test «another meaning, counter-example 1» fails"))
  }

  @Test(
    "takes any text as text",
    arguments: ["Врачи скрывают: \"вирус\" косит # людей", "Вода — {яд}, 50% [умрут]", "Пожар"])
  func anyText(text: String) async throws {
    let made = try await make(text + "\n")
    try #require(made.status == 0, "\(made.errors)")
    try folder.write("a.rules.yaml", made.output)
    #expect(try await ProgramRun.run("check", "--strict", "a.rules.yaml", in: folder.path).status == 0)
  }

  @Test("takes texts as operands too, does without an id, and without a text shows what a rule looks like")
  func operands() async throws {
    let two = try await ProgramRun.run(
      "new", "rule", "Вода в городе отравлена", "- Воду отключат завтра", in: folder.path)
    #expect(two.status == 0 && two.output.contains("  - id: claim.new\n"))
    #expect(two.output.contains("any: [отравлена]") && two.output.contains("counter-example 1"))
    let empty = try await make("\n")
    #expect(empty.status == 0 && empty.errors.contains("replace it"))
    try folder.write("a.rules.yaml", empty.output)
    #expect(try await ProgramRun.run("check", "--strict", "a.rules.yaml", in: folder.path).status == 0)
  }

  @Test("says what it cannot make")
  func nothing() async throws {
    #expect(try await make("- Мост откроют\n").status == 64)
    #expect(try await make("... !!!\n").status == 2)
    #expect(try await ProgramRun.run("new", "poem", "a", in: folder.path).status == 64)
  }
}
