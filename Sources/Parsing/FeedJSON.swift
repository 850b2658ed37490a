import Dispatch
import JSON
package import Model
import Synchronization

extension Feed {
  /// Writes the feed as `nabat parse` prints it: the members of the contract in its order, absent values absent, times
  /// in UTC. Straight into bytes, for a feed of ten thousand entries is megabytes.
  ///
  /// - Parameter flush: called after each entry; may empty the bytes.
  package func writeJSON(into bytes: inout [UInt8], flush: (inout [UInt8]) -> Void = { _ in }) {
    var object = JSONMembers(into: &bytes)
    object.member("kind", &bytes)
    if let kind { JSONValue.write(kind, into: &bytes) } else { bytes.append(contentsOf: "null".utf8) }
    object.text("title", title, &bytes)
    object.text("link", link, &bytes)
    object.text("language", language, &bytes)
    object.moment("updated", updated, &bytes)
    object.member("items", &bytes)
    bytes.append(0x5B)
    if items.count < Feed.least {
      Feed.write(items, items.indices, into: &bytes, flush: flush)
    } else {
      writeItems(into: &bytes, flush)
    }
    bytes.append(0x5D)
    object.list("warnings", warnings, &bytes) { $0.writeJSON(into: &$1) }
    bytes.append(0x7D)
  }

  /// Fewer entries than this are not worth a thread.
  private static let least = 1024

  private static func write(
    _ items: [FeedItem], _ range: Range<Int>, into bytes: inout [UInt8], flush: (inout [UInt8]) -> Void = { _ in }
  ) {
    // By index: a loop over the elements would copy each, and an entry is a dozen strings.
    for index in range {
      if index > 0 { bytes.append(0x2C) }
      items[index].writeJSON(into: &bytes)
      flush(&bytes)
    }
  }

  /// The entries of a large feed, written in parts on all processors.
  private func writeItems(into bytes: inout [UInt8], _ flush: (inout [UInt8]) -> Void) {
    let size = max(Feed.least / 4, items.count / 16)
    let count = (items.count + size - 1) / size
    let parts = Mutex([[UInt8]](repeating: [], count: count))
    DispatchQueue.concurrentPerform(iterations: count) { number in
      var part: [UInt8] = []
      Feed.write(items, (number * size)..<min(items.count, (number + 1) * size), into: &part)
      parts.withLock { $0[number] = part }
    }
    for number in 0..<count {
      bytes.append(contentsOf: parts.withLock { $0[number] })
      flush(&bytes)
    }
  }

  /// The same as text.
  package var json: String {
    var bytes: [UInt8] = []
    writeJSON(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension FeedItem {
  fileprivate func writeJSON(into bytes: inout [UInt8]) {
    var object = JSONMembers(into: &bytes)
    object.text("id", id, &bytes)
    object.text("title", title, &bytes)
    object.text("link", link, &bytes)
    object.moment("published", published, &bytes)
    object.moment("updated", updated, &bytes)
    object.text("summary", summary, &bytes)
    object.text("content", content, &bytes)
    if !authors.isEmpty { object.list("authors", authors, &bytes) { JSONValue.write($0, into: &$1) } }
    if !categories.isEmpty { object.list("categories", categories, &bytes) { JSONValue.write($0, into: &$1) } }
    object.text("comments_url", commentsURL, &bytes)
    object.text("comments_feed", commentsFeed, &bytes)
    object.count("comment_count", commentCount, &bytes)
    if !enclosures.isEmpty { object.list("enclosures", enclosures, &bytes) { $0.writeJSON(into: &$1) } }
    object.text("lang", lang, &bytes)
    if views != nil || likes != nil {
      object.member("metrics", &bytes)
      var metrics = JSONMembers(into: &bytes)
      metrics.count("views", views, &bytes)
      metrics.count("likes", likes, &bytes)
      bytes.append(0x7D)
    }
    bytes.append(0x7D)
  }
}

extension Enclosure {
  fileprivate func writeJSON(into bytes: inout [UInt8]) {
    var object = JSONMembers(into: &bytes)
    object.text("url", url, &bytes)
    object.text("type", type, &bytes)
    object.count("length", length, &bytes)
    bytes.append(0x7D)
  }
}

extension FeedWarning {
  fileprivate func writeJSON(into bytes: inout [UInt8]) {
    var object = JSONMembers(into: &bytes)
    object.text("code", code, &bytes)
    object.count("line", line, &bytes)
    object.text("text", text, &bytes)
    bytes.append(0x7D)
  }
}

/// The members of an object that is being written; the closing brace is the caller's.
struct JSONMembers {
  private var isFirst = true

  init(into bytes: inout [UInt8]) { bytes.append(0x7B) }

  /// Writes a name, which needs no escape, and the colon.
  mutating func member(_ name: StaticString, _ bytes: inout [UInt8]) {
    if !isFirst { bytes.append(0x2C) }
    isFirst = false
    bytes.append(0x22)
    bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(0x22)
    bytes.append(0x3A)
  }

  mutating func text(_ name: StaticString, _ text: String?, _ bytes: inout [UInt8]) {
    guard let text else { return }
    member(name, &bytes)
    JSONValue.write(text, into: &bytes)
  }

  mutating func moment(_ name: StaticString, _ moment: Moment?, _ bytes: inout [UInt8]) {
    guard let moment else { return }
    member(name, &bytes)
    bytes.append(0x22)
    moment.writeRFC3339(into: &bytes)
    bytes.append(0x22)
  }

  mutating func count(_ name: StaticString, _ count: Int?, _ bytes: inout [UInt8]) {
    guard let count else { return }
    member(name, &bytes)
    bytes.append(contentsOf: String(count).utf8)
  }

  mutating func list<Element>(
    _ name: StaticString, _ elements: [Element], _ bytes: inout [UInt8], _ write: (Element, inout [UInt8]) -> Void
  ) {
    member(name, &bytes)
    bytes.append(0x5B)
    // By index: a loop over the elements would copy each, and an entry is a dozen strings.
    for index in elements.indices {
      if index > 0 { bytes.append(0x2C) }
      write(elements[index], &bytes)
    }
    bytes.append(0x5D)
  }
}
