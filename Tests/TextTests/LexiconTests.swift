import Testing
import Text

/// The dictionary is part of the set-up: without it these tests fail, they do not skip.
@Suite("The dictionary") struct LexiconTests {
  private func lexicon() throws -> Lexicon {
    let folder = try #require(Lexicon.defaultFolder(), "run scripts/setup: the dictionary is missing")
    return try #require(Lexicon(folder: folder))
  }

  @Test("gives every form its dictionary form, participles their verb")
  func lemmas() throws {
    let lexicon = try lexicon()
    #expect(lexicon.likelyLemmas(of: "дамбу") == ["дамба"])
    #expect(lexicon.likelyLemmas(of: "прорвало") == ["прорвать"])
    #expect(lexicon.likelyLemmas(of: "отравлена") == ["отравить"])
    #expect(lexicon.likelyLemmas(of: "очевидцы") == ["очевидец"])
  }

  @Test("reads е as ё where a word has it")
  func yo() throws {
    let lexicon = try lexicon()
    #expect(lexicon.readings(of: "идет").map(\.lemma) == ["идти"])
    #expect(lexicon.readings(of: "еж").map(\.lemma) == ["еж"])
  }

  @Test("drops a reading that the corpus hardly ever met beside a common one")
  func pruning() throws {
    let lexicon = try lexicon()
    #expect(lexicon.readings(of: "стали").map(\.lemma).contains("сталь"))
    #expect(lexicon.likelyLemmas(of: "стали") == ["стать"])
  }

  @Test("does not know invented words")
  func unknown() throws {
    let lexicon = try lexicon()
    #expect(!lexicon.knows("бурлындия"))
    #expect(lexicon.likelyLemmas(of: "") == [])
  }

  @Test("a damaged or missing file is no dictionary")
  func missing() {
    #expect(Lexicon(folder: "/nonexistent") == nil)
  }
}
