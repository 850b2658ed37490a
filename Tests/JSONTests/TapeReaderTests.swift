import JSON
import Model
import Testing

@Suite("Reading a tape") struct TapeReaderTests {
  /// 2026-03-01T06:00:00Z, worked out by hand: 20513 days and six hours.
  private let nine = Moment(milliseconds: (20_513 * 86_400 + 6 * 3600) * 1000)

  private func read(_ line: String, lang: String = "ru") throws(TapeError) -> TapeLine {
    var reader = TapeReader(defaultLanguage: lang) { AuthorKey(UInt64($0.utf8.count)) }
    return try reader.read(line: Array(line.utf8))
  }

  @Test("an item is read whole, unknown members are ignored")
  func item() throws {
    let line = try read(
      #"""
      {"x":{"id":"no"},"kind":"item","at":"2026-03-01T09:00:00+03:00","id":"a1","source":"news1","source_class":"official","region":"RU-ORE","lang":"tt","url":"https://news1.example/1","title":"Дамба \u2116 1","body":"Прорвало","author":"Иван","published":"2026-03-01T08:41:00+03:00","id":"second"}
      """#)
    #expect(
      line
        == .item(
          at: nine,
          Publication(
            id: "a1", source: "news1", sourceClass: "official", region: "RU-ORE", lang: "tt",
            url: "https://news1.example/1", title: "Дамба № 1", body: "Прорвало", author: AuthorKey(8),
            published: nine - .minutes(19))))
  }

  @Test("what an item leaves out is filled in: media, the file's language, its arrival")
  func defaults() throws {
    let bare = #"{"kind":"item","at":"2026-03-01T06:00:00Z","id":"a1"}"#
    #expect(try read(bare) == .item(at: nine, Publication(id: "a1", published: nine)))
    #expect(try read(bare, lang: "ba") == .item(at: nine, Publication(id: "a1", lang: "ba", published: nine)))
    let empty = #"""
      {"kind":"item","at":"2026-03-01T06:00:00Z","id":"a1","source":"","source_class":"","region":"","lang":"","url":"","title":"","body":null,"author":"","published":""}
      """#
    #expect(try read(empty) == .item(at: nine, Publication(id: "a1", published: nine)))
  }

  @Test("a null language is undetermined, not the default")
  func nullLanguage() throws {
    let line = try read(#"{"kind":"item","at":"2026-03-01T06:00:00Z","id":"a1","lang":null}"#)
    #expect(line == .item(at: nine, Publication(id: "a1", lang: nil, published: nine)))
  }

  @Test("a comment is read, with milliseconds in its time")
  func comment() throws {
    let line = try read(
      ##"{"kind":"comment","at":"2026-03-01T06:00:00.250Z","id":"c1","source":"news1","item":"a1","region":"RU-ORE","narrative":"dam-breach","author":"#00000000000000fF","text":"правда?"}"##
    )
    let at = Moment(milliseconds: nine.milliseconds + 250)
    #expect(
      line
        == .comment(
          at: at,
          Comment(
            id: "c1", source: "news1", item: "a1", region: "RU-ORE", narrative: "dam-breach",
            author: AuthorKey(255), text: "правда?", published: at)))
  }

  @Test("the other kinds are read")
  func otherKinds() throws {
    let at = #""at":"2026-03-01T06:00:00Z""#
    #expect(
      try read(#"{"kind":"total",\#(at),"source":"s","item":"a1","comments":123}"#)
        == .total(at: nine, Total(source: "s", item: "a1", comments: 123)))
    #expect(
      try read(#"{"kind":"fetch",\#(at),"source":"s","status":503}"#)
        == .fetch(at: nine, Fetch(source: "s", status: 503)))
    #expect(
      try read(#"{"kind":"fire",\#(at),"rule":"claim.dam","region":"RU-PER","n":1,"region":"RU-ORE","narrative":""}"#)
        == .fire(at: nine, Fire(rule: "claim.dam", key: ["region": "RU-PER"])))
    #expect(try read(#"{"kind":"tick",\#(at)}"#) == .tick(at: nine))
    #expect(try read(#"{"kind":"rules",\#(at),"set":"sha256:00"}"#) == .rules(at: nine, set: "sha256:00"))
  }

  @Test("an act keeps its JSON as it was written")
  func act() throws {
    let json = #"{"kind":"act", "at":"2026-03-01T06:00:00Z","do":"close","alert":{"rule":"r"},"reason":"no \"fake\""}"#
    #expect(try read("  \(json) \r") == .act(at: nine, Act(verb: "close", json: json)))
  }

  @Test(
    "a bad line says in one sentence what is wrong",
    arguments: [
      ("{", "not JSON: "), ("[]", "one JSON object"), ("7", "one JSON object"),
      (#"{"at":"2026-03-01T06:00:00Z"}"#, "«kind» is missing"), (#"{"kind":1}"#, "«kind» must be a string"),
      (#"{"kind":"item","id":"a"}"#, "«at» is missing"), (#"{"kind":"item","at":5}"#, "«at» must be a string"),
      (#"{"kind":"item","at":"2026-03-01T06:00:00","id":"a"}"#, "«at» is not a time of RFC 3339"),
      (#"{"kind":"item","at":"2026-02-30T06:00:00Z","id":"a"}"#, "«at» is not a time of RFC 3339"),
      (#"{"kind":"itm","at":"2026-03-01T06:00:00Z"}"#, "unknown kind «itm»"),
      (#"{"kind":"a\u0007\u202eb","at":"2026-03-01T06:00:00Z"}"#, "unknown kind «a\u{FFFD}\u{FFFD}b»"),
      (#"{"kind":"item","at":"2026-03-01T06:00:00Z"}"#, "«id» is missing"),
      (#"{"kind":"item","at":"2026-03-01T06:00:00Z","id":""}"#, "«id» is missing"),
      (#"{"kind":"comment","at":"2026-03-01T06:00:00Z","id":"c","text":["x"]}"#, "«text» must be a string"),
      (#"{"kind":"comment","at":"2026-03-01T06:00:00Z","id":"c","published":"x"}"#, "«published» is not a time"),
      (#"{"kind":"item","at":"2026-03-01T06:00:00Z","id":"a","source_class":"blog"}"#, "unknown source_class «blog»"),
      (#"{"kind":"total","at":"2026-03-01T06:00:00Z","comments":1}"#, "«item» is missing"),
      (#"{"kind":"total","at":"2026-03-01T06:00:00Z","item":"a"}"#, "«comments» is missing"),
      (#"{"kind":"total","at":"2026-03-01T06:00:00Z","item":"a","comments":-1}"#, "«comments» must not be negative"),
      (#"{"kind":"total","at":"2026-03-01T06:00:00Z","item":"a","comments":1000000000001}"#, "no counter's reading"),
      (#"{"kind":"total","at":"2026-03-01T06:00:00Z","item":"a","comments":1.5}"#, "«comments» must be a whole number"),
      (
        #"{"kind":"total","at":"2026-03-01T06:00:00Z","item":"a","comments":1e30}"#, "«comments» must be a whole number"
      ),
      (#"{"kind":"fetch","at":"2026-03-01T06:00:00Z","status":1}"#, "«source» is missing"),
      (#"{"kind":"fetch","at":"2026-03-01T06:00:00Z","source":"s"}"#, "«status» is missing"),
      (#"{"kind":"act","at":"2026-03-01T06:00:00Z"}"#, "«do» is missing"),
      (#"{"kind":"fire","at":"2026-03-01T06:00:00Z"}"#, "«rule» is missing"),
      (#"{"kind":"rules","at":"2026-03-01T06:00:00Z"}"#, "«set» is missing"),
    ])
  func badLine(line: String, words: String) throws {
    let error = #expect(throws: TapeError.self) { try read(line) }
    #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
  }

  @Test("one reader goes on after a bad line")
  func goesOn() throws {
    var reader = TapeReader { _ in AuthorKey(0) }
    do {
      _ = try reader.read(line: Array("{".utf8))
      Issue.record("«{» was read")
    } catch {}
    #expect(try reader.read(line: Array(#"{"kind":"tick","at":"2026-03-01T06:00:00Z"}"#.utf8)) == .tick(at: nine))
  }

  @Test(
    "the two ways to read a time agree",
    arguments: [
      "2026-03-01T06:00:00Z", "2026-03-01T09:00:00+03:00", "2026-03-01T00:30:00-05:30", "2024-02-29T23:59:59Z",
      "2026-02-29T00:00:00Z", "2026-03-01t06:00:00z", "2026-03-01 06:00:00Z", "2026-03-01T06:00:00.5Z",
      "2026-03-01T24:00:00Z", "2026-03-01T06:60:00Z", "2026-13-01T06:00:00Z", "2026-03-01T06:00:00+24:00",
      "2026-03-01T06:00:00+0300", "20a6-03-01T06:00:00Z", "2026-03-01T06:00:00Ё", "2026-03-01T06:00:00.123+03:00",
      "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-03-01T06:00:00+03:6/", "",
    ])
  func times(text: String) {
    let fast = Array(text.utf8).withUnsafeBufferPointer { Moment(rfc3339: $0) }
    #expect(fast == Moment(rfc3339: text))
  }

  @Test("the two ways to write a time agree")
  func writtenTimes() {
    var random = Seeded(state: 3)
    let edges: [Int64] = [0, -1, 1, 999, -62_167_219_200_001, 253_402_300_799_999, 253_402_300_800_000]
    for milliseconds in edges
      + (0..<500).map({ _ in Int64.random(in: -70_000_000_000_000...300_000_000_000_000, using: &random) })
    {
      var bytes: [UInt8] = []
      Moment(milliseconds: milliseconds).writeRFC3339(into: &bytes)
      #expect(String(decoding: bytes, as: UTF8.self) == Moment(milliseconds: milliseconds).rfc3339)
    }
  }

  @Test("a line of history is read")
  func history() throws {
    var reader = TapeReader { _ in AuthorKey(0) }
    let line =
      #"{"series":{"narrative":"dam","region":"RU-ORE"},"bucket":"15m","start":"2026-03-01T06:00:00Z","counts":[10,0,8]}"#
    let history = try Array(line.utf8).withUnsafeBufferPointer { try reader.readHistory(line: $0) }
    #expect(
      history
        == HistoryLine(
          series: ["narrative": "dam", "region": "RU-ORE"], bucket: .minutes(15), start: nine, counts: [10, 0, 8]))
  }

  @Test(
    "a bad line of history says what is wrong",
    arguments: [
      (#"{"bucket":"15m","start":"2026-03-01T06:00:00Z","counts":[]}"#, "«series» is missing"),
      (#"{"series":{"a":1},"bucket":"15m","start":"2026-03-01T06:00:00Z","counts":[]}"#, "must be strings"),
      (#"{"series":{"a":"b"},"bucket":"0s","start":"2026-03-01T06:00:00Z","counts":[]}"#, "«bucket»"),
      (#"{"series":{"a":"b"},"bucket":"15m","start":"yesterday","counts":[]}"#, "«start»"),
      (#"{"series":{"a":"b"},"bucket":"15m","start":"2026-03-01T06:00:00Z","counts":[-1]}"#, "not negative"),
      (#"{"series":{"a":"b"},"bucket":"15m","start":"2026-03-01T06:00:00Z"}"#, "«counts»"),
      ("[1]", "one JSON object"),
    ])
  func badHistory(line: String, words: String) throws {
    var reader = TapeReader { _ in AuthorKey(0) }
    do {
      _ = try Array(line.utf8).withUnsafeBufferPointer { try reader.readHistory(line: $0) }
      Issue.record("\(line) was read")
    } catch let error as TapeError { #expect(error.message.contains(words), "\(error.message)") }
  }
}
