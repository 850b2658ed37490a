import Model
import Testing

@testable import Parsing

private func suggestion(_ html: String, timezone: String = "UTC") -> ListSuggestion? {
  ListSuggestion(
    Payload(bytes: Array(html.utf8), url: "https://town.example/news/"),
    options: ReadingOptions(now: now, timezone: timezone))
}

private let titles = [
  "Мост через Речную закрыт на ремонт", "Плотину на Светлой проверят до пятницы",
  "Школа на Яблоневой открылась после ремонта",
  "Автобусы поедут по набережной",
]

@Suite("The list of a news page") struct ListSuggestionTests {
  @Test("is found by its repeated blocks with a link and a date, not the menu") func list() throws {
    let entries = titles.enumerated().map { number, title in
      """
      <div class="news-card card-\(number)"><a class="pic" href="/n/\(number)"><img></a><h3 class="news-card__title"><a href="/n/\(number)">\(title)</a></h3>
      <span class="news-card__date">2\(number) ноября, 14:05</span><span class="comments">\(number) комментариев</span></div>
      """
    }
    let menu = ["Политика и власть", "Общество и люди", "Происшествия дня", "Экономика области", "Спорт и отдых"].map {
      "<li class=menu><a href='/\($0)'>\($0)</a></li>"
    }
    let found = try #require(
      suggestion(
        "<html lang=ru><title>Вести</title><ul>\(menu.joined())</ul><main>\(entries.joined())</main></html>",
        timezone: "Europe/Moscow"))
    #expect(found.feed.items.map(\.title) == titles)
    #expect(found.feed.items.map(\.link) == (0..<4).map { "https://town.example/n/\($0)" })
    #expect(found.feed.items.first?.published == moment("2026-11-20T11:05:00Z"))
    #expect(found.feed.items.map(\.commentCount) == [0, 1, 2, 3])
    #expect(
      found.yaml(id: "town", url: "https://town.example/news/", title: "Вести", lang: "ru")
        == """
        format: 1
        sources:
          - id: town
            title: "Вести"
            kind: page
            url: "https://town.example/news/"
            lang: ru
            list:
              item: "div.news-card"
              title: ".news-card__title a"
              link: ".news-card__title a@href"
              date: ".news-card__date"
              comments: ".comments"

        """)
  }

  @Test("is told from another list of the same shape by what stands around it") func around() throws {
    func list(_ name: String, _ entries: [String]) -> String {
      "<ul class=\(name)>\(entries.joined())</ul>"
    }
    let news = titles.enumerated().map { number, title in
      "<li><a href=/n/\(number)>\(title)</a> <time datetime='2026-11-2\(number)T10:00:00Z'>x</time></li>"
    }
    let others = titles.map { "<li><a href='/tag/\($0.prefix(4))'>\($0.prefix(12))</a></li>" }
    let found = try #require(suggestion(list("tags", others) + list("news", news)))
    #expect(found.list.item.text == "ul.news > li")
    #expect(found.list.date?.text == "time@datetime")
    #expect(found.feed.items.count == 4)
  }

  @Test("of a channel's preview is built in") func preset() throws {
    let posts = (1...3).map { "<div class=tgme_widget_message data-post='town/\($0)'><a href='/'>x</a></div>" }
    let found = try #require(suggestion(posts.joined()))
    #expect(
      found.yaml(id: "t-me", url: "https://t.me/s/town", title: nil, lang: nil)
        == "format: 1\nsources:\n  - id: t-me\n    kind: page\n    url: \"https://t.me/s/town\"\n    preset: channel-preview\n"
    )
  }

  @Test("of a page without one is nothing") func nothing() {
    #expect(suggestion("<p>Текст без ссылок</p>") == nil)
    #expect(suggestion("") == nil)
    #expect(suggestion("<ul><li><a href=/>Главная страница</a></ul>") == nil)
  }
}

@Suite("What selectors match") struct SelectorTrialTests {
  @Test("is counted and shown, with what was understood of it") func trial() {
    var list = PageList(item: Selector("li"))
    list.title = Selector("a")
    list.link = Selector("a@href")
    list.date = Selector("i")
    list.comments = Selector(".gone")
    var source = Source(id: "p", kind: "page", url: "https://town.example/", place: Place(file: ""))
    source.list = list
    let html =
      "<ul><li><a href=/1>Раз</a><i>22.11.2026</i><li><a href=/2>Два</a><i>скоро</i><li><a href=/3>Три</a></ul>"
    let trial = SelectorTrial(
      Payload(bytes: Array(html.utf8), url: "https://town.example/"), options: ReadingOptions(now: now, source: source))
    #expect(trial.rows.map(\.field) == ["item", "title", "link", "date", "comments"])
    #expect(trial.rows.map(\.matches) == [3, 3, 3, 2, 0])
    #expect(trial.rows.map(\.of) == [3, 3, 3, 3, 3])
    #expect(trial.rows[2].samples.first?.value == "https://town.example/1")
    #expect(trial.rows[3].samples.map(\.value) == ["2026-11-22T00:00:00Z", nil])
    #expect(!trial.isSound)
  }
}
