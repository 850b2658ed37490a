import Matching
import Testing
import YAML

@Suite("The form of a rule file") struct RuleFormatTests {
  private func formatted(_ text: String) throws -> String {
    try RuleFormat.formatted(YAMLDocument(file: "t.rules.yaml", bytes: Array(text.utf8)))
  }

  @Test("writes match in Latin words, takes blanks and empty lines away, and keeps every comment")
  func form() throws {
    let text = """
      # Rules.\("  ")
      format: 1


      rules:
      - id: a   # why
        match: a и (b  или не c)
        guide: |
          one\("  ")


          two
        title: "x"


      """
    #expect(
      try formatted(text) == """
        # Rules.
        format: 1

        rules:
          - id: a  # why
            match: a and (b or not c)
            guide: |
              one\("  ")


              two
            title: "x"

        """)
  }

  @Test("is its own form") func idempotent() throws {
    let once = try formatted("format: 1\r\nrules:\r\n  - { id: a, match: \"not (a and b)\" }\r\n\r\n")
    #expect(once == "format: 1\nrules:\n  - { id: a, match: \"not (a and b)\" }\n")
    #expect(try formatted(once) == once)
  }

  @Test("writes Latin words in a match of several lines too, and in what an override puts there")
  func longMatch() throws {
    #expect(
      try formatted("rules:\n- match: a и\n     не  (или_б или в)\noverride:\n- {rule: a, replace: {match: не a}}\n")
        == """
        rules:
          - match: a and
              not  (или_б or в)
        override:
          - { rule: a, replace: { match: not a } }

        """)
  }

  /// Found by fuzzing: a carriage return alone was left out, and two lines became one.
  @Test("ends a line at a carriage return alone") func returns() throws {
    #expect(
      try formatted("# Rules.\rformat: 1 \rnote: |\r  one\r  two\r") == "# Rules.\nformat: 1\nnote: |\n  one\n  two\n")
  }

  @Test("leaves a match alone that cannot be read") func unreadable() throws {
    #expect(try formatted("rules:\n  - match: a и и b\n") == "rules:\n  - match: a и и b\n")
  }

  @Test("is not given to what is no YAML")
  func broken() {
    for text in ["format: [1", "a: 1\na: 2\n", "", "# nothing\n", "\tformat: 1\n"] {
      #expect(throws: RuleFormat.Refusal.notSound) { try formatted(text) }
    }
  }

  @Test("a text that would come to stand as the mark of a document is left to its author") func documentMark() {
    #expect(throws: RuleFormat.Refusal.documentMark) { try formatted(" --- a: 1\n") }
  }

  @Test("what is one text and no keys is no file of rules") func oneText() {
    for text in [" ---", "|\n  ст: |\n  строки\n    вторая \n", "- a\n"] {
      #expect(throws: RuleFormat.Refusal.notSound) { try formatted(text) }
    }
  }
}
