import Testing
import Text

@Suite("Folding a word") struct FoldingTests {
  private func texts(_ raw: String) -> [String] { Folding.readings(of: raw).map(\.text) }

  @Test("case and ё go")
  func plain() {
    #expect(texts("ЁЛКА") == ["елка"])
    #expect(texts("Њ") == ["њ"])
    #expect(texts("Covid-19") == ["covid-19"])
  }

  @Test("look-alike letters of another script are read both ways")
  func lookAlikes() {
    #expect(Folding.readings(of: "дaмбa").last == FoldedWord(text: "дамба", foldings: .homoglyph))
    #expect(texts("пр0рыв").last == "прорыв")
    #expect(texts("3авод").last == "завод")
    #expect(texts("COVID") == ["covid"])
    #expect(texts("2го") == ["2го"])
    #expect(texts("0о") == ["0о"])
  }

  @Test("zero-width characters, soft hyphens and stress marks go")
  func invisible() {
    #expect(Folding.fold("дам\u{200B}ба") == FoldedWord(text: "дамба", foldings: .invisible))
    #expect(Folding.fold("да\u{301}мба") == FoldedWord(text: "дамба", foldings: .stress))
    #expect(Folding.fold("и\u{306}од").text == "йод")
  }

  @Test("a letter under two hundred thousand marks costs no more than it is long", .timeLimit(.minutes(1)))
  func heaps() {
    let heap = String(repeating: "\u{33D}\u{316}", count: 100_000)
    #expect(Folding.fold("дамба" + heap) == FoldedWord(text: "дамба", foldings: .stress))
  }

  @Test("compatibility forms become plain")
  func compatibility() { #expect(Folding.fold("ﬁn").text == "fin") }
}
