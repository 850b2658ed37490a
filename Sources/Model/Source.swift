/// What Nabat watches: one feed, page or folder with its address and habits.
package struct Source: Hashable, Sendable {
  /// `feed`, `page`, `article`, `json` or `spool`; a kind is registered by name.
  package var id: String
  package var kind: String
  package var title: String?
  package var url: String
  package var sourceClass: String
  package var region: String?
  package var lang: String?
  /// IANA name of the zone for dates without one.
  package var timezone: String
  package var every: Span
  package var enabled: Bool
  /// The contact that the User-Agent names: a `mailto:` or `https:` address.
  package var contact: String?
  /// Overrides the declared encoding of the answers.
  package var encoding: String?
  package var allowPrivate: Bool
  package var certificateFile: String?
  /// Selectors of an HTML page, by field.
  package var list: PageList?
  package var comments: CommentReading
  /// Where the source was written.
  package var place: Place

  package init(id: String, kind: String, url: String, place: Place) {
    self.id = id
    self.kind = kind
    self.url = url
    self.place = place
    sourceClass = "media"
    timezone = "UTC"
    every = .minutes(5)
    enabled = true
    allowPrivate = false
    comments = .auto
  }

  package enum CommentReading: Hashable, Sendable {
    /// Comment feeds and counters where the documents carry them.
    case auto
    case off
    /// A page's own counter.
    case selector(Selector)
  }
}

/// How the entries of an HTML list are found: selectors relative to the item, which is relative to the page.
package struct PageList: Hashable, Sendable {
  package var item: Selector
  package var title: Selector?
  package var link: Selector?
  package var date: Selector?
  package var summary: Selector?
  package var content: Selector?
  package var id: Selector?
  package var comments: Selector?
  package var views: Selector?

  package init(item: Selector) { self.item = item }
}

/// A CSS selector with an optional trailing `@attribute`, or `xpath:` and an XPath 1.0 expression.
package struct Selector: Hashable, Sendable {
  package var text: String
  package var place: Place

  package init(_ text: String, place: Place = Place(file: "")) {
    self.text = text
    self.place = place
  }
}

/// Bytes as they were received, with what the answer said of them.
package struct Payload: Sendable {
  package var bytes: [UInt8]
  /// The address the bytes came from, after redirects.
  package var url: String
  /// Lower-case names.
  package var headers: [String: String]

  package init(bytes: [UInt8], url: String, headers: [String: String] = [:]) {
    self.bytes = bytes
    self.url = url
    self.headers = headers
  }
}

/// How a source stands: what `nabat sources` and the desk show of it.
package struct SourceState: Hashable, Sendable {
  package var source: String
  package var lastSuccess: Moment?
  package var lastAttempt: Moment?
  /// The last failure in words; nil after a success.
  package var lastError: String?
  package var failures: Int
  package var next: Moment?
  package var etag: String?
  package var lastModified: String?
  /// The address the validators belong to.
  package var validatorURL: String?

  package init(source: String) {
    self.source = source
    failures = 0
  }
}
