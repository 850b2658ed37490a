import Model

/// The HTML pages of the region.
enum PageDocuments {
  /// A list of news: title, excerpt, a date such as `02.03.2026`.
  static func list(_ edition: Edition) -> Rendered {
    let items = edition.entries.map { entry in
      """
          <li id="\(xmlEscaped(entry.item.id))">
            <span class="date">\(LocalDate(entry.item.published).dotted)</span>
            <a href="\(xmlEscaped(entry.url))">\(xmlEscaped(entry.item.title))</a>
            <p>\(xmlEscaped(entry.item.body ?? ""))</p>
          </li>

      """
    }
    return page(
      edition.source.title, head: "",
      body: "<h1>\(xmlEscaped(edition.source.title))</h1>\n  <ul class=\"news\">\n\(items.joined())  </ul>")
  }

  /// One publication with its counter: `12 комментариев`.
  static func article(_ entry: Edition.Entry, of source: DemoSource) -> Rendered {
    let item = entry.item
    let head = """

        <meta property="og:title" content="\(xmlEscaped(item.title))">
        <meta property="article:published_time" content="\(LocalDate(item.published).iso)">
      """
    let count = entry.comments.map { "\n    <p class=\"comments-count\">\($0) \(comments($0))</p>" } ?? ""
    let body = """
      <article>
          <h1>\(xmlEscaped(item.title))</h1>
          <p class="date">\(LocalDate(item.published).dotted)</p>
          <p>\(xmlEscaped(item.body ?? ""))</p>\(count)
        </article>
        <p><a href="/\(xmlEscaped(source.id))">\(xmlEscaped(source.title))</a></p>
      """
    return page(item.title, head: head, body: body)
  }

  /// All sources, for a person who looks in with a browser.
  static func index(address: String) -> Rendered {
    let links = DemoSource.all.map { source in
      "    <li><a href=\"\(xmlEscaped(DemoRegion.path(of: source)))\">\(xmlEscaped(source.title))</a></li>\n"
    }
    let body = """
      <h1>Зарянский край</h1>
        <p>Вымышленный край: такого места, таких людей и таких новостей нет.</p>
        <ul>
      \(links.joined())  </ul>
      """
    return page("Зарянский край", head: "", body: body)
  }

  private static func page(_ title: String, head: String, body: String) -> Rendered {
    let text = """
      <!DOCTYPE html>
      <html lang="ru">
      <head>
        <meta charset="utf-8">
        <title>\(xmlEscaped(title))</title>\(head)
      </head>
      <body>
        \(body)
      </body>
      </html>

      """
    return Rendered(type: "text/html; charset=utf-8", text: text)
  }

  /// The Russian plural: 1 комментарий, 2 комментария, 5 комментариев.
  static func comments(_ count: Int) -> String {
    switch (count % 100, count % 10) {
    case (11...14, _): "комментариев"
    case (_, 1): "комментарий"
    case (_, 2...4): "комментария"
    default: "комментариев"
    }
  }
}
