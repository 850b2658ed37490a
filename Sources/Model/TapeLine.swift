/// One thing that happened: a line of a tape, and the only input of the engine.
package enum TapeLine: Hashable, Sendable {
  case item(at: Moment, Publication)
  case comment(at: Moment, Comment)
  case total(at: Moment, Total)
  case fetch(at: Moment, Fetch)
  case act(at: Moment, Act)
  case fire(at: Moment, Fire)
  case tick(at: Moment)
  case rules(at: Moment, set: String)

  /// When it arrived.
  package var at: Moment {
    switch self {
    case .item(let at, _), .comment(let at, _), .total(let at, _), .fetch(let at, _), .act(let at, _),
      .fire(let at, _), .tick(let at), .rules(let at, _):
      at
    }
  }
}

/// A publication as it reached the engine. An absent text is nil, never empty.
package struct Publication: Hashable, Sendable {
  package var id: String
  package var source: String
  /// `official`, `media`, `community` or `satire`.
  package var sourceClass: String
  package var region: String?
  /// `.some(nil)`-like states are not needed: nil means undetermined; an absent key was filled with the default.
  package var lang: String?
  package var url: String?
  package var title: String?
  package var body: String?
  /// The keyed hash of the author, never the plain name.
  package var author: AuthorKey?
  /// The event time; the arrival where the tape says nothing.
  package var published: Moment

  package init(
    id: String, source: String = "", sourceClass: String = "media", region: String? = nil, lang: String? = "ru",
    url: String? = nil, title: String? = nil, body: String? = nil, author: AuthorKey? = nil, published: Moment
  ) {
    self.id = id
    self.source = source
    self.sourceClass = sourceClass
    self.region = region
    self.lang = lang
    self.url = url
    self.title = title
    self.body = body
    self.author = author
    self.published = published
  }
}

/// A reader's comment under a publication.
package struct Comment: Hashable, Sendable {
  package var id: String
  package var source: String
  package var sourceClass: String
  /// The id of the publication it stands under, within the same source.
  package var item: String?
  package var region: String?
  package var lang: String?
  package var url: String?
  /// The narrative the tape states; nil leaves it to the claim rules.
  package var narrative: String?
  package var author: AuthorKey?
  package var text: String?
  package var published: Moment

  package init(
    id: String, source: String = "", sourceClass: String = "media", item: String? = nil, region: String? = nil,
    lang: String? = "ru", url: String? = nil, narrative: String? = nil, author: AuthorKey? = nil,
    text: String? = nil, published: Moment
  ) {
    self.id = id
    self.source = source
    self.sourceClass = sourceClass
    self.item = item
    self.region = region
    self.lang = lang
    self.url = url
    self.narrative = narrative
    self.author = author
    self.text = text
    self.published = published
  }
}

/// An author as the engine may know one: a keyed 64-bit hash that tells ten voices from one and nothing else.
package struct AuthorKey: Hashable, Sendable {
  package var value: UInt64
  package init(_ value: UInt64) { self.value = value }
}

/// A reading of a source's own running counter of comments under a publication.
package struct Total: Hashable, Sendable {
  package var source: String
  package var item: String
  /// ≥ 0.
  package var comments: Int

  package init(source: String, item: String, comments: Int) {
    self.source = source
    self.item = item
    self.comments = comments
  }
}

/// The outcome of one request to a source.
package struct Fetch: Hashable, Sendable {
  package var source: String
  /// The HTTP status; 0 when there was no answer at all.
  package var status: Int

  package init(source: String, status: Int) {
    self.source = source
    self.status = status
  }
  package var failed: Bool { status == 0 || status >= 400 }
}

/// What an officer did.
package struct Act: Hashable, Sendable {
  package var verb: String
  /// The line's JSON as it was written, for the verbs that read more of it.
  package var json: String

  package init(verb: String, json: String) {
    self.verb = verb
    self.json = json
  }
}

/// A pretended firing of a rule, for tests of rules that depend on others.
package struct Fire: Hashable, Sendable {
  package var rule: String
  /// The key fields given on the line, by name.
  package var key: [String: String]

  package init(rule: String, key: [String: String]) {
    self.rule = rule
    self.key = key
  }
}

/// Counts that were taken before the tape begins: the baseline of a series.
package struct HistoryLine: Hashable, Sendable {
  /// The series' key: `narrative`, `region` …
  package var series: [String: String]
  package var bucket: Span
  /// The start of the first bucket; bucket i covers (start + i·bucket, start + (i+1)·bucket].
  package var start: Moment
  package var counts: [Int]

  package init(series: [String: String], bucket: Span, start: Moment, counts: [Int]) {
    self.series = series
    self.bucket = bucket
    self.start = start
    self.counts = counts
  }
}
