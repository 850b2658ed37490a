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
  /// Comment feeds asked for, by source and address.
  private var awaited: [String: Ingest.CommentFeed] = [:]
  /// The counters of the last good answer of a source: an unchanged answer reads them again.
  private var counters: [String: [TapeLine]] = [:]
  /// Sources whose selectors matched nothing the last time.
  private var broken: Set<String> = []

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
    return result.isExtra ? try await takeComments(result, feed) : try await takeSource(result, feed)
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
    if let feed {
      if let problem = Registry.sourceKinds.first(where: { $0.name == source.kind })?.problem(feed) {
        verdict.isGood = false
        verdict.words = problem
      } else {
        let totals = await pipeline.lastTotals(source: source.id)
        let read = ingest.lines(of: feed, source: source, now: now) { totals[$0] }
        lines = read.lines
        counters[source.id] = read.lines.filter { if case .total = $0 { true } else { false } }
        for commentFeed in read.commentFeeds { awaited[key(source, commentFeed.url)] = commentFeed }
        verdict.extras = read.commentFeeds.map(\.url)
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
    let state = result.state(after: verdict)
    let fresh = try await pipeline.ingest(lines, sources: [state])
    await onPoll(PollReport(source: source, at: now, fresh: fresh, failure: state.lastError, isCommentFeed: false))
    return verdict
  }

  private func takeComments(_ result: PollResult, _ feed: Feed?) async throws -> PollVerdict {
    let source = result.source
    let now = clock.now
    guard let commentFeed = awaited.removeValue(forKey: key(source, result.url)) else { return PollVerdict() }
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

  private func key(_ source: Source, _ url: String) -> String { "\(source.id)\n\(url)" }
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
