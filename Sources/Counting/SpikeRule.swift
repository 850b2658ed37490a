package import Model
package import Rules

/// The own part of `type: spike`: a count over a window against what is usual at this hour and weekday.
package struct SpikeRule: RuleBody, Hashable {
  /// Field names that tell one series from another.
  package var per: [String] = ["region"]
  package var window: Span
  package var step: Span
  package var baseline = BaselineSettings()
  /// Every listed comparison must hold.
  package var fire: [Measure: [Bound<Double>]]
  /// Empty: the alert clears when `fire` no longer holds.
  package var clear: [Measure: [Bound<Double>]] = [:]
  /// How long `clear` must have held.
  package var clearFor: Span = .zero
  /// What a second firing within `rearm` of the last must have more of rarity.
  package var raise = 0.75
  /// How long after a firing `raise` is asked for.
  package var rearm: Span = .hours(1)
  /// What follows where too much of a window is one text; nil where nobody asks.
  package var copies: CopyLimit?
  /// The largest arrival − event time that still counts.
  package var lateness: Span = .zero

  /// In the order in which near-misses name them.
  package enum Measure: String, Sendable, CaseIterable, Hashable { case count, ratio, z, rarity, authors }

  package init(window: Span, step: Span, fire: [Measure: [Bound<Double>]]) {
    self.window = window
    self.step = step
    self.fire = fire
  }
}

extension SpikeRule {
  /// Some comparison is of the rarity that a series' own detector tells.
  package var usesRarity: Bool { fire[.rarity] != nil || clear[.rarity] != nil }

  /// Some comparison needs the counts of earlier seasons. Rules without any comparison of what is usual have them too.
  package var usesSamples: Bool {
    let usual: [Measure] = [.ratio, .z]
    return !usesRarity || usual.contains { fire[$0] != nil || clear[$0] != nil }
  }

  package var comparesTexts: Bool { copies != nil }

  /// How long counts are kept: for the seasons of the lookback, else for the longest window of the detector.
  package var retention: Span { usesSamples ? memory ?? .zero : max(window, .hours(6)) + .days(1) }

  /// The seasons of the lookback, and the window of the earliest.
  package var memory: Span? { max(baseline.lookback, .days(1)) + window + .days(1) }

  package func countsLike(_ earlier: any RuleBody) -> Bool {
    guard let earlier = earlier as? SpikeRule else { return false }
    return per == earlier.per && window == earlier.window && step == earlier.step
      && usesRarity == earlier.usesRarity && usesSamples == earlier.usesSamples
      && (!usesRarity
        || baseline.season == earlier.baseline.season && baseline.calendar == earlier.baseline.calendar)
      && comparesTexts == earlier.comparesTexts
  }
}

/// How much of a window may be one text, and what an alert beyond it says: `hygiene: { same_text_share: … }`.
package struct CopyLimit: Hashable, Sendable {
  /// Of the share of the most frequent text among those of the window, in [0, 1]; all hold for an ordinary surge.
  package var bounds: [Bound<Double>]
  package var label = "coordinated"
  /// Instead of the rule's own; nil leaves that.
  package var severity: Severity?

  package init(bounds: [Bound<Double>]) { self.bounds = bounds }
}

/// What the usual count is taken from.
package struct BaselineSettings: Hashable, Sendable {
  package enum Season: String, Sendable, CaseIterable {
    case none, hour
    case hourOfWeek = "hour-of-week"
  }
  package enum Statistic: String, Sendable, CaseIterable { case median, mean }

  package var season: Season = .hourOfWeek
  package var lookback: Span = .days(28)
  package var statistic: Statistic = .median
  package var minSamples: Int = 3
  /// Days that go as another weekday; nil where the rule names no file.
  package var calendar: DayCalendar?
  /// `cold: previous-24h`: windows of the last day while the season has too few samples; false: learn in silence.
  package var coldFromPreviousDay: Bool = true

  package init() {}

  /// From one season to the next; for `none` the windows follow each other.
  func period(window: Span) -> Span {
    switch season {
    case .hourOfWeek: .days(7)
    case .hour: .days(1)
    case .none: window
    }
  }
}
