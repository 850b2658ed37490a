import JSON
import Testing

/// A text that stands on another page again is a repost, however its letters are cased and its words spaced.
@Suite("The same text again") struct RepeatedTextTests {
  private let rule = """
    format: 1
    rules:
      - { id: dam, type: claim, status: test, narrative: n, terms: { t: { any: [дамба] } }, match: t }
    """

  private func reposts(_ first: String, _ second: String) throws -> Int {
    let events = try Replaying.events(
      rule, [Replaying.item("a", first), Replaying.item("b", at: "06:05:00", second)])
    return Replaying.told(events, "note.repost").count
  }

  @Test(
    "is known by its words",
    arguments: [
      ("Дамба «ПРОРВАНА»… Ёлка, Ђ и Џ – Help!", "дамба\t«прорвана»…  ёлка, ђ И џ – HELP!\r\n"),
      // A blank that does not break, and a letter with an accent of its own, are no common punctuation.
      ("Дамба прорвана", "ДАМБА\u{A0}ПРОРВАНА"), ("дамба, é", "Дамба,  É"),
      // Blanks of other widths.
      ("дамба — вода", "дамба\u{2009}—\u{2003}вода "),
    ])
  func same(first: String, second: String) throws { #expect(try reposts(first, second) == 1) }

  @Test(
    "is not the same with other words",
    arguments: [
      ("дамба прорвана", "дамбапрорвана дамба"), ("дамба ё", "дамба е"), ("дамба ѡ", "дамба ѐ"),
      ("дамба – вода", "дамба — вода"),
    ])
  func other(first: String, second: String) throws { #expect(try reposts(first, second) == 0) }
}
