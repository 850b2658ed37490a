import Glibc

extension VolumeDetector {
  /// What is usual for the sum over one window, and how far sums stray from it.
  struct Scale: Sendable {
    /// The mean over all hours and days.
    var mean = 0.0
    /// What each hour of the day adds, and how much was seen of it in 1/240 buckets.
    var hours: InlineArray<24, Float> = .init(repeating: 0)
    var hourWeights: InlineArray<24, UInt16> = .init(repeating: 0)
    /// What each day of the week adds, from Monday.
    var days: InlineArray<7, Float> = .init(repeating: 0)
    var level = Tail()
    var onset = Tail()
    /// How much the latest deviations, as of before the window, are above what is usual; an exponential mean.
    var drift: Float = 0
    /// Sums of products from which it follows how much of a drift lasts.
    var driftByDeviation: Float = 0
    var driftSquared: Float = 0

    /// What is known of a bucket besides its count.
    struct Moment {
      var seen: UInt32
      var isQuiet: Bool
      var hour: Double
      var weekday: Int
      var weekdaySeen: UInt16
      var season: Season
    }

    static let weekdayMemory: UInt16 = 4000
    private static let clip = 3.0
    private static let levelMemory = 2016.0
    private static let spreadMemory = 8000.0
    private static let hourMemory = 240.0
    private static let driftMemory = 12.0
    private static let lastingMemory = 4000.0
    /// Keeps the lasting share small until enough was seen.
    private static let lastingPrior = 200.0
    private static let mostLasting = 0.95
    private static let hourUnits = 240.0
  }
}

extension VolumeDetector.Scale {
  /// How deviations are spread: their scale, where the rarest begin, and how far these go on.
  struct Tail: Sendable {
    var spread = 1.0
    var threshold = 3.0
    var excess = 1.0

    /// The share of deviations beyond the threshold.
    static let share = 0.003
    static let floor = 0.7
    private static let memory = 2000.0
    private static let logShare = log10(1 / share)

    var scale: Double { max(spread, Tail.floor) }

    func rarity(of surprise: Double) -> Double {
      guard surprise > threshold else { return Tail.logShare * min(max(surprise / threshold, 0), 1) }
      return Tail.logShare + (surprise - threshold) / excess / 2.302585
    }

    mutating func learn(deviation: Double, surprise: Double, rate: Double, seen: UInt32) {
      let scale = scale
      spread += rate * (min(abs(deviation), 3 * scale) * 1.2533 - spread)
      guard seen > 48 else { return }
      let isBeyond = surprise > threshold
      let step = 9 * max(1 / Double(seen), 1 / Tail.memory) * (isBeyond ? 1 - Tail.share : -Tail.share)
      threshold = max(1, threshold + step)
      guard isBeyond else { return }
      excess = max(0.2, excess + (1 / Tail.memory / Tail.share) * (min(surprise - threshold, 8 * excess) - excess))
    }
  }

  /// Judges the sum over the window that ends with a bucket, then learns from it.
  ///
  /// - Parameters:
  ///   - before: the deviation as it was before the window began.
  ///   - halfWindow: in hours.
  /// - Returns: the look, and the deviation to remember; nil where nothing is learnt.
  mutating func take(_ count: Double, _ moment: Moment, before: Double, halfWindow: Double) -> (
    look: VolumeDetector.Look, deviation: Double?
  ) {
    // Single precision, as the definition keeps it.
    let root = Double(Float(VolumeDetector.root(ofCount: count)))
    if moment.seen == 1 { mean = root }
    let hour = SharedHour(moment.hour - halfWindow - 0.5)
    let season = seasonal(hour, moment)
    let usual = mean + season
    let deviation = root - usual
    let scale = level.scale
    let surprise = deviation / scale
    drift += Float((before - Double(drift)) / Self.driftMemory)
    let promised = lasting * Double(drift)
    let rise = deviation - promised
    let riseSurprise = rise / onset.scale
    let look = VolumeDetector.Look(
      count: count, usual: usual, promised: usual + promised, surprise: surprise, level: level.rarity(of: surprise),
      onset: onset.rarity(of: riseSurprise), margin: level.threshold * scale)
    // A feed that went silent is no news of what is usual.
    guard !(moment.isQuiet && surprise < -3) else { return (look, nil) }
    let clipped = min(max(deviation, -Self.clip * scale), Self.clip * scale)
    let n = Double(moment.seen)
    learnDrift(clipped)
    mean += max(1 / n, 1 / Self.levelMemory) * clipped
    learnSeason(clipped, hour, moment)
    let rate = max(1 / n, 1 / Self.spreadMemory)
    level.learn(deviation: deviation, surprise: surprise, rate: rate, seen: moment.seen)
    onset.learn(deviation: rise, surprise: riseSurprise, rate: rate, seen: moment.seen)
    return (look, clipped)
  }

  /// The two slots of an hour between whose middles a time lies, with their shares.
  private struct SharedHour {
    var first: Int
    var second: Int
    var secondShare: Double

    init(_ hour: Double) {
      let wrapped = hour - 24 * (hour / 24).rounded(.down)
      let whole = wrapped.rounded(.down)
      first = Int(whole) % 24
      second = (first + 1) % 24
      secondShare = wrapped - whole
    }
  }

  private func seasonal(_ hour: SharedHour, _ moment: Moment) -> Double {
    guard moment.season != .none else { return 0 }
    let ofHour = (1 - hour.secondShare) * Double(hours[hour.first]) + hour.secondShare * Double(hours[hour.second])
    return moment.season == .hour ? ofHour : ofHour + Double(days[moment.weekday])
  }

  private mutating func learnSeason(_ deviation: Double, _ hour: SharedHour, _ moment: Moment) {
    guard moment.season != .none else { return }
    learn(deviation, slot: hour.first, share: 1 - hour.secondShare)
    learn(deviation, slot: hour.second, share: hour.secondShare)
    guard moment.season == .hourOfWeek else { return }
    let rate = max(1 / (Double(moment.weekdaySeen) + 288), 1 / Double(Self.weekdayMemory))
    days[moment.weekday] += Float(rate * deviation)
  }

  private mutating func learn(_ deviation: Double, slot: Int, share: Double) {
    let weight = min(Double(hourWeights[slot]) + (share * Self.hourUnits).rounded(), Double(UInt16.max))
    hourWeights[slot] = UInt16(weight)
    hours[slot] += Float(share * max(1 / (weight / Self.hourUnits + 10), 1 / Self.hourMemory) * deviation)
  }

  /// Which share of a drift is still there when a window is over: a regression through zero.
  private var lasting: Double {
    min(max(Double(driftByDeviation) / (Double(driftSquared) + Self.lastingPrior), 0), Self.mostLasting)
  }

  private mutating func learnDrift(_ deviation: Double) {
    let drift = Double(drift)
    driftByDeviation += Float(deviation * drift - Double(driftByDeviation) / Self.lastingMemory)
    driftSquared += Float(drift * drift - Double(driftSquared) / Self.lastingMemory)
  }
}
