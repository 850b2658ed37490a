package import Model
import Parsing

/// Turns parsed documents into tape lines. Pure.
package struct Ingest: Sendable {
  private let authorKey: @Sendable (_ name: String, _ published: Moment) -> AuthorKey

  package init(authorKey: @escaping @Sendable (_ name: String, _ published: Moment) -> AuthorKey) {
    self.authorKey = authorKey
  }

  /// A comment feed to read because an item's counter moved.
  package struct CommentFeed: Sendable, Hashable {
    package var url: String
    package var item: String
    /// The counter's reading, to be told after the texts.
    package var total: Total
  }

  package struct Lines: Sendable {
    package var lines: [TapeLine] = []
    package var commentFeeds: [CommentFeed] = []
  }

  /// Items, and the counters beside them.
  ///
  /// - Parameter lastTotal: the last reading of an item's counter; nil before the first.
  package func lines(
    of feed: Feed, source: Source, now: Moment, lastTotal: (_ item: String) -> Int?
  ) -> Lines {
    var result = Lines()
    // Feeds list the newest first: told in the order in which they were published.
    for item in feed.items.reversed() {
      guard let id = item.id ?? item.link else { continue }
      // The counters of an item that a feed brought: nothing new but their numbers.
      let owner = source.itemSource ?? source.id
      if source.itemSource == nil {
        result.lines.append(.item(at: now, publication(item, id: id, source: source, now: now)))
      }
      guard source.comments != .off, let count = item.commentCount else { continue }
      let total = Total(source: owner, item: id, comments: count)
      let last = lastTotal(id)
      if source.comments == .auto, let url = item.commentsFeed, count != last ?? 0 {
        result.commentFeeds.append(CommentFeed(url: url, item: id, total: total))
      } else if last != count || isFresh(item, now: now) {
        result.lines.append(.total(at: now, total))
      }
    }
    return result
  }

  /// Texts of a comment feed, then the reading of the counter that led to it: the texts count, and only the excess of
  /// the counter over them counts as comments without text.
  package func lines(of feed: Feed, _ commentFeed: CommentFeed, source: Source, now: Moment) -> [TapeLine] {
    let comments = CommentFeedReader.entries(of: feed).sorted {
      ($0.published ?? now, $0.id) < ($1.published ?? now, $1.id)
    }
    return comments.map { entry in
      let published = entry.published ?? now
      return .comment(
        at: now,
        Comment(
          id: entry.id, source: source.id, sourceClass: source.sourceClass, item: commentFeed.item,
          region: source.region, lang: source.lang, url: entry.link,
          author: entry.author.map { authorKey($0, published) }, text: entry.text, published: published))
    } + [.total(at: now, commentFeed.total)]
  }

  /// Whether an item has less than a text of its own: what a feed gives of an article in short.
  static func isTeaser(_ item: Publication) -> Bool { (item.body?.count ?? 0) < 600 }

  /// An item with the text of its page, where that is more than the item has.
  static func completed(_ line: TapeLine, with text: String?) -> TapeLine {
    guard case .item(let at, var item) = line, let text, text.count > item.body?.count ?? 0 else { return line }
    item.body = text
    return .item(at: at, item)
  }

  /// Counters of the last day are told at every reading, older ones when they move: what comes later is spread over
  /// the time since the last reading.
  private func isFresh(_ item: FeedItem, now: Moment) -> Bool {
    item.published.map { now - $0 <= .days(1) } ?? false
  }

  private func publication(_ item: FeedItem, id: String, source: Source, now: Moment) -> Publication {
    let published = item.published ?? now
    return Publication(
      id: id, source: source.id, sourceClass: source.sourceClass, region: source.region,
      lang: item.lang.map(Ingest.primaryLanguage) ?? source.lang, url: item.link,
      title: item.title == "" ? nil : item.title, body: item.plainText,
      author: item.authors.first.map { authorKey($0, published) }, published: published)
  }

  /// `ru-RU` as `ru`: rules name languages without regions.
  private static func primaryLanguage(_ tag: String) -> String {
    String(tag.prefix { $0 != "-" && $0 != "_" }).lowercased()
  }
}
