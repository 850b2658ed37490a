import Model

extension DocumentKind {
  /// RSS 0.9x and 2.0.
  static let rss = DocumentKind(
    name: "rss", summary: "RSS 0.91–0.94 and 2.0",
    looksLike: { ["rss", "channel", "item", "items"].contains($0.rootName) },
    parse: { RSSReader(document: $0).feed(kind: "rss") })
}

/// Channels of `item`s: RSS of every version, with the modules that feeds use.
struct RSSReader {
  let document: Document

  func feed(kind: String) -> Feed {
    var feed = Feed(kind: kind)
    guard let root = document.tree?.root else { return feed }
    let channel = root.name == "channel" ? root : root.first("channel") ?? root
    feed.title = title(channel)
    feed.link = link(of: channel)
    feed.language =
      channel.language ?? (channel.first(of: "language", "dc:language")?.text).flatMap(Language.tag)
      ?? document.headerLanguage
    feed.updated = date(
      channel, "lastbuilddate", "pubdate", "dcterms:modified", "dc:date", "atom:updated", "dcterms:issued")
    var elements: [XMLElement] = []
    for parent in [root] + root.all("channel") { gather(parent, into: &elements) }
    if root.name == "item" { elements = [root] }
    if elements.isEmpty { gatherAtom(channel, into: &elements) }
    let items = elements.prefix(Limits.items + 1).map { item($0, feed: feed) }
    feed.items = ItemIdentity.settle(items, in: document)
    return feed
  }

  /// Items stand in the channel, beside it (RDF) or in a list of their own (RSS 1.1).
  private func gather(_ parent: XMLElement, into list: inout [XMLElement]) {
    for child in parent.children {
      if child.name == "item" { list.append(child) }
      if child.name == "items" { list.append(contentsOf: child.all("item")) }
    }
  }

  /// Atom entries in an RSS channel: seen where two generators were glued together.
  private func gatherAtom(_ parent: XMLElement, into list: inout [XMLElement]) {
    list.append(contentsOf: parent.children.filter { $0.name == "atom:entry" || $0.name == "entry" })
  }

  private func item(_ element: XMLElement, feed: Feed) -> FeedItem {
    var item = FeedItem()
    let guid = element.first(of: "guid", "atom:id", "dc:identifier")
    item.id =
      guid?.text ?? element.attribute("rdf:about").flatMap { $0.trimmingSpaces.isEmpty ? nil : $0.trimmingSpaces }
    item.title = title(element)
    // The address of an RSS 1.0 item is its identifier too (RSS 1.0, section 5.5).
    item.link =
      link(of: element) ?? permalink(element.first("guid"))
      ?? element.attribute("rdf:about").flatMap { WebAddress.isAbsolute($0) ? WebAddress.resolve($0, base: "") : nil }
    item.published = date(element, "pubdate", "dc:date", "dcterms:issued", "dcterms:created", "atom:published", "date")
    item.updated = date(element, "dcterms:modified", "atom:updated", "lastbuilddate")
    let bodies = texts(element)
    item.summary = bodies.summary
    item.content = bodies.content
    item.plainText = FeedItemText.plain(content: item.content, summary: item.summary)
    item.authors = authors(element)
    item.categories = categories(element)
    readComments(element, into: &item)
    item.inReplyTo = element.first("thr:in-reply-to")?.attribute("ref").flatMap { PlainText.collapsed($0) }
    item.enclosures = Enclosures.read(element, document: document)
    item.lang = element.language ?? element.first("dc:language")?.text.flatMap(Language.tag) ?? feed.language
    item.views = element.descendant("media:statistics")?.attribute("views").flatMap(CounterReader.digits)
    return item
  }

  private func title(_ element: XMLElement) -> String? {
    Markup(
      rss: element.first(of: "title", "dc:title", "atom:title", "media:title", "itunes:title"), document: document)?
      .title
  }

  private func date(_ element: XMLElement, _ names: String...) -> Moment? {
    for name in names {
      // Of several the last: generators append the corrected one.
      for child in element.all(name).reversed() where !child.isBlank {
        // RFC 822 knows whole seconds: fractions of other formats would set equal times of one feed apart.
        if let moment = document.date(child.text, line: child.line) { return moment.wholeSecond }
      }
    }
    return nil
  }

  private func link(of element: XMLElement) -> String? {
    for child in element.all("link").reversed() {
      if let text = child.text ?? child.attribute("href"),
        let link = WebAddress.resolve(text, base: child.base(under: document.base))
      {
        return link
      }
    }
    for child in element.all("atom:link") where (child.attribute("rel") ?? "alternate") == "alternate" {
      if let link = child.attribute("href").flatMap({ WebAddress.resolve($0, base: child.base(under: document.base)) })
      {
        return link
      }
    }
    return nil
  }

  private func permalink(_ guid: XMLElement?) -> String? {
    guard let guid, let text = guid.text, Bytes.lowercased(guid.attribute("ispermalink") ?? "") != "false",
      WebAddress.isAbsolute(text)
    else { return nil }
    return WebAddress.resolve(text, base: document.base)
  }

  private func texts(_ element: XMLElement) -> (summary: String?, content: String?) {
    func html(_ names: String...) -> String? {
      for name in names {
        for child in element.all(name) {
          if let html = Markup(rss: child, document: document)?.html { return html }
        }
      }
      return nil
    }
    let content =
      html(
        "content:encoded", "yandex:full-text", "turbo:content", "full-text", "fulltext", "fullitem", "xhtml:body",
        "body")
      ?? element.first("atom:content").flatMap { Markup(atom: $0, document: document)?.html }
    let summary =
      html("summary", "description", "dc:description", "itunes:summary", "googleplay:description", "media:description")
      ?? element.first("atom:summary").flatMap { Markup(atom: $0, document: document)?.html }
    // A summary of its own beside the description: then that is the whole.
    if content == nil, element.first("summary")?.isBlank == false { return (summary, html("description")) }
    return (summary, content)
  }

  private func authors(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children {
      switch child.name {
      case "author" where child.hasElements, "atom:author":
        names.add(
          PersonName.read((child.first(of: "name", "atom:name") ?? child.first(of: "email", "atom:email"))?.text))
      case "author", "dc:creator", "dc:author", "dc:contributor", "creator": names.add(PersonName.read(child.text))
      default: break
      }
    }
    if names.isEmpty { names.add(PersonName.read(element.first(of: "itunes:author", "googleplay:author")?.text)) }
    return names
  }

  private func categories(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children {
      switch child.name {
      case "category", "dc:subject", "itunes:category", "atom:category":
        names.add(child.text.flatMap(PlainText.line))
        if child.isBlank || child.hasElements { names.add(child.attribute("text") ?? child.attribute("term")) }
        for inner in child.all("itunes:category") { names.add(inner.attribute("text")) }
      case "itunes:keywords", "media:keywords":
        for word in (child.text ?? "").split(whereSeparator: { $0 == "," }) { names.add(PlainText.collapsed(word)) }
      default: break
      }
    }
    return names
  }

  private func readComments(_ element: XMLElement, into item: inout FeedItem) {
    let links = ReplyLinks(element, linkName: "atom:link", document: document)
    // Some systems put the count where the address belongs.
    var stated: Int?
    if let comments = element.first("comments"), let text = comments.text {
      stated = CounterReader.digits(text)
      if stated == nil { item.commentsURL = WebAddress.resolve(text, base: comments.base(under: document.base)) }
    }
    item.commentsURL = item.commentsURL ?? links.page
    if let feed = element.first("wfw:commentrss"), let text = feed.text {
      item.commentsFeed = WebAddress.resolve(text, base: feed.base(under: document.base))
    }
    item.commentsFeed = item.commentsFeed ?? links.feed
    item.commentCount =
      CounterReader.digits(element.first("thr:total")?.text) ?? links.count
      ?? CounterReader.digits(element.first("slash:comments")?.text) ?? stated
  }
}

extension XMLElement {
  /// The first element of a name at any depth below.
  func descendant(_ name: String) -> XMLElement? {
    guard tree.index(of: name) != nil else { return nil }
    for child in children {
      if child.name == name { return child }
      if let found = child.descendant(name) { return found }
    }
    return nil
  }
}

extension Moment {
  /// The beginning of its second.
  fileprivate var wholeSecond: Moment {
    Moment(milliseconds: milliseconds - Moment.floorDivide(milliseconds, by: 1000).remainder)
  }
}
