package import Model

/// What is known of a document besides its bytes.
package struct ReadingOptions: Sendable {
  /// The time that relative dates («вчера») and the bounds of plausible dates refer to.
  package var now: Moment
  /// IANA name of the zone for dates without one.
  package var timezone: String
  /// The `Content-Type` of the answer; the payload's own header where nil.
  package var contentType: String?
  /// The source, for its selectors, zone of dates and encoding; nil for a document on its own.
  package var source: Source?
  /// Whether entries get their `plainText`, which only matching needs.
  package var wantsPlainText = true

  package init(now: Moment, timezone: String = "UTC", contentType: String? = nil, source: Source? = nil) {
    self.now = now
    self.timezone = timezone
    self.contentType = contentType
    self.source = source
  }
}

/// Reads a document of any known kind, told apart by its content.
package enum DocumentReader {
  /// Never fails: what is damaged gives what can be saved, what is no feed gives kind `html` or nil, no items and
  /// a warning.
  package static func read(_ payload: Payload, options: ReadingOptions) -> Feed {
    let document = Document(payload, options: options)
    var feed = parse(document)
    if feed.items.count > Limits.items {
      feed.items.removeLast(feed.items.count - Limits.items)
      document.warn("item-limit", "only the first \(Limits.items) entries were read")
    }
    feed.warnings = document.warnings + feed.warnings
    return feed
  }

  private static func parse(_ document: Document) -> Feed {
    guard !document.bytes.allSatisfy(isSpace) else {
      document.warn("empty", "the document is empty")
      return Feed()
    }
    for kind in DocumentKind.all where kind.looksLike(document) {
      // Elements are read through pointers into the document's tree.
      return withExtendedLifetime(document) { kind.parse(document) }
    }
    document.warn("not-a-feed", "the document is no feed of a known kind")
    return Feed()
  }
}

/// The bounds that keep a hostile document cheap.
enum Limits {
  /// Bytes of a document.
  static let body = 16 << 20
  /// Entries of a document.
  static let items = 20_000
  /// Open elements.
  static let depth = 256
  /// Bytes that the entities of a DOCTYPE may expand to in all.
  static let expansion = 256 << 10
  /// Bytes of one text of an entry.
  static let field = 2 << 20
  /// Bytes of one title or name, with its markup.
  static let line = 16 << 10
  /// Warnings of one document.
  static let warnings = 200
}

/// ASCII white space and NUL.
func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || byte == 0 }
