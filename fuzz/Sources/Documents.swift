import Foundation
import JSON
import Model

@testable import Parsing

extension FuzzTarget {
  static let feed = FuzzTarget(name: "feed", summary: "a document of any kind", longest: 8192) { bytes in
    Documents.read(bytes, source: nil)
    // What a large feed goes through.
    bytes.withUnsafeBufferPointer { buffer in
      guard let pieces = XMLPieces.read(buffer, line: 1, pieces: 3) else { return }
      let whole = XMLScan.run(buffer, recovering: false)
      precondition(pieces.tree.root?.markup == whole.tree.root?.markup, "the pieces are another document")
    }
  }

  static let page = FuzzTarget(name: "page", summary: "an HTML list read by selectors", longest: 8192) { bytes in
    for source in Documents.lists { Documents.read(bytes, source: source) }
  }

  static let article = FuzzTarget(name: "article", summary: "an article page: its text, its counters", longest: 8192) {
    bytes in
    Documents.read(bytes, source: Documents.article)
    let payload = Payload(bytes: bytes, url: "https://town.example/2026/11/23/a")
    let article = ArticlePage.read(payload, options: ReadingOptions(now: Documents.now, timezone: "Europe/Moscow"))
    precondition((try? JSONValue(parsing: Array(article.json.utf8))) != nil, "what was read gives no valid JSON")
    precondition(article.text?.isEmpty != true, "an empty text is no text")
  }

  static let date = FuzzTarget(name: "date", summary: "a date as feeds and pages write it", longest: 256) { bytes in
    let text = String(decoding: bytes, as: UTF8.self)
    for reader in Documents.dates { _ = reader.read(text) }
    _ = CounterReader.count(text)
    _ = WebAddress.resolve(text, base: "https://town.example/a/b?c=d")
    _ = WebAddress.resolve("x", base: text)
  }

  static let encoding = FuzzTarget(name: "encoding", summary: "bytes in some encoding", longest: 4096) { bytes in
    let label = Documents.labels[Int(bytes.first ?? 0) % Documents.labels.count]
    let body = Array(bytes.dropFirst())
    for type in [nil, label.map { "text/html; charset=\($0)" }] {
      let decoded = TextDecoder.decode(body, contentType: type, override: nil)
      precondition(String(validating: decoded.bytes, as: UTF8.self) != nil, "what was decoded is no UTF-8")
    }
    _ = TextDecoder.decode(body, contentType: nil, override: label)
  }

  static let selector = FuzzTarget(name: "selector", summary: "a selector of a source file, on a page", longest: 512) {
    bytes in
    var source = Source(id: "s", kind: "page", url: "https://town.example/", place: Place(file: "s.yaml"))
    let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    source.list = PageList(item: Selector(parts.first.map(String.init) ?? ""))
    source.list?.title = Selector(parts.dropFirst().first.map(String.init) ?? "a")
    guard let list = source.list, list.item.problem == nil, list.title?.problem == nil else { return }
    Documents.read(Documents.sample, source: source)
  }
}

private enum Documents {
  /// 2026-11-23T18:00:00Z.
  static let now = Moment(milliseconds: 1_795_456_800_000)
  static let dates = ["UTC", "Europe/Moscow", "America/New_York", "Nowhere/Land"].map {
    DateReader(now: now, timezone: $0)
  }
  static let labels: [String?] = [
    nil, "utf-8", "windows-1251", "koi8-r", "cp866", "iso-8859-5", "utf-16le", "utf-16be", "utf-32", "shift_jis",
    "euc-kr", "gb18030", "big5", "utf-7", "hz-gb-2312", "iso-2022-jp", "auto", "none",
  ]
  static let sample = Array(
    "<ul class=news><li id=a><a href=/1 title=t>Раз</a><time datetime=2026-11-23>x</time><li><a href=/2>Два</a></ul>"
      .utf8)

  static let article = Source(
    id: "a", kind: "article", url: "https://town.example/1", place: Place(file: "s.yaml"))

  static let lists: [Source] = {
    var css = PageList(item: Selector("ul.news > li, article.card"))
    css.title = Selector("a, h2")
    css.date = Selector("time@datetime")
    css.summary = Selector(".lead")
    css.comments = Selector(".comments")
    css.views = Selector(".views")
    var xpath = PageList(item: Selector("xpath://li[a] | //article"))
    xpath.title = Selector("xpath:string(.//a)")
    xpath.link = Selector("xpath:.//a/@href")
    xpath.content = Selector("xpath:.")
    return [css, xpath].map { list in
      var source = Source(id: "s", kind: "page", url: "https://town.example/", place: Place(file: "s.yaml"))
      source.list = list
      return source
    }
  }()

  static func read(_ bytes: [UInt8], source: Source?) {
    let feed = DocumentReader.read(
      Payload(bytes: bytes, url: "https://town.example/news/"),
      options: ReadingOptions(now: now, timezone: "Europe/Moscow", source: source))
    let json = Array(feed.json.utf8)
    precondition((try? JSONValue(parsing: json)) != nil, "what was read gives no valid JSON")
  }
}
