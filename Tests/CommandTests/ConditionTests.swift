import TestSupport
import Testing

@Suite("Conditions of rules") struct ConditionTests {
  let folder: TestFolder
  init() throws { folder = try TestFolder() }

  private func test(_ text: String) async throws -> ProgramRun.Ended {
    try folder.write("a.rules.yaml", text)
    return try await ProgramRun.run("test", "a.rules.yaml", in: folder.path)
  }

  @Test("compare any field: numbers by their size, other texts by their bytes, and absent ones never hold")
  func comparisons() async throws {
    let ended = try await test(
      """
      format: 1
      rules:
        - id: numbers
          type: claim
          where: { item: { gte: 9, lt: 100 }, source: { gt: news1 } }
          stream: comment
          terms: { bridge: { any: [мост] } }
          tests:
            - name: 10 lies between 9 and 100, though not as text; news2 stands behind news1
              given: [{ comment: { id: c1, at: +0m, item: "10", source: news2, text: Мост } }]
              expect: [{ at: +0m, alerts: 1 }]
            - name: 9 is reached, 100 is not under 100
              given:
                - comment: { id: c1, at: +0m, item: "100", source: news2, text: Мост }
                - comment: { id: c2, at: +1m, item: "9", source: news2, text: Мост }
              expect:
                - { at: +0m, alerts: 0 }
                - { at: +1m, alerts: 1 }
            - name: news1 is not above itself, an absent item is nothing, and a word is no number
              given:
                - comment: { id: c1, at: +0m, item: "10", source: news1, text: Мост }
                - comment: { id: c2, at: +1m, source: news2, text: Мост }
                - comment: { id: c3, at: +2m, item: ten, source: news2, text: Мост }
              expect: [{ at: +2m, alerts: 0 }]

      """)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    #expect(ended.output.hasSuffix("3 passed, 0 failed\n"))
  }

  @Test("refuse a comparison of nothing and one beside a misspelt sign")
  func wrong() async throws {
    try folder.write(
      "a.rules.yaml",
      "format: 1\nrules:\n  - { id: a, type: claim, where: { item: { gte: [1] }, source: { gta: a } }, terms: { x: { any: [мост] } } }\n"
    )
    let ended = try await ProgramRun.run("check", "a.rules.yaml", in: folder.path)
    #expect(ended.status == 2 && ended.errors.contains("error[E103]") && ended.errors.contains("unknown key «gta»"))
  }

  @Test("take a factor of tags, which no text has yet, and a change of rules in a test")
  func tags() async throws {
    let ended = try await test(
      """
      format: 1
      rules:
        - id: a
          type: claim
          terms: { bridge: { any: [мост], weight: 5 } }
          match: bridge and score >= 5
          fields: { title: 1, tags: 2 }
          tests:
            - name: the rules are said to change
              given:
                - rules: { at: +0m, set: "sha256:00" }
                - item: { id: a1, at: +1m, title: Мост }
              expect: [{ at: +1m, alerts: 1, score: 5 }]

      """)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    let checked = try await ProgramRun.run("check", "a.rules.yaml", in: folder.path)
    #expect(checked.status == 0 && checked.errors.contains("info[I501]: «tags»"))
  }

  @Test("say where a word boundary may stand, and which expressions are slow")
  func expressions() async throws {
    func check(_ expression: String) async throws -> ProgramRun.Ended {
      try folder.write(
        "a.rules.yaml",
        "format: 1\nrules:\n  - { id: a, type: claim, terms: { x: { regex: '\(expression)' } } }\n")
      return try await ProgramRun.run("check", "a.rules.yaml", in: folder.path)
    }
    for inner in [#"(\bмост|дамба)"#, #"мост\b.{0,5}река"#, #"\Bост"#, #"\bа|мост\b"#] {
      let ended = try await check(inner)
      #expect(ended.status == 2 && ended.errors.contains("may stand at the beginning and at the end only"), "\(inner)")
    }
    #expect(try await check(#"\b(?:мост|дамба)\b"#).status == 0)
    for slow in [".*мост", "(?:.+)мост", "[а-я]*ост", "мост{300}"] {
      #expect(try await check(slow).errors.contains("warning[W404]"), "\(slow)")
    }
    for sound in ["мост.*река", "0[1-9]-[0-9]{4}", "[?]", "^(мчс|мэр)[^:]{0,40}:", "мост{1,3}"] {
      #expect(!(try await check(sound).errors.contains("W404")), "\(sound)")
    }
  }
}

@Suite("A rule that counts alerts") struct AlertStreamTests {
  @Test("fires with the third alert of a region within its time, of whatever rules, and never of its own")
  func counting() async throws {
    let folder = try TestFolder()
    try folder.write(
      "a.rules.yaml",
      """
      format: 1
      rules:
        - { id: claim.a, type: claim, terms: { x: { any: [мост] } } }
        - { id: claim.b, type: claim, terms: { x: { any: [дамба] } } }
        - id: region.hot
          type: frequency
          stream: alert
          where: { id: { not: claim.c } }
          per: [region]
          count: { gte: 3 }
          within: 1h
          tests:
            - name: three alerts of one region, one of another
              given:
                - item: { id: a1, at: +0m, region: XA-ZAR, body: Мост }
                - fire: { rule: claim.b, at: +10m, region: XA-BOR }
                - item: { id: a2, at: +20m, region: XA-ZAR, body: Дамба }
                - item: { id: a3, at: +21m, region: XA-ZAR, body: Дамба }
                - fire: { rule: claim.d, at: +59m, region: XA-ZAR }
              expect:
                - { at: +58m, alerts: 0 }
                - { at: +59m, alerts: 1, key: { region: XA-ZAR } }
            - name: what is left out by where does not count
              given:
                - fire: { rule: claim.a, at: +0m, region: XA-ZAR }
                - fire: { rule: claim.b, at: +0m, region: XA-ZAR }
                - fire: { rule: claim.c, at: +0m, region: XA-ZAR }
              expect: [{ at: +1m, alerts: 0 }]
            - name: an hour later the first has left
              given:
                - fire: { rule: claim.a, at: +0m, region: XA-ZAR }
                - fire: { rule: claim.b, at: +0m, region: XA-ZAR }
                - fire: { rule: claim.d, at: +60m, region: XA-ZAR }
              expect: [{ at: +60m, alerts: 0 }]
        - { id: claim.c, type: claim, terms: { x: { any: [вода] } } }
        - { id: claim.d, type: claim, terms: { x: { any: [газ] } } }

      """)
    let ended = try await ProgramRun.run("test", "a.rules.yaml", in: folder.path)
    #expect(ended.status == 0 && ended.output.hasSuffix("3 passed, 0 failed\n"), "\(ended.output)\(ended.errors)")
  }

  @Test("is none of another type")
  func otherTypes() async throws {
    let folder = try TestFolder()
    try folder.write(
      "a.rules.yaml", "format: 1\nrules:\n  - { id: a, type: claim, stream: alert, terms: { x: { any: [мост] } } }\n")
    let ended = try await ProgramRun.run("check", "a.rules.yaml", in: folder.path)
    #expect(ended.status == 2 && ended.errors.contains("error[E104]: a rule of type «claim» does not look at alerts"))
  }
}
