import Model

/// When sources could not be read: time of which nothing is known, neither zero nor quiet.
struct Outages {
  /// From the first failed fetch until the end of the bucket in which the source came back; without an end while it lasts.
  private struct Outage {
    var from: Moment
    var until: Moment?
  }

  private var numbers: [String: Int] = [:]
  private(set) var names: [String] = []
  /// By source; ascending.
  private var outages: [[Outage]] = []

  /// Of each source so many are remembered.
  static let limit = 64

  /// The number of a source, given where it has none.
  mutating func number(of source: String) -> Int {
    if let known = numbers[source] { return known }
    numbers[source] = names.count
    names.append(source)
    outages.append([])
    return names.count - 1
  }

  /// A source was asked. What was missed comes with the answer, hence the rest of its bucket is not trusted either.
  ///
  /// - Parameter end: of the bucket that `now` lies in.
  /// - Returns: whether an outage began or ended.
  mutating func note(_ fetch: Fetch, at now: Moment, bucketEnd end: Moment) -> Bool {
    let number = number(of: fetch.source)
    let isOpen = outages[number].last.map { $0.until == nil } ?? false
    if fetch.failed, !isOpen {
      outages[number].append(Outage(from: now))
      if outages[number].count > Outages.limit { outages[number].removeFirst() }
    } else if !fetch.failed, isOpen {
      outages[number][outages[number].count - 1].until = end
    } else {
      return false
    }
    return true
  }

  /// Something came from a source: it can be read again, whatever was said of it.
  mutating func noteEvent(of source: Int, bucketEnd end: Moment) -> Bool {
    guard let last = outages[source].last, last.until == nil else { return false }
    outages[source][outages[source].count - 1].until = end
    return true
  }

  /// Whether some of (after, through] was missed.
  func isMissing(_ source: Int, after: Moment, through: Moment) -> Bool {
    outages[source].contains { $0.from < through && ($0.until.map { $0 > after } ?? true) }
  }
}

// Between runs: an outage is the source's name, its beginning and its end, −1 while it lasts.
extension Outages {
  var records: [(source: String, from: Int64, until: Int64)] {
    names.indices.flatMap { number in
      outages[number].map { (names[number], $0.from.milliseconds, $0.until?.milliseconds ?? -1) }
    }
  }

  mutating func restore(source: String, from: Int64, until: Int64) {
    let outage = Outage(
      from: Moment(milliseconds: from), until: until < 0 ? nil : Moment(milliseconds: until))
    outages[number(of: source)].append(outage)
  }
}
