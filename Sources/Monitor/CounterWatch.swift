import Model
import Parsing

/// Which pages of items are read again for their comments, and when: often at first, then ever more seldom.
///
/// For items whose feed says no number itself. A day after its publication an item is left alone; one whose number grows
/// fast is asked sooner. Pure but for what it remembers of the items of one source.
struct CounterWatch {
  /// After the publication of an item.
  static let schedule: [Span] = [.minutes(15), .hours(1), .hours(4), .hours(12), .hours(24)]
  /// An increase, and an increase an hour, between two readings that call for another one soon.
  static let rush = 10
  /// Readings of pages without any number after which a source's pages are left alone.
  private static let patience = 5
  /// Items remembered, and asked at one poll.
  private static let limits = (items: 500, requests: 20)

  /// What is asked for the comments of an item.
  struct Target: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
      /// The page itself, for its counter.
      case page
      /// A feed of the comments, found by how the address of the page is made.
      case commentFeed
    }
    var item: String
    var url: String
    var kind: Kind
  }

  private struct Watched {
    var target: Target
    var published: Moment
    /// When it was asked last.
    var asked: Moment?
    var count: Int?
    var counted: Moment?
    /// An extra reading, for a number that grows fast.
    var soon: Moment?
  }

  private var items: [String: Watched] = [:]
  /// In the order in which they were first seen.
  private var order: [String] = []
  private var failures = 0

  /// Takes note of the items of a good answer.
  mutating func note(_ feed: Feed, of source: Source, now: Moment) {
    guard CounterWatch.isWanted(source) else { return }
    for item in feed.items {
      guard item.commentCount == nil, let id = item.id ?? item.link, let link = item.link, items[id] == nil else {
        continue
      }
      let published = item.published ?? now
      guard now - published < .hours(25) else { continue }
      // What an aggregator links to is not asked unless the source says how.
      guard source.comments != .auto || CounterWatch.isNear(link, source.url) else { continue }
      let derived = source.comments == .auto ? CommentFeedAddress.derived(from: link) : nil
      let target = Target(item: id, url: derived ?? link, kind: derived == nil ? .page : .commentFeed)
      items[id] = Watched(target: target, published: min(published, now))
      order.append(id)
    }
    let old = order.filter { id in items[id].map { now - $0.published > .hours(25) } ?? true }
    for id in Set(old).union(order.dropLast(CounterWatch.limits.items)) { items[id] = nil }
    order.removeAll { items[$0] == nil }
  }

  private static func isWanted(_ source: Source) -> Bool {
    guard source.kind == "feed" || source.kind == "page" else { return false }
    return source.comments != .off
  }

  /// Whether two addresses are of one site: the same host, or one below the other.
  static func isNear(_ link: String, _ url: String) -> Bool {
    func host(_ address: String) -> Substring {
      let host = address.drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" && $0 != ":" && $0 != "?" }
      return host.hasPrefix("www.") ? host.dropFirst(4) : host
    }
    let (first, second) = (host(link), host(url))
    return !first.isEmpty && (first == second || first.hasSuffix(".\(second)") || second.hasSuffix(".\(first)"))
  }

  /// What is to be asked now, the newest items first; counts as asked.
  mutating func due(_ now: Moment) -> [Target] {
    guard failures < CounterWatch.patience else { return [] }
    var due: [Target] = []
    for id in order.reversed() where due.count < CounterWatch.limits.requests {
      guard let item = items[id] else { continue }
      let step = CounterWatch.schedule.last { item.published + $0 <= now }.map { item.published + $0 }
      let isScheduled = step.map { step in item.asked.map { $0 < step } ?? true } ?? false
      let isSoon = item.soon.map { $0 <= now } ?? false
      guard isScheduled || isSoon else { continue }
      items[id]?.asked = now
      items[id]?.soon = nil
      due.append(item.target)
    }
    return due
  }

  /// Takes note of what a page said.
  mutating func took(_ count: Int?, of item: String, at now: Moment) {
    guard let count else {
      failures += 1
      return
    }
    failures = 0
    if let last = items[item]?.count, let then = items[item]?.counted {
      let hours = Double((now - then).milliseconds) / 3_600_000
      let growth = count - last
      if growth >= CounterWatch.rush, Double(growth) >= Double(CounterWatch.rush) * hours {
        items[item]?.soon = now + .minutes(15)
      }
    }
    items[item]?.count = count
    items[item]?.counted = now
  }
}
