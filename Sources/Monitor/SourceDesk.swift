package import Model
import Parsing
package import Polling

/// Takes what polls bring: reads it, hands the lines to the pipeline with the source's new state, and says which
/// comment feeds to fetch next.
package actor SourceDesk {
  private let pipeline: Pipeline
  private let ingest: Ingest
  private let clock: any WallClock
  private let onPoll: @Sendable (PollReport) async -> Void
  /// Further addresses asked for, by source and address.
  private var awaited: [String: Awaited] = [:]
  /// Whose pages are read for their counters, by source.
  private var watches: [String: CounterWatch] = [:]
  /// The counters of the last good answer of a source: an unchanged answer reads them again.
  private var counters: [String: [TapeLine]] = [:]
  /// Sources whose selectors matched nothing the last time.
  private var broken: Set<String> = []
  /// The selectors of a source that matched nothing the last time, in words.
  private var unmatched: [String: Set<String>] = [:]

  /// When old versions of items were forgotten last.
  private var forgotten: Moment?

  /// Why a further address was asked.
  fileprivate enum Awaited {
    /// An item's counter moved.
    case commentFeed(Ingest.CommentFeed)
    /// The feed carries only a teaser of an item, which waits for its text.
    case fullText(TapeLine)
    /// Where an item's comments may be counted.
    case counter(CounterWatch.Target)
  }

  /// Items that may wait for their texts at one time.
  private static let waitingItems = 60

  /// What a poll came to, for people who watch.
  package struct PollReport: Sendable {
    package var source: Source
    package var at: Moment
    /// Items and comments that were not known before.
    package var fresh: Int
    /// In words; nil after a success.
    package var failure: String?
    package var isCommentFeed: Bool
  }

  package init(
    pipeline: Pipeline, ingest: Ingest, clock: any WallClock,
    onPoll: @escaping @Sendable (PollReport) async -> Void
  ) {
    self.pipeline = pipeline
    self.ingest = ingest
    self.clock = clock
    self.onPoll = onPoll
  }

  package func take(_ result: PollResult) async throws -> PollVerdict {
    let feed = await SourceDesk.read(result, now: clock.now)
    guard result.isExtra else { return try await takeSource(result, feed) }
    switch awaited.removeValue(forKey: key(result.source, result.url)) {
    case .commentFeed(let commentFeed)?: return try await takeComments(result, feed, commentFeed)
    case .fullText(let line)?: return try await takeFullText(result, line)
    case .counter(let target)?: return try await takeCounter(result, feed, target)
    case nil: return PollVerdict()
    }
  }

  /// Reading bytes is work for another thread: the desk stays free.
  @concurrent private static func read(_ result: PollResult, now: Moment) async -> Feed? {
    guard case .payload(let payload) = result.outcome else { return nil }
    let options = ReadingOptions(
      now: now, timezone: result.source.timezone, contentType: payload.headers["content-type"],
      source: result.isExtra ? nil : result.source)
    return DocumentReader.read(payload, options: options)
  }

  private func takeSource(_ result: PollResult, _ feed: Feed?) async throws -> PollVerdict {
    let source = result.source
    let now = clock.now
    var verdict = PollVerdict()
    var lines: [TapeLine] = []
    var records: [RecordChange] = []
    if let feed {
      if let problem = Registry.sourceKinds.first(where: { $0.name == source.kind })?.problem(feed) {
        verdict.isGood = false
        verdict.words = problem
      } else {
        let totals = await pipeline.lastTotals(source: source.id)
        let read = ingest.lines(of: feed, source: source, now: now) { totals[$0] }
        lines = read.lines
        counters[source.id] = read.lines.filter { if case .total = $0 { true } else { false } }
        for commentFeed in read.commentFeeds { awaited[key(source, commentFeed.url)] = .commentFeed(commentFeed) }
        verdict.extras = read.commentFeeds.map(\.url)
        watches[source.id, default: CounterWatch()].note(feed, of: source, now: now)
        (lines, records) = try await pipeline.versioned(lines, now: now)
        if forgotten.map({ now - $0 >= .days(1) }) ?? true {
          forgotten = now
          records += try await pipeline.forgottenVersions(now: now)
        }
        if source.fullText { try await withholdTeasers(&lines, of: source, &verdict) }
        try await tellUnmatched(feed, of: source, at: now)
      }
      if verdict.words != nil, source.list != nil, broken.insert(source.id).inserted {
        try await pipeline.meta("selector_broken", [("source", source.id), ("text", verdict.words ?? "")], at: now)
      } else if !feed.items.isEmpty {
        broken.remove(source.id)
      }
    } else if case .unchanged = result.outcome {
      lines = (counters[source.id] ?? []).map { $0.arriving(at: now) }
    }
    if case .failed(_, let status) = result.outcome {
      lines.append(.fetch(at: now, Fetch(source: source.id, status: status)))
    } else if result.before.failures > 0 {
      lines.append(.fetch(at: now, Fetch(source: source.id, status: result.status)))
    }
    if case .failed = result.outcome {
      // A source in trouble is not asked for more.
    } else {
      for target in watches[source.id]?.due(now) ?? [] where awaited[key(source, target.url)] == nil {
        awaited[key(source, target.url)] = .counter(target)
        verdict.extras.append(target.url)
      }
    }
    var state = result.state(after: verdict)
    if awaited.values.contains(where: { $0.withholds(source.id) }) {
      // Should the program end before the texts are there, the feed is read again from its beginning.
      state.etag = nil
      state.lastModified = nil
    }
    let fresh = try await pipeline.ingest(lines, sources: [state], records: records)
    await onPoll(PollReport(source: source, at: now, fresh: fresh, failure: state.lastError, isCommentFeed: false))
    return verdict
  }

  private func takeComments(
    _ result: PollResult, _ feed: Feed?, _ commentFeed: Ingest.CommentFeed
  ) async throws -> PollVerdict {
    let source = result.source
    let now = clock.now
    var lines: [TapeLine] = [.total(at: now, commentFeed.total)]
    var verdict = PollVerdict()
    if let feed {
      if feed.kind == nil || feed.kind == "html" {
        verdict.isGood = false
      } else {
        lines = ingest.lines(of: feed, commentFeed, source: source, now: now)
      }
    }
    let fresh = try await pipeline.ingest(lines)
    await onPoll(PollReport(source: source, at: now, fresh: fresh, failure: nil, isCommentFeed: true))
    return verdict
  }

  /// Takes out the items of which there is only a teaser, and asks for their pages.
  private func withholdTeasers(_ lines: inout [TapeLine], of source: Source, _ verdict: inout PollVerdict) async throws
  {
    var kept: [TapeLine] = []
    var waiting = 0
    for line in lines {
      guard case .item(_, let item) = line, let url = item.url, Ingest.isTeaser(item), waiting < Self.waitingItems,
        Poller.canAsk(url), awaited[key(source, url)] == nil, await !pipeline.hasSeen(item)
      else {
        kept.append(line)
        continue
      }
      awaited[key(source, url)] = .fullText(line)
      verdict.extras.append(url)
      waiting += 1
    }
    lines = kept
  }

  /// An item with the text of its page, or as it was where that cannot be read.
  private func takeFullText(_ result: PollResult, _ line: TapeLine) async throws -> PollVerdict {
    let now = clock.now
    let text = await SourceDesk.text(of: result, now: now)
    let fresh = try await pipeline.ingest([Ingest.completed(line, with: text).arriving(at: now)])
    await onPoll(PollReport(source: result.source, at: now, fresh: fresh, failure: nil, isCommentFeed: false))
    return PollVerdict(isGood: text != nil)
  }

  @concurrent private static func text(of result: PollResult, now: Moment) async -> String? {
    guard case .payload(let payload) = result.outcome else { return nil }
    return ArticlePage.read(
      payload,
      options: ReadingOptions(
        now: now, timezone: result.source.timezone, contentType: payload.headers["content-type"])
    ).text
  }

  /// The counter of an item's page, or the comments of a feed that was found by its address.
  private func takeCounter(
    _ result: PollResult, _ feed: Feed?, _ target: CounterWatch.Target
  ) async throws -> PollVerdict {
    let source = result.source
    let now = clock.now
    var lines: [TapeLine] = []
    var count: Int?
    switch (target.kind, result.outcome) {
    case (.page, .payload(let payload)):
      count = await SourceDesk.counter(payload, of: source, now: now)
    case (.commentFeed, .payload):
      if let feed, feed.kind != nil, feed.kind != "html" {
        let total = Total(source: source.id, item: target.item, comments: feed.items.count)
        let commentFeed = Ingest.CommentFeed(url: target.url, item: target.item, total: total)
        lines = ingest.lines(of: feed, commentFeed, source: source, now: now).filter { line in
          // The first post of a topic is the item itself.
          if case .comment(_, let comment) = line { comment.url.map { !$0.hasSuffix("/1") } ?? true } else { false }
        }
        count = lines.count
      }
    case (_, .unchanged): return PollVerdict()
    case (_, .failed): break
    }
    watches[source.id]?.took(count, of: target.item, at: now)
    if target.kind == .page, let count {
      lines.append(.total(at: now, Total(source: source.id, item: target.item, comments: count)))
    }
    let fresh = try await pipeline.ingest(lines)
    await onPoll(PollReport(source: source, at: now, fresh: fresh, failure: nil, isCommentFeed: true))
    return PollVerdict(isGood: count != nil)
  }

  @concurrent private static func counter(_ payload: Payload, of source: Source, now: Moment) async -> Int? {
    var page = source
    page.kind = "article"
    page.list = nil
    let options = ReadingOptions(
      now: now, timezone: source.timezone, contentType: payload.headers["content-type"], source: page)
    return DocumentReader.read(payload, options: options).items.first?.commentCount
  }

  /// A selector that matched before and matches nothing now.
  private func tellUnmatched(_ feed: Feed, of source: Source, at now: Moment) async throws {
    guard source.list != nil, !feed.items.isEmpty else { return }
    let found = Set(feed.warnings.filter { $0.code == "selector-broken" }.map(\.text))
    if let before = unmatched[source.id] {
      for text in found.subtracting(before).sorted() {
        try await pipeline.meta("selector_broken", [("source", source.id), ("text", text)], at: now)
      }
    }
    unmatched[source.id] = found
  }

  private func key(_ source: Source, _ url: String) -> String { "\(source.id)\n\(url)" }
}

extension SourceDesk.Awaited {
  /// Whether an item of the source waits.
  fileprivate func withholds(_ source: String) -> Bool {
    if case .fullText(.item(_, let item)) = self { item.source == source } else { false }
  }
}

extension TapeLine {
  /// The same line, arriving at another moment.
  func arriving(at moment: Moment) -> TapeLine {
    switch self {
    case .item(_, let item): .item(at: moment, item)
    case .comment(_, let comment): .comment(at: moment, comment)
    case .total(_, let total): .total(at: moment, total)
    case .fetch(_, let fetch): .fetch(at: moment, fetch)
    case .act(_, let act): .act(at: moment, act)
    case .fire(_, let fire): .fire(at: moment, fire)
    case .tick: .tick(at: moment)
    case .rules(_, let set): .rules(at: moment, set: set)
    }
  }
}
