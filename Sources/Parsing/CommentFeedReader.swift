package import Model

/// One comment out of a comment feed.
package struct CommentEntry: Hashable, Sendable {
  /// Unique within its feed.
  package var id: String
  /// The id of the item it answers, as the feed states it; nil in a feed of one item's comments.
  package var itemRef: String?
  package var link: String?
  /// Plain, with line breaks.
  package var text: String
  package var author: String?
  package var published: Moment?

  package init(
    id: String, itemRef: String? = nil, link: String? = nil, text: String, author: String? = nil,
    published: Moment? = nil
  ) {
    self.id = id
    self.itemRef = itemRef
    self.link = link
    self.text = text
    self.author = author
    self.published = published
  }
}

/// Reads the entries of a comment feed (`wfw:commentRss`, Atom replies, a forum's topic) as comments.
package enum CommentFeedReader {
  /// The comments of a parsed feed, in its order; entries without a text are left out.
  package static func entries(of feed: Feed) -> [CommentEntry] {
    feed.items.compactMap { item in
      guard let text = item.plainText ?? item.title, !text.isEmpty, let id = item.id else { return nil }
      return CommentEntry(
        id: id, itemRef: item.inReplyTo, link: item.link, text: text,
        author: item.authors.first ?? author(in: item.title),
        published: item.published ?? item.updated)
    }
  }

  /// «Author: …» and «Comment on … by Author», the titles of feeds that do not name authors otherwise.
  private static func author(in title: String?) -> String? {
    guard let title else { return nil }
    for before in ["Автор: ", "By: ", "От: "] where title.hasPrefix(before) {
      return PlainText.collapsed(title.dropFirst(before.count))
    }
    guard let range = title.ranges(of: " by ").last, title.hasPrefix("Comment on") else { return nil }
    return PlainText.collapsed(title[range.upperBound...])
  }
}
