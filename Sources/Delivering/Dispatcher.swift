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
    var health = EndpointHealth()
    /// The endpoint that stands in where this one does not answer.
    var fallback: String?
  }

  private let store: any Store
  private let clock: any WallClock
  private let jitter: @Sendable () -> Double
  private let onNote: @Sendable (DeliveryNote) async -> Void
  private var endpoints: [String: Endpoint]
  private let signals: [WakeSignal]
  /// Why rows of an endpoint wait that gets nothing now.
  private static let heldBack = "held back: the endpoint is not used"
  /// A message that nobody took for so long is dead.
  private static let lifetime = Span.hours(72)

  /// - Parameters:
  ///   - sinks: by the id that outbox rows name.
  ///   - fallbacks: by the id of a sink, the one that gets a copy where it does not answer.
  ///   - jitter: gives numbers in -1…1.
  ///   - onNote: hears of every outcome after it is stored.
  package init(
    store: any Store, clock: any WallClock, sinks: [String: any Sink], fallbacks: [String: String] = [:],
    jitter: @escaping @Sendable () -> Double = { .random(in: -1...1) },
    onNote: @escaping @Sendable (DeliveryNote) async -> Void = { _ in }
  ) {
    self.store = store
    self.clock = clock
    self.jitter = jitter
    self.onNote = onNote
    endpoints = sinks.mapValues { Endpoint(sink: $0) }
    for (sink, fallback) in fallbacks where sinks[fallback] != nil { endpoints[sink]?.fallback = fallback }
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

  /// Lets messages go out again, with the ids that they had, also to an endpoint that was given up; how many they are.
  package func replay(_ query: DeliveryQuery) throws -> Int {
    let count = try store.requeue(query, now: clock.now)
    for id in endpoints.keys where query.sink == nil || query.sink == id {
      endpoints[id]?.health.succeed()
      endpoints[id]?.health.isGone = false
      endpoints[id]?.lanes = [:]
      endpoints[id]?.signal.raise()
    }
    return count
  }

  /// After a start: which rows wait for their turn, so that newer ones neither pass them nor forget to replace them, and
  /// how the endpoints were doing.
  private func loadFailing() throws {
    let now = clock.now
    for (sink, record) in try store.records(kind: EndpointHealth.recordKind) {
      endpoints[sink]?.health = EndpointHealth(record: record)
    }
    var released: [OutboxRow] = []
    for var row in try store.deliveries(state: .waiting, limit: 100_000) where row.attempts > 0 || row.next > now {
      if row.lastError == Dispatcher.heldBack {
        row.next = now
        row.lastError = nil
        released.append(row)
        continue
      }
      row.body = ""
      let known = endpoints[row.sink]?.lanes[Dispatcher.lane(of: row)]?.failing
      if known.map({ row.row < $0.row }) ?? true {
        endpoints[row.sink]?.lanes[Dispatcher.lane(of: row), default: Lane()].failing = row
        endpoints[row.sink]?.lanes[Dispatcher.lane(of: row)]?.failures = row.attempts
      }
    }
    try store.update(released)
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
    guard var endpoint = endpoints[id] else { return [] }
    if endpoint.health.isGone { return try await holdBack(id) }
    if endpoint.health.isSuspended {
      guard try store.hasUrgentDelivery(sink: id) else { return try await holdBack(id) }
      endpoint.health.isSuspended = false
    }
    var free = Dispatcher.inFlightLimit - endpoint.busy.count
    guard free > 0 else { return [] }
    var started: [OutboxRow] = []
    var superseded: [OutboxRow] = []
    var hasCopies = false
    var limit = 256
    let now = clock.now
    while true {
      let due = try store.dueDeliveries(sink: id, now: now, limit: limit)
      var changed: [OutboxRow] = []
      var copies: [OutboxRow] = []
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
        // What must wait behind a message that another endpoint has already goes there too.
        if let fallback = endpoint.fallback, (endpoint.lanes[name]?.failures ?? 0) >= Fallback.failures {
          copies += plan.changed.filter { $0.state == .waiting && !$0.body.isEmpty }
            .map { Fallback.copy(of: $0, for: fallback, now: now) }
        }
        if var row = plan.send {
          if row.attempts >= Fallback.failures || (endpoint.lanes[name]?.failures ?? 0) >= Fallback.failures {
            row.standIn = endpoint.fallback
          }
          started.append(row)
          endpoint.busy.insert(name)
          free -= 1
        }
        if endpoint.lanes[name]?.failing == nil { endpoint.lanes[name] = nil }
      }
      try store.update(DeliveryChange(rows: changed, added: copies))
      hasCopies = hasCopies || !copies.isEmpty
      superseded += changed.filter { $0.state == .superseded }
      if free == 0 || due.count < limit || limit >= 1 << 16 { break }
      // The rest of what was seen stands behind messages in flight: look further for other alerts.
      limit *= 4
    }
    endpoints[id] = endpoint
    if hasCopies, let fallback = endpoint.fallback { endpoints[fallback]?.signal.raise() }
    for row in superseded { await onNote(DeliveryNote(row: row, kind: .superseded)) }
    return started
  }

  /// What is due for an endpoint that is not used: it waits until its time is over, and whoever stands in gets a copy.
  private func holdBack(_ id: String) async throws -> [OutboxRow] {
    let now = clock.now
    var change = DeliveryChange()
    var dead: [OutboxRow] = []
    for var row in try store.dueDeliveries(sink: id, now: now, limit: 256) {
      if let fallback = endpoints[id]?.fallback { change.added.append(Fallback.copy(of: row, for: fallback, now: now)) }
      row.lastError = Dispatcher.heldBack
      if now - row.created >= Dispatcher.lifetime {
        row.state = .dead
        dead.append(row)
      } else {
        row.next = row.created + Dispatcher.lifetime
      }
      change.rows.append(row)
    }
    try store.update(change)
    if let fallback = endpoints[id]?.fallback, !change.added.isEmpty { endpoints[fallback]?.signal.raise() }
    if change.rows.count == 256 { endpoints[id]?.signal.raise() }
    for row in dead { await onNote(DeliveryNote(row: row, kind: .dead(Dispatcher.heldBack))) }
    return []
  }

  /// When to look again without being woken.
  private func deadline(_ id: String) throws -> Moment? {
    guard let next = try store.nextDelivery(sink: id) else { return nil }
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
    try await take(note, of: lane, from: id, answer: answer)
  }

  /// Writes down what became of an attempt and what follows from it, then tells of it.
  private func take(_ note: DeliveryNote, of lane: String, from id: String, answer: SinkAnswer) async throws {
    guard var endpoint = endpoints[id] else { return }
    let now = clock.now
    let before = endpoint.health.failingSince
    var notes = [note]
    var change = DeliveryChange(rows: [note.row])
    let isRefused = note.row.state == .dead && !Dispatcher.isGivenUp(answer)
    if note.row.state == .delivered {
      endpoint.health.succeed()
      endpoint.lanes[lane] = nil
    } else {
      let failures = (endpoint.lanes[lane]?.failures ?? note.row.attempts - 1) + 1
      // A message that is refused says nothing of the endpoint.
      if !isRefused { endpoint.health.fail(at: now) }
      if let fallback = endpoint.fallback, Fallback.isDue(note.row, failuresInARow: failures) {
        change.added.append(Fallback.copy(of: note.row, for: fallback, now: now))
      }
      if note.row.state == .waiting {
        var head = note.row
        head.body = ""
        let isAsked: Bool = if case .status(_, .some, _) = answer { true } else { false }
        endpoint.lanes[lane] = Lane(failing: head, failures: failures, silentUntil: isAsked ? head.next : nil)
      } else {
        endpoint.lanes[lane] = nil
      }
      if case .status(410, _, _) = answer {
        endpoint.health.isGone = true
        notes.append(DeliveryNote(row: note.row, kind: .endpointDisabled))
      } else if isRefused, let kept = endpoint.health.tells("refused", at: now) {
        notes.append(DeliveryNote(row: note.row, kind: .endpointDegraded(.refuses(kept: kept))))
      } else if failures >= Fallback.failures, endpoint.health.tells("failing", at: now) != nil {
        notes.append(DeliveryNote(row: note.row, kind: .endpointDegraded(.fails(standIn: endpoint.fallback))))
      }
      if try endpoint.health.hasRunOut(at: now) && !store.hasUrgentDelivery(sink: id) {
        endpoint.health.isSuspended = true
        notes.append(DeliveryNote(row: note.row, kind: .endpointDegraded(.suspended)))
      }
    }
    if endpoint.health.failingSince != before { change.records.append(endpoint.health.record(of: id)) }
    try store.update(change)
    endpoint.busy.remove(lane)
    endpoints[id] = endpoint
    endpoint.signal.raise()
    if let fallback = endpoint.fallback, !change.added.isEmpty { endpoints[fallback]?.signal.raise() }
    for note in notes { await onNote(note) }
  }

  /// Whether the schedule is over, rather than that the receiver refuses the message.
  private static func isGivenUp(_ answer: SinkAnswer) -> Bool {
    switch answer {
    case .refused: false
    case .status(let status, _, _): RetrySchedule.verdict(status: status) != .dead
    case .failed, .cancelled: true
    }
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
