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
    let channel = root.word == .channel ? root : root.first(.channel) ?? root
    feed.title = title(channel)
    feed.link = link(of: channel)
    feed.language =
      channel.language ?? (channel.first(of: .language, .dcLanguage)?.text).flatMap(Language.tag)
      ?? document.headerLanguage
    feed.updated = date(
      channel, .lastBuildDate, .pubDate, .dctermsModified, .dcDate, .atomUpdated, .dctermsIssued)
    var elements: [XMLElement] = []
    for parent in [root] + Array(root.all(.channel)) { gather(parent, into: &elements) }
    if root.word == .item { elements = [root] }
    if elements.isEmpty { gatherAtom(channel, into: &elements) }
    if elements.count > Limits.items + 1 { elements.removeLast(elements.count - Limits.items - 1) }
    let items = ItemReading.items(elements, document) { [feed] in RSSReader(document: $1).item($0, feed: feed) }
    feed.items = ItemIdentity.settle(items, in: document)
    return feed
  }

  /// Items stand in the channel, beside it (RDF) or in a list of their own (RSS 1.1).
  private func gather(_ parent: XMLElement, into list: inout [XMLElement]) {
    for child in parent.children {
      if child.word == .item { list.append(child) }
      if child.word == .items { list.append(contentsOf: child.all(.item)) }
    }
  }

  /// Atom entries in an RSS channel: seen where two generators were glued together.
  private func gatherAtom(_ parent: XMLElement, into list: inout [XMLElement]) {
    list.append(contentsOf: parent.children.filter { $0.name == "atom:entry" || $0.name == "entry" })
  }

  private func item(_ element: XMLElement, feed: Feed) -> FeedItem {
    var item = FeedItem()
    let guid = element.first(of: .guid, .atomId, .dcIdentifier)
    item.id =
      guid?.text ?? element.attribute(.rdfAbout).flatMap { $0.trimmingSpaces.isEmpty ? nil : $0.trimmingSpaces }
    item.title = title(element)
    // The address of an RSS 1.0 item is its identifier too (RSS 1.0, section 5.5).
    item.link =
      link(of: element) ?? permalink(element.first(.guid))
      ?? element.attribute(.rdfAbout).flatMap { WebAddress.isAbsolute($0) ? WebAddress.resolve($0, base: "") : nil }
    item.published = date(element, .pubDate, .dcDate, .dctermsIssued, .dctermsCreated, .atomPublished, .date)
    item.updated = date(element, .dctermsModified, .atomUpdated, .lastBuildDate)
    let bodies = texts(element)
    item.summary = bodies.summary
    item.content = bodies.content
    item.plainText = document.plainText(of: item)
    item.authors = authors(element)
    item.categories = categories(element)
    readComments(element, into: &item)
    item.inReplyTo = element.first(.thrInReplyTo)?.attribute(.ref).flatMap { PlainText.collapsed($0) }
    item.enclosures = Enclosures.read(element, document: document)
    item.lang = element.language ?? element.first(.dcLanguage)?.text.flatMap(Language.tag) ?? feed.language
    item.views = element.descendant(.mediaStatistics)?.attribute(.views).flatMap(CounterReader.digits)
    return item
  }

  private func title(_ element: XMLElement) -> String? {
    Markup.title(
      rss: element.first(of: .title, .dcTitle, .atomTitle, .mediaTitle, .itunesTitle), document: document)
  }

  private func date(_ element: XMLElement, _ words: Word...) -> Moment? {
    for word in words {
      // Of several the last: generators append the corrected one.
      let moment = element.last(word) { child in
        child.withText { $0.isEmpty ? nil : document.date($0, line: child.line) }
      }
      // RFC 822 knows whole seconds: fractions of other formats would set equal times of one feed apart.
      if let moment { return moment.wholeSecond }
    }
    return nil
  }

  private func link(of element: XMLElement) -> String? {
    let stated = element.last(.link) { child in
      (child.text ?? child.attribute(.href)).flatMap {
        WebAddress.resolve($0, base: child.base(under: document.base))
      }
    }
    if let stated { return stated }
    for child in element.all(.atomLink) where (child.attribute(.rel) ?? "alternate") == "alternate" {
      if let link = child.attribute(.href).flatMap({ WebAddress.resolve($0, base: child.base(under: document.base)) }) {
        return link
      }
    }
    return nil
  }

  private func permalink(_ guid: XMLElement?) -> String? {
    guard let guid, let text = guid.text, Bytes.lowercased(guid.attribute(.isPermaLink) ?? "") != "false",
      WebAddress.isAbsolute(text)
    else { return nil }
    return WebAddress.resolve(text, base: document.base)
  }

  private func texts(_ element: XMLElement) -> (summary: String?, content: String?) {
    func html(_ words: Word...) -> String? {
      for word in words {
        for child in element.all(word) {
          if let html = Markup.html(rss: child, document: document) { return html }
        }
      }
      return nil
    }
    let content =
      html(
        .contentEncoded, .yandexFullText, .turboContent, .fullText, .joinedFullText, .fullItem, .xhtmlBody,
        .body)
      ?? element.first(.atomContent).flatMap { Markup(atom: $0, document: document)?.html }
    let summary =
      html(.summary, .description, .dcDescription, .itunesSummary, .googleplayDescription, .mediaDescription)
      ?? element.first(.atomSummary).flatMap { Markup(atom: $0, document: document)?.html }
    // A summary of its own beside the description: then that is the whole.
    if content == nil, element.first(.summary)?.isBlank == false { return (summary, html(.description)) }
    return (summary, content)
  }

  private func authors(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children {
      switch child.word {
      case .author where child.hasElements, .atomAuthor:
        names.add(
          PersonName.read((child.first(of: .name, .atomName) ?? child.first(of: .email, .atomEmail))?.text))
      case .author, .dcCreator, .dcAuthor, .dcContributor, .creator: names.add(PersonName.read(child.text))
      default: break
      }
    }
    if names.isEmpty { names.add(PersonName.read(element.first(of: .itunesAuthor, .googleplayAuthor)?.text)) }
    return names
  }

  private func categories(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children {
      switch child.word {
      case .category, .dcSubject, .itunesCategory, .atomCategory:
        names.add(child.withText(PlainText.line))
        if child.isBlank || child.hasElements { names.add(child.attribute(.text) ?? child.attribute(.term)) }
        for inner in child.all(.itunesCategory) { names.add(inner.attribute(.text)) }
      case .itunesKeywords, .mediaKeywords:
        for word in (child.text ?? "").split(whereSeparator: { $0 == "," }) { names.add(PlainText.collapsed(word)) }
      default: break
      }
    }
    return names
  }

  private func readComments(_ element: XMLElement, into item: inout FeedItem) {
    let links = ReplyLinks(element, linkName: .atomLink, document: document)
    // Some systems put the count where the address belongs.
    var stated: Int?
    if let comments = element.first(.comments), let text = comments.text {
      stated = CounterReader.digits(text)
      if stated == nil { item.commentsURL = WebAddress.resolve(text, base: comments.base(under: document.base)) }
    }
    item.commentsURL = item.commentsURL ?? links.page
    if let feed = element.first(.wfwCommentRSS), let text = feed.text {
      item.commentsFeed = WebAddress.resolve(text, base: feed.base(under: document.base))
    }
    item.commentsFeed = item.commentsFeed ?? links.feed
    item.commentCount =
      CounterReader.digits(element.first(.thrTotal)?.text) ?? links.count
      ?? CounterReader.digits(element.first(.slashComments)?.text) ?? stated
  }
}

extension Moment {
  /// The beginning of its second.
  fileprivate var wholeSecond: Moment {
    Moment(milliseconds: milliseconds - Moment.floorDivide(milliseconds, by: 1000).remainder)
  }
}
