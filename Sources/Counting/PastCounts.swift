import Model

/// Counts of a series' past: what was seen since coverage began, and history lines for the time before.
struct PastCounts {
  let series: Series
  let history: [HistoryLine]
  /// From here on every event was seen; history counts only before.
  let coverageStart: Moment

  /// Whether all of (from, to] is covered.
  func covers(after from: Moment, through to: Moment) -> Bool {
    let gap = min(to, coverageStart) - from
    guard gap > .zero else { return true }
    let covered = history.reduce(Int64(0)) { sum, line in
      let end = line.start + line.bucket * Int64(line.counts.count)
      return sum + max(0, (min(end, to, coverageStart) - max(line.start, from)).milliseconds)
    }
    return covered >= gap.milliseconds
  }

  /// The count in (from, to]; nil when not all of it is covered. A history bucket is spread evenly.
  func count(after from: Moment, through to: Moment) -> Double? {
    guard covers(after: from, through: to) else { return nil }
    var count = 0.0
    if to > coverageStart {
      for bucket in series.buckets(after: max(from, coverageStart), through: to) {
        count += Double(bucket.count + bucket.textless + bucket.backfill)
      }
    }
    let end = min(to, coverageStart)
    for line in history where from < end {
      count += spread(line, after: from, through: end)
    }
    return count
  }

  private func spread(_ line: HistoryLine, after from: Moment, through to: Moment) -> Double {
    let width = max(1, line.bucket.milliseconds)
    let first = max(0, (from - line.start).milliseconds / width)
    let last = min(Int64(line.counts.count) - 1, (to - line.start).milliseconds / width)
    guard first <= last else { return 0 }
    var count = 0.0
    for index in first...last {
      let start = line.start + line.bucket * index
      let overlap = (min(to, start + line.bucket) - max(from, start)).milliseconds
      if overlap > 0 { count += Double(line.counts[Int(index)]) * Double(overlap) / Double(width) }
    }
    return count
  }
}
