import Matching
import Testing
import YAML

@Suite("The form of a rule file") struct RuleFormatTests {
  private func formatted(_ text: String) -> String? {
    RuleFormat.formatted(YAMLDocument(file: "t.rules.yaml", bytes: Array(text.utf8)))
  }

  @Test("writes match in Latin words, takes blanks and empty lines away, and keeps every comment")
  func form() {
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
      formatted(text) == """
        # Rules.
        format: 1

        rules:
          - id: a   # why
            match: a and (b or not c)
            guide: |
              one\("  ")


              two
            title: "x"

        """)
  }

  @Test("is its own form") func idempotent() {
    let once = formatted("format: 1\r\nrules:\r\n  - { id: a, match: \"not (a and b)\" }\r\n\r\n")
    #expect(once == "format: 1\nrules:\n  - { id: a, match: \"not (a and b)\" }\n")
    #expect(once.flatMap(formatted) == once)
  }

  /// Found by fuzzing: a carriage return alone was left out, and two lines became one.
  @Test("ends a line at a carriage return alone") func returns() {
    #expect(
      formatted("# Rules.\rformat: 1 \rnote: |\r  one \r  two\r") == "# Rules.\nformat: 1\nnote: |\n  one \n  two\n")
  }

  @Test("is not given to what is no YAML") func broken() { #expect(formatted("format: [1") == nil) }
}
