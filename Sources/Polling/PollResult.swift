package import Model

/// What one request to a source brought.
package struct PollResult: Sendable {
  package enum Outcome: Sendable {
    /// New bytes.
    case payload(Payload)
    /// The server said 304, or the bytes are those of the last good answer.
    case unchanged
    /// In Russian words for the officer; the HTTP status, or 0 when there was no answer.
    case failed(words: String, status: Int)
  }

  package var source: Source
  /// The address that was asked: the source's own, or one of the extra ones.
  package var url: String
  package var isExtra: Bool
  package var outcome: Outcome
  package var fetchedAt: Moment
  /// What the answer gave to compare with next time.
  package var validators: Validators?
  /// Not before then, if the server said so; the whole host is left alone until then.
  package var retryAfter: Moment?

  /// The state before, and the chance of this poll, so that `state(after:)` is a pure function.
  package var before: SourceState
  package var jitter: Double

  package init(
    source: Source, url: String, isExtra: Bool = false, outcome: Outcome, fetchedAt: Moment,
    validators: Validators? = nil, retryAfter: Moment? = nil, before: SourceState, jitter: Double = 0
  ) {
    self.source = source
    self.url = url
    self.isExtra = isExtra
    self.outcome = outcome
    self.fetchedAt = fetchedAt
    self.validators = validators
    self.retryAfter = retryAfter
    self.before = before
    self.jitter = jitter
  }

  /// The status as a tape's fetch line has it.
  package var status: Int {
    switch outcome {
    case .payload: 200
    case .unchanged: 304
    case .failed(_, let status): status
    }
  }
}

/// What the caller made of a result.
package struct PollVerdict: Hashable, Sendable {
  /// Whether the bytes could be read; only then are the validators kept.
  package var isGood: Bool
  /// Why they could not, for the officer; nil gives general words.
  package var words: String?
  /// Further addresses to fetch with the same manners: feeds of comments, pages of articles. Those of extra results are
  /// not looked at.
  package var extras: [String]

  package init(isGood: Bool = true, words: String? = nil, extras: [String] = []) {
    self.isGood = isGood
    self.words = words
    self.extras = extras
  }
}

/// What makes a request conditional (RFC 9110 section 13). They belong to one address.
package struct Validators: Hashable, Sendable {
  package var etag: String?
  package var lastModified: String?

  package init?(etag: String?, lastModified: String?) {
    if etag == nil, lastModified == nil { return nil }
    self.etag = etag
    self.lastModified = lastModified
  }
}
