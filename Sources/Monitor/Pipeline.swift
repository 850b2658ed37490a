package import Alerting
import Configuration
package import Engine
import JSON
package import Model
package import Rules
package import Text

/// The one owner of engine and store: lines go in, and each step is committed whole before anyone hears of it.
package actor Pipeline {
  var engine: Engine
  let store: any Store
  var router: Router
  private let onCommit: @Sendable ([Event]) async -> Void
  private var lastTotals: [String: [String: Int]] = [:]
  private var lastCommit: Moment?
  private var chain: JournalChain

  /// A quiet clock is written down this often, so that a restart knows where it was.
  private static let quietCommitInterval = Span.seconds(30)
  /// Lines in one transaction.
  private static let stepLimit = 5000

  /// Restores the engine from the store.
  ///
  /// - Parameter onCommit: hears the events of every step after it is committed.
  package init(
    rules: [Rule], lexicon: Lexicon?, settings: EngineSettings, history: [HistoryLine], store: any Store,
    router: Router, onCommit: @escaping @Sendable ([Event]) async -> Void
  ) throws {
    engine = Engine(rules: rules, lexicon: lexicon, settings: settings)
    engine.preload(history)
    try engine.restore(from: store)
    chain = JournalChain(head: try store.journalHead())
    self.store = store
    self.router = router
    self.onCommit = onCommit
  }

  /// Takes lines in; those of items and comments that were taken before are left out.
  ///
  /// - Parameter records: kept together with the last of the lines.
  /// - Returns: how many items and comments were new.
  @discardableResult
  package func ingest(
    _ lines: [TapeLine], sources: [SourceState] = [], records: [RecordChange] = []
  ) async throws -> Int {
    var fresh: [TapeLine] = []
    var inThisStep: Set<String> = []
    // The clock of the engine may be ahead of a line that waited for its turn.
    for line in lines where isNew(line, &inThisStep) {
      fresh.append(line.arriving(at: max(line.at, engine.now ?? line.at)))
    }
    var rest = fresh[...]
    var states = sources
    repeat {
      let step = Array(rest.prefix(Pipeline.stepLimit))
      rest = rest.dropFirst(step.count)
      engine.handle(step)
      try await commit(
        step, events: engine.takeEvents(), sources: states, records: rest.isEmpty ? records : [])
      states = []
    } while !rest.isEmpty
    return fresh.count {
      switch $0 {
      case .item, .comment: true
      default: false
      }
    }
  }

  /// Lets the clock go on to `now` with nothing arriving.
  package func tick(_ now: Moment) async throws {
    engine.handle([.tick(at: now)])
    let events = engine.takeEvents()
    guard !events.isEmpty || now - (lastCommit ?? Moment(milliseconds: 0)) >= Pipeline.quietCommitInterval else {
      return
    }
    try await commit([], events: events, sources: [])
  }

  /// Writes down where the clock stands, before the end.
  package func finish() async throws { try await commit([], sources: []) }

  /// Takes out of the store what is old, and gives the room back.
  func purge(_ retention: ServerConfiguration.Retention, at now: Moment) throws {
    _ = try store.purge(retention.purge(at: now, alerts: store.records(kind: "alert")), dryRun: false)
    try store.compact()
  }

  /// Keeps records beside those of the engine.
  package func keep(_ records: [RecordChange], at now: Moment) async throws {
    if records.isEmpty { return }
    engine.handle([.tick(at: now)])
    try await commit([], events: engine.takeEvents(), sources: [], records: records)
  }

  /// Events that belong to no line: a rejected file, a degraded endpoint.
  package func meta(_ type: String, _ data: [(String, String)], at now: Moment) async throws {
    engine.meta(type, data, at: now)
    try await commit([], sources: [])
  }

  /// The last readings of a source's counters, by item, as far as this process has seen any.
  package func lastTotals(source: String) -> [String: Int] { lastTotals[source] ?? [:] }

  /// Whether an item was taken in before.
  package func hasSeen(_ item: Publication) -> Bool { engine.hasSeen("item", source: item.source, id: item.id) }

  private func isNew(_ line: TapeLine, _ inThisStep: inout Set<String>) -> Bool {
    switch line {
    case .item(_, let item): isNew("item", item.source, item.id, &inThisStep)
    case .comment(_, let comment): isNew("comment", comment.source, comment.id, &inThisStep)
    default: true
    }
  }

  private func isNew(_ kind: String, _ source: String, _ id: String, _ inThisStep: inout Set<String>) -> Bool {
    !engine.hasSeen(kind, source: source, id: id) && inThisStep.insert("\(kind)\n\(source)\n\(id)").inserted
  }

  private func commit(_ lines: [TapeLine], sources: [SourceState]) async throws {
    try await commit(lines, events: engine.takeEvents(), sources: sources)
  }

  func commit(
    _ lines: [TapeLine], events: [Event], sources: [SourceState], records: [RecordChange] = []
  ) async throws {
    guard let now = engine.now else { return }
    var chain = chain
    var step = Step(
      now: now, lines: lines, records: records + engine.takeChanges(), events: events, router: router, chain: &chain)
    step.sources = sources
    try store.commit(step)
    self.chain = chain
    lastCommit = now
    for case .total(_, let total) in lines { lastTotals[total.source, default: [:]][total.item] = total.comments }
    if !events.isEmpty { await onCommit(events) }
  }
}

extension TapeRow {
  /// The rows under which a store keeps the lines.
  package static func rows(_ lines: [TapeLine]) -> [TapeRow] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(lines.count * 512)
    var rows: [TapeRow] = []
    rows.reserveCapacity(lines.count)
    var ends: [Int] = []
    ends.reserveCapacity(lines.count)
    for line in lines {
      line.write(into: &bytes)
      ends.append(bytes.count)
      rows.append(TapeRow(line))
    }
    // The bytes stay where they are from here on.
    for index in rows.indices { rows[index].line = bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
    return rows
  }

  /// All but the line itself.
  private init(_ line: TapeLine) {
    let (kind, source, id) =
      switch line {
      case .item(_, let item): ("item", item.source, item.id)
      case .comment(_, let comment): ("comment", comment.source, comment.id)
      case .total(_, let total): ("total", total.source, "")
      case .fetch(_, let fetch): ("fetch", fetch.source, "")
      case .act: ("act", "", "")
      case .fire: ("fire", "", "")
      case .tick: ("tick", "", "")
      case .rules: ("rules", "", "")
      }
    self.init(at: line.at, kind: kind, source: source, id: id, line: [])
  }
}
