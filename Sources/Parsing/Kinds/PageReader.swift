import Model

extension DocumentKind {
  /// A page that lists publications, read by the selectors of its source.
  static let list = DocumentKind(
    name: "html list", summary: "an HTML list, by the selectors of its source",
    looksLike: { $0.options.source?.list != nil && $0.options.source?.kind != "article" && $0.mayBePage },
    parse: { document in
      guard let list = document.options.source?.list else { return Feed(kind: "html") }
      return PageReader(document: document, list: list).feed()
    })

  /// A page without selectors: no feed, but it may name one.
  static let page = DocumentKind(
    name: "html", summary: "an HTML page: no feed, but it may name one",
    looksLike: { $0.opensAsPage || $0.rootName.map { ["html", "xhtml:html"].contains($0) } == true },
    parse: { document in
      let page = document.page()
      document.warn("not-a-feed", "the document is an HTML page, no feed")
      for address in page.map({ PageReader.feeds(of: $0, document: document) }) ?? [] {
        document.warn("feed-link", "the page names a feed: \(address)")
      }
      return Feed(kind: "html")
    })
}

extension Document {
  /// Whether the document can be read as HTML: it is neither JSON nor an XML feed.
  var mayBePage: Bool {
    guard let first = firstByte, first != 0x7B, first != 0x5B else { return false }
    if opensAsPage { return true }
    return rootName.map { !["rss", "feed", "rdf:rdf", "rdf", "channel"].contains($0) } ?? true
  }

  /// The base of a page's addresses: its own `base`, else the document's.
  func base(of page: HTMLPage) -> String {
    page.nodes("//base[@href][1]").first?.attribute("href").flatMap { WebAddress.resolve($0, base: base) } ?? base
  }
}

/// The entries of an HTML list.
struct PageReader {
  let document: Document
  let list: PageList

  /// Addresses of feeds that a page names in its head.
  static func feeds(of page: HTMLPage, document: Document) -> [String] {
    let base = document.base(of: page)
    var addresses: [String] = []
    for link in page.nodes("//link[@rel and @href and @type]").prefix(100) {
      guard link.attribute("rel")?.lowercased().contains("alternate") == true,
        let type = link.attribute("type")?.lowercased(),
        type.contains("rss") || type.contains("atom") || type.contains("feed+json"),
        let address = link.attribute("href").flatMap({ WebAddress.resolve($0, base: base) })
      else { continue }
      addresses.add(address)
    }
    return addresses
  }

  func feed() -> Feed {
    var feed = Feed(kind: "html")
    guard let page = document.page() else {
      document.warn("not-a-feed", "the page cannot be read")
      return feed
    }
    feed.title = page.nodes("//head/title").first.flatMap { PlainText.collapsed($0.text) }
    feed.link = document.url
    feed.language =
      page.nodes("/html[@lang]").first?.attribute("lang").flatMap(Language.tag) ?? document.headerLanguage
    var fields = Fields(page: page, document: document)
    if let problem = preset?.problem(document) { document.warn("no-preview", problem) }
    let elements = fields.items(list.item)
    let base = document.base(of: page)
    var items = elements.map { item($0, base: base, language: feed.language, fields: &fields) }
    if !elements.isEmpty { fields.tellUnmatched() }
    // An advertisement or a rubric among the entries: nothing leads from it, nothing names it.
    let found = items.count
    items.removeAll { $0.link == nil && $0.id == nil && ($0.title == nil || list.link != nil) }
    if items.count < found, !items.isEmpty || list.link == nil {
      document.warn("item-skipped", "\(found - items.count) matched elements without a link were left out")
    }
    if let least = list.leastItems, !elements.isEmpty, items.count < least {
      document.warn("few-items", "\(items.count) entries were found, at least \(least) were expected")
    }
    feed.items = ItemIdentity.settle(items.map(ItemReading.withLanguage), in: document)
    return feed
  }

  /// One line: what stands before the first `br`, where something does.
  private func title(_ html: [UInt8]) -> String? {
    let head = Bytes.find("<br", in: html, from: 0).flatMap {
      PlainText.line(String(decoding: html[..<$0], as: UTF8.self))
    }
    return head ?? PlainText.line(String(decoding: html, as: UTF8.self))
  }

  private var preset: SourcePreset? { SourcePreset.all.first { $0.name == document.options.source?.preset } }

  /// What a field holds, as sanitised HTML, or as text where its selector says so.
  private func markup(
    _ field: String, _ selector: Selector?, _ node: HTMLPage.Node, base: String, _ fields: inout Fields
  ) -> String? {
    guard let selector, let clean = fields.html(field, selector, node).flatMap({ HTMLCleaner.clean($0, base: base) })
    else { return nil }
    guard !selector.keepsMarkup || selector.firstLine || selector.longest != nil else { return clean }
    return PlainText.text(clean: clean).map { HTMLWriter.escaped(Fields.cut($0, selector)) }
  }

  private func item(_ node: HTMLPage.Node, base: String, language: String?, fields: inout Fields) -> FeedItem {
    var item = FeedItem()
    item.title = fields.html("title", list.title, node).flatMap(title)
    if let selector = list.title, let title = item.title { item.title = Fields.cut(title, selector) }
    // Without a selector, or where it picks the element and not its address, the link is the first one inside.
    let link = fields.address("link", list.link, node) ?? (list.link == nil ? fields.firstAddress(in: node) : nil)
    item.link = link.flatMap { WebAddress.resolve($0, base: base) }
    item.published = fields.date(list.date, node)
    item.summary = markup("summary", list.summary, node, base: base, &fields)
    item.content = markup("content", list.content, node, base: base, &fields)
    item.id = fields.text("id", list.id, node)?.trimmingSpaces
    if item.id?.isEmpty == true { item.id = nil }
    item.commentCount = fields.text("comments", list.comments, node).flatMap(CounterReader.count)
    let comments =
      list.commentsURL == nil
      ? fields.linkAround(list.comments, "comments", node) : fields.address("comments_url", list.commentsURL, node)
    item.commentsURL = comments.flatMap { WebAddress.resolve($0, base: base) }
    item.views = fields.text("views", list.views, node).flatMap(CounterReader.count)
    item.plainText = document.plainText(of: item)
    item.lang = node.attribute("lang").flatMap(Language.tag) ?? language
    return item
  }
}
