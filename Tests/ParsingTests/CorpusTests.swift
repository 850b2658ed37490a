import Foundation
import JSON
import Model
import Testing

@testable import Parsing

@Suite("Documents from elsewhere")
struct CorpusTests {
  @Test("no document crashes the reader, takes a second or gives broken JSON") func corpus() throws {
    guard let folder = folder() else { return }
    var count = 0
    var items = 0
    let walker = try #require(
      FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))
    for case let file as URL in walker
    where ["xml", "json", "html"].contains(file.pathExtension) {
      let bytes = [UInt8](try Data(contentsOf: file))
      let start = ContinuousClock.now
      let feed = read(bytes, url: "https://feed.example/f.xml")
      #expect(ContinuousClock.now - start < .seconds(1), "\(file.lastPathComponent)")
      #expect(throws: Never.self, "\(file.lastPathComponent)") {
        try JSONSerialization.jsonObject(with: Data(feed.json.utf8))
      }
      count += 1
      items += feed.items.count
    }
    print("read \(count) documents with \(items) entries")
    #expect(count > 0)
  }

  /// The pages of the corpus with the selectors of their source files, in the form of the contract.
  @Test(
    "HTML lists and articles give what is expected of them",
    arguments: ["list-ru", "channel-preview", "article-jsonld", "article-microdata"])
  func lists(name: String) throws {
    guard let folder = folder()?.appending(path: "html-lists") else { return }
    let page = [UInt8](try Data(contentsOf: folder.appending(path: "\(name).html")))
    let expected = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appending(path: "\(name).expect.json"))))
    let source = source(name)
    let actual = read(page, url: source.url, source: source)
    let json = try JSONValue(parsing: Array(actual.json.utf8))
    if let items = expected["items"]?.array {
      #expect(actual.items.count == items.count)
      for (item, entry) in zip(json["items"]?.array ?? [], items) { compare(item, entry) }
      #expect(json["title"] == expected["title"] || expected["title"] == nil)
    } else {
      let item = try #require(actual.items.first)
      let members = try #require(json["items"]?.array?.first)
      compare(members, ["title": expected["title"] ?? .null, "published": expected["published"] ?? .null])
      compare(members, ["lang": expected["lang"] ?? .null, "comment_count": expected["comment_count"] ?? .null])
      #expect(item.authors.map(JSONValue.string) == [expected["author"]])
    }
  }

  /// Every member that is expected; null means absent.
  private func compare(_ actual: JSONValue, _ expected: JSONValue) {
    for member in expected.object?.members ?? [] {
      #expect(actual[member.name] ?? .null == member.value, "\(member.name)")
    }
  }

  private func source(_ name: String) -> Source {
    switch name {
    case "list-ru":
      var source = Source(id: name, kind: "page", url: "https://news.example.ru/city/", place: Place(file: ""))
      source.timezone = "Europe/Moscow"
      var list = PageList(item: Selector("article.card"))
      list.title = Selector(".card__t")
      list.link = Selector(".card__t@href")
      list.date = Selector(".d")
      list.summary = Selector(".lead")
      list.comments = Selector(".c")
      source.list = list
      return source
    case "channel-preview":
      var source = Source(id: name, kind: "page", url: "https://t.me/s/gorod", place: Place(file: ""))
      var list = PageList(item: Selector("div.tgme_widget_message[data-post]"))
      list.id = Selector("@data-post")
      list.title = Selector(".tgme_widget_message_text")
      list.content = Selector(".tgme_widget_message_text")
      list.link = Selector("a.tgme_widget_message_date@href")
      list.date = Selector("time@datetime")
      list.views = Selector(".tgme_widget_message_views")
      source.list = list
      return source
    default:
      let number = name == "article-jsonld" ? 101 : 102
      return Source(
        id: name, kind: "article", url: "https://news.example.ru/city/\(number).html", place: Place(file: ""))
    }
  }

  /// The corpus beside the package, or beside the folder that holds several checkouts of it.
  private func folder() -> URL? {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for path in ["../shared/corpora/feeds", "../../shared/corpora/feeds"] {
      let folder = package.appending(path: path).standardized
      if FileManager.default.fileExists(atPath: folder.path) { return folder }
    }
    print("skipped: there is no ../shared/corpora/feeds beside the package")
    return nil
  }
}
