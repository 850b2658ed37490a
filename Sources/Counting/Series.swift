import Model
import Rules

/// The counts of one series by event time, and where its alert stands.
struct Series {
  /// Events in (end − width, end].
  struct Bucket: Hashable {
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
    /// Who wrote, each once; emptied when no window needs it any more.
    var authors: Set<UInt64> = []
  }

  let key: Key
  /// By `end`, ascending; buckets without events are not there.
  private(set) var buckets: [Bucket] = []
  /// No bucket up to here has authors any more: later events are too late for it.
  private var authorless = Moment(milliseconds: .min)
  /// The latest event time; decides how long steps are worth evaluating.
  var lastEvent: Moment?
  /// The next step a timer was asked for.
  var nextWake: Moment?
  var isFiring = false
  /// First step of the run of steps at which `clear` held.
  var quietSince: Moment?
  /// The step that fired last.
  var firedAt: Moment?
  /// The last step that was judged for clearing.
  var judgedUntil: Moment?
  /// A near-miss was told since the last alert.
  var toldNearMiss = false
  /// The day (of the rule's zone, since the epoch) on which `learning` was last told.
  var toldLearning: Int64?
  /// When each counter that feeds the series was last read, by source and item, and after how long it counts as gone.
  var readings: [String: (at: Moment, patience: Span)] = [:]
  /// The latest texts, oldest first, for evidence; at most `recentLimit`.
  private(set) var recent: [Content] = []
  var peak: Measure.Peak?

  static let recentLimit = 5

  init(key: Key) { self.key = key }

  /// The bucket that ends at `end`, made where there is none.
  mutating func withBucket(end: Int64, _ change: (inout Bucket) -> Void) {
    let index = firstIndex(endingAfter: Moment(milliseconds: end))
    if index > 0, buckets[index - 1].end == end {
      change(&buckets[index - 1])
    } else {
      var bucket = Bucket(end: end)
      change(&bucket)
      buckets.insert(bucket, at: index)
    }
  }

  mutating func remember(_ content: Content) {
    recent.append(content)
    if recent.count > Series.recentLimit { recent.removeFirst() }
  }

  /// Buckets whose end lies in (from, to].
  func buckets(after from: Moment, through to: Moment) -> ArraySlice<Bucket> {
    let first = firstIndex(endingAfter: from)
    var last = first
    while last < buckets.count, buckets[last].end <= to.milliseconds { last += 1 }
    return buckets[first..<last]
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
      if !buckets[index].authors.isEmpty { buckets[index].authors = [] }
      index += 1
    }
    authorless = max(authorless, authorsFrom)
    return forgotten
  }

  /// Puts stored buckets back.
  mutating func restore(buckets: [Bucket], recent: [Content]) {
    self.buckets = buckets.sorted { $0.end < $1.end }
    authorless = Moment(milliseconds: .min)
    self.recent = recent
  }
}
