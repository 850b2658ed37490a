import Glibc

/// How rare the latest counts of one series are, told from its own past.
///
/// Each closed bucket is judged at four scales, sums over the last 1, 3, 12 and 72 buckets, in two ways: against what is
/// usual at this hour and weekday (*level*), and against that moved by what the hours before promised (*onset*). Both are
/// read as «about one in 10^L buckets». The level is the published definition to the letter; the onset finds a rise
/// sooner and is not deceived by a day that is busy as a whole. The state is a value of fixed size, and a bucket costs
/// the same whatever came before. The model in plain words: docs/spikes.md.
package struct VolumeDetector: Sendable {
  /// Buckets in each window.
  package static let windows: InlineArray<4, Int> = [1, 3, 12, 72]
  /// Buckets until the first judgement: 12 hours of 5 minutes.
  package static let learning: UInt32 = 144
  /// Buckets until a week is seen; an alert before that says so.
  package static let week: UInt32 = 2016

  /// What differs by the season of a rule's baseline.
  package enum Season: UInt8, Sendable { case none, hour, hourOfWeek }

  /// One judged bucket.
  package struct Judgement: Sendable {
    /// −log10 of the probability of such a volume at this hour and weekday, ≥ 0; 0 while learning.
    package var level = 0.0
    /// The same of such a rise.
    package var onset = 0.0
    package var looks: InlineArray<4, Look> = .init(repeating: Look())

    /// The larger of the two, a level counting a little less: it cannot tell a surge from a busy day.
    package var rarity: Double { max(level - 0.3, onset) }
  }

  /// What one scale made of it.
  package struct Look: Sendable {
    /// The sum over the window, scaled up where buckets of it were not received.
    package var count = 0.0
    /// What is usual, on the scale of square roots that the detector works on.
    package var usual = 0.0
    /// What is usual as a day like this one goes.
    package var promised = 0.0
    /// Deviations from `usual`.
    package var surprise = 0.0
    /// Rarity of this window alone: of the level, and of the onset.
    package var level = 0.0
    package var onset = 0.0
    /// How far `usual` may be exceeded before it counts as rare, on the same scale.
    package var margin = 0.0

    package var expected: Double { VolumeDetector.count(atRoot: usual) }
    package var bandTop: Double { VolumeDetector.count(atRoot: usual + margin) }
  }

  var scales: InlineArray<4, Scale> = .init(repeating: Scale())
  /// Counts of the last 72 buckets at their number modulo 72; NaN where nothing was received.
  var ring: InlineArray<72, Float> = .init(repeating: .nan)
  /// Deviations at each scale as of the buckets of its last window, at their number modulo the window, in 1/512: what was
  /// before a window lies where the newest will.
  var past: InlineArray<88, Int16> = .init(repeating: 0)
  /// Of each weekday, how many buckets were seen, at most `Scale.weekdayMemory`.
  var weekdays: InlineArray<7, UInt16> = .init(repeating: 0)
  /// Buckets received.
  package internal(set) var seen: UInt32 = 0
  /// Buckets in a row without anything.
  var quiet: UInt32 = 0
  /// Number of the next bucket, modulo 72.
  var place: UInt8 = 0
  package let season: Season

  package init(season: Season = .hourOfWeek) { self.season = season }

  /// How many of the last 72 buckets were received.
  package var received: Int {
    var count = 0
    for index in 0..<72 where !ring[index].isNaN { count += 1 }
    return count
  }

  /// Whether less than a week was seen.
  package var isLearning: Bool { seen < VolumeDetector.week }

  /// Judges the next bucket, then learns from it.
  ///
  /// - Parameters:
  ///   - count: events in it, ≥ 0; nil where the source could not be read: no judgement, and nothing is learnt.
  ///   - hour: of the local day at the bucket, in [0, 24).
  ///   - weekday: of the local day, 0 for Monday … 6.
  ///   - width: of a bucket, in hours.
  @discardableResult
  package mutating func take(_ count: Double?, hour: Double, weekday: Int, width: Double = 1.0 / 12) -> Judgement {
    let slot = Int(place)
    place = UInt8((slot + 1) % 72)
    guard let count else {
      ring[slot] = .nan
      for index in 0..<4 { remember(nil, scale: index, slot: slot) }
      return Judgement()
    }
    ring[slot] = Float(max(0, count))
    seen += 1
    quiet = count > 0 ? 0 : min(quiet + 1, 1 << 20)
    let sums = windowSums(endingAt: slot)
    weekdays[weekday] = min(weekdays[weekday] + 1, Scale.weekdayMemory)
    let moment = Scale.Moment(
      seen: seen, isQuiet: quiet >= 6, hour: hour, weekday: weekday, weekdaySeen: weekdays[weekday], season: season)
    var judgement = Judgement()
    for index in 0..<4 {
      let window = VolumeDetector.windows[index]
      let before = Double(past[VolumeDetector.pastStart[index] + slot % window]) / VolumeDetector.pastUnits
      let (look, deviation) = scales[index].take(
        sums[index], moment, before: before, halfWindow: Double(window) * width / 2)
      remember(deviation, scale: index, slot: slot)
      judgement.looks[index] = look
      judgement.level += look.level / 4
      judgement.onset += look.onset * VolumeDetector.onsetWeights[index]
    }
    if seen <= VolumeDetector.learning { (judgement.level, judgement.onset) = (0, 0) }
    return judgement
  }

  /// The same as so many buckets of which nothing was received.
  package mutating func skip(_ buckets: Int) {
    // After 72 of them all that they change is the place.
    for _ in 0..<min(buckets, 72) { take(nil, hour: 0, weekday: 0) }
    if buckets > 72 { place = UInt8((Int(place) + (buckets - 72)) % 72) }
  }

  /// A rise shows first in the short windows, and noise in the shortest.
  private static let onsetWeights: InlineArray<4, Double> = [0.2, 0.3, 0.3, 0.2]

  private static let pastStart: InlineArray<4, Int> = [0, 1, 4, 16]
  private static let pastUnits = 512.0

  /// - Parameter deviation: nil repeats the one before.
  private mutating func remember(_ deviation: Double?, scale: Int, slot: Int) {
    let window = VolumeDetector.windows[scale]
    let start = VolumeDetector.pastStart[scale]
    let stored =
      deviation.map { Int16(max(-32768, min(32767, ($0 * VolumeDetector.pastUnits).rounded(.toNearestOrEven)))) }
      ?? past[start + (slot + 71) % 72 % window]
    past[start + slot % window] = stored
  }

  /// Sums over the windows that end with a slot; scaled up where half or more of the window was received.
  private func windowSums(endingAt slot: Int) -> InlineArray<4, Double> {
    var sums: InlineArray<4, Double> = .init(repeating: 0)
    var sum = 0.0
    var received = 0
    var scale = 0
    var index = slot
    for length in 1...72 {
      let value = ring[index]
      if !value.isNaN {
        sum += Double(value)
        received += 1
      }
      index = index == 0 ? 71 : index - 1
      if length == VolumeDetector.windows[scale] {
        sums[scale] = received * 2 >= length ? sum * Double(length) / Double(max(received, 1)) : sum
        scale += 1
      }
    }
    return sums
  }

  // MARK: The scale of roots

  /// Makes the spread of counts nearly the same at any size: of Poisson counts about 1 (source: negative-binomial
  /// variance-stabilising transform, dispersion 0.02).
  package static func root(ofCount count: Double) -> Double {
    2 / dispersion.squareRoot() * asinh((dispersion * (count + 0.375)).squareRoot())
  }

  /// The inverse, never below 0.
  package static func count(atRoot root: Double) -> Double {
    let sine = sinh(max(0, root) * dispersion.squareRoot() / 2)
    return max(0, sine * sine / dispersion - 0.375)
  }

  private static let dispersion = 0.02
}
