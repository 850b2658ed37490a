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
  /// Whether items of which a feed carries only a teaser get their text from their page.
  package var fullText = false
  /// The name of built-in selectors, which are in `list` already.
  package var preset: String?
  /// Of an article: the id of the item whose counters it shows, and the source of that item; nil for the page itself.
  package var item: String?
  package var itemSource: String?
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
    /// What is asked, in this order; the first that says a number counts.
    case origins([CommentOrigin], Selector?)
  }
}

/// Where a page says how many comments there are.
package enum CommentOrigin: String, CaseIterable, Sendable { case jsonld, microdata, selector }

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
  package var commentsURL: Selector?
  /// Fewer entries than this are a page that changed.
  package var leastItems: Int?

  package init(item: Selector) { self.item = item }
}

/// A CSS selector with an optional trailing `@attribute`, or `xpath:` and an XPath 1.0 expression.
package struct Selector: Hashable, Sendable {
  package var text: String
  package var place: Place
  /// How a date is written: strptime patterns, or `auto`; empty is `auto`.
  package var formats: [String] = []
  /// What the value is taken for; nil is what its field says.
  package var parse: Parse?
  /// Only what stands before the first line break.
  package var firstLine = false
  /// Characters that are kept.
  package var longest: Int?
  /// Of a summary or a content: whether its markup is kept.
  package var keepsMarkup = true

  package enum Parse: String, CaseIterable, Sendable { case count, date, text }

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
