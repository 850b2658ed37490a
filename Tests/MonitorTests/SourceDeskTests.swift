import Configuration
import Engine
import Foundation
import JSON
import Model
import Parsing
import Polling
import Storage
import Testing

@testable import Monitor

/// 2026-11-23T18:00:00Z.
private let evening = Moment(milliseconds: 1_795_456_800_000)

/// A desk on a store of its own, given answers by hand.
private final class Desk {
  let store = MemoryStore()
  let desk: SourceDesk
  let clock = VirtualClock(evening)

  init() throws {
    let pipeline = try Pipeline(
      rules: [], lexicon: nil, settings: EngineSettings(), history: [], store: store,
      router: Router(configuration: .init(file: "nabat.yaml"), kinds: [], rules: [])
    ) { _ in }
    desk = SourceDesk(
      pipeline: pipeline, ingest: Ingest { name, _ in AuthorKey(UInt64(name.utf8.count)) }, clock: clock
    ) { _ in }
  }

  @discardableResult
  func answer(_ source: Source, _ body: String?, url: String? = nil) async throws -> PollVerdict {
    let address = url ?? source.url
    let outcome: PollResult.Outcome =
      body.map { .payload(Payload(bytes: Array($0.utf8), url: address)) } ?? .failed(words: "нет ответа", status: 0)
    var state = SourceState(source: source.id)
    state.etag = nil
    return try await desk.take(
      PollResult(
        source: source, url: address, isExtra: url != nil, outcome: outcome, fetchedAt: clock.now,
        validators: Validators(etag: "\"1\"", lastModified: nil), before: state))
  }

  func lines(_ kind: String) throws -> [JSONValue] {
    var lines: [JSONValue] = []
    try store.tape(from: nil, to: nil) { row in
      if row.kind == kind { lines.append(try JSONValue(parsing: Array(row.line))) }
    }
    return lines
  }
}

private func feed(_ items: String...) -> String {
  "<rss version=\"2.0\"><channel><title>t</title>\(items.joined())</channel></rss>"
}

private let article = String(
  repeating: "Мост через Речную закрыт с понедельника: рабочие меняют настил, движение пойдёт по набережной. ", count: 8
)

@Suite("The texts of items of which a feed carries a teaser") struct FullTextTests {
  private func source() -> Source {
    var source = Source(id: "town", kind: "feed", url: "https://town.example/rss", place: Place(file: ""))
    source.fullText = true
    source.comments = .off
    return source
  }

  private let teaser =
    "<item><guid>a1</guid><link>https://town.example/1</link><title>Мост</title><description>Закрыт.</description></item>"

  @Test("come from their pages; until then the feed's state promises to ask for it whole") func text() async throws {
    let night = try Desk()
    let whole = "<item><guid>a2</guid><link>https://town.example/2</link><description>\(article)</description></item>"

    let verdict = try await night.answer(source(), feed(teaser, whole))
    #expect(verdict.extras == ["https://town.example/1"])
    #expect(try night.lines("item").map { $0["id"]?.string } == ["a2"])
    #expect(try night.store.sourceStates().map(\.etag) == [nil])

    try await night.answer(source(), "<article><h1>Мост</h1><p>\(article)</p></article>", url: "https://town.example/1")
    let items = try night.lines("item")
    #expect(items.map { $0["id"]?.string } == ["a2", "a1"])
    #expect(items.last?["body"]?.string == article.trimmingCharacters(in: .whitespaces))

    let again = try await night.answer(source(), feed(teaser, whole))
    #expect(again.extras.isEmpty)
    #expect(try night.store.sourceStates().map(\.etag) == ["\"1\""])
  }

  @Test("stay teasers where the page cannot be read") func failing() async throws {
    let night = try Desk()
    try await night.answer(source(), feed(teaser))
    try await night.answer(source(), nil, url: "https://town.example/1")
    #expect(try night.lines("item").map { $0["body"]?.string } == ["Закрыт."])
  }
}

@Suite("Comment counters of pages") struct CounterWatchTests {
  private func source(_ comments: Source.CommentReading = .auto) -> Source {
    var source = Source(id: "town", kind: "feed", url: "https://town.example/rss", place: Place(file: ""))
    source.comments = comments
    return source
  }

  /// Published at 18:00.
  private let item =
    "<item><guid>a1</guid><link>https://town.example/1</link><title>Мост</title><pubDate>Mon, 23 Nov 2026 18:00:00 GMT</pubDate></item>"

  @Test("are read 15 minutes, 1, 4, 12 and 24 hours after the publication, then no more") func schedule() async throws {
    let night = try Desk()
    var asked: [Int] = []
    for minute in stride(from: 0, through: 26 * 60, by: 5) {
      night.clock.advance(to: evening + .minutes(Int64(minute)))
      let verdict = try await night.answer(source(), feed(item))
      guard !verdict.extras.isEmpty else { continue }
      #expect(verdict.extras == ["https://town.example/1"])
      asked.append(minute)
      try await night.answer(source(), "<p>Мост</p><a>\(minute / 60) комментариев</a>", url: "https://town.example/1")
    }
    #expect(asked == [15, 60, 240, 720, 1440])
    let totals = try night.lines("total")
    #expect(totals.map { $0["comments"] } == [0, 1, 4, 12, 24])
    #expect(totals.allSatisfy { $0["item"]?.string == "a1" && $0["source"]?.string == "town" })
  }

  @Test("that grow fast are read again a quarter of an hour later") func rush() async throws {
    let night = try Desk()
    var asked: [Int] = []
    for minute in stride(from: 0, through: 3 * 60, by: 5) {
      night.clock.advance(to: evening + .minutes(Int64(minute)))
      guard try await !night.answer(source(), feed(item)).extras.isEmpty else { continue }
      asked.append(minute)
      let count = minute < 60 ? 1 : minute < 90 ? minute : 75
      try await night.answer(source(), "<p>Мост</p><a>\(count) комментариев</a>", url: "https://town.example/1")
    }
    // 1 at 15, 60 at 60: again at 75; 75 then: again at 90; still 75: no more.
    #expect(asked == [15, 60, 75, 90])
  }

  @Test("are not asked for where the feed says them, where comments are off, or where no page has any")
  func left() async throws {
    let night = try Desk()
    night.clock.advance(to: evening + .minutes(20))
    let counted = item.replacing(
      "</item>", with: "<comments xmlns='http://purl.org/rss/1.0/modules/slash/'>3</comments></item>")
    #expect(try await night.answer(source(), feed(counted)).extras.isEmpty)
    let off = try Desk()
    off.clock.advance(to: evening + .minutes(20))
    #expect(try await off.answer(source(.off), feed(item)).extras.isEmpty)

    let bare = try Desk()
    let many = (1...8).map { number in
      item.replacing("a1", with: "b\(number)").replacing("example/1", with: "example/\(number)")
    }
    bare.clock.advance(to: evening + .minutes(20))
    let first = try await bare.answer(source(), feed(many.prefix(5).joined()))
    #expect(first.extras.count == 5)
    for url in first.extras { try await bare.answer(source(), "<p>Нет ничего</p>", url: url) }
    bare.clock.advance(to: evening + .minutes(25))
    #expect(try await bare.answer(source(), feed(many.joined())).extras.isEmpty)
  }

  @Test("of another site are not asked for") func elsewhere() async throws {
    let night = try Desk()
    night.clock.advance(to: evening + .minutes(20))
    let foreign = item.replacing("https://town.example/1", with: "https://other.example/1")
    #expect(try await night.answer(source(), feed(foreign)).extras.isEmpty)
    let near = item.replacing("https://town.example/1", with: "https://www.news.town.example/1")
    #expect(try await night.answer(source(), feed(near)).extras.count == 1)
  }

  @Test("of a topic of a forum are its feed's comments, without the topic itself") func forum() async throws {
    let night = try Desk()
    night.clock.advance(to: evening + .minutes(20))
    let topic = item.replacing("https://town.example/1", with: "https://forum.example/t/most/17")
    var source = source()
    source.url = "https://forum.example/latest.rss"
    #expect(try await night.answer(source, feed(topic)).extras == ["https://forum.example/t/most/17.rss"])
    let posts = feed(
      "<item><guid>p2</guid><link>https://forum.example/t/most/17/2</link><description>Опять закрыли</description></item>",
      "<item><guid>p1</guid><link>https://forum.example/t/most/17/1</link><description>Мост закрыт</description></item>"
    )
    try await night.answer(source, posts, url: "https://forum.example/t/most/17.rss")
    let comments = try night.lines("comment")
    #expect(comments.map { $0["id"]?.string } == ["p2"] && comments.map { $0["item"]?.string } == ["a1"])
    #expect(comments.map { $0["text"]?.string } == ["Опять закрыли"])
  }

  @Test(
    "of a forum are found by how its addresses are made",
    arguments: [
      ("https://f.example/t/most/17", "https://f.example/t/most/17.rss"),
      ("https://f.example/sub/t/most/17/5?u=a", "https://f.example/sub/t/most/17.rss"),
      ("https://f.example/forum/viewtopic.php?f=2&t=17#p3", "https://f.example/forum/feed.php?t=17"),
      ("https://town.disqus.com/most/", "https://town.disqus.com/most/latest.rss"),
      ("https://town.example/2026/11/most", nil), ("https://town.example/t/most", nil), ("t/most/17", nil),
    ] as [(String, String?)])
  func addresses(page: String, feed: String?) {
    #expect(CommentFeedAddress.derived(from: page) == feed)
  }
}

@Suite("A changed text") struct VersionTests {
  private let source: Source = {
    var source = Source(id: "town", kind: "feed", url: "https://town.example/rss", place: Place(file: ""))
    source.comments = .off
    return source
  }()

  private func item(_ text: String) -> String {
    feed(
      "<item><guid>a1</guid><link>https://town.example/1</link><title>Мост</title><description>\(text)</description></item>"
    )
  }

  @Test("is a new version of its item; both are kept, with what changed") func version() async throws {
    let night = try Desk()
    try await night.answer(source, item("Мост закрыт. Объезд по набережной."))
    night.clock.advance(by: .minutes(10))
    try await night.answer(source, item("Мост закрыт. Объезда нет, дамба размыта водой."))
    try await night.answer(source, item("Мост закрыт. Объезда нет, дамба размыта водой."))

    let items = try night.lines("item")
    #expect(items.map { $0["id"]?.string } == ["a1", "a1#2"])
    #expect(items.map { $0["url"]?.string } == ["https://town.example/1", "https://town.example/1"])
    #expect(items.last?["body"]?.string == "Мост закрыт. Объезда нет, дамба размыта водой.")
    let change = try JSONValue(parsing: try #require(try night.store.record(kind: "change", key: "town\na1#2")))
    #expect(change["of"]?.string == "a1")
    #expect(change["added"]?.array?.compactMap(\.string) == ["Объезда нет, дамба размыта водой."])
    #expect(change["removed"]?.array?.compactMap(\.string) == ["Объезд по набережной."])
  }

  @Test("by a word or two, or by its spaces, is the same item") func correction() async throws {
    let night = try Desk()
    try await night.answer(source, item("Мост закрыт. Просмотров: 12."))
    try await night.answer(source, item("Мост закрыт.  Просмотров: 13."))
    #expect(try night.lines("item").count == 1)
  }

  @Test("that never stands still is let go after twenty versions") func restless() async throws {
    let night = try Desk()
    for number in 1...30 { try await night.answer(source, item("Число \(number) и \(number + 100) и \(number + 200)")) }
    #expect(try night.lines("item").count == 20)
  }

  @Test("is forgotten a week after it was seen last") func forgotten() async throws {
    let night = try Desk()
    try await night.answer(source, item("Мост закрыт."))
    for _ in 1...10 {
      night.clock.advance(by: .days(1))
      try await night.answer(source, item("Мост закрыт."))
    }
    #expect(try night.store.records(kind: "version").map(\.key) == ["town\na1"])
    let other = feed("<item><guid>b1</guid><link>https://town.example/2</link><title>Вода</title></item>")
    for _ in 1...9 {
      night.clock.advance(by: .days(1))
      try await night.answer(source, other)
    }
    #expect(try night.store.records(kind: "version").map(\.key) == ["town\nb1"])
  }
}
