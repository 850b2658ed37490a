import JSON
import Model

extension DocumentKind {
  /// A single page whose counters are watched.
  static let article = DocumentKind(
    name: "article", summary: "the counters of a single page",
    looksLike: { $0.options.source?.kind == "article" && $0.mayBePage },
    parse: { ArticleReader(document: $0).feed() })
}

/// One article page as one entry: its id is its address, its counters are what it is watched for.
struct ArticleReader {
  let document: Document

  func feed() -> Feed {
    var feed = Feed(kind: "html")
    guard let page = document.page() else {
      document.warn("not-a-feed", "the page cannot be read")
      return feed
    }
    let metadata = PageMetadata(page)
    feed.title = page.nodes("//head/title").first.flatMap { PlainText.collapsed($0.text) }
    feed.link = document.url
    feed.language = page.nodes("/html[@lang]").first?.attribute("lang").flatMap(Language.tag) ?? document.headerLanguage
    var item = FeedItem()
    item.id = document.options.source?.item ?? document.options.source?.url ?? document.url
    item.link = WebAddress.resolve(document.url, base: document.url)
    item.title = metadata.title.flatMap(PlainText.line) ?? feed.title
    item.published = document.date(metadata.published)
    item.authors.add(metadata.author.flatMap(PlainText.line))
    item.lang = feed.language
    item.commentCount = comments(page, metadata)
    item.views = metadata.views
    item.likes = metadata.likes
    feed.items = [item]
    return feed
  }

  private func comments(_ page: HTMLPage, _ metadata: PageMetadata) -> Int? {
    switch document.options.source?.comments ?? .auto {
    case .off: return nil
    case .auto: return metadata.comments ?? PageOutline(page, length: document.bytes.count).commentCounter
    case .selector(let selector): return count(selector, page) ?? metadata.comments
    case .origins(let origins, let selector):
      for origin in origins {
        let found =
          switch origin {
          case .jsonld: metadata.jsonComments
          case .microdata: metadata.microdataComments
          case .selector: selector.flatMap { count($0, page) }
          }
        if let found { return found }
      }
      return nil
    }
  }

  private func count(_ selector: Selector, _ page: HTMLPage) -> Int? {
    var fields = Fields(page: page, document: document)
    let text = fields.pageText("comments", selector)
    fields.tellUnmatched()
    return text.flatMap(CounterReader.count)
  }
}
