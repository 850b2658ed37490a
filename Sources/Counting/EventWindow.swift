import Model

/// The events of one group in a sliding window (t − width, t], by event time.
///
/// Of several events of the same value only the latest stays where values count, since it alone decides how long the
/// value is in the window.
struct EventWindow {
  struct Entry: Hashable {
    /// Event time in milliseconds since the epoch.
    var time: Int64
    /// What is counted once; empty where every event counts.
    var value: String
  }

  private var entries: [Entry] = []
  /// Entries before it have left the window; they go many at once, since each going moves all the others.
  private var head = 0
  private var latest: [String: Int64] = [:]

  var count: Int { entries.count - head }
  var contents: ArraySlice<Entry> { entries[head...] }

  /// Whether the window has changed.
  mutating func insert(_ entry: Entry) -> Bool {
    if !entry.value.isEmpty {
      if let known = latest[entry.value] {
        guard known < entry.time else { return false }
        remove(Entry(time: known, value: entry.value))
      }
      latest[entry.value] = entry.time
    }
    entries.insert(entry, at: index(after: entry.time))
    return true
  }

  /// Lets go of what happened at or before `moment`. Gives the entries that left.
  mutating func prune(through moment: Moment) -> ArraySlice<Entry> {
    let end = index(after: moment.milliseconds)
    let gone = entries[head..<end]
    for entry in gone where !entry.value.isEmpty { latest[entry.value] = nil }
    head = end
    if head * 2 > entries.count {
      entries.removeFirst(head)
      head = 0
    }
    return gone
  }

  /// Event time of the n-th entry from the latest, n ≥ 1; nil where there are fewer.
  func time(fromLatest number: Int) -> Moment? {
    guard number >= 1, number <= count else { return nil }
    return Moment(milliseconds: entries[entries.count - number].time)
  }

  /// When the value was seen last, in milliseconds since the epoch.
  func time(of value: String) -> Int64? { latest[value] }

  private mutating func remove(_ entry: Entry) {
    var index = index(after: entry.time) - 1
    while index >= head, entries[index].time == entry.time {
      if entries[index].value == entry.value {
        entries.remove(at: index)
        return
      }
      index -= 1
    }
  }

  /// The first place behind entries of that time; arrivals are mostly the latest.
  private func index(after time: Int64) -> Int {
    guard let last = entries.last, last.time > time else { return entries.count }
    var low = head
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].time > time { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
