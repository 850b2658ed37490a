import JSON
import Model

extension DocumentKind {
  static let jsonFeed = DocumentKind(
    name: "json", summary: "JSON Feed 1.0 and 1.1",
    looksLike: { $0.firstByte == 0x7B || $0.firstByte == 0x5B },
    parse: { JSONFeedReader(document: $0).feed() })
}

/// JSON Feed (jsonfeed.org/version/1.1).
struct JSONFeedReader {
  let document: Document

  func feed() -> Feed {
    guard let value = parsed() else { return Feed() }
    let isFeed = value["version"]?.string?.contains("jsonfeed") == true || value["items"]?.array != nil
    guard isFeed, value.object != nil else {
      document.warn("not-a-feed", "the JSON is no JSON Feed")
      return Feed()
    }
    var feed = Feed(kind: "json")
    if value["version"]?.string?.contains("jsonfeed") != true {
      document.warn("no-version", "the feed states no version")
    }
    feed.title = line(value["title"])
    feed.link = address(value["home_page_url"])
    feed.language = value["language"]?.string.flatMap(Language.tag) ?? document.headerLanguage
    let authors = names(value)
    let items = (value["items"]?.array ?? []).prefix(Limits.items + 1).compactMap { entry -> FeedItem? in
      entry.object == nil ? nil : item(entry, feed: feed, authors: authors)
    }
    feed.updated = document.date(text(value["date_modified"])) ?? items.compactMap { $0.updated ?? $0.published }.max()
    feed.items = ItemIdentity.settle(items.map(ItemReading.withLanguage), in: document)
    return feed
  }

  /// The document as JSON; once more without control characters where they are what is wrong with it.
  private func parsed() -> JSONValue? {
    do {
      return try JSONValue(parsing: document.bytes)
    } catch {
      let isControl = { (byte: UInt8) in byte < 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 }
      document.warn("malformed-json", "the JSON cannot be read: \(String(describing: error).shown)")
      guard document.bytes.contains(where: { $0 < 0x20 }) else { return nil }
      let lines = document.bytes.filter { !isControl($0) }.map { $0 < 0x20 ? 0x20 : $0 }
      // Nothing more can be told of bytes that fail again.
      return try? JSONValue(parsing: lines)
    }
  }

  private func item(_ value: JSONValue, feed: Feed, authors: [String]) -> FeedItem {
    var item = FeedItem()
    item.id = text(value["id"])
    item.title = line(value["title"])
    item.link = address(value["url"]) ?? address(value["external_url"])
    if item.link == nil, let id = item.id, WebAddress.isAbsolute(id) { item.link = address(value["id"]) }
    item.published = document.date(text(value["date_published"]))
    item.updated = document.date(text(value["date_modified"]))
    item.summary = value["summary"]?.string.flatMap(escaped)
    item.content =
      value["content_html"]?.string.flatMap { HTMLCleaner.clean($0.utf8, base: document.base) }
      ?? value["content_text"]?.string.flatMap(escaped)
    item.plainText = document.plainText(of: item)
    item.authors = names(value)
    if item.authors.isEmpty { item.authors = authors }
    for tag in value["tags"]?.array ?? [] { item.categories.add(line(tag)) }
    for attachment in value["attachments"]?.array ?? [] {
      guard let url = address(attachment["url"]) else { continue }
      let length = attachment["size_in_bytes"]?.integer.flatMap { $0 >= 0 ? Int($0) : nil }
      item.enclosures.append(Enclosure(url: url, type: text(attachment["mime_type"]), length: length))
    }
    item.lang = value["language"]?.string.flatMap(Language.tag) ?? feed.language
    readComments(value, into: &item)
    return item
  }

  /// `comments_url` and counters are no part of JSON Feed; forums add them under names of their own.
  private func readComments(_ value: JSONValue, into item: inout FeedItem) {
    item.commentsURL = address(value["comments_url"])
    for name in ["comment_count", "comments_count", "reply_count"] where item.commentCount == nil {
      item.commentCount = CounterReader.digits(text(value[name]))
    }
  }

  private func names(_ value: JSONValue) -> [String] {
    var names: [String] = []
    for author in value["authors"]?.array ?? [] { names.add(PersonName.read(author["name"]?.string ?? author.string)) }
    if names.isEmpty {
      names.add(PersonName.read(value["author"]?["name"]?.string ?? value["author"]?.string))
    }
    return names
  }

  /// A string, or a number written out: ids are numbers in many feeds.
  private func text(_ value: JSONValue?) -> String? {
    switch value {
    case .string(let text): PlainText.collapsed(text)
    case .integer(let number): String(number)
    case .number(let number): Int64(exactly: number).map(String.init) ?? String(number)
    default: nil
    }
  }

  private func line(_ value: JSONValue?) -> String? { value?.string.flatMap(PlainText.line) }

  private func address(_ value: JSONValue?) -> String? {
    value?.string.flatMap { WebAddress.resolve($0, base: document.base) }
  }

  private func escaped(_ text: String) -> String? {
    let trimmed = text.trimmingSpaces
    return trimmed.isEmpty ? nil : HTMLWriter.escaped(trimmed)
  }
}
