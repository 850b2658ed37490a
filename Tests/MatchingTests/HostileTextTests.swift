import Foundation
import Testing

/// Texts that nobody writes in good faith: a bounded time, a bounded memory, no crash. The limits are generous: a cost
/// that grows with the square of these texts takes hours.
@Suite("Hostile texts", .timeLimit(.minutes(10))) struct HostileTextTests {
  private static let plain = [
    "дамба", "{ near: [дамба, прорвать], within: 50 }", "{ near: [дамба, прорвать], within: 50, span: document }",
    "{ any: [дамба], not_after: { words: [не], within: 50 } }", "дамба прорвать", "{ all: [дамба, вода] }",
  ]
  /// These switch on what a matcher does without where no rule asks for it.
  private static let signed = [
    "\"дамба~1\"", "\"^Дамба\"", "\"дам*\"", "{ regex: 'дамб[ауы]' }", "\"#дамба\"", "\"@damba\"",
  ]

  private func find(_ text: String) throws -> [String] {
    let found = try RuleTrial(HostileTextTests.plain).found(text)
    let both = try RuleTrial(HostileTextTests.plain + HostileTextTests.signed).found(text)
    #expect(both.prefix(found.count) == found[...])
    return found.map { String($0.prefix(2)) }
  }

  private func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  @Test("a megabyte on one line") func line() throws {
    #expect(try find(many("вода и ветер ", 44_000) + "дамба") == ["r0", "r3", "r5"])
    #expect(try find(many("не было слов ", 44_000) + "дамба") == ["r0"])
  }

  @Test("ten thousand mentions, near and far") func mentions() throws {
    #expect(try find(many("дамбу прорвало ", 10_000)) == ["r0", "r1", "r2", "r3", "r4"])
    #expect(try find(many("дамба ", 4_000) + many("прорвало ", 4_000)) == ["r0", "r1", "r2", "r3", "r4"])
    #expect(try find(many("Дамба. ", 4_000) + many("Прорвало. ", 4_000)) == ["r0", "r2", "r3"])
  }

  @Test("a token of a quarter of a megabyte, of letters, digits, hyphens, apostrophes, underscores") func token() throws
  {
    for part in ["дамба-", "д-"] { #expect(try find("Вот " + many(part, 5000)).count <= 2, "\(part)") }
    for part in ["а", "д", "ab", "а\u{200B}", "3а", "д'", "дамба_", "д_", "ё", "é", "家", "\u{1D41A}"] {
      #expect(try find("Вот " + many(part, (1 << 18) / part.utf8.count)).count <= 2, "\(part)")
    }
    #expect(try find(many("дамба-", 2000) + "дамба") == ["r0", "r3"])
  }

  @Test("lone marks, and a letter under a hundred thousand of them") func marks() throws {
    #expect(try find(many("\u{301}", 300_000)) == [])
    #expect(try find(many("\u{301} ", 100_000)) == [])
    #expect(try find("ъ" + many("\u{316}\u{33D}", 100_000)) == [])
    #expect(try find("дамба" + many("\u{5B0}\u{5B7}", 100_000)) == [])
    #expect(try find("дамб\u{301}\u{302}\u{303}\u{304}\u{305}а") == ["r0", "r3"])
  }

  @Test("rows of single letters, however long, with every sign between them") func letters() throws {
    #expect(try find(many("а б в г д ъ ", 4_000)) == [])
    #expect(try find(many("ъ ", 100_000)) == [])
    // Beyond any limit a row of words is still read.
    #expect(try find(many("в о д а ", 3_000) + "д а м б а") == ["r0", "r3", "r5"])
    for sign in [".", "·", "-", "*", "@", "_", "\u{A0}", "•"] {
      #expect(try find(many("ъ\(sign)", 100_000)) == [], "\(sign)")
      #expect(try find(many("ъ\(sign)", 8_000) + "дамбой").count <= 2, "\(sign)")
    }
  }

  @Test("masks in rows") func masks() throws {
    for part in ["*", "@", "д@", "д@ ", "д*м* ", "@д ", "дамба*", "дамба@", "**дамба** ", "#@", "#д@*"] {
      #expect(try find(many(part, 8_000)).count <= 3, "\(part)")
    }
    #expect(try find(many("слово*", 8_000) + " дамба") == ["r0", "r3"])
  }

  @Test("a hundred thousand different words change nothing, whatever is forgotten on the way") func vocabulary() throws
  {
    let text = "Дaмбу прорвало, вода"
    let trial = try RuleTrial(HostileTextTests.plain + HostileTextTests.signed, wordLimit: 1000)
    let before = trial.found(text)
    for start in stride(from: 0, to: 100_000, by: 2500) {
      let words = (start..<start + 2500).map { "слово\($0)" }.joined(separator: " ")
      // The words are forgotten between two texts and never within one.
      #expect(trial.found("дамбу прорвало " + words + " вода").count == 9)
    }
    #expect(trial.found(text) == before)
  }

  @Test("every mix of Latin words that read as Russian ones") func latin() throws {
    #expect(try find(many("damba ", 4_000)) == ["r0", "r3"])
    #expect(try find(many("damba proryv english words more ", 10_000)).isEmpty)
  }
}
