import Model
import Rules

/// The counts of one series by event time, and where its alert stands.
struct Series {
  /// Events in (end − width, end].
  struct Bucket {
    /// Milliseconds since the epoch; a multiple of the width.
    var end: Int64
    /// With text.
    var count = 0
    /// Known only from a counter.
    var textless = 0
    /// From first readings: they feed baselines and never fire.
    var backfill = 0
    /// The earliest event in it that may fire, in milliseconds since the epoch.
    var first: Int64?
    /// Who wrote; emptied when no window needs it any more.
    var authors = Voices()
    /// How often each text came, by its mark; emptied with the authors, and empty where nobody asks.
    var texts: [UInt64: Int] = [:]
  }

  let key: Key
  /// By `end`, ascending; buckets without events are not there.
  private(set) var buckets: [Bucket] = []
  /// No bucket up to here has authors any more: later events are too late for it.
  private var authorless = Moment(milliseconds: .min)
  /// When it was last rid of what nobody needs.
  var prunedAt = Moment(milliseconds: .min / 2)
  /// The latest event time; decides how long steps are worth evaluating.
  var lastEvent: Moment?
  /// The next step a timer was asked for.
  var nextWake: Moment?
  var isFiring = false
  /// First step of the run of steps at which `clear` held.
  var quietSince: Moment?
  /// The step that fired last.
  var firedAt: Moment?
  /// How rare it was; nil where the rule does not ask.
  var firedRarity: Double?
  /// Where its detector stands among the evaluator's; nil where the rule has none.
  var detector: Int?
  /// How much came from each source, by its number: the first few that were seen, whose outages are missing time.
  private(set) var sources: [(number: Int, count: Int)] = []
  /// The last step that was judged for clearing.
  var judgedUntil: Moment?
  /// A near-miss was told since the last alert.
  var toldNearMiss = false
  /// The day (of the rule's zone, since the epoch) on which `learning` was last told.
  var toldLearning: Int64?
  /// When each counter that feeds the series was last read, by source and item, and after how long it counts as gone.
  var readings: [String: (at: Moment, patience: Span)] = [:]
  /// The latest texts for evidence, at most `recentLimit`; once there are so many, the next takes the oldest's place.
  private var latest: [Content] = []
  private var oldest = 0
  /// A store holds a record of it, besides its counts.
  var isStored = false
  /// Something of it is to be written.
  var isChanged = false
  /// The days, since the epoch, whose counts are to be written, each once.
  private(set) var changedDays: [Int64] = []
  var peak: Measure.Peak?

  static let recentLimit = 5

  init(key: Key) { self.key = key }

  /// Changes the bucket that ends at `end`, made where there is none.
  ///
  /// - Returns: whether it was made.
  @discardableResult
  mutating func withBucket(end: Int64, _ change: (inout Bucket) -> Void) -> Bool {
    // Mostly the latest, or a later one.
    let isLater = buckets.last.map { $0.end <= end } ?? true
    let index = isLater ? buckets.count : firstIndex(endingAfter: Moment(milliseconds: end))
    if index > 0, buckets[index - 1].end == end {
      change(&buckets[index - 1])
      return false
    }
    var bucket = Bucket(end: end)
    change(&bucket)
    buckets.insert(bucket, at: index)
    return true
  }

  mutating func remember(_ content: Content) {
    if latest.count < Series.recentLimit {
      latest.append(content)
    } else {
      latest[oldest] = content
      oldest = (oldest + 1) % latest.count
    }
  }

  /// The latest texts, oldest first.
  var recent: [Content] { Array(latest[oldest...] + latest[..<oldest]) }

  /// Those of them published later than `moment`, each with its hash worked out for good: they are written at every
  /// step that touches the series.
  mutating func settledRecent(after moment: Moment) -> [Content] {
    guard latest.contains(where: { $0.published > moment }) else { return [] }
    for index in latest.indices where latest[index].published > moment && !latest[index].isSettled {
      latest[index] = latest[index].settled
    }
    return recent.filter { $0.published > moment }
  }

  static let sourceLimit = 6

  /// Counts what came from a source. Old counts fade, so that a new source can become the main one.
  mutating func note(source: Int, count: Int = 1) {
    if let index = sources.firstIndex(where: { $0.number == source }) {
      sources[index].count += count
    } else if sources.count < Series.sourceLimit {
      sources.append((source, count))
    } else if let least = sources.indices.min(by: { sources[$0].count < sources[$1].count }), sources[least].count <= 1
    {
      sources[least] = (source, count)
    }
    guard let most = sources.map(\.count).max(), most > 1000 else { return }
    for index in sources.indices { sources[index].count /= 2 }
  }

  mutating func restore(sources: [(number: Int, count: Int)]) { self.sources = sources }

  /// The source that half or more came from; nil where no single one makes the series.
  var mainSource: Int? {
    let total = sources.reduce(0) { $0 + $1.count }
    return sources.first { $0.count * 2 >= total && total > 0 }?.number
  }

  mutating func noteChange(ofDay day: Int64) {
    // A counter's shares come in order, thousands a day.
    if changedDays.last != day, !changedDays.contains(day) { changedDays.append(day) }
  }

  /// Nothing of it is to be written any more.
  mutating func noteWritten() {
    isChanged = false
    changedDays.removeAll(keepingCapacity: true)
  }

  /// Buckets whose end lies in (from, to].
  func buckets(after from: Moment, through to: Moment) -> ArraySlice<Bucket> {
    let first = firstIndex(endingAfter: from)
    var last = first
    while last < buckets.count, buckets[last].end <= to.milliseconds { last += 1 }
    return buckets[first..<last]
  }

  /// The count in buckets that end later; nil where some of it has no text.
  func textCount(after moment: Moment) -> Int? {
    var count = 0
    var index = buckets.count
    while index > 0, buckets[index - 1].end > moment.milliseconds {
      index -= 1
      if buckets[index].textless > 0 { return nil }
      count += buckets[index].count
    }
    return count
  }

  private func firstIndex(endingAfter moment: Moment) -> Int {
    var low = 0
    var high = buckets.count
    while low < high {
      let middle = (low + high) / 2
      if buckets[middle].end > moment.milliseconds { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// Forgets buckets that ended at or before `moment`, and authors of those that ended before `authorsFrom`.
  ///
  /// Old buckets go many at once, since each going moves all the others; nothing looks at them in the meantime.
  ///
  /// - Returns: the ends of the buckets forgotten.
  mutating func prune(before moment: Moment, authorsFrom: Moment) -> [Int64] {
    var forgotten: [Int64] = []
    let keep = firstIndex(endingAfter: moment)
    if keep * 8 > buckets.count {
      forgotten = buckets[..<keep].map(\.end)
      buckets.removeFirst(keep)
    }
    var index = firstIndex(endingAfter: authorless)
    while index < buckets.count, buckets[index].end <= authorsFrom.milliseconds {
      if !buckets[index].authors.isEmpty { buckets[index].authors = Voices() }
      if !buckets[index].texts.isEmpty { buckets[index].texts = [:] }
      index += 1
    }
    authorless = max(authorless, authorsFrom)
    return forgotten
  }

  /// Puts stored buckets back.
  mutating func restore(buckets: [Bucket], recent: [Content]) {
    self.buckets = buckets.sorted { $0.end < $1.end }
    authorless = Moment(milliseconds: .min)
    latest = Array(recent.suffix(Series.recentLimit))
    oldest = 0
  }
}
