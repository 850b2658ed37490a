import JSON
import TestSupport
import Testing

/// A rule of one shift: «мост» near «рухнул», no alert where it is denied.
private func bridgeRule(tests: String, more: String = "") -> String {
  """
  format: 1
  rules:
    - id: claim.bridge
      title: Bridge
      type: claim
      severity: high
      terms:
        fall: { near: [мост, рухнуть], within: 3, weight: 5 }
        denial: { any: [опровергли] }
      match: fall
      unless:
        - { term: denial, then: drop }
  \(more)    tests:
  \(tests)
  """
}

private let claimed = """
        - name: the claim
          given:
            - item: { id: a, at: +0m, body: "Мост вчера ночью рухнул." }
          expect:
            - { at: +0m, alerts: 1 }

  """
private let wider = """
        - name: four words apart
          given:
            - item: { id: b, at: +0m, body: "Мост вчера поздно ночью рухнул." }
          expect:
            - { at: +0m, alerts: 0 }

  """
private let oneSide = """
        - name: one side of it
          given:
            - item: { id: c, at: +0m, body: "Мост красивый." }
            - item: { id: d, at: +0m, body: "Дом рухнул." }
          expect:
            - { at: +0m, alerts: 0 }

  """
private let denied = """
        - name: the denial
          given:
            - item: { id: e, at: +0m, body: "Опровергли: мост рухнул." }
          expect:
            - { at: +0m, alerts: 0 }

  """

@Suite("nabat test --mutate and --coverage") struct MutationTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func test(_ rule: String, _ options: String...) async throws -> ProgramRun.Ended {
    try folder.write("town.rules.yaml", rule)
    return await (try ProgramRun(["test", "town.rules.yaml"] + options, in: folder.path)).end()
  }

  @Test("are content with tests that notice every mutant")
  func killed() async throws {
    let ended = try await test(bridgeRule(tests: claimed + wider + oneSide + denied), "--mutate")
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    // drop the term, drop a side of near (2), within ± 1 (2), drop the exception.
    #expect(ended.output.hasSuffix("6 mutants: 6 killed, 0 survived, 0 explained\n"))
  }

  @Test("name the mutant that every test survives, where it stands, and what to test; end with 1")
  func survived() async throws {
    let ended = try await test(bridgeRule(tests: claimed + wider + oneSide), "--mutate")
    #expect(ended.status == 1)
    #expect(
      ended.output.contains(
        "claim.bridge: every test passes with «unless: drop «unless denial anywhere: no alert»»\n"))
    #expect(ended.output.contains("town.rules.yaml:3:"))
    #expect(ended.output.contains("      test a text that would alert but for «unless denial anywhere: no alert»"))
    #expect(ended.output.hasSuffix("6 mutants: 5 killed, 1 survived, 0 explained\n"))
  }

  @Test("take an explanation, but not of more than 5 in a hundred, and tell of one that explains nothing")
  func explained() async throws {
    let words =
      "    equivalent:\n      - { mutant: \"unless: drop «unless denial anywhere: no alert»\", because: nobody denies }\n"
    let ended = try await test(bridgeRule(tests: claimed + wider + oneSide, more: words), "--mutate")
    #expect(ended.status == 1)
    #expect(ended.output.contains("1 of 6 mutants are explained; at most 5 in a hundred may be"))
    #expect(ended.output.hasSuffix("6 mutants: 5 killed, 0 survived, 1 explained\n"))
    let idle = try await test(bridgeRule(tests: claimed + wider + oneSide + denied, more: words), "--mutate")
    #expect(idle.status == 0)
    #expect(
      idle.output.contains(
        "warning: claim.bridge: no mutant «unless: drop «unless denial anywhere: no alert»» survives"))
  }

  @Test("try no mutants while a test fails")
  func failing() async throws {
    let wrong = claimed.replacing("alerts: 1", with: "alerts: 2")
    let ended = try await test(bridgeRule(tests: wrong), "--mutate")
    #expect(ended.status == 1)
    #expect(
      ended.output.contains("expected  2\n") && ended.output.contains("mutants are tried when every test passes\n"))
  }

  @Test("show which parts of a rule no test has seen hold or fail")
  func coverage() async throws {
    let ended = try await test(bridgeRule(tests: claimed + wider), "--coverage", "--json")
    #expect(ended.status == 0)
    let rule = try #require(try JSONValue(parsing: Array(ended.output.utf8))["coverage"]?.array?.first)
    #expect(rule["rule"]?.string == "claim.bridge" && rule["complete"] == .bool(false))
    #expect(
      rule["terms"] == [["name": "fall", "tests": 1], ["name": "denial", "tests": 0]])
    #expect(
      rule["parts"] == [
        ["kind": "match", "text": "fall", "true": 1, "false": 1],
        ["kind": "unless", "text": "unless denial anywhere: no alert", "true": 0, "false": 2],
      ])
    let whole = try await test(bridgeRule(tests: claimed + wider + denied), "--coverage")
    #expect(whole.output.contains("       term    denial: hit by 1 test\n") && !whole.output.contains("GAP"))
  }
}
