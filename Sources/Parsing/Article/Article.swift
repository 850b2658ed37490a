import JSON
package import Model

/// What an article page says: what `nabat extract` prints. Absent is nil, never empty.
package struct Article: Hashable, Sendable {
  /// Plain text.
  package var title: String?
  /// Plain; paragraphs are separated by one blank line, lines within one by a line break.
  package var text: String?
  package var published: Moment?
  /// Plain text.
  package var author: String?
  /// A language tag.
  package var lang: String?
  package var commentCount: Int?
  package var views: Int?
  package var likes: Int?
  /// Absolute web addresses that the text links to, each once, in its order.
  package var links: [String] = []

  package init() {}
}

/// Reads the article of a page: what the page says to machines first (JSON-LD, microdata, OpenGraph), then what shows.
package enum ArticlePage {
  /// Never fails: of what is no page, or has no text, there is an article without a text.
  package static func read(_ payload: Payload, options: ReadingOptions) -> Article {
    read(Document(payload, options: options))
  }

  static func read(_ document: Document) -> Article {
    guard document.bytes.contains(where: { !isSpace($0) }), let page = document.page(isTrimmed: true)
    else { return Article() }
    return read(page, of: document)
  }

  static func read(_ page: HTMLPage, of document: Document) -> Article {
    let metadata = PageMetadata(page)
    let outline = PageOutline(page, length: document.bytes.count)
    var article = Article()
    let stated = (metadata.title ?? metadata.pageTitle).flatMap(PlainText.line)
    let heading = outline.heading
    article.title = stated ?? heading
    // «Headline — Name of the site»: the heading of the page is the headline alone.
    if let stated, let heading, heading.count >= 10, stated.hasPrefix(heading) { article.title = heading }
    let main = MainText(outline, title: article.title)
    article.text = main.text
    if let body = metadata.body.flatMap(paragraphs), main.length < 200 || main.length * 5 < body.count {
      // The text is there for machines only: scripts show it.
      article.text = body
    } else {
      article.links = main.links(base: document.base(of: page))
    }
    article.published =
      document.date(metadata.published) ?? document.date(outline.time) ?? outline.bylineDate(document.dates)
      ?? WebAddress.day(in: document.url, document.dates)
    article.author = metadata.author.flatMap(PlainText.line).flatMap(PersonName.withoutPreamble) ?? outline.author
    article.lang =
      metadata.language.flatMap(Language.tag) ?? document.headerLanguage ?? Language.guess(article.title, article.text)
    article.commentCount = metadata.comments ?? outline.commentCounter
    article.views = metadata.views
    article.likes = metadata.likes
    return article
  }

  /// A text for machines, with its paragraphs where it has any; tags go.
  private static func paragraphs(_ text: String) -> String? {
    let parts = text.split(whereSeparator: \.isNewline).compactMap { PlainText.line(String($0)) }
    return parts.isEmpty ? nil : parts.joined(separator: "\n\n")
  }
}

extension MainText {
  /// The article as plain text; nil without one.
  var text: String? {
    guard !blocks.isEmpty else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(blocks.reduce(0) { $0 + $1.text.count + 2 })
    for block in blocks {
      if !bytes.isEmpty { bytes.append(contentsOf: [0x0A, 0x0A]) }
      bytes.append(contentsOf: block.text)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Article {
  /// Writes the article as `nabat extract` prints it: absent values absent, times in UTC.
  package func writeJSON(into bytes: inout [UInt8]) {
    var object = JSONMembers(into: &bytes)
    object.text("title", title, &bytes)
    object.text("text", text, &bytes)
    object.moment("published", published, &bytes)
    object.text("author", author, &bytes)
    object.text("lang", lang, &bytes)
    object.count("comment_count", commentCount, &bytes)
    object.list("links", links, &bytes) { JSONValue.write($0, into: &$1) }
    bytes.append(0x7D)
  }

  /// The same as text.
  package var json: String {
    var bytes: [UInt8] = []
    writeJSON(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
