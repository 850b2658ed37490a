import Model
import Testing
import YAML

@Suite("What YAML would misread") struct IndicatorTests {
  @Test("a value may not start with an indicator, and checking goes on")
  func indicators() {
    #expect(
      complaints("a: [*бег]\nb: @user\nc: `x`\nd: %5\ne: !дом\nf: &дом") == [
        "1:5 E003", "2:4 E003", "3:4 E003", "4:4 E003", "5:4 E003", "6:4 E003",
      ])
    #expect(
      complaints("- *бег\n- [дом, !лес]\n- { a: *б, a: 1 }") == ["1:3 E003", "2:9 E003", "3:8 E003", "3:12 E002"])
  }

  @Test("the hint of an indicator says what to write instead") func hints() {
    let document = YAMLDocument(file: "t", bytes: Array("a: [*бег, !дом, @user]".utf8))
    #expect(
      document.diagnostics.map(\.hint) == [
        "only a trailing wildcard exists: \"бег*\"", "for exactly this form write \"=дом\"", "quote it: \"@user\"",
      ])
    #expect(document.diagnostics.first?.message == "a value may not start with «*» here")
    #expect(document.root?["a"]?.sequence?.map(\.isDamaged) == [true, true, true])
  }

  @Test("indicators inside quotation marks, blocks, comments and words are text") func harmless() {
    #expect(complaints("a: \"*бег &x !y @z\"\nb: '%'\nc: a*b & c! 5% x@y") == [])
    #expect(complaints("a: |\n  *бег\n  @user\n\n  # text\n  &x\nb: >-\n   !x\nc: 1") == [])
    #expect(complaints("# *бег\na: 1 # @user") == [])
    #expect(complaints("a: один\n  *два\nb: [раз\n  *два]") == [])
    #expect(complaints("a: \"раз\n  *два\"") == [])
  }

  @Test("a template without quotation marks is found") func braces() {
    #expect(
      complaints("a: {{ x }} — {{ y }}\nb: { c: {{ x }}, c: 1 }\nc: [{{ x }}]") == [
        "1:4 E003", "2:9 E003", "2:18 E002", "3:5 E003",
      ])
    let document = YAMLDocument(file: "t", bytes: Array("a: {{ x }} — {{ y }}".utf8))
    #expect(document.diagnostics.first?.hint == "quote it: \"{{ x }} — {{ y }}\"")
  }

  @Test("a value that is cut at a hash is found") func cut() {
    #expect(complaints("title: Слух #прорыв") == ["1:13 E004"])
    #expect(complaints("a: [слух #прорыв, дом]\nb: [#дом, лес]") == ["1:10 E004", "2:5 E004"])
    #expect(complaints("- #дом\n- лес") == ["1:3 E004"])
    #expect(complaints("match: #дом\nb: 1") == ["1:8 E004"])
    #expect(complaints("match: breach #1") == ["1:15 E004"])
    let document = YAMLDocument(file: "t", bytes: Array("a: [слух #прорыв, дом]".utf8))
    #expect(document.diagnostics.first?.hint == "quote it: \"слух #прорыв\"")
    #expect(document.root?["a"]?.sequence?.count == 2)
  }

  @Test("comments stay comments") func comments() {
    #expect(complaints("a: слух # прорыв\nb: 5 #пять\nc: stable #todo\n#d\n  #e\nf: C#\ng: { h: 1 } #дом") == [])
    #expect(complaints("a: #список\n  - 1") == [])
    #expect(complaints("a: #список\n- 1") == [])
    #expect(complaints("a: [\n  #раз\n  1, # два\n  2 ]") == [])
  }

  @Test("features that are not accepted are named") func features() {
    #expect(complaints("a: &base дом\nb: *base") == ["1:4 E005", "2:4 E005"])
    #expect(complaints("a: &base\n  x: 1\nb:\n  <<: *base\n  y: 2") == ["1:4 E005", "4:3 E005"])
    #expect(complaints("a: !!str 5\nb: !num 5") == ["1:4 E005", "2:4 E005"])
    #expect(complaints("? a\n: b") == ["1:1 E005"])
    #expect(complaints("{ [a, b]: c }") == ["1:3 E005"])
    #expect(complaints("%YAML 1.2\n---\na: 1") == ["1:1 E005"])
    #expect(complaints("---\na: 1\n---\nb: 2") == ["3:1 E005"])
    #expect(complaints("---\na: 1\n...\n") == [])
  }

  @Test("tabs in the indentation are found, other tabs are not") func tabs() {
    #expect(complaints("a:\n\tb: 1\n\tc: 2") == ["2:1 E005", "3:1 E005"])
    #expect(complaints("a:\n  b: 1\n \tc: 2") == ["3:2 E005"])
    #expect(complaints("a: 1\t# x\n\t\n\t# y\nb: |\n  x\n  \ty\nc: \"\tx\"") == [])
    #expect(
      complaints("a:\n  b: 1\n\tc: 2\n\td: { e: 1, e: 2 }\n  b: 3") == [
        "3:1 E005", "4:1 E005", "4:13 E002", "5:3 E002",
      ])
    #expect(complaints("b: |\n  \tx\n  y") == ["2:3 E005"])
  }
}

@Suite("A suggestion") struct SuggestionTests {
  @Test("is the nearest known word, within a third of its letters") func nearest() {
    #expect(Suggestion.nearest(to: "witin", among: ["weight", "within", "cap"]) == "within")
    #expect(Suggestion.nearest(to: "satuts", among: ["status", "stream"]) == "status")
    #expect(Suggestion.nearest(to: "зонт", among: ["status"]) == nil)
    #expect(Suggestion.nearest(to: "x", among: ["y"]) == nil)
  }
}

@Suite("Damaged files") struct DamageTests {
  private static let text = """
    format: 1
    lists: { water: [дамба, "плотина", 'гидро''узел'], rupture: [прорвать] } # слова
    rules:
      - id: a.b
        title: Слух &о прорыве
        match: >-
          breach and
          score >= 7
        guide: |
          1. *Раз* #два
        tests: [{ name: "x\\u0431", at: +0m }]
    """

  @Test("never crash the reader, and give a tree or a complaint") func mutations() {
    var random = SeededGenerator(seed: 20_260_302)
    let pieces: [[UInt8]] =
      [
        "\t", "\n", "*", "&a", "!", "#", " #x", "[", "]", "{", "}", ": ", "- ", "? ", "|", ">", "\"", "'", "\\", "%",
        "@", "---\n", "<<: *a", "\u{0}", "\r", "\u{2028}", "\u{FEFF}",
      ].map { Array($0.utf8) }
      + [[0xFF], [0xD0], [0xF4, 0x90]]
    for _ in 0..<3000 {
      var bytes = Array(DamageTests.text.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let start = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, start + Int.random(in: 0...3, using: &random))
        bytes.replaceSubrange(start..<end, with: pieces.randomElement(using: &random) ?? [])
        if Bool.random(using: &random), bytes.count > 8 { bytes.removeLast(Int.random(in: 0...8, using: &random)) }
      }
      let document = YAMLDocument(file: "t", bytes: bytes)
      #expect(document.root != nil || !document.diagnostics.isEmpty)
      for diagnostic in document.diagnostics {
        #expect(diagnostic.place.line >= 1 && diagnostic.place.column >= 1)
      }
    }
  }
}
