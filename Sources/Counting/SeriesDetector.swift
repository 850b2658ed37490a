import JSON
import Model

/// The detector of one series of a rule, and up to where it has learnt.
///
/// It learns buckets that nothing can be added to any more; buckets that are still open are judged on a copy. So what it
/// says of a step depends on the events alone and not on when it was asked.
struct SeriesDetector {
  static let bucket = Span.minutes(5)

  var state: VolumeDetector
  /// The end of the last bucket learnt; nil before the first.
  var through: Moment?
  /// Something of it is to be written.
  var isChanged = false

  init(season: VolumeDetector.Season) { state = VolumeDetector(season: season) }

  /// Past the half day in which nothing is said.
  var isReady: Bool { state.seen > VolumeDetector.learning }

  /// What it says of one step.
  struct Reading {
    /// ≥ 0, quantised to 1e-6.
    var rarity: Double
    var level: Double
    var onset: Double
    /// In the window that stands out most.
    var window: Span
    var count: Double
    var expected: Double
    var surprise: Double
    var isLearning: Bool
    /// Less than half of the longest window was received.
    var isLowCoverage: Bool
    /// The first 5 minutes of the run in which more came than usual, up to now.
    var since: Moment
  }

  static func reading(_ judgement: VolumeDetector.Judgement, of state: VolumeDetector, since: Moment) -> Reading {
    var most = 0
    for index in 1..<4 {
      let (look, best) = (judgement.looks[index], judgement.looks[most])
      if max(look.level, look.onset) > max(best.level, best.onset) { most = index }
    }
    let look = judgement.looks[most]
    return Reading(
      rarity: Baseline.quantised(max(0, judgement.rarity)), level: Baseline.quantised(judgement.level),
      onset: Baseline.quantised(judgement.onset), window: bucket * Int64(VolumeDetector.windows[most]),
      count: look.count, expected: look.expected, surprise: look.surprise, isLearning: state.isLearning,
      isLowCoverage: state.received * 2 < 72, since: since)
  }
}

extension SeriesDetector.Reading {
  var json: JSONObject {
    func rounded(_ value: Double) -> JSONValue { .number((value * 100).rounded() / 100) }
    return JSONObject([
      "rarity": rounded(rarity), "level": rounded(level), "onset": rounded(onset),
      "window": .string(window.description), "count": rounded(count), "expected": rounded(expected),
      "ratio": rounded(count / max(expected, 1)), "surprise": rounded(surprise), "since": .string(since.rfc3339),
      "learning": .bool(isLearning),
    ])
  }
}
