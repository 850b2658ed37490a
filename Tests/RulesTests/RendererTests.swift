import JSON
import Model
import Rules
import Testing
import YAML

@Suite("Diagnostics as people see them") struct RendererTests {
  private func text(_ text: String, _ code: String) -> String {
    let set = load(text)
    return DiagnosticRenderer(sources: set.sources).text(set.diagnostics.filter { $0.code == code })
  }

  @Test("an unknown key is underlined, the suggestion stands behind the carets") func unknownKey() {
    let file = claim("", terms: "terms: { breach: { near: [дом, лес], witin: 6, weight: 1 } }")
    #expect(
      text(file, "E101") == """
        t.rules.yaml:6:42: error[E101]: unknown key «witin»
            6 |     terms: { breach: { near: [дом, лес], witin: 6, weight: 1 } }
              |                                          ^^^^^ did you mean «within»?

        """)
  }

  @Test("a threshold that cannot be reached is underlined inside match") func unreachable() {
    let terms = """
      terms:
            breach:   { any: [дамба], weight: 5 }
            casualty: { any: [погибнуть, утонуть], weight: 2 }
            panic:    { any: [эвакуация], weight: 2, cap: 2 }
            hearsay:  { any: [чат], weight: 2 }
      """
    let file = claim("match: breach and score >= 20", terms: terms)
    #expect(
      text(file, "E205") == """
        t.rules.yaml:5:23: error[E205]: «score >= 20» can never hold: weights add up to at most 13
            5 |     match: breach and score >= 20
              |                       ^^^^^^^^^^^ largest: breach 5 + casualty 2 + panic 2×2 + hearsay 2

        """)
  }

  @Test("a character that may not start a value has a caret of its own") func indicator() {
    #expect(
      text(claim("", terms: "terms: { panic: { any: [*бег] } }"), "E003") == """
        t.rules.yaml:6:29: error[E003]: a value may not start with «*» here
            6 |     terms: { panic: { any: [*бег] } }
              |                             ^ only a trailing wildcard exists: "бег*"

        """)
  }

  @Test("wide, combining and invisible characters before the caret move it by what they show") func width() {
    #expect(
      text(claim("title: \"東京\"\nmatch: \"東京 and e\u{301}\u{200B} & a\""), "E204") == """
        t.rules.yaml:6:22: error[E204]: «U+200B» does not belong here
            6 |     match: "東京 and e\u{301}\u{200B} & a"
              |                       ^

        """)
    #expect(
      text(claim("labels: { ж: \"🌊 {{ x }}\" }"), "E202") == """
        t.rules.yaml:5:24: error[E202]: unknown name «x» in the template
            5 |     labels: { ж: "🌊 {{ x }}" }
              |                         ^

        """)
  }

  @Test("control and direction characters are not shown as they are") func control() {
    let shown = text("format: 1\n\"a\\tb\u{202E}\": 1", "E101")
    #expect(!shown.unicodeScalars.contains("\u{202E}"))
    #expect(shown.contains("\u{FFFD}"))
  }

  @Test("a diagnostic of a whole file has no line") func wholeFile() {
    let renderer = DiagnosticRenderer(sources: [:])
    let diagnostic = Diagnostic("E001", "the file is larger than 4 MB", at: Place(file: "a.rules.yaml"), hint: "cut it")
    #expect(renderer.text(diagnostic) == "a.rules.yaml: error[E001]: the file is larger than 4 MB\n      cut it")
  }

  @Test("as JSON, offsets count bytes and UTF-16 units") func json() {
    let set = load("format: 1\nrules: [{ id: а, type: 🌊 }]")
    let json = DiagnosticRenderer(sources: set.sources).json(set.diagnostics)
    #expect(
      json.serialized
        == #"[{"file":"t.rules.yaml","line":2,"column":24,"code":"E104","severity":"error","message":"unknown type «🌊»","hint":"one of: claim, spike, frequency, cardinality, new-term, absence, correlate","offset":34,"utf16":33,"end":{"line":2,"column":25,"offset":38,"utf16":35}}]"#
    )
  }
}
