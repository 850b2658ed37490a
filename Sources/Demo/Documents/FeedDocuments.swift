import JSON
import Model

/// The feeds of the region, one form each.
enum FeedDocuments {
  /// RSS 2.0 with `slash:comments` and `wfw:commentRss` where comments are served.
  static func rss(_ edition: Edition) -> Rendered {
    let items = edition.entries.map { entry in
      let item = entry.item
      let author = item.author.map { "\n      <dc:creator>\(escaped($0))</dc:creator>" } ?? ""
      let count = entry.comments.map { "\n      <slash:comments>\($0)</slash:comments>" } ?? ""
      let feed = entry.commentFeed.map { "\n      <wfw:commentRss>\(escaped($0))</wfw:commentRss>" } ?? ""
      return """
            <item>
              <title>\(escaped(item.title))</title>
              <link>\(escaped(entry.url))</link>
              <guid isPermaLink="false">\(escaped(item.id))</guid>
              <pubDate>\(LocalDate(item.published).mail)</pubDate>
              <description>\(escaped(paragraph(item.body)))</description>\(author)\(count)\(feed)
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
            <title>Автор: \(escaped(comment.author))</title>
            <link>\(escaped(url))#\(escaped(comment.id))</link>
            <guid isPermaLink="false">\(escaped(comment.id))</guid>
            <dc:creator>\(escaped(comment.author))</dc:creator>
            <pubDate>\(LocalDate(comment.at).mail)</pubDate>
            <description>\(escaped(paragraph(comment.text)))</description>
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
          <title>\(escaped(title))</title>
          <link>\(escaped(link))</link>
          <description>\(escaped(title))</description>
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
            <id>\(escaped(item.id))</id>
            <title>\(escaped(item.title))</title>
            <link rel="alternate" href="\(escaped(entry.url))"/>
            <published>\(date)</published>
            <updated>\(date)</updated>
            <author><name>\(escaped(author))</name></author>
            <summary type="html">\(escaped(paragraph(item.body)))</summary>\(count)
          </entry>

        """
    }
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:lang="ru">
        <id>\(escaped(edition.home))</id>
        <title>\(escaped(edition.source.title))</title>
        <link rel="self" href="\(escaped(edition.home))/feed"/>
        <updated>\(LocalDate(edition.updated).iso)</updated>
      \(entries.joined())</feed>

      """
    return Rendered(type: "application/atom+xml; charset=utf-8", text: text)
  }

  /// RSS 1.0: RDF with Dublin Core dates.
  static func rdf(_ edition: Edition) -> Rendered {
    let places = edition.entries.map { "        <rdf:li rdf:resource=\"\(escaped($0.item.id))\"/>\n" }.joined()
    let items = edition.entries.map { entry in
      """
        <item rdf:about="\(escaped(entry.item.id))">
          <title>\(escaped(entry.item.title))</title>
          <link>\(escaped(entry.url))</link>
          <description>\(escaped(paragraph(entry.item.body)))</description>
          <dc:date>\(LocalDate(entry.item.published).iso)</dc:date>
        </item>

      """
    }
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="\(escaped(edition.home))">
          <title>\(escaped(edition.source.title))</title>
          <link>\(escaped(edition.home))</link>
          <description>\(escaped(edition.source.title))</description>
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
  private static func paragraph(_ text: String?) -> String { text.map { "<p>\(escaped($0))</p>" } ?? "" }
}
