import Model
import Testing

@testable import Parsing

private func page(_ list: PageList, preset: String? = nil, timezone: String = "UTC") -> Source {
  var source = Source(id: "p", kind: "page", url: "https://town.example/news/", place: Place(file: ""))
  source.list = list
  source.preset = preset
  source.timezone = timezone
  return source
}

private func items(_ html: String, _ source: Source, url: String = "https://town.example/news/") -> Feed {
  read(Array("<!doctype html>\(html)".utf8), url: url, source: source)
}

@Suite("A selector with its wishes") struct SelectorOptionTests {
  @Test("takes the first line, no more than it wants, and text for HTML") func shape() throws {
    var list = PageList(item: Selector("li"))
    list.title = Selector("p")
    list.title?.firstLine = true
    list.title?.longest = 11
    list.summary = Selector("p")
    list.summary?.keepsMarkup = false
    list.id = Selector("b")
    list.id?.parse = .count
    list.link = Selector("a@href")
    list.commentsURL = Selector("i a@href")
    let html =
      "<ul><li><a href='1'>x</a><p>Мост закрыт на ремонт<br>до <em>пятницы</em></p><b>№ 17</b><i><a href='1#c'>c</a></i></ul>"
    let item = try #require(items(html, page(list)).items.first)
    #expect(item.title == "Мост закрыт")
    #expect(item.summary == "Мост закрыт на ремонт\nдо пятницы")
    #expect(item.id == "17")
    #expect(item.commentsURL == "https://town.example/news/1#c")
  }

  @Test("reads dates by its patterns, in their order, and by itself only where it says auto") func formats() {
    var list = PageList(item: Selector("li"))
    list.title = Selector("a")
    list.date = Selector("i")
    list.date?.formats = ["%m/%d/%Y", "%d-%b %H:%M"]
    let html = """
      <ul><li><a href=1>a</a><i>11/09/2026</i><li><a href=2>b</a><i>22-ноя 14:05</i><li><a href=3>c</a><i>21.11.2026</i></ul>
      """
    let given = items(html, page(list, timezone: "Europe/Moscow"))
    #expect(
      given.items.map(\.published) == [moment("2026-11-08T21:00:00Z"), moment("2026-11-22T11:05:00Z"), nil])
    #expect(given.warnings.map(\.code) == ["date-unreadable"])
    list.date?.formats.append("auto")
    let automatic = items(html, page(list, timezone: "Europe/Moscow"))
    #expect(automatic.items.map(\.published).last == moment("2026-11-20T21:00:00Z"))
  }

  @Test("fewer entries than a page must have are told") func least() {
    var list = PageList(item: Selector("li"))
    list.leastItems = 2
    #expect(items("<ul><li><a href=1>a</a></ul>", page(list)).warnings.map(\.code) == ["few-items"])
    list.leastItems = 1
    #expect(items("<ul><li><a href=1>a</a></ul>", page(list)).warnings.isEmpty)
  }

  @Test("a channel without a preview says so") func noPreview() {
    let preset = SourcePreset.channelPreview
    let channel = page(preset.list, preset: preset.name)
    let html = """
      <div class="tgme_widget_message" data-post="town/7"><div class="tgme_widget_message_text">Мост закрыт.<br>Объезд по набережной.</div>
      <a class="tgme_widget_message_date" href="https://t.me/town/7"><time datetime="2026-11-23T17:00:00+03:00">17:00</time></a>
      <span class="tgme_widget_message_views">12.3K</span></div>
      """
    let shown = items(html, channel, url: "https://t.me/s/town")
    #expect(shown.items.map(\.id) == ["town/7"] && shown.items.map(\.title) == ["Мост закрыт."])
    #expect(shown.items.map(\.views) == [12_300])
    #expect(shown.items.map(\.published) == [moment("2026-11-23T14:00:00Z")] && shown.warnings.isEmpty)
    let hidden = items("<div class=tgme_page>Join</div>", channel, url: "https://t.me/town")
    #expect(hidden.warnings.map(\.code).contains("no-preview"))
  }

  @Test(
    "an article asks where its source says",
    arguments: [
      ([.jsonld], 3), ([.microdata], 5), ([.selector], 7), ([.selector, .jsonld], 7), ([.microdata, .jsonld], 5),
    ] as [([CommentOrigin], Int)])
  func origins(origins: [CommentOrigin], count: Int) {
    var source = Source(id: "a", kind: "article", url: "https://town.example/1", place: Place(file: ""))
    source.comments = .origins(origins, Selector("#n"))
    source.item = "item-1"
    let feed = items(
      """
      <script type="application/ld+json">{"@type":"NewsArticle","commentCount":3}</script>
      <meta itemprop=commentCount content=5><b id=n>7 комментариев</b>
      """, source)
    #expect(feed.items.map(\.commentCount) == [count] && feed.items.map(\.id) == ["item-1"])
  }
}

@Suite("A pattern of a date") struct DatePatternTests {
  private let reader = DateReader(now: now, timezone: "Europe/Moscow")

  @Test(
    "is read as strptime does",
    arguments: [
      ("%d.%m.%Y %H:%M", "22.11.2026 14:05", "2026-11-22T11:05:00Z"),
      ("%d %B %Y", "1 марта 2026 г.", "2026-02-28T21:00:00Z"),
      ("%a, %d %b %y %T %z", "Sun, 22 Nov 26 14:05:06 +0500", "2026-11-22T09:05:06Z"),
      ("%F", "2026-11-22", "2026-11-21T21:00:00Z"),
      ("%I:%M %p %e %b %Y", "02:05 PM 2 Nov 2026", "2026-11-02T11:05:00Z"),
      ("%s", "1795456800", "2026-11-23T18:00:00Z"),
      ("%d.%m", "24.11", "2025-11-23T21:00:00Z"), ("%H:%M", "08:30", "2026-11-23T05:30:00Z"),
      ("%d.%m.%Y", "31.02.2026", nil), ("%d.%m.%Y", "22/11/2026", nil), ("%Y", "вчера", nil),
    ] as [(String, String, String?)])
  func read(pattern: String, text: String, expected: String?) throws {
    let pattern = try #require(DatePattern(pattern))
    #expect(pattern.read(text, reader) == expected.flatMap { moment($0) })
  }

  @Test(
    "is refused with what is wrong in it",
    arguments: [("%Q", "%Q is not known"), ("дата", "it has no % field"), ("%d.%", "it ends with %"), ("auto", nil)]
      as [(String, String?)])
  func problems(pattern: String, problem: String?) {
    #expect(DateFormat.problem(pattern) == problem)
  }
}

@Suite("OPML") struct OPMLTests {
  @Test("gives its feeds once each, those of folders too, and comes back as it was written") func both() throws {
    let text = """
      <?xml version="1.0"?><opml version="1.0"><head/><body><outline text="Город"><outline text="Вести &amp; дела"
      type="rss" xmlUrl="https://vesti.example/rss"/></outline><outline title="Река" xmlUrl="https://reka.example/a?b&amp;c"/>
      <outline xmlUrl="https://vesti.example/rss"/><outline xmlUrl="javascript:x"/></body></opml>
      """
    let feeds = [
      OPML.Outline(title: "Вести & дела", url: "https://vesti.example/rss"),
      OPML.Outline(title: "Река", url: "https://reka.example/a?b&c"),
    ]
    #expect(OPML.read(Array(text.utf8)) == feeds)
    #expect(OPML.read(Array(OPML.written(feeds, title: "T").utf8)) == feeds)
    #expect(OPML.read(Array("<rss/>".utf8)) == nil)
    #expect(OPML.read([]) == nil)
  }
}
