import Dispatch
import Model

/// Reads the entries of a feed; those of a large one on all processors.
enum ItemReading {
  /// Fewer entries than this are not worth a thread.
  private static let least = 256

  /// The items in the order of their elements, whatever the number of threads; warnings go to `document` in that order.
  static func items(
    _ elements: [XMLElement], _ document: Document, read: @Sendable (XMLElement, Document) -> FeedItem
  ) -> [FeedItem] {
    let chunk = max(least, elements.count / 16)
    let chunks = (elements.count + chunk - 1) / chunk
    guard chunks > 1 else { return elements.map { withLanguage(read($0, document)) } }
    return [FeedItem](unsafeUninitializedCapacity: elements.count) { buffer, count in
      // Each fork, and each part of the memory, is touched by the one thread that has its number, and by this one after
      // all are done.
      nonisolated(unsafe) let forks = (0..<chunks).map { _ in document.fork() }
      nonisolated(unsafe) let memory = buffer
      DispatchQueue.concurrentPerform(iterations: chunks) { number in
        for index in (number * chunk)..<min(elements.count, (number + 1) * chunk) {
          memory.initializeElement(at: index, to: withLanguage(read(elements[index], forks[number])))
        }
      }
      for fork in forks { document.join(fork) }
      count = elements.count
    }
  }

  /// The item with its language, guessed by its text where none is stated.
  static func withLanguage(_ item: consuming FeedItem) -> FeedItem {
    guard item.lang == nil else { return item }
    item.lang = Language.guess(item.title, item.content ?? item.summary)
    return item
  }
}
