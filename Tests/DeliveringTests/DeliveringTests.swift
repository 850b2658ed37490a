import Delivering
import Model
import Synchronization

/// Waits until the condition holds; false when it does not within ten seconds.
func eventually(_ condition: () -> Bool) async -> Bool {
  let deadline = ContinuousClock.now + .seconds(10)
  while !condition() {
    if ContinuousClock.now > deadline { return false }
    try? await Task.sleep(for: .milliseconds(1))
  }
  return true
}

/// 2026-03-01T09:00:00Z, when all tests begin.
let start = Moment(milliseconds: 1_772_355_600_000)

/// The part of a store that holds the outbox, in memory.
final class OutboxStore: Store {
  private struct State {
    var rows: [OutboxRow] = []
    var isBroken = false
    var records: [String: [UInt8]] = [:]
  }
  private let state = Mutex(State())

  func add(_ row: OutboxRow) {
    state.withLock { state in
      var row = row
      row.row = Int64(state.rows.count + 1)
      state.rows.append(row)
    }
  }
  func breakDown() { state.withLock { $0.isBroken = true } }
  var rows: [OutboxRow] { state.withLock { $0.rows } }

  func dueDeliveries(sink: String, now: Moment, limit: Int) throws -> [OutboxRow] {
    try state.withLock { state in
      if state.isBroken { throw StoreError.inputOutput("disk full") }
      return Array(state.rows.filter { $0.sink == sink && $0.state == .waiting && $0.next <= now }.prefix(limit))
    }
  }
  func nextDelivery(sink: String) throws -> Moment? {
    rows.filter { $0.sink == sink && $0.state == .waiting }.map(\.next).min()
  }
  func update(_ change: DeliveryChange) throws {
    state.withLock { state in
      for row in change.rows {
        let index = Int(row.row) - 1
        state.rows[index].state = row.state
        state.rows[index].attempts = row.attempts
        state.rows[index].next = row.next
        state.rows[index].lastError = row.lastError
      }
      for var row in change.added
      where !state.rows.contains(where: { $0.sink == row.sink && $0.message == row.message }) {
        row.row = Int64(state.rows.count + 1)
        state.rows.append(row)
      }
      for record in change.records { state.records[record.key] = record.value }
    }
  }
  func deliveries(_ query: DeliveryQuery, limit: Int) throws -> [OutboxRow] {
    Array(rows.filter(query.includes).prefix(limit))
  }
  func requeue(_ query: DeliveryQuery, now: Moment) throws -> Int {
    state.withLock { state in
      let indices = state.rows.indices.filter { query.includes(state.rows[$0]) }
      for index in indices {
        state.rows[index].state = .waiting
        state.rows[index].attempts = 0
        state.rows[index].next = now
      }
      return indices.count
    }
  }
  func hasUrgentDelivery(sink: String) throws -> Bool {
    rows.contains { $0.sink == sink && $0.state == .waiting && $0.severity >= .high }
  }
  func forgetDeliveries(before moment: Moment) throws {}

  func commit(_ step: Step) throws {}
  func lastMoment() throws -> Moment? { nil }
  func records(kind: String) throws -> [(key: String, value: [UInt8])] {
    state.withLock { $0.records.map { (key: $0.key, value: $0.value) } }
  }
  func record(kind: String, key: String) throws -> [UInt8]? { nil }
  func tape(from: Moment?, to: Moment?, _ body: (TapeRow) throws -> Void) throws {}
  func identities(_ body: (_ kind: String, _ source: String, _ id: String) -> Void) throws {}
  func journal(alert: String?, from: Moment?, _ body: (JournalRow) throws -> Void) throws {}
  func sourceStates() throws -> [SourceState] { [] }
  func forget(notes type: String, before moment: Moment) throws {}
  func close() {}
}

/// A message as the engine writes it.
func message(
  _ alert: String, _ seq: Int, type: String = "alert.updated", severity: Severity = .high, sink: String = "duty"
) -> OutboxRow {
  OutboxRow(
    sink: sink, message: "msg_\(alert)_\(seq)", alert: alert, seq: seq, type: type, severity: severity,
    body: "{\"data\":{\"alert\":\"\(alert)\",\"seq\":\(seq)}}", created: start)
}
