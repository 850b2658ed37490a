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
    if root.word == .entry {
      feed.items = ItemIdentity.settle([ItemReading.withLanguage(entry(root, feed: feed, authors: []))], in: document)
      return feed
    }
    feed.title = Markup(atom: root.first(of: .title, .dcTitle), document: document)?.title
    feed.link = link(of: root)
    feed.updated = date(root, .updated, .modified, .dcDate, .dctermsModified)
    let authors = people(root)
    var entries = Array(root.all(.entry))
    for list in root.all(.entries) { entries += list.all(.entry) }
    if entries.count > Limits.items + 1 { entries.removeLast(entries.count - Limits.items - 1) }
    let items = ItemReading.items(entries, document) { [feed] in
      AtomReader(document: $1).entry($0, feed: feed, authors: authors)
    }
    feed.items = ItemIdentity.settle(items, in: document)
    return feed
  }

  private func entry(_ element: XMLElement, feed: Feed, authors: [String]) -> FeedItem {
    var item = FeedItem()
    item.id = element.first(of: .id, .guid)?.text
    item.title = Markup(atom: element.first(of: .title, .dcTitle, .mediaTitle), document: document)?.title
    item.link = link(of: element) ?? contentSource(element)
    item.published = date(element, .published, .issued, .created, .dctermsIssued, .dcDate, .pubDate)
    item.updated = date(element, .updated, .modified, .dctermsModified)
    item.summary = html(element, .summary, .description, .dcDescription, .mediaDescription)
    item.content = html(element, .content, .contentEncoded)
    if item.summary == nil, let group = element.first(.mediaGroup) {
      item.summary = html(group, .mediaDescription)
    }
    item.plainText = document.plainText(of: item)
    item.authors = people(element)
    if item.authors.isEmpty, let source = element.first(.source) { item.authors = people(source) }
    if item.authors.isEmpty { item.authors = authors }
    item.categories = categories(element)
    let links = ReplyLinks(element, linkName: .link, document: document)
    item.commentsURL = links.page
    item.commentsFeed = links.feed
    if let feed = element.first(.wfwCommentRSS), let text = feed.text, item.commentsFeed == nil {
      item.commentsFeed = WebAddress.resolve(text, base: feed.base(under: document.base))
    }
    if item.commentsURL == nil, let comments = element.first(.comments), let text = comments.text {
      item.commentsURL = WebAddress.resolve(text, base: comments.base(under: document.base))
    }
    item.commentCount =
      CounterReader.digits(element.first(.thrTotal)?.text) ?? links.count
      ?? CounterReader.digits(element.first(.slashComments)?.text)
    item.inReplyTo = element.first(.thrInReplyTo)?.attribute(.ref).flatMap { PlainText.collapsed($0) }
    item.enclosures = Enclosures.read(element, document: document)
    item.lang = element.language ?? element.first(.dcLanguage)?.text.flatMap(Language.tag) ?? feed.language
    item.views = element.descendant(.mediaStatistics)?.attribute(.views).flatMap(CounterReader.digits)
    return item
  }

  private func html(_ element: XMLElement, _ words: Word...) -> String? {
    for word in words {
      for child in element.all(word) {
        if let html = Markup(atom: child, document: document)?.html { return html }
      }
    }
    return nil
  }

  private func date(_ element: XMLElement, _ words: Word...) -> Moment? {
    for word in words {
      let moment = element.last(word) { child in
        child.withText { $0.isEmpty ? nil : document.date($0, line: child.line) }
      }
      if let moment { return moment }
    }
    return nil
  }

  /// The page of a feed or an entry: `alternate`, HTML preferred.
  private func link(of element: XMLElement) -> String? {
    var other: String?
    for link in element.all(.link) {
      let relation = Bytes.lowercased(link.attribute(.rel) ?? "alternate").trimmingSpaces
      guard ["alternate", "", "http://www.iana.org/assignments/relation/alternate"].contains(relation),
        let text = link.attribute(.href) ?? link.text,
        let address = WebAddress.resolve(text, base: link.base(under: document.base))
      else { continue }
      let type = Bytes.lowercased(link.attribute(.type) ?? "")
      if type.isEmpty || type.contains("html") { return address }
      other = other ?? address
    }
    return other
  }

  /// `<content src>`: the page that holds what is left out here.
  private func contentSource(_ element: XMLElement) -> String? {
    guard let content = element.first(.content), let source = content.attribute(.src) else { return nil }
    return WebAddress.resolve(source, base: content.base(under: document.base))
  }

  private func people(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children {
      switch child.word {
      case .author:
        let name = child.first(of: .name, .foafName) ?? child.first(.email)
        names.add(PersonName.read(child.hasElements ? name?.text : child.text))
      case .dcCreator: names.add(PersonName.read(child.text))
      default: break
      }
    }
    return names
  }

  private func categories(_ element: XMLElement) -> [String] {
    var names: [String] = []
    for child in element.children where child.word == .category || child.word == .dcSubject {
      let label = child.attribute(.label) ?? child.attribute(.term) ?? child.text
      names.add(label.flatMap(PlainText.line))
      if child.attribute(.label) != nil { names.add(child.attribute(.term).flatMap(PlainText.line)) }
    }
    return names
  }
}
