import Model
import Testing

@testable import Parsing

/// The article of a page at `https://news.example/2026/11/23/most`, read at 2026-11-23T18:00:00Z.
private func article(
  _ html: String, url: String = "https://news.example/2026/11/23/most", timezone: String = "UTC"
) -> Article {
  ArticlePage.read(
    Payload(bytes: Array(html.utf8), url: url), options: ReadingOptions(now: now, timezone: timezone))
}

private let first =
  "Мост через Речную закрыт с понедельника: рабочие меняют настил, движение пойдёт по набережной, сообщили в мэрии."
private let second =
  "Автобусы второго и пятого маршрутов поедут в объезд, расписание вывесят на остановках, сказал начальник управления."

@Suite("The text of an article") struct ArticleTextTests {
  @Test("comes without menus, teasers, captions, bylines and comments") func clean() {
    let page = article(
      """
      <html lang="ru"><head><title>Мост закрыт — Вести</title><script>var a = "</p>";</script></head><body>
      <nav><ul><li><a href="/">Главная</a></li><li><a href="/city">Город и его жители, новости каждый день</a></li></ul></nav>
      <div class="layout"><div class="article__text">
        <h1>Мост закрыт</h1>
        <div class="byline"><span class="author">Анна Речная</span> <time datetime="2026-11-23T14:05:00+03:00">сегодня</time></div>
        <figure><img src="m.jpg"><figcaption>Фото пресс-службы мэрии: мост через Речную вечером в понедельник.</figcaption></figure>
        <p>\(first)</p>
        <div class="related-posts"><a href="/1">Читайте также: плотину на Светлой проверят до конца недели</a></div>
        <h2>Как поедут автобусы</h2>
        <p>\(second) Подробнее — <a href="../../routes">на карте</a>.</p>
      </div>
      <div class="comments"><p>Первый комментарий читателя, длинный и сердитый, о том, что мост закрывают каждый год.</p></div>
      <aside><p>Другая новость дня, о которой тоже написано довольно много слов, чтобы принять её за текст.</p></aside>
      </div><footer>Все права защищены, перепечатка только со ссылкой на источник, адрес редакции указан ниже.</footer>
      </body></html>
      """)
    #expect(page.title == "Мост закрыт")
    #expect(page.text == "\(first)\n\nКак поедут автобусы\n\n\(second) Подробнее — на карте.")
    #expect(page.author == "Анна Речная")
    #expect(page.published == moment("2026-11-23T11:05:00Z"))
    #expect(page.lang == "ru")
    #expect(page.links == ["https://news.example/2026/routes"])
  }

  @Test("is found by its paragraphs where nothing is named") func unnamed() {
    let page = article(
      """
      <body><table><tr><td><a href="/a">Новости</a><br><a href="/b">Погода</a></td>
      <td><div>\(first)<br><br>\(second)</div></td></tr></table></body>
      """)
    #expect(page.text == "\(first)\n\n\(second)")
  }

  @Test("is not lost behind a name that elsewhere means a menu") func misnamed() {
    let page = article("<body><div class=\"sidebar widget\"><p>\(first)</p><p>\(second)</p></div></body>")
    #expect(page.text == "\(first)\n\n\(second)")
  }

  @Test("keeps rows of a table together, and drops a heading with nothing under it") func table() {
    let page = article(
      """
      <body><article><p>\(first)</p><table><tr><td>Маршрут</td><td>Объезд</td></tr><tr><td>2</td><td>Яблоневая</td></tr></table>
      <p>\(second)</p><h3>Читайте в следующем номере</h3></article></body>
      """)
    #expect(page.text == "\(first)\n\nМаршрут Объезд\n\n2 Яблоневая\n\n\(second)")
  }

  @Test("ends where the comments or other articles begin") func rest() {
    let page = article(
      """
      <body><div id="content"><p>\(first)</p><p>\(second)</p><h3>Комментарии (2)</h3>
      <p>Опять закрывают, а объезд через весь город, и никто не подумал о тех, кто едет на работу.</p></div></body>
      """)
    #expect(page.text == "\(first)\n\n\(second)")
    #expect(page.commentCount == 2)
  }

  @Test("is taken from JSON-LD where scripts would show it") func onlyForMachines() {
    let page = article(
      """
      <head><script type="application/ld+json">{"@type":"NewsArticle","headline":"Мост закрыт","articleBody":
      "\(first)\\n\(second)","author":{"name":"Анна Речная"},"datePublished":"2026-11-23T11:05:00Z","commentCount":"12"}
      </script></head><body><div id="app"></div></body>
      """)
    #expect(page.text == "\(first)\n\n\(second)")
    #expect(page.title == "Мост закрыт" && page.author == "Анна Речная" && page.commentCount == 12)
    #expect(page.published == moment("2026-11-23T11:05:00Z"))
  }

  @Test("of a page that has none is absent, as everything else is") func nothing() {
    #expect(article("").json == #"{"links":[]}"#)
    #expect(article("<body><a href=/>Главная</a></body>", url: "https://news.example/").text == nil)
  }
}

@Suite("What an article page says of itself") struct ArticleFactTests {
  @Test(
    "comments are counted by the page's own line",
    arguments: [
      ("<a href='#c'>12 комментариев</a>", 12), ("<span>Комментарии</span> <b>1 204</b>", 1204),
      ("<a class='comments-count'>1,2 тыс.</a>", 1200), ("<a>Комментарии (3)</a>", 3), ("<a>7 comments</a>", 7),
      ("<a>Нет комментариев</a>", 0), ("<a>Комментировать</a>", nil), ("<p>Прошло 12 дней</p>", nil),
    ] as [(String, Int?)])
  func counters(html: String, count: Int?) {
    #expect(article("<body><p>\(first)</p>\(html)</body>").commentCount == count)
  }

  @Test("a date is in meta, in a byline in words, or at last in the address") func dates() {
    let meta = article(
      "<head><meta property='article:published_time' content='2026-11-22T10:00:00Z'></head><p>\(first)")
    #expect(meta.published == moment("2026-11-22T10:00:00Z"))
    let words = article(
      "<div class='post-date'>22 ноября 2026, 14:05</div><p>\(first)</p>", timezone: "Europe/Moscow")
    #expect(words.published == moment("2026-11-22T11:05:00Z"))
    let address = article("<p>\(first)</p>", timezone: "Europe/Moscow")
    #expect(address.published == moment("2026-11-22T21:00:00Z"))
    #expect(article("<p>\(first)</p>", url: "https://news.example/most").published == nil)
  }

  @Test("an author is named without what stands before the name") func author() {
    #expect(article("<meta name=author content='By Anna Rech'><p>\(first)").author == "Anna Rech")
    #expect(article("<meta property='article:author' content='https://fb.example/a'><p>\(first)").author == nil)
    #expect(article("<p>\(first)</p><p class=author>Автор: Пётр Лодкин</p>").author == "Пётр Лодкин")
  }
}

@Suite("A page is trimmed before it is parsed") struct PageTrimmingTests {
  @Test(
    "scripts, styles and comments lose what is in them",
    arguments: [
      ("<p>a<script>if (a<b) '</p>'</script>b", "<p>a<script></script>b"),
      ("<STYLE type=x>p { }</STYLE >c", "<STYLE type=x></STYLE >c"), ("a<!-- <p> -->b", "ab"),
      ("<script type='application/ld+json'>{}</script>", "<script type='application/ld+json'>{}</script>"),
      ("<script>never ended", "<script>never ended"), ("<!-- never ended", "<!-- never ended"),
      ("<strong>a</strong> < b", "<strong>a</strong> < b"),
      ("<script src=a />b</script>c", "<script src=a />b</script>c"),
    ])
  func trimmed(page: String, expected: String) {
    #expect(String(decoding: PageTrimming.trimmed(Array(page.utf8)), as: UTF8.self) == expected)
  }
}
