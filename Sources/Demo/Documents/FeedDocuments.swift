import JSON
import Model

/// The feeds of the region, one form each.
enum FeedDocuments {
  /// RSS 2.0 with `slash:comments` and `wfw:commentRss` where comments are served.
  static func rss(_ edition: Edition) -> Rendered {
    let items = edition.entries.map { entry in
      let item = entry.item
      let author = item.author.map { "\n      <dc:creator>\(xmlEscaped($0))</dc:creator>" } ?? ""
      let count = entry.comments.map { "\n      <slash:comments>\($0)</slash:comments>" } ?? ""
      let feed = entry.commentFeed.map { "\n      <wfw:commentRss>\(xmlEscaped($0))</wfw:commentRss>" } ?? ""
      return """
            <item>
              <title>\(xmlEscaped(item.title))</title>
              <link>\(xmlEscaped(entry.url))</link>
              <guid isPermaLink="false">\(xmlEscaped(item.id))</guid>
              <pubDate>\(LocalDate(item.published).mail)</pubDate>
              <description>\(xmlEscaped(paragraph(item.body)))</description>\(author)\(count)\(feed)
            </item>

        """
    }
    return channel(edition.source.title, link: edition.home, items: items.joined())
  }

  /// The comments under one item as an RSS feed of their own.
  static func comments(_ comments: [DemoStory.Comment], under item: DemoStory.Item, url: String) -> Rendered {
    let items = comments.map { comment in
      """
          <item>
            <title>Автор: \(xmlEscaped(comment.author))</title>
            <link>\(xmlEscaped(url))#\(xmlEscaped(comment.id))</link>
            <guid isPermaLink="false">\(xmlEscaped(comment.id))</guid>
            <dc:creator>\(xmlEscaped(comment.author))</dc:creator>
            <pubDate>\(LocalDate(comment.at).mail)</pubDate>
            <description>\(xmlEscaped(paragraph(comment.text)))</description>
          </item>

      """
    }
    return channel("Комментарии: \(item.title)", link: url, items: items.joined())
  }

  private static func channel(_ title: String, link: String, items: String) -> Rendered {
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
        xmlns:slash="http://purl.org/rss/1.0/modules/slash/" xmlns:wfw="http://wellformedweb.org/CommentAPI/">
        <channel>
          <title>\(xmlEscaped(title))</title>
          <link>\(xmlEscaped(link))</link>
          <description>\(xmlEscaped(title))</description>
          <language>ru</language>
      \(items)  </channel>
      </rss>

      """
    return Rendered(type: "application/rss+xml; charset=utf-8", text: text)
  }

  /// Atom 1.0 (RFC 4287) with `thr:total` (RFC 4685).
  static func atom(_ edition: Edition) -> Rendered {
    let entries = edition.entries.map { entry in
      let item = entry.item
      let date = LocalDate(item.published).iso
      let author = item.author ?? edition.source.title
      let count = entry.comments.map { "\n    <thr:total>\($0)</thr:total>" } ?? ""
      return """
          <entry>
            <id>\(xmlEscaped(item.id))</id>
            <title>\(xmlEscaped(item.title))</title>
            <link rel="alternate" href="\(xmlEscaped(entry.url))"/>
            <published>\(date)</published>
            <updated>\(date)</updated>
            <author><name>\(xmlEscaped(author))</name></author>
            <summary type="html">\(xmlEscaped(paragraph(item.body)))</summary>\(count)
          </entry>

        """
    }
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="ru">
        <id>\(xmlEscaped(edition.home))</id>
        <title>\(xmlEscaped(edition.source.title))</title>
        <link rel="self" href="\(xmlEscaped(edition.home))/feed"/>
        <updated>\(LocalDate(edition.updated).iso)</updated>
      \(entries.joined())</feed>

      """
    return Rendered(type: "application/atom+xml; charset=utf-8", text: text)
  }

  /// RSS 1.0: RDF with Dublin Core dates.
  static func rdf(_ edition: Edition) -> Rendered {
    let places = edition.entries.map { "        <rdf:li rdf:resource=\"\(xmlEscaped($0.item.id))\"/>\n" }.joined()
    let items = edition.entries.map { entry in
      """
        <item rdf:about="\(xmlEscaped(entry.item.id))">
          <title>\(xmlEscaped(entry.item.title))</title>
          <link>\(xmlEscaped(entry.url))</link>
          <description>\(xmlEscaped(paragraph(entry.item.body)))</description>
          <dc:date>\(LocalDate(entry.item.published).iso)</dc:date>
        </item>

      """
    }
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="\(xmlEscaped(edition.home))">
          <title>\(xmlEscaped(edition.source.title))</title>
          <link>\(xmlEscaped(edition.home))</link>
          <description>\(xmlEscaped(edition.source.title))</description>
          <dc:language>ru</dc:language>
          <items>
            <rdf:Seq>
      \(places)      </rdf:Seq>
          </items>
        </channel>
      \(items.joined())</rdf:RDF>

      """
    return Rendered(type: "application/rdf+xml; charset=utf-8", text: text)
  }

  /// JSON Feed 1.1.
  static func json(_ edition: Edition) -> Rendered {
    let items = edition.entries.map { entry -> JSONValue in
      var item = JSONObject([
        "id": .string(entry.item.id), "url": .string(entry.url), "title": .string(entry.item.title),
        "content_text": .string(entry.item.body ?? ""),
        "date_published": .string(LocalDate(entry.item.published).iso),
      ])
      if let author = entry.item.author {
        item.append("authors", .array([.object(JSONObject(["name": .string(author)]))]))
      }
      return .object(item)
    }
    let feed = JSONObject([
      "version": "https://jsonfeed.org/version/1.1", "title": .string(edition.source.title),
      "home_page_url": .string(edition.home), "feed_url": .string("\(edition.home)/feed"), "language": "ru",
      "items": .array(items),
    ])
    return Rendered(type: "application/feed+json; charset=utf-8", text: JSONValue.object(feed).serialized + "\n")
  }

  /// A body as HTML.
  private static func paragraph(_ text: String?) -> String { text.map { "<p>\(xmlEscaped($0))</p>" } ?? "" }
}
