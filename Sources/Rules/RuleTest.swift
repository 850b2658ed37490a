package import Model

/// A test embedded in a rule, on a virtual clock. Offsets are from the test's start.
package struct RuleTest: Sendable {
  package var name: String
  /// `claim`, `denial`, `question`, `criticism`, `satire`, `other-meaning`.
  package var covers: String?
  /// The start; nil is Monday 2026-03-02T09:00 in the file's zone.
  package var now: Moment?
  package var history: SameSlot?
  package var given: [Given]
  package var expect: [Expectation]
  package var place: Place

  package init(name: String, given: [Given], expect: [Expectation], place: Place) {
    self.name = name
    self.given = given
    self.expect = expect
    self.place = place
  }

  /// The counts of the same window in the earlier weeks, for every window of the test.
  package struct SameSlot: Sendable, Hashable {
    /// `narrative`, `region` …
    package var series: [String: String]
    package var counts: [Double]

    package init(series: [String: String], counts: [Double]) {
      self.series = series
      self.counts = counts
    }
  }

  package enum Given: Sendable {
    /// `published` inside is relative too: nil means `at`.
    case item(at: Span, published: Span?, Publication)
    case comment(at: Span, published: Span?, Comment)
    /// `count` comments spread evenly, by `authors` authors in turn.
    case comments(from: Span, to: Span, count: Int, authors: Int, Comment)
    case total(at: Span, Total)
    case fetch(at: Span, Fetch)
    case fire(at: Span, Fire)
    case act(at: Span, Act)
    case tick(at: Span)
    /// A change of the rule set: of no effect on the rule under test.
    case rules(at: Span, set: String)
  }

  /// What must hold at one instant. What it does not name is not compared.
  package struct Expectation: Sendable {
    package var at: Span
    package var alerts: Int?
    package var refutations: Int?
    /// `pending`, `firing`, `cleared`.
    package var state: String?
    package var severity: String?
    /// The other axis of the alert, and of the one that it is about.
    package var work: String?
    package var parentWork: String?
    package var key: [String: String]?
    package var evidence: [String]?
    /// Numbers as they were written: they are compared rounded to the decimals written.
    package var score: String?
    package var ratio: String?
    package var z: String?
    package var nearMiss: NearMiss?
    package var place: Place

    package init(at: Span, place: Place) {
      self.at = at
      self.place = place
    }
  }

  package struct NearMiss: Sendable {
    package var score: String?
    /// Contained in the recorded `missing`.
    package var missing: String?

    package init(score: String? = nil, missing: String? = nil) {
      self.score = score
      self.missing = missing
    }
  }
}
