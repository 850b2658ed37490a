import Model
import Testing
import YAML

/// The complaints about a text, as `line:column code`.
func complaints(_ text: String) -> [String] {
  YAMLDocument(file: "t.yaml", bytes: Array(text.utf8)).diagnostics.map {
    "\($0.place.line):\($0.place.column) \($0.code)"
  }
}

/// The root of a text without complaints.
func root(_ text: String) throws -> YAMLNode {
  let document = YAMLDocument(file: "t.yaml", bytes: Array(text.utf8))
  try #require(document.diagnostics.isEmpty)
  return try #require(document.root)
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

@Suite("A source text") struct SourceTextTests {
  @Test("counts lines at LF, CR LF and CR, and columns in characters") func places() {
    let source = SourceText(file: "t", bytes: Array("аб\r\nв😀г\rд\n".utf8))
    #expect(source.place(at: 0) == Place(file: "t", line: 1, column: 1))
    #expect(source.place(at: 4) == Place(file: "t", line: 2, column: 1))
    #expect(source.place(at: 6) == Place(file: "t", line: 2, column: 3))
    #expect(source.place(at: 8) == Place(file: "t", line: 3, column: 1))
    #expect(String(String.UnicodeScalarView(source.line(2))) == "в😀г")
    #expect(source.lineCount == 4)
  }

  @Test("gives byte and UTF-16 offsets from the start of the file") func offsets() throws {
    let source = SourceText(file: "t", bytes: Array("аб\nв😀г\n".utf8))
    let offsets = try #require(source.offsets(of: Place(file: "t", line: 2, column: 3)))
    #expect(offsets.bytes == 5 + 2 + 4)
    #expect(offsets.utf16 == 3 + 1 + 2)
  }

  @Test("does not count a byte order mark, except in bytes") func byteOrderMark() throws {
    let source = SourceText(file: "t", bytes: [0xEF, 0xBB, 0xBF] + Array("ab".utf8))
    #expect(source.place(at: 1).column == 2)
    #expect(try #require(source.offsets(of: Place(file: "t", line: 1, column: 2))).bytes == 4)
  }

  @Test("stops at the first byte that is no UTF-8") func notUTF8() {
    let document = YAMLDocument(file: "t", bytes: Array("a: б\nв".utf8) + [0xFF, 0x41])
    #expect(document.diagnostics.map(\.code) == ["E001"])
    #expect(document.diagnostics.first?.place == Place(file: "t", line: 2, column: 2))
    #expect(document.root == nil)
  }
}

@Suite("A document") struct YAMLDocumentTests {
  @Test("keeps the place of every node and the style of every scalar") func tree() throws {
    let root = try root(
      """
      # комментарий
      имя: значение
      list: [один, "два", 'три']
      block: |
        строка
      """)
    #expect(root["имя"]?.place == Place(file: "t.yaml", line: 2, column: 6))
    #expect(root["имя"]?.width == 8)
    #expect(root["имя"]?.scalar?.style == .plain)
    let list = try #require(root["list"]?.sequence)
    #expect(list.map { $0.scalar?.text } == ["один", "два", "три"])
    #expect(list.map(\.place.column) == [8, 14, 21])
    #expect(list.map { $0.scalar?.style } == [.plain, .doubleQuoted, .singleQuoted])
    #expect(list[1].width == 5)
    #expect(root["block"]?.scalar?.style == .literal)
    #expect(root["block"]?.scalar?.text == "строка")
    #expect(root.mapping?.map(\.key.place.line) == [2, 3, 4])
  }

  @Test("leaves every scalar a text") func texts() throws {
    let root = try root("a: no\nb: 12:30\nc: 007\nd:\ne: \"\"")
    #expect(root["a"]?.scalar?.text == "no")
    #expect(root["b"]?.scalar?.text == "12:30")
    #expect(root["c"]?.scalar?.text == "007")
    #expect(root["d"]?.isEmpty == true)
    #expect(root["e"]?.isEmpty == false)
  }

  @Test("says where it is no YAML", arguments: [("a: [1, 2", 1), ("a: b: c", 1), ("a: 1\n b: 2", 2), ("\"open", 1)])
  func notYAML(text: String, line: Int) {
    let document = YAMLDocument(file: "t", bytes: Array(text.utf8))
    #expect(document.diagnostics.map(\.code) == ["E001"])
    #expect(document.root == nil)
    #expect((document.diagnostics.first?.place.line ?? 0) >= line)
  }

  @Test("says where what is not closed was opened, and what to do about a colon") func unclosed() {
    #expect(complaints("a: 1\nb: [1,\n  2\nc: 3") == ["2:4 E001"])
    #expect(complaints("a: 1\nb: \"x\nc: 3\n") == ["2:4 E001"])
    let document = YAMLDocument(file: "t", bytes: Array("title: Слух: прорыв".utf8))
    #expect(document.diagnostics.first?.place.column == 12)
    #expect(document.diagnostics.first?.hint == "quote a value that holds «: »")
  }

  @Test("points at characters YAML forbids, and reads on") func forbidden() {
    #expect(complaints("a: x\u{0}y\nb: \u{7}") == ["1:5 E001", "2:4 E001"])
  }

  @Test("points at the second of two equal keys") func duplicate() {
    #expect(complaints("a: 1\nb: { c: 1, d: 2, c: 3 }\na: 2") == ["2:18 E002", "3:1 E002"])
  }

  @Test("refuses what is nested too deeply, without trying") func depth() {
    let text = String(repeating: "[", count: 65) + String(repeating: "]", count: 65)
    #expect(complaints(text) == ["1:65 E001"])
    #expect(complaints(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) == [])
    #expect(complaints(String(repeating: "[", count: 50_000)).count == 1)
  }

  @Test("refuses what is too large, without reading it") func size() {
    let document = YAMLDocument(file: "t", bytes: [UInt8](repeating: 0x20, count: 4 * 1_048_576 + 1))
    #expect(document.diagnostics.map(\.code) == ["E001"])
    #expect(document.diagnostics.first?.place == Place(file: "t"))
  }

  @Test("reads files with a byte order mark and with CR LF") func lineEnds() {
    let document = YAMLDocument(file: "t", bytes: [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nб: 2\r\n".utf8))
    #expect(document.diagnostics.isEmpty)
    #expect(document.root?["б"]?.place == Place(file: "t", line: 2, column: 4))
  }
}

@Suite("A character inside a value") struct ValuePositionTests {
  private func columns(_ text: String, _ characters: Range<Int>) throws -> String {
    let document = YAMLDocument(file: "t", bytes: Array(text.utf8))
    let node = try #require(document.root?["k"])
    let range = document.source.range(of: characters, in: node)
    let place = document.source.place(at: range.lowerBound)
    return "\(place.line):\(place.column)+\(range.count)"
  }

  @Test("is found in plain, quoted and escaped scalars") func quoted() throws {
    #expect(try columns("k: дом и лес", 6..<9) == "1:10+3")
    #expect(try columns("k: \"дом и лес\"", 6..<9) == "1:11+3")
    #expect(try columns("k: 'it''s лес'", 5..<8) == "1:11+3")
    #expect(try columns(#"k: "a\u0431\n лес""#, 4..<7) == "1:15+3")
    #expect(try columns(#"k: "a\u0431б""#, 1..<2) == "1:6+6")
  }

  @Test("is found in literal, folded and continued scalars") func lines() throws {
    #expect(try columns("k: |\n  раз\n  два\n", 4..<7) == "3:3+3")
    #expect(try columns("k: >\n  раз\n  два\n", 4..<7) == "3:3+3")
    #expect(try columns("k: раз\n  два", 4..<7) == "2:3+3")
    #expect(try columns("k: \"раз\n    два\"", 4..<7) == "2:5+3")
  }

  @Test("just behind the value is the place after its last character") func end() throws {
    #expect(try columns("k: дом", 3..<4) == "1:7+1")
    #expect(try columns("k: \"дом\"", 3..<4) == "1:8+1")
  }
}
