import Model
import Testing

@testable import Parsing

@Suite("Pages are read by selectors")
struct SelectorTests {
  private func source(_ kind: String = "page") -> Source {
    var source = Source(id: "city", kind: kind, url: "https://city.example/news/", place: Place(file: "city.yaml"))
    source.timezone = "Europe/Moscow"
    return source
  }

  @Test("a list: titles, links, Russian dates, counters") func list() throws {
    var source = source()
    var list = PageList(item: Selector("ul.news > li"))
    list.title = Selector("a")
    list.link = Selector("a@href")
    list.date = Selector(".d")
    list.comments = Selector("a.cnt")
    source.list = list
    let feed = read(try fixture("list.html"), url: "https://city.example/news/", source: source)

    #expect(feed.kind == "html")
    #expect(feed.title == "Новости города")
    #expect(feed.language == "ru")
    #expect(feed.items.map(\.title) == ["Открыт каток", "Слух о воде опровергли", "Школы закрыты"])
    #expect(
      feed.items.map(\.link) == [
        "https://city.example/news/1.html", "https://city.example/2.html", "https://city.example/news/3.html",
      ])
    #expect(
      feed.items.map(\.published) == [
        moment("2026-11-23T11:05:00Z"), moment("2026-11-22T20:59:00Z"), moment("2026-11-21T06:30:00Z"),
      ])
    #expect(feed.items.map(\.commentCount) == [1204, 12, 1200])
    #expect(feed.items[0].commentsURL == "https://city.example/news/1.html#c")
    #expect(feed.items.map(\.id) == feed.items.map(\.link))
    #expect(feed.warnings.map(\.code) == ["item-skipped"])
  }

  @Test("XPath, and bare attributes of the item") func xpath() throws {
    var source = source()
    var list = PageList(item: Selector("xpath://ul[contains(@class,'news')]/li/a[1]"))
    list.link = Selector("@href")
    list.title = Selector("xpath:string(.)")
    source.list = list
    let feed = read(try fixture("list.html"), source: source)
    #expect(feed.items.map(\.title) == ["Открыт каток", "Слух о воде опровергли", "Школы закрыты"])
  }

  @Test("a selector that matches nothing is broken, and is named") func broken() throws {
    var source = source()
    var list = PageList(item: Selector("ul.news > li"))
    list.title = Selector("h3.title")
    source.list = list
    let feed = read(try fixture("list.html"), source: source)
    #expect(feed.warnings.contains { $0.code == "selector-broken" && $0.text.contains("title") })

    source.list = PageList(item: Selector("div.card"))
    let none = read(try fixture("list.html"), source: source)
    #expect(none.items.isEmpty)
    #expect(none.warnings.contains { $0.code == "selector-broken" && $0.text.contains("item") })
  }

  @Test("an article is one item with its counters, from JSON-LD or by a selector") func article() throws {
    var source = source("article")
    let auto = read(try fixture("article.html"), source: source)
    #expect(auto.items.map(\.id) == ["https://city.example/news/"])
    #expect(auto.items.map(\.title) == ["Мост закрыт"])
    #expect(auto.items.map(\.published) == [moment("2026-11-23T11:05:00Z")])
    #expect(auto.items.map(\.commentCount) == [37])
    #expect(auto.items.map(\.likes) == [8])
    #expect(auto.items.map(\.views) == [1500])

    source.comments = .selector(Selector("#c"))
    #expect(read(try fixture("article.html"), source: source).items.map(\.commentCount) == [41])
    source.comments = .off
    #expect(read(try fixture("article.html"), source: source).items.map(\.commentCount) == [nil])
  }

  static let page = """
    <div id="a" class="x y" data-n="one two"><p>1</p><p class="z">2</p><p>3</p><span lang="ru-RU">4</span><p title="конец">5</p></div>
    <table><tr><td>6</td></tr></table><ul><li><a href="/q">7</a></li><li>8</li></ul>
    """

  @Test(
    "CSS finds what it finds in a browser",
    arguments: [
      ("p", "1 2 3 5"), ("p.z", "2"), (".x p", "1 2 3 5"), ("#a > span", "4"), ("p.z + p", "3"), ("p.z ~ p", "3 5"),
      ("p.z ~ *", "3 4 5"), ("p:first-child", "1"), ("p:last-child", "5"), ("p:nth-child(2)", "2"),
      ("p:nth-child(odd)", "1 3 5"), ("p:nth-child(2n)", "2"), ("p:nth-child(-n+2)", "1 2"), ("p:first-of-type", "1"),
      ("p:not(.z)", "1 3 5"), ("p:not([title])", "1 2 3"), ("[title]", "5"), ("[title=конец]", "5"),
      ("[title^='ко'] , [title$=\"ец\"]", "5"), ("span[lang|=ru]", "4"), ("[data-n~=two] > span", "4"),
      ("[data-n*='e t'] span", "4"), ("p:contains('3')", "3"), ("table > tbody > tr > td", "6"), ("li:has(> a)", "7"),
      ("td, li", "6 7 8"), ("P.z", "2"),
    ])
  func css(selector: String, expected: String) throws {
    var source = source()
    var list = PageList(item: Selector(selector))
    list.id = Selector("xpath:string(.)")
    source.list = list
    let feed = read(Array("<html><body>\(SelectorTests.page)</body></html>".utf8), source: source)
    #expect(feed.items.compactMap(\.id).joined(separator: " ") == expected, "\(selector)")
  }

  @Test(
    "anything else is an error that names the column",
    arguments: [
      ("", 1), ("p >", 4), ("p..z", 3), ("a:hover", 2), ("p:nth-child(x)", 13), ("[a", 3), ("[a!=b]", 3), ("p $", 3),
      ("*:first-of-type", 2), ("a@", 3), ("a@hr ef", 5), ("xpath://p[", 7), ("p:not(.z", 9), ("p, , a", 4),
      ("p::before", 3),
    ])
  func errors(selector: String, column: Int) {
    #expect(
      Selector(selector).problem?.column == column, "\(selector): \(Selector(selector).problem?.message ?? "fine")")
  }
}
