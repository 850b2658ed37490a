import Model

/// What makes an entry itself: ids where there are none, and ids that are used twice.
enum ItemIdentity {
  /// The id of an entry: its own, its link, or a hash of its title, date and summary.
  static func id(of item: FeedItem) -> String? {
    if let id = item.id { return id }
    if let link = item.link { return link }
    guard item.title != nil || item.summary != nil || item.content != nil else { return nil }
    let parts = [item.title, item.published.map(\.rfc3339), item.summary ?? item.content].map { $0 ?? "" }
    return "hash:" + Bytes.hash(parts.joined(separator: "\n"))
  }

  /// Gives ids, drops exact repetitions, and keeps items that share an id but lead to different pages, with a warning.
  static func settle(_ items: [FeedItem], in document: Document) -> [FeedItem] {
    var seen: [String: Int] = [:]
    var result: [FeedItem] = []
    result.reserveCapacity(items.count)
    for var item in items {
      item.id = id(of: item)
      item.lang = item.lang ?? Language.guess([item.title, item.plainText].compactMap(\.self).joined(separator: "\n"))
      if let id = item.id {
        if let earlier = seen[id], result[earlier].link != item.link {
          document.warn("duplicate-id", "two entries share the id «\(id.shown)» and differ in link: both are kept")
          if let link = item.link { item.id = id + "#" + link }
        } else if seen[id] == nil {
          seen[id] = result.count
        }
      }
      result.append(item)
    }
    return result
  }
}
