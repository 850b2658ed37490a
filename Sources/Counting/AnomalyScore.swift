import Glibc

/// What `nabat detect` prints for a bucket: how anomalous it is, in [0, 1].
///
/// An alarm scores at least 0.68, anything else less than 0.3; so an alarm is a score of 0.5 or more, and a threshold
/// somewhat higher or lower finds the same alarms. Below, the rarity of the onset puts buckets in order.
package struct AnomalyScore: Sendable {
  /// How scores are made.
  package enum Form: Sendable {
    /// Alarms by level, all else in the order of onset.
    case standard
    /// By level alone, as the definition of the detector has it: 1 − exp(−E/6), E = the level on a bucket that fires,
    /// else a tenth of it, at most of `fire`.
    case definition
  }

  /// At and above it a score is an alarm, in the standard form.
  package static let threshold = 0.5
  package static let fire = 2.8
  /// 12 hours of 5 minutes.
  package static let rearm = 144

  private let form: Form
  private var detector: VolumeDetector
  private var gate: AlarmGate

  package init(form: Form = .standard, season: VolumeDetector.Season = .hourOfWeek, fire: Double = AnomalyScore.fire) {
    self.form = form
    detector = VolumeDetector(season: season)
    gate = AlarmGate(fire: fire, rearm: AnomalyScore.rearm)
  }

  /// One bucket's score, and what it was made of.
  package struct Scored: Sendable {
    package var score: Double
    package var fires: Bool
    package var judgement: VolumeDetector.Judgement
  }

  package mutating func take(_ count: Double, hour: Double, weekday: Int, width: Double) -> Scored {
    let judgement = detector.take(count, hour: hour, weekday: weekday, width: width)
    let fires = gate.take(judgement.level)
    let score =
      switch (form, fires) {
      case (.standard, true): 0.5 + 0.5 * AnomalyScore.squashed(judgement.level)
      case (.standard, false): 0.3 * AnomalyScore.squashed(judgement.onset)
      case (.definition, true): AnomalyScore.squashed(judgement.level)
      case (.definition, false): AnomalyScore.squashed(0.1 * min(judgement.level, gate.fire))
      }
    return Scored(score: score, fires: fires, judgement: judgement)
  }

  /// Buckets of which nothing is known.
  package mutating func skip(_ buckets: Int) {
    detector.skip(buckets)
    gate.skip(buckets)
  }

  private static func squashed(_ rarity: Double) -> Double { 1 - exp(-rarity / 6) }
}
