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

  /// Gives ids, and tells items apart that share an id: those of one id that lead to different pages, and
  /// those of no id that lead to one page under different titles. All of them are kept under a longer id, with a
  /// warning, so that none takes another's place in a later reading.
  static func settle(_ items: [FeedItem], in document: Document) -> [FeedItem] {
    var result = items
    var firsts: [String: Int] = [:]
    firsts.reserveCapacity(items.count)
    var shared: Set<String> = []
    for index in result.indices {
      guard let id = id(of: result[index]) else { continue }
      if let first = firsts[id] {
        if isOther(items[first], items[index]) { shared.insert(id) }
      } else {
        firsts[id] = index
      }
      result[index].id = id
    }
    guard !shared.isEmpty else { return result }
    var told: Set<String> = []
    for index in result.indices {
      guard let id = result[index].id, shared.contains(id), let link = result[index].link else { continue }
      if items[index].id != nil {
        result[index].id = id + "#" + link
      } else {
        result[index].id = id + "#" + Bytes.hash(result[index].title ?? result[index].summary ?? "")
      }
      if told.insert(id).inserted {
        document.warn("duplicate-id", "entries share the id «\(id.shown)» and are not the same: all are kept")
      }
    }
    return result
  }

  private static func isOther(_ first: FeedItem, _ second: FeedItem) -> Bool {
    if first.link != second.link { return first.link != nil && second.link != nil }
    return first.id == nil && second.id == nil && first.title != second.title
  }
}
