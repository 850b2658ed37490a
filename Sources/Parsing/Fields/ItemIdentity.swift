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

  /// Gives ids and languages, and tells items apart that share an id but lead to different pages: all of them are kept
  /// under the id and the link together, with a warning, so that none takes another's place in a later reading.
  static func settle(_ items: [FeedItem], in document: Document) -> [FeedItem] {
    var links: [String: Set<String>] = [:]
    var result = items
    for index in result.indices {
      let text = { [result[index].title, result[index].plainText].compactMap(\.self).joined(separator: "\n") }
      result[index].lang = result[index].lang ?? Language.guess(text())
      guard let id = id(of: result[index]) else { continue }
      result[index].id = id
      if let link = result[index].link { links[id, default: []].insert(link) }
    }
    var told: Set<String> = []
    for index in result.indices {
      guard let id = result[index].id, let link = result[index].link, links[id].map({ $0.count > 1 }) == true else {
        continue
      }
      result[index].id = id + "#" + link
      if told.insert(id).inserted {
        document.warn("duplicate-id", "entries share the id «\(id.shown)» and differ in link: all are kept")
      }
    }
    return result
  }
}
