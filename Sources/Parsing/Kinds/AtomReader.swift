import Model

extension DocumentKind {
  static let atom = DocumentKind(
    name: "atom", summary: "Atom 1.0 and 0.3",
    looksLike: { $0.rootName == "feed" || $0.rootName == "entry" },
    parse: { AtomReader(document: $0).feed() })
}

/// Feeds of `entry`s (RFC 4287) and of their forerunner.
struct AtomReader {
  let document: Document

  func feed() -> Feed {
    var feed = Feed(kind: "atom")
    guard let root = document.tree?.root else { return feed }
    feed.language = root.language ?? document.headerLanguage
    if root.name == "entry" {
      feed.items = ItemIdentity.settle([entry(root, feed: feed, authors: [])], in: document)
      return feed
    }
    feed.title = Markup(atom: root.first(of: "title", "dc:title"), document: document)?.title
    feed.link = link(of: root)
    feed.updated = date(root, "updated", "modified", "dc:date", "dcterms:modified")
    let authors = people(root)
    var entries = root.all("entry")
    for list in root.all("entries") { entries += list.all("entry") }
    let items = entries.prefix(Limits.items + 1).map { entry($0, feed: feed, authors: authors) }
    feed.items = ItemIdentity.settle(items, in: document)
    return feed
  }

  private func entry(_ element: XMLElement, feed: Feed, authors: [String]) -> FeedItem {
    var item = FeedItem()
    item.id = element.first(of: "id", "guid")?.text
    item.title = Markup(atom: element.first(of: "title", "dc:title", "media:title"), document: document)?.title
    item.link = link(of: element) ?? contentSource(element)
    item.published = date(element, "published", "issued", "created", "dcterms:issued", "dc:date", "pubdate")
    item.updated = date(element, "updated", "modified", "dcterms:modified")
    item.summary = html(element, "summary", "description", "dc:description", "media:description")
    item.content = html(element, "content", "content:encoded")
    if item.summary == nil, let group = element.first("media:group") {
      item.summary = html(group, "media:description")
    }
    item.plainText = FeedItemText.plain(content: item.content, summary: item.summary)
    item.authors = people(element)
    if item.authors.isEmpty, let source = element.first("source") { item.authors = people(source) }
    if item.authors.isEmpty { item.authors = authors }
    item.categories = categories(element)
    let links = ReplyLinks(element, linkName: "link", document: document)
    item.commentsURL = links.page
    item.commentsFeed = links.feed
    if let feed = element.first("wfw:commentrss"), let text = feed.text, item.commentsFeed == nil {
      item.commentsFeed = WebAddress.resolve(text, base: feed.base(under: document.base))
    }
    if item.commentsURL == nil, let comments = element.first("comments"), let text = comments.text {
      item.commentsURL = WebAddress.resolve(text, base: comments.base(under: document.base))
    }
    item.commentCount =
      CounterReader.digits(element.first("thr:total")?.text) ?? links.count
      ?? CounterReader.digits(element.first("slash:comments")?.text)
    item.inReplyTo = element.first("thr:in-reply-to")?.attribute("ref").flatMap { PlainText.collapsed($0) }
    item.enclosures = Enclosures.read(element, document: document)
    item.lang = element.language ?? element.first("dc:language")?.text.flatMap(Language.tag) ?? feed.language
    item.views = element.descendant("media:statistics")?.attribute("views").flatMap(CounterReader.digits)
    return item
  }

  private func html(_ element: XMLElement, _ names: String...) -> String? {
    for name in names {
      for child in element.all(name) {
        if let html = Markup(atom: child, document: document)?.html { return html }
      }
    }
    return nil
  }

  private func date(_ element: XMLElement, _ names: String...) -> Moment? {
    for name in names {
      for child in element.all(name).reversed() where !child.isBlank {
        if let moment = document.date(child.text, line: child.line) { return moment }
      }
    }
    return nil
  }

  /// The page of a feed or an entry: `alternate`, HTML preferred.
  private func link(of element: XMLElement) -> String? {
    var other: String?
    for link in element.all("link") {
      let relation = Bytes.lowercased(link.attribute("rel") ?? "alternate").trimmingSpaces
      guard ["alternate", "", "http://www.iana.org/assignments/relation/alternate"].contains(relation),
        let text = link.attribute("href") ?? link.text,
        let address = WebAddress.resolve(text, base: link.base(under: document.base))
      else { continue }
      let type = Bytes.lowercased(link.attribute("type") ?? "")
      if type.isEmpty || type.contains("html") { return address }
      other = other ?? address
    }
    return other
  }

  /// `<content src>`: the page that holds what is left out here.
  private func contentSource(_ element: XMLElement) -> String? {
    guard let content = element.first("content"), let source = content.attribute("src") else { return nil }
    return WebAddress.resolve(source, base: content.base(under: document.base))
  }

  private func people(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children {
      switch child.name {
      case "author":
        let name = child.first(of: "name", "foaf:name") ?? child.first("email")
        names.add(PersonName.read(child.hasElements ? name?.text : child.text))
      case "dc:creator": names.add(PersonName.read(child.text))
      default: break
      }
    }
    return names
  }

  private func categories(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children where child.name == "category" || child.name == "dc:subject" {
      let label = child.attribute("label") ?? child.attribute("term") ?? child.text
      names.add(label.flatMap(PlainText.line))
      if child.attribute("label") != nil { names.add(child.attribute("term").flatMap(PlainText.line)) }
    }
    return names
  }
}
