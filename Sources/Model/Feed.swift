/// One parsed document: what `nabat parse` prints and what a poll turns into tape lines.
package struct Feed: Hashable, Sendable {
  /// `rss`, `atom`, `rdf`, `json`, `html`, or nil when the bytes are no feed at all.
  package var kind: String?
  package var title: String?
  package var link: String?
  package var language: String?
  package var updated: Moment?
  package var items: [FeedItem]
  package var warnings: [FeedWarning]

  package init(kind: String? = nil) {
    self.kind = kind
    items = []
    warnings = []
  }
}

/// One entry of a feed or a page. Absent is nil, never empty.
package struct FeedItem: Hashable, Sendable {
  package var id: String?
  /// Plain text.
  package var title: String?
  package var link: String?
  package var published: Moment?
  package var updated: Moment?
  /// Sanitised HTML.
  package var summary: String?
  /// Sanitised HTML.
  package var content: String?
  package var authors: [String]
  package var categories: [String]
  package var commentsURL: String?
  package var commentsFeed: String?
  package var commentCount: Int?
  package var enclosures: [Enclosure]
  package var lang: String?
  package var views: Int?
  package var likes: Int?
  /// The plain text of summary or content, for matching.
  package var plainText: String?
  /// Of a comment: the id of the entry it answers (`thr:in-reply-to`).
  package var inReplyTo: String?

  package init() {
    authors = []
    categories = []
    enclosures = []
  }
}

/// A file that an entry carries with it.
package struct Enclosure: Hashable, Sendable {
  package var url: String
  package var type: String?
  /// Bytes.
  package var length: Int?

  package init(url: String, type: String? = nil, length: Int? = nil) {
    self.url = url
    self.type = type
    self.length = length
  }
}

/// Something odd in a document that was read all the same.
package struct FeedWarning: Hashable, Sendable {
  package var code: String
  /// From 1; nil when no line can be named.
  package var line: Int?
  package var text: String

  package init(code: String, line: Int? = nil, text: String) {
    self.code = code
    self.line = line
    self.text = text
  }
}
