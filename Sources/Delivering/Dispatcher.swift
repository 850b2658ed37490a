package import Model

/// Takes messages from the outbox to the sinks and writes down what became of each: at least once, in order for each
/// alert, several alerts at a time.
///
/// It shares the store with whoever commits steps: the store must allow for that.
package actor Dispatcher {
  /// How many messages may be in flight to one endpoint.
  package static let inFlightLimit = 8

  private struct Endpoint {
    let sink: any Sink
    let signal = WakeSignal()
    var lanes: [String: Lane] = [:]
    /// Lanes with a message in flight.
    var busy: Set<String> = []
    var isDisabled = false
  }

  private let store: any Store
  private let clock: any WallClock
  private let jitter: @Sendable () -> Double
  private let onNote: @Sendable (DeliveryNote) async -> Void
  private var endpoints: [String: Endpoint]
  private let signals: [WakeSignal]

  /// - Parameters:
  ///   - sinks: by the id that outbox rows name.
  ///   - jitter: gives numbers in -1…1.
  ///   - onNote: hears of every outcome after it is stored.
  package init(
    store: any Store, clock: any WallClock, sinks: [String: any Sink],
    jitter: @escaping @Sendable () -> Double = { .random(in: -1...1) },
    onNote: @escaping @Sendable (DeliveryNote) async -> Void = { _ in }
  ) {
    self.store = store
    self.clock = clock
    self.jitter = jitter
    self.onNote = onNote
    endpoints = sinks.mapValues { Endpoint(sink: $0) }
    signals = endpoints.values.map(\.signal)
  }

  /// Call it after a commit that wrote messages.
  package nonisolated func wake() {
    for signal in signals { signal.raise() }
  }

  /// Delivers until the task is cancelled or the store fails, which is thrown.
  package func run() async throws {
    try loadFailing()
    try await withThrowingDiscardingTaskGroup { group in
      for id in endpoints.keys { group.addTask { try await self.serve(id) } }
    }
  }

  /// After a start: which rows wait for their turn, so that newer ones neither pass them nor forget to replace them.
  private func loadFailing() throws {
    let now = clock.now
    for var row in try store.deliveries(state: .waiting, limit: 100_000) where row.attempts > 0 || row.next > now {
      row.body = ""
      let known = endpoints[row.sink]?.lanes[Dispatcher.lane(of: row)]?.failing
      if known.map({ row.row < $0.row }) ?? true {
        endpoints[row.sink]?.lanes[Dispatcher.lane(of: row), default: Lane()].failing = row
      }
    }
  }

  private func serve(_ id: String) async throws {
    guard let signal = endpoints[id]?.signal else { return }
    try await withThrowingDiscardingTaskGroup { group in
      while true {
        try Task.checkCancellation()
        for row in try await startable(id) { group.addTask { try await self.deliver(row, to: id) } }
        try await signal.wait(until: try deadline(id), on: clock)
      }
    }
  }

  /// The rows to send now; what is superseded or put off on the way is stored.
  private func startable(_ id: String) async throws -> [OutboxRow] {
    guard var endpoint = endpoints[id], !endpoint.isDisabled else { return [] }
    var free = Dispatcher.inFlightLimit - endpoint.busy.count
    guard free > 0 else { return [] }
    var started: [OutboxRow] = []
    var superseded: [OutboxRow] = []
    var limit = 256
    let now = clock.now
    while true {
      let due = try store.dueDeliveries(sink: id, now: now, limit: limit)
      var changed: [OutboxRow] = []
      var order: [String] = []
      var rows: [String: [OutboxRow]] = [:]
      for row in due where !endpoint.busy.contains(Dispatcher.lane(of: row)) {
        let lane = Dispatcher.lane(of: row)
        if rows[lane] == nil { order.append(lane) }
        rows[lane, default: []].append(row)
      }
      for name in order where free > 0 {
        let plan = endpoint.lanes[name, default: Lane()].plan(due: rows[name] ?? [], now: now)
        changed += plan.changed
        if let row = plan.send {
          started.append(row)
          endpoint.busy.insert(name)
          free -= 1
        }
        if endpoint.lanes[name]?.failing == nil { endpoint.lanes[name] = nil }
      }
      if !changed.isEmpty { try store.update(changed) }
      superseded += changed.filter { $0.state == .superseded }
      if free == 0 || due.count < limit || limit >= 1 << 16 { break }
      // The rest of what was seen stands behind messages in flight: look further for other alerts.
      limit *= 4
    }
    endpoints[id] = endpoint
    for row in superseded { await onNote(DeliveryNote(row: row, kind: .superseded)) }
    return started
  }

  /// When to look again without being woken.
  private func deadline(_ id: String) throws -> Moment? {
    guard let endpoint = endpoints[id], !endpoint.isDisabled, let next = try store.nextDelivery(sink: id) else {
      return nil
    }
    let now = clock.now
    // What is due already is in flight or stands behind it, and may hide a row that falls due soon.
    return next > now ? next : now + .seconds(1)
  }

  private func deliver(_ row: OutboxRow, to id: String) async throws {
    guard let sink = endpoints[id]?.sink else { return }
    let attempt = row.attempts + 1
    let answer = await sink.send(row, attempt: attempt, now: clock.now)
    let lane = Dispatcher.lane(of: row)
    guard answer != .cancelled, let note = outcome(of: row, attempt: attempt, answer: answer) else {
      endpoints[id]?.busy.remove(lane)
      return
    }
    try store.update([note.row])
    if note.row.state == .waiting {
      var head = note.row
      head.body = ""
      let isAsked: Bool = if case .status(_, .some, _) = answer { true } else { false }
      endpoints[id]?.lanes[lane] = Lane(failing: head, silentUntil: isAsked ? head.next : nil)
    } else {
      endpoints[id]?.lanes[lane] = nil
    }
    endpoints[id]?.busy.remove(lane)
    let disables: Bool = if case .status(410, _, _) = answer { true } else { false }
    if disables { endpoints[id]?.isDisabled = true }
    endpoints[id]?.signal.raise()
    await onNote(note)
    if disables { await onNote(DeliveryNote(row: note.row, kind: .endpointDisabled)) }
  }

  private func outcome(of row: OutboxRow, attempt: Int, answer: SinkAnswer) -> DeliveryNote? {
    var row = row
    row.attempts = attempt
    var words: String
    var verdict = RetrySchedule.Verdict.retry
    var asked: String?
    switch answer {
    case .cancelled: return nil
    case .failed(let said): words = said
    case .refused(let said):
      words = said
      verdict = .dead
    case .status(let status, let retryAfter, let said):
      verdict = RetrySchedule.verdict(status: status)
      asked = retryAfter
      words = said ?? "HTTP \(status)"
    }
    switch verdict {
    case .delivered:
      row.state = .delivered
      row.lastError = nil
      return DeliveryNote(row: row, kind: .delivered)
    case .dead, .disable:
      row.state = .dead
    case .retry:
      let now = clock.now
      let next = RetrySchedule.next(
        after: attempt, severity: row.severity, now: now, retryAfter: asked, jitter: jitter())
      if let next {
        row.next = next
        row.lastError = words
        return DeliveryNote(row: row, kind: .failed(words))
      }
      row.state = .dead
      words += "; given up after \(attempt) attempts"
    }
    row.lastError = words
    return DeliveryNote(row: row, kind: .dead(words))
  }

  /// Messages of one alert share a lane; others each have their own.
  private static func lane(of row: OutboxRow) -> String { row.alert.isEmpty ? row.message : row.alert }
}
