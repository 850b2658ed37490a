package import Model
import Synchronization

/// Steps in memory, for as long as the process lives.
package final class MemoryStore: Store {
  /// Compared byte by byte, as a database does: two spellings of one letter are two names.
  private struct Name: Hashable {
    var bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }
    static func precedes(_ left: Name, _ right: Name) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
  }
  private struct Identity: Hashable {
    var kind: Name
    var source: Name
    var id: Name

    init(_ kind: String, _ source: String, _ id: String) {
      self.kind = Name(kind)
      self.source = Name(source)
      self.id = Name(id)
    }
  }
  private struct State {
    var now: Moment?
    var tape: [TapeRow] = []
    var seen: Set<Identity> = []
    var records: [String: [Name: (key: String, value: [UInt8])]] = [:]
    var journal: [JournalRow] = []
    /// How many lines it has ever had.
    var lines: Int64 = 0
    /// Row i + 1 at index i.
    var outbox: [OutboxRow] = []
    var sources: [Name: SourceState] = [:]
  }
  private let state = Mutex(State())

  package init() {}

  package func commit(_ step: Step) throws {
    state.withLock { state in
      state.now = step.now
      for row in step.tape {
        if row.id.isEmpty || state.seen.insert(Identity(row.kind, row.source, row.id)).inserted {
          state.tape.append(row)
        }
      }
      MemoryStore.write(step.records, into: &state)
      for row in step.journal {
        state.journal.append(row)
        state.lines += 1
        state.journal[state.journal.count - 1].row = state.lines
      }
      for index in state.outbox.indices where step.takenInHand.contains(state.outbox[index].alert) {
        let row = state.outbox[index]
        if row.state == .waiting, row.sink != "log", Step.calls.contains(row.type) {
          state.outbox[index].state = .superseded
        }
      }
      for message in step.outbox {
        state.outbox.append(message)
        state.outbox[state.outbox.count - 1].row = Int64(state.outbox.count)
      }
      for source in step.sources { state.sources[Name(source.source)] = source }
    }
  }

  private static func write(_ changes: [RecordChange], into state: inout State) {
    for change in changes {
      state.records[change.kind, default: [:]][Name(change.key)] = change.value.map { (key: change.key, value: $0) }
    }
  }

  package func lastMoment() throws -> Moment? { state.withLock { $0.now } }

  package func records(kind: String) throws -> [(key: String, value: [UInt8])] {
    state.withLock { state -> [(key: String, value: [UInt8])] in
      (state.records[kind] ?? [:]).sorted { Name.precedes($0.key, $1.key) }.map(\.value)
    }
  }

  package func record(kind: String, key: String) throws -> [UInt8]? {
    state.withLock { $0.records[kind]?[Name(key)]?.value }
  }

  package func tape(from: Moment?, to: Moment?, _ body: (TapeRow) throws -> Void) throws {
    for row in state.withLock({ $0.tape }) {
      if let from, row.at < from { continue }
      if let to, row.at > to { continue }
      try body(row)
    }
  }

  package func identities(_ body: (_ kind: String, _ source: String, _ id: String) -> Void) throws {
    for row in state.withLock({ $0.tape }) where !row.id.isEmpty { body(row.kind, row.source, row.id) }
  }

  package func forget(notes type: String, before moment: Moment) throws {
    state.withLock { state in
      state.journal.removeAll { $0.type == type && $0.time < moment && $0.link.isEmpty }
      for index in state.journal.indices where state.journal[index].type == type && state.journal[index].time < moment {
        state.journal[index].json = ""
      }
    }
  }

  package func journal(alert: String?, from: Moment?, _ body: (JournalRow) throws -> Void) throws {
    for row in state.withLock({ $0.journal }) where !row.json.isEmpty {
      if let alert, row.alert != alert { continue }
      if let from, row.time < from { continue }
      try body(row)
    }
  }

  package func journalHead() throws -> [UInt8] { state.withLock { $0.journal.last?.link ?? [] } }

  package func journalLines(_ body: (JournalRow) -> Void) throws {
    for row in state.withLock({ $0.journal }) { body(row) }
  }

  package func dueDeliveries(sink: String, now: Moment, limit: Int) throws -> [OutboxRow] {
    state.withLock { state in
      Array(
        state.outbox.lazy.filter { $0.sink == sink && $0.state == .waiting && $0.next <= now }.prefix(max(0, limit)))
    }
  }

  package func nextDelivery(sink: String) throws -> Moment? {
    state.withLock { state in
      state.outbox.lazy.filter { $0.sink == sink && $0.state == .waiting }.map(\.next).min()
    }
  }

  package func update(_ change: DeliveryChange) throws {
    state.withLock { state in
      for row in change.rows where row.row >= 1 && row.row <= Int64(state.outbox.count) {
        let index = Int(row.row - 1)
        state.outbox[index].state = row.state
        state.outbox[index].attempts = row.attempts
        state.outbox[index].next = row.next
        state.outbox[index].lastError = row.lastError
      }
      for var row in change.added
      where !state.outbox.contains(where: { $0.sink == row.sink && $0.message == row.message }) {
        row.row = Int64(state.outbox.count + 1)
        state.outbox.append(row)
      }
      MemoryStore.write(change.records, into: &state)
    }
  }

  package func deliveries(_ query: DeliveryQuery, limit: Int) throws -> [OutboxRow] {
    state.withLock { state in Array(state.outbox.lazy.filter(query.includes).prefix(max(0, limit))) }
  }

  package func requeue(_ query: DeliveryQuery, now: Moment) throws -> Int {
    state.withLock { state in
      var count = 0
      for index in state.outbox.indices where query.includes(state.outbox[index]) {
        state.outbox[index].state = .waiting
        state.outbox[index].attempts = 0
        state.outbox[index].next = now
        state.outbox[index].lastError = nil
        count += 1
      }
      return count
    }
  }

  package func hasUrgentDelivery(sink: String) throws -> Bool {
    state.withLock { $0.outbox.contains { $0.sink == sink && $0.state == .waiting && $0.severity >= .high } }
  }

  /// Nothing is deleted: the rows are numbered by their places, and this store ends with the process.
  package func forgetDeliveries(before moment: Moment) throws {}

  package func sourceStates() throws -> [SourceState] {
    state.withLock { state in
      state.sources.sorted { Name.precedes($0.key, $1.key) }.map(\.value)
    }
  }

  package func close() {}
}
