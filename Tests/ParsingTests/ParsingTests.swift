import Foundation
import JSON
import Model
import Testing

@testable import Parsing

/// 2026-11-23T18:00:00Z, a Monday: 21:00 in Moscow.
let now = Moment(milliseconds: 1_795_456_800_000)

/// The bytes of a fixture beside the tests.
func fixture(_ name: String) throws -> [UInt8] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
  return try [UInt8](Data(contentsOf: folder.appending(path: name)))
}

func read(
  _ bytes: [UInt8], url: String = "https://vesti.example/rss", headers: [String: String] = [:],
  timezone: String = "UTC", source: Source? = nil
) -> Feed {
  DocumentReader.read(
    Payload(bytes: bytes, url: url, headers: headers),
    options: ReadingOptions(now: now, timezone: timezone, source: source))
}

func read(_ text: String) -> Feed { read(Array(text.utf8)) }

func moment(_ text: String) -> Moment? { Moment(rfc3339: text) }

@Suite("A document is read by its content")
struct KindTests {
  @Test("RSS 2.0 with modules, field by field") func rss() throws {
    let feed = read(try fixture("town.rss"))

    #expect(feed.kind == "rss")
    #expect(feed.title == "Вести «Речного»")
    #expect(feed.link == "https://vesti.example/")
    #expect(feed.language == "ru")
    #expect(feed.updated == moment("2026-11-23T11:30:00Z"))
    try #require(feed.items.count == 3)

    let bridge = feed.items[0]
    #expect(bridge.id == "vesti-101")
    #expect(bridge.title == "Мост закрыт на ремонт")
    #expect(bridge.link == "https://vesti.example/city/101.html")
    #expect(bridge.published == moment("2026-11-23T11:05:00Z"))
    #expect(bridge.authors == ["Анна Речная"])
    #expect(bridge.categories == ["Город", "Дороги"])
    #expect(bridge.summary == "Объезд по <a href=\"https://vesti.example/map\">набережной</a>.")
    #expect(bridge.content == "<p>Мост закрыт.</p><p>Объезд\u{A0}— по набережной.</p>")
    #expect(bridge.plainText == "Мост закрыт.\nОбъезд — по набережной.")
    #expect(bridge.commentsURL == "https://vesti.example/city/101.html#comments")
    #expect(bridge.commentsFeed == "https://vesti.example/city/101/feed")
    #expect(bridge.commentCount == 12)
    #expect(bridge.enclosures == [Enclosure(url: "https://vesti.example/101.jpg", type: "image/jpeg", length: 4096)])
    #expect(bridge.lang == "ru")

    let water = feed.items[1]
    #expect(water.link == "https://vesti.example/city/102.html")
    #expect(water.authors == ["Пётр Лодкин"])
    #expect(water.commentCount == 1204)

    let bare = feed.items[2]
    #expect(bare.link == nil)
    #expect(bare.id?.hasPrefix("hash:") == true)
    #expect(bare.commentCount == nil)
    #expect(feed.warnings.map(\.code) == ["future-date"])
  }

  @Test("Atom 1.0 with replies, bases and languages") func atom() throws {
    let feed = read(try fixture("forum.atom"), url: "https://forum.example/feed.atom")

    #expect(feed.kind == "atom")
    #expect(feed.title == "Форум & соседи")
    #expect(feed.link == "https://forum.example/topics/")
    #expect(feed.updated == moment("2026-11-23T10:00:00.250Z"))
    try #require(feed.items.count == 2)

    let question = feed.items[0]
    #expect(question.id == "tag:forum.example,2026:7")
    #expect(question.title == "Вода < нормы?")
    #expect(question.link == "https://forum.example/topics/7")
    #expect(question.commentsURL == "https://forum.example/topics/7#r")
    #expect(question.commentsFeed == "https://forum.example/topics/7/replies")
    #expect(question.commentCount == 5)
    #expect(question.published == moment("2026-11-23T09:05:00Z"))
    #expect(question.updated == moment("2026-11-23T09:30:00Z"))
    #expect(question.authors == ["Совет дома"])
    #expect(question.categories == ["Вода", "voda"])
    #expect(question.content == "<div><p>Давление <em>упало</em>.</p></div>")
    #expect(question.plainText == "Давление упало.")

    let reply = feed.items[1]
    #expect(reply.lang == "uk")
    #expect(reply.updated == moment("2026-11-23T00:00:00Z"))
    #expect(reply.published == nil)
    #expect(reply.plainText == "У нас\nтоже")
    #expect(reply.inReplyTo == "tag:forum.example,2026:7")
  }

  @Test("RSS 1.0, whose items stand beside the channel") func rdf() throws {
    let feed = read(try fixture("old.rdf"))
    #expect(feed.kind == "rdf")
    #expect(feed.title == "Старая лента")
    #expect(feed.items.map(\.id) == ["https://old.example/1", "https://old.example/2"])
    #expect(feed.items.map(\.published) == [moment("2026-11-22T05:00:00Z"), nil])
  }

  @Test("JSON Feed 1.1, ids as numbers too") func json() throws {
    let feed = read(try fixture("board.json"))
    #expect(feed.kind == "json")
    #expect(feed.items.map(\.id) == ["5", "6"])
    #expect(feed.items[0].content == "<p>Рыжий</p>")
    #expect(feed.items[0].published == moment("2026-11-23T11:05:00Z"))
    #expect(feed.items[0].authors == ["Иван"])
    #expect(feed.items[0].categories == ["коты"])
    #expect(feed.items[0].enclosures == [Enclosure(url: "https://board.example/5.jpg", type: "image/jpeg", length: 10)])
    #expect(feed.items[1].content == "1 &lt; 2")
    #expect(feed.items[1].plainText == "1 < 2")
  }

  @Test(
    "what is no feed gives no items and a warning",
    arguments: [
      ("", nil, "empty"), (" \n\u{0}", nil, "empty"), ("just a text", nil, "not-a-feed"),
      ("{\"a\":1}", nil, "not-a-feed"), ("{\"a\":", nil, "malformed-json"), ("<svg/>", nil, "not-a-feed"),
      ("<!doctype html><title>x</title>", "html", "not-a-feed"),
    ] as [(String, String?, String)])
  func noFeed(text: String, kind: String?, code: String) {
    let feed = read(text)
    #expect(feed.kind == kind)
    #expect(feed.items.isEmpty)
    #expect(feed.warnings.contains { $0.code == code })
  }

  @Test("a page that names its feed says where it is") func discovery() {
    let page = """
      <html><head><link rel="alternate" type="application/rss+xml" href="/rss"></head><body>Новости</body></html>
      """
    #expect(read(page).warnings.contains { $0.code == "feed-link" && $0.text.contains("https://vesti.example/rss") })
  }

  @Test("every kind has a name and a summary of its own") func table() {
    let kinds = DocumentKind.all
    #expect(Set(kinds.map(\.name)).count == kinds.count)
    #expect(kinds.allSatisfy { !$0.summary.isEmpty })
  }

  @Test("JSON comes in the order of the contract, absent values absent") func output() throws {
    let json = read(try fixture("old.rdf")).json
    let expected =
      #"{"kind":"rdf","title":"Старая лента","link":"https://old.example/","items":[{"id":"https://old.example/1","title":"Первая","link":"https://old.example/1","published":"2026-11-22T05:00:00Z"},{"id":"https://old.example/2","title":"Вторая","link":"https://old.example/2"}],"warnings":[]}"#
    #expect(json == expected)
    #expect(read("").json.hasPrefix(#"{"kind":null,"items":[],"warnings":[{"code":"empty""#))
  }

  @Test("the comments of a feed, with their authors and texts") func comments() throws {
    let entries = CommentFeedReader.entries(of: read(try fixture("comments.rss")))
    #expect(entries.map(\.id) == ["https://vesti.example/101#c1", "c2"])
    #expect(entries.map(\.author) == ["Лодочник", "Рыбак"])
    #expect(entries.map(\.text) == ["Опять?\nСколько можно", "Вброс"])
    #expect(entries[0].published == moment("2026-11-23T11:10:00Z"))
    let replies = CommentFeedReader.entries(of: read(try fixture("forum.atom")))
    #expect(replies.last?.itemRef == "tag:forum.example,2026:7")
  }

  @Test("items that share an id and differ in link are both kept, with a warning") func sharedID() {
    let feed = read(
      """
      <rss><channel><item><guid isPermaLink="false">1</guid><link>https://a.example/1</link></item>\
      <item><guid isPermaLink="false">1</guid><link>https://a.example/2</link></item></channel></rss>
      """)
    #expect(feed.items.map(\.link) == ["https://a.example/1", "https://a.example/2"])
    #expect(Set(feed.items.map(\.id)).count == 2)
    #expect(feed.warnings.map(\.code) == ["duplicate-id"])
  }
}
