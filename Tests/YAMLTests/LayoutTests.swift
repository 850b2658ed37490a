import Model
import TestSupport
import Testing
import YAML

@Suite("The layout of a document") struct LayoutTests {
  private func laidOut(_ text: String) -> String? { YAMLLayout(document(text))?.text }
  private func document(_ text: String) -> YAMLDocument { YAMLDocument(file: "t.yaml", bytes: Array(text.utf8)) }

  private func expect(_ text: String, becomes wanted: String, _ at: SourceLocation = #_sourceLocation) {
    #expect(laidOut(text) == wanted, sourceLocation: at)
    #expect(laidOut(wanted) == wanted, "is not its own layout", sourceLocation: at)
  }

  @Test("indents by two, lists in a mapping too")
  func indentation() {
    expect(
      """
      a:
      - b:   1
        c :
            d: 2
      -   e
      -
        - f
        -     g: 3
              h:
              - i

      """,
      becomes: """
        a:
          - b: 1
            c:
              d: 2
          - e
          - - f
            - g: 3
              h:
                - i

        """)
  }

  @Test("a block scalar at the end of a file without a line break has none either")
  func blockScalarAtTheEnd() {
    expect("a: |\n    x\n      y", becomes: "a: |-\n  x\n    y\n")
    expect("a: >+\n  x\n    ", becomes: "a: >-\n  x\n    \n")
    // The last line has no more blanks than the others: it is empty.
    expect("a: |\n  x\n  ", becomes: "a: |\n  x\n")
  }

  @Test("puts blanks into braces, none into brackets, and one behind a comma")
  func brackets() {
    expect(
      "a: {b: 1,c: [ x ,y,  z ], \"d\":{ }}\ne: [ ]\nf: [g: 1, {h: i},]\n",
      becomes: "a: { b: 1, c: [x, y, z], \"d\": {} }\ne: []\nf: [{ g: 1 }, { h: i }]\n")
  }

  @Test("keeps the line breaks in brackets, under the first entry or two columns in")
  func continuation() {
    expect(
      """
      a:   [x,
       y,

          z
      ]
      list:
          - { b: 1,
            c: "two
                lines" }
          - d: [
              x, y,
              z ]

      """,
      becomes: """
        a: [x,
            y,

            z]
        list:
          - { b: 1,
              c: "two
                lines" }
          - d: [
              x, y,
              z]

        """)
  }

  @Test("keeps comments with what they stand by")
  func comments() {
    expect(
      """
      # of the file


      a: # of a
          # of b
          b: 1 # behind b
          # at the end of a
      # before c
      c: [x, # of x
        # of y
        y # of y, too
        ]
      d:
      - # of the entry
         e: 1
      -   f   # one
      -   gg  # two
      -   h # three
            # the last

      """,
      becomes: """
        # of the file

        a:  # of a
          # of b
          b: 1  # behind b
          # at the end of a
        # before c
        c: [x,  # of x
            # of y
            y  # of y, too
            ]
        d:
          -  # of the entry
            e: 1
          - f   # one
          - gg  # two
          - h  # three
          # the last

        """)
  }

  @Test("keeps columns of values, as near as they can stand")
  func columns() {
    expect(
      "a:      { x: 1 }\nbcd:    { x: 2 }\nefghij: { x: 3 }\nk:    1\nl:\n  m: 1\n  nop:  2\n",
      becomes: "a:      { x: 1 }\nbcd:    { x: 2 }\nefghij: { x: 3 }\nk: 1\nl:\n  m: 1\n  nop: 2\n")
    expect("a:          1\nbc:         2\n", becomes: "a:  1\nbc: 2\n")
  }

  @Test("moves texts of several lines as a whole, blanks at their ends and empty lines included")
  func texts() {
    expect(
      """
      a:
          guide: |   # how
                one  \("")
                  two


                # three
          folded: >-
           x

           y

          kept: |+
            z


          plain: one
                     two
          figure: |4
                  in
              out
      b: 1
      """,
      becomes: """
        a:
          guide: |  # how
            one  \("")
              two


            # three
          folded: >-
            x

            y

          kept: |+
            z


          plain: one
            two
          figure: |2
                in
            out
        b: 1

        """)
  }

  @Test("ends lines with LF alone, and the file with one of them")
  func ends() { expect("\u{FEFF}a: 1\r\n\r\n\r\nb: |\r\n  x\r\n\r\n", becomes: "a: 1\n\nb: |\n  x\n") }

  @Test("costs no more than the text is long: ten thousand entries on one line", .timeLimit(.minutes(1)))
  func longLine() throws {
    let entries = (0..<10_000).map { "{ a: [w\($0)] }" }.joined(separator: ", ")
    #expect(laidOut("x: [\(entries)]\n") == "x: [\(entries)]\n")
  }

  @Test("is its own layout and means the same, for trees and layouts drawn by lot", arguments: 1...40)
  func anyDocument(seed: UInt64) throws {
    var writer = CarelessWriter(seed: seed)
    for _ in 0..<25 {
      let text = writer.document()
      let before = document(text)
      try #require(before.diagnostics.isEmpty, "\(before.diagnostics)\n\(text)")
      let root = try #require(before.root)
      let layout = try #require(YAMLLayout(before))
      let after = document(layout.text)
      #expect(after.diagnostics.isEmpty, "\(after.diagnostics)\n\(text)\nbecame\n\(layout.text)")
      #expect(after.root.map { root.means($0) } == true, "\(text)\nbecame\n\(layout.text)")
      let again = try #require(YAMLLayout(after))
      #expect(again.text == layout.text, "\(text)\nbecame\n\(layout.text)\nand then\n\(again.text)")
      #expect(
        layout.comments == writer.comments && again.comments == writer.comments, "\(text)\nbecame\n\(layout.text)")
    }
  }
}

/// Writes mappings drawn by lot as carelessly as YAML allows.
private struct CarelessWriter {
  private var random: SeededGenerator
  private var text = ""
  private(set) var comments: [String] = []
  /// Of the block that holds the block scalar that was written last; nil where another value was.
  private var textIndent: Int?

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func document() -> String {
    text = ""
    comments = []
    textIndent = nil
    if chance(2) { comment(indent: number(0...6)) }
    mapping(indent: 0, depth: 0, isOpen: false)
    if chance(2) { comment(indent: number(0...9)) }
    return text
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func chance(_ one: Int) -> Bool { number(1...one) == 1 }
  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  private mutating func comment(indent: Int) {
    // Behind the lines of a block scalar only what is indented less is a comment.
    let indent = min(indent, textIndent ?? indent)
    comments.append("# c\(comments.count)")
    text += blanks(indent) + (comments.last ?? "") + "\n" + (chance(3) ? "\n\n" : "")
  }

  private mutating func endOfLine() {
    if chance(6) {
      text += blanks(number(1...4))
      comments.append("# r\(comments.count)")
      text += comments.last ?? ""
    } else if chance(5) {
      text += blanks(number(0...3))
    }
    text += chance(5) ? "\n\n\n" : "\n"
  }

  /// - Parameter isOpen: the first entry goes on in the line of a dash.
  private mutating func mapping(indent: Int, depth: Int, isOpen: Bool) {
    for index in 0...number(0...3) {
      if index > 0 || !isOpen {
        if chance(6) { comment(indent: number(0...indent + 4)) }
        text += blanks(indent)
      }
      text += ["key", "k", "\"quoted\"", "ключ"][number(0...3)].replacing("k", with: "k\(index)")
        .replacing("q", with: "q\(index)").replacing("ю", with: "ю\(index)")
      text += blanks(number(0...1)) + ":"
      value(indent: indent, depth: depth, inList: false)
    }
  }

  private mutating func list(indent: Int, depth: Int, isOpen: Bool) {
    for index in 0...number(0...3) {
      if index > 0 || !isOpen {
        if chance(6) { comment(indent: number(0...indent + 3)) }
        text += blanks(indent)
      }
      text += "-"
      value(indent: indent, depth: depth, inList: true)
    }
  }

  /// - Parameter indent: of the block that holds it.
  private mutating func value(indent: Int, depth: Int, inList: Bool) {
    textIndent = nil
    switch number(0...(depth < 4 ? 7 : 4)) {
    case 0, 1:
      text += blanks(number(1...5)) + scalar()
      endOfLine()
    case 2:
      text += blanks(number(1...3)) + ["|", ">", "|-", "|+", ">-", "|2"][number(0...5)]
      let inner = text.hasSuffix("2") ? indent + 2 : indent + number(1...4)
      text += "\n"
      if !text.hasSuffix("|2\n"), chance(3) { text += "\n" }
      text += blanks(inner) + "first\n"
      for _ in 0..<number(0...2) {
        if chance(3) { text += blanks(number(0...inner + 2)) + "\n" }
        text += blanks(inner + number(0...3)) + "line # no comment \n"
      }
      if chance(3) { text += "\n\n" }
      textIndent = indent
    case 3:
      text += blanks(number(1...3)) + "\"long\n"
      if chance(3) { text += "\n" }
      text += blanks(indent + number(1...7)) + "text\\\n" + blanks(indent + 2) + "end\""
      endOfLine()
    case 4:
      text += blanks(number(1...3))
      flow(indent: indent, depth: depth)
      endOfLine()
    case 5 where inList:
      let gap = number(1...3)
      text += blanks(gap)
      if chance(2) {
        mapping(indent: indent + 1 + gap, depth: depth + 1, isOpen: true)
      } else {
        list(indent: indent + 1 + gap, depth: depth + 1, isOpen: true)
      }
    case 6:
      endOfLine()
      list(indent: indent + (inList ? number(1...4) : number(0...4)), depth: depth + 1, isOpen: false)
    default:
      endOfLine()
      mapping(indent: indent + number(1...4), depth: depth + 1, isOpen: false)
    }
  }

  private mutating func scalar() -> String {
    ["word", "two words", "12", "'it''s'", "\"a: b # c\"", "c#d", "~", "дамба", "=x", "\"é\\u0041\""][number(0...9)]
  }

  private mutating func flow(indent: Int, depth: Int) {
    let isMapping = chance(2)
    text += isMapping ? "{" : "["
    let count = number(0...4)
    for index in 0..<count {
      flowBreak(indent: indent)
      if isMapping { text += "f\(index):" + blanks(number(1...2)) }
      if depth < 4, chance(4) {
        flow(indent: indent, depth: depth + 1)
      } else if !isMapping, chance(6) {
        text += "p: q"
      } else {
        text += scalar()
      }
      flowBreak(indent: indent)
      if index < count - 1 { text += "," }
    }
    flowBreak(indent: indent)
    text += isMapping ? "}" : "]"
  }

  private mutating func flowBreak(indent: Int) {
    text += blanks(number(0...1))
    guard chance(6) else { return }
    if chance(3) {
      comments.append("# f\(comments.count)")
      text += " " + (comments.last ?? "")
    }
    text += "\n"
    if chance(6) { text += "\n" }
    if chance(5) { comment(indent: indent + number(1...5)) }
    text += blanks(indent + number(1...6))
  }
}
