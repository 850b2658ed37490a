import Configuration
import Demo
import Model
import Parsing
import Serving
import Testing

@Suite("The demo's documents") struct DemoDocumentTests {
  private let story: DemoStory
  private let sources: [Source]

  init() throws {
    story = try DemoStory()
    let loaded = ConfigurationLoader.sources(files: [("feeds/demo.yaml", DemoFiles.feeds())])
    try #require(loaded.diagnostics.allSatisfy { $0.severity == .info })
    sources = loaded.value
  }

  static let times = ["09:00", "09:31", "09:59", "10:20", "11:00"]

  private func answer(_ url: String, at moment: Moment, headers: [String: String] = [:]) -> HTTPResponse {
    let path = url.replacing("http://127.0.0.1:8797", with: "")
    return DemoRegion.answer(HTTPRequest(path: path, headers: headers), story: story, at: moment)
  }

  private func read(_ url: String, _ source: Source?, at moment: Moment) throws -> Feed {
    let response = answer(url, at: moment)
    try #require(response.status == 200, "\(url)")
    let headers = Dictionary(response.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    return DocumentReader.read(
      Payload(bytes: response.body, url: url, headers: headers),
      options: ReadingOptions(now: moment, timezone: "Asia/Novosibirsk", source: source))
  }

  @Test("come in six forms")
  func forms() throws {
    let kinds = try sources.map { try read($0.url, $0, at: story.end).kind }
    #expect(kinds == ["rss", "atom", "rdf", "json", "html", "html", "rss", "rss"])
  }

  @Test("hold the lines that are due, newest first, and are read without a warning", arguments: times)
  func due(time: String) throws {
    let moment = try clock(time)
    for source in sources {
      let feed = try read(source.url, source, at: moment)
      let due = Array(story.items.filter { $0.source == source.id && $0.at <= moment }.suffix(20).reversed())
      #expect(feed.warnings.isEmpty, "\(source.id)")
      #expect(feed.items.map(\.id) == due.map(\.id), "\(source.id)")
      #expect(feed.items.map(\.title) == due.map(\.title), "\(source.id)")
      #expect(feed.items.map(\.published) == due.map(\.published), "\(source.id)")
      #expect(feed.items.map(\.link) == due.map(\.url), "\(source.id)")
      if source.kind != "article" { #expect(feed.items.map(\.plainText) == due.map(\.body), "\(source.id)") }
    }
  }

  @Test("count comments as the story does: from its texts, from a feed's total and from a page's counter")
  func counters() throws {
    let moment = try clock("10:00")
    func counts(_ id: String) throws -> [String: Int] {
      let source = try #require(sources.first { $0.id == id })
      let items = try read(source.url, source, at: moment).items
      return Dictionary(items.compactMap { item in item.commentCount.map { (item.id ?? "", $0) } }) { first, _ in first
      }
    }
    #expect(try counts("olha-news") == ["olha-news-1": 5, "olha-news-2": 7, "olha-news-3": 3 + 9 + 16 + 22 + 24])
    #expect(try counts("vestnik") == ["vestnik-2": 2, "vestnik-3": 3])
    #expect(try counts("olha-online") == ["http://127.0.0.1:8797/olha-online/ucheniya": 16])
  }

  @Test("name a feed of the comments of each item, with author, time and text")
  func commentFeeds() throws {
    let moment = try clock("10:00")
    let source = try #require(sources.first { $0.id == "olha-news" })
    for item in try read(source.url, source, at: moment).items {
      let address = try #require(item.commentsFeed)
      let feed = try read(address, nil, at: moment)
      let due = story.comments.filter { $0.item == item.id && $0.at <= moment }.suffix(60).reversed()
      let entries = CommentFeedReader.entries(of: feed)
      #expect(feed.warnings.isEmpty)
      #expect(entries.map(\.id) == due.map(\.id))
      #expect(entries.map(\.author) == due.map(\.author))
      #expect(entries.map(\.text) == due.map(\.text))
      #expect(entries.map(\.published) == due.map(\.at))
    }
  }

  @Test("stay well-formed and whole with markup, quotes and control characters in a text")
  func escaping() throws {
    // Readers take tags out of titles, as feeds in the wild put them there.
    let plain = #"A < B && "C" > 'D' ]]> \u0007конец"#
    let text = #"A < B && "C" > 'D' ]]> <script>alert(1)</script> &amp; \u0007конец"#
    let line =
      #"{"kind":"item","at":"2026-03-02T09:00:00+07:00","id":"x","source":"SOURCE","title":"P","body":"T","#
      + #""author":"T","url":"http://127.0.0.1:8797/SOURCE/ucheniya"}"#
    func escaped(_ text: String) -> String { "\"\(text.replacing("\"", with: "\\\""))\"" }
    func shown(_ text: String) -> String { text.replacing("\\u0007", with: "") }
    for source in sources {
      let tape = line.replacing("SOURCE", with: source.id)
        .replacing("\"T\"", with: escaped(text)).replacing("\"P\"", with: escaped(plain))
      let story = try DemoStory(tape: Array(tape.utf8))
      let path = source.url.replacing("http://127.0.0.1:8797", with: "")
      let response = DemoRegion.answer(HTTPRequest(path: path), story: story, at: story.end)
      let feed = DocumentReader.read(
        Payload(bytes: response.body, url: source.url),
        options: ReadingOptions(now: story.end, timezone: "Asia/Novosibirsk", source: source))
      // JSON carries a control character, XML cannot; readers drop or keep it.
      let title = feed.items.first?.title?.replacing("\u{7}", with: "")
      #expect(title == shown(plain), "\(source.id)")
      if source.kind != "article" {
        #expect(feed.items.first?.plainText?.replacing("\u{7}", with: "") == shown(text), "\(source.id)")
      }
    }
  }

  @Test("are not sent again while nothing has changed")
  func conditional() throws {
    for source in sources {
      let first = answer(source.url, at: try clock("09:59"))
      let tag = try #require(first.headers.first { $0.name == "etag" }?.value)
      let date = try #require(first.headers.first { $0.name == "last-modified" }?.value)
      #expect(answer(source.url, at: try clock("09:59"), headers: ["if-none-match": tag]).status == 304)
      #expect(answer(source.url, at: try clock("09:59"), headers: ["if-modified-since": date]).status == 304)
      #expect(answer(source.url, at: try clock("09:59"), headers: ["if-none-match": "\"other\""]).status == 200)
      let later = answer(source.url, at: story.end, headers: ["if-none-match": tag])
      #expect(later.status == 200)
      #expect(!later.body.isEmpty)
    }
  }

  @Test("are there only for the paths of the region, and only to be read")
  func unknown() throws {
    for path in ["/nowhere/feed", "/olha-news/999", "/olha-news/comments/999", "/spas/comments/spas-1", "/a/b/c/d"] {
      #expect(answer(path, at: story.end).status == 404, "\(path)")
    }
    #expect(answer("/", at: story.end).status == 200)
    #expect(DemoRegion.answer(HTTPRequest(method: "POST", path: "/"), story: story, at: story.end).status == 405)
  }
}
