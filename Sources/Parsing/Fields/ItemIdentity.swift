import Model

/// What makes an entry itself: ids where there are none, and ids that are used twice.
enum ItemIdentity {
  /// A name for an entry with neither id nor link, out of its title, date and summary.
  private static func hash(of item: FeedItem) -> String? {
    guard item.title != nil || item.summary != nil || item.content != nil else { return nil }
    let parts = [item.title, item.published.map(\.rfc3339), item.summary ?? item.content].map { $0 ?? "" }
    return "hash:" + Bytes.hash(parts.joined(separator: "\n"))
  }

  /// Gives ids, and tells items apart that share an id: those of one id that lead to different pages, and
  /// those of no id that lead to one page under different titles. All of them are kept under a longer id, with a
  /// warning, so that none takes another's place in a later reading.
  static func settle(_ items: consuming [FeedItem], in document: Document) -> [FeedItem] {
    var firsts: [String: Int] = [:]
    firsts.reserveCapacity(items.count)
    var shared: Set<String> = []
    var stated = [Bool](repeating: false, count: items.count)
    for index in items.indices {
      stated[index] = items[index].id != nil
      // The fields one by one: handed over whole, an entry is copied.
      guard let id = items[index].id ?? items[index].link ?? hash(of: items[index]) else { continue }
      if let first = firsts[id] {
        let bothUnstated = !stated[first] && !stated[index]
        if isOther(items[first], items[index], unstated: bothUnstated) { shared.insert(id) }
      } else {
        firsts[id] = index
      }
      items[index].id = id
    }
    guard !shared.isEmpty else { return items }
    var told: Set<String> = []
    for index in items.indices {
      guard let id = items[index].id, shared.contains(id), let link = items[index].link else { continue }
      let more = stated[index] ? link : Bytes.hash(items[index].title ?? items[index].summary ?? "")
      items[index].id = id + "#" + more
      if told.insert(id).inserted {
        document.warn("duplicate-id", "entries share the id «\(id.shown)» and are not the same: all are kept")
      }
    }
    return items
  }

  private static func isOther(_ first: FeedItem, _ second: FeedItem, unstated: Bool) -> Bool {
    if first.link != second.link { return first.link != nil && second.link != nil }
    return unstated && first.title != second.title
  }
}
