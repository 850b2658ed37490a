import Model

/// What a source shows at one moment of the story: the input of every document.
struct Edition: Sendable {
  struct Entry: Sendable {
    var item: DemoStory.Item
    /// The item's address on this server.
    var url: String
    /// nil where the source counts no comments.
    var comments: Int?
    /// The address of the feed of its comments.
    var commentFeed: String?
  }

  var source: DemoSource
  /// `http://127.0.0.1:8797`, without a slash at the end.
  var address: String
  /// Newest first, at most `limit`.
  var entries: [Entry]
  /// When anything here last changed; the story's start where nothing has happened yet.
  var updated: Moment

  /// Entries a feed or page shows.
  static let limit = 20

  var home: String { "\(address)/\(source.id)" }
}

/// A document as it goes out.
struct Rendered: Hashable, Sendable {
  var type: String
  var text: String
}

extension Edition {
  /// The edition of a source at `moment`: of the story's lines only those that are due.
  init(of source: DemoSource, story: DemoStory, at moment: Moment, address: String) {
    self.source = source
    self.address = address
    var updated = story.start
    var counts: [String: Int] = [:]
    for comment in story.comments where comment.source == source.id && comment.at <= moment {
      counts[comment.item, default: 0] += 1
      updated = max(updated, comment.at)
    }
    for reading in story.readings where reading.source == source.id && reading.at <= moment {
      if counts[reading.item] != reading.count { updated = max(updated, reading.at) }
      counts[reading.item] = reading.count
    }
    let due = story.items.filter { $0.source == source.id && $0.at <= moment }
    entries = due.suffix(Edition.limit).reversed().map { item in
      Entry(
        item: item, url: Edition.moved(item.url, to: address),
        comments: source.hasComments ? counts[item.id] ?? 0 : counts[item.id],
        commentFeed: source.hasComments ? "\(address)/\(source.id)/comments/\(item.id)" : nil)
    }
    self.updated = due.reduce(updated) { max($0, $1.at) }
  }

  /// An address of the story on the server that really listens.
  static func moved(_ url: String, to address: String) -> String {
    url.hasPrefix(DemoSource.writtenAddress) ? address + url.dropFirst(DemoSource.writtenAddress.count) : url
  }
}
