/// Everything one ingest step changes. A store commits it whole or not at all.
package struct Step: Sendable {
  /// The clock of the engine after the step.
  package var now: Moment
  /// Lines as they arrived, for `tape`, and for restoring what was seen.
  package var tape: [TapeRow] = []
  /// State to put or delete.
  package var records: [RecordChange] = []
  /// Events of any stage, in order.
  package var journal: [JournalRow] = []
  /// Messages to send.
  package var outbox: [OutboxRow] = []
  package var sources: [SourceState] = []
  /// Alerts that somebody has taken in hand: calls that still wait for their turn are superseded.
  package var takenInHand: [String] = []

  /// Types of messages that call for somebody, and need not any more when somebody is there.
  package static let calls = ["alert.escalated", "alert.updated", "alert.sla_warning"]

  package init(now: Moment) { self.now = now }
  package var isEmpty: Bool {
    tape.isEmpty && records.isEmpty && journal.isEmpty && outbox.isEmpty && sources.isEmpty
  }
}

/// A tape line to be kept.
package struct TapeRow: Hashable, Sendable {
  package var at: Moment
  package var kind: String
  /// Unique within (kind, source); empty for kinds without an id.
  package var source: String
  package var id: String
  /// The whole line as NDJSON without the line break, in UTF-8; the author is already a hash. Rows of one step may share
  /// their bytes.
  package var line: ArraySlice<UInt8>
  /// The same as text.
  package var json: String { String(decoding: line, as: UTF8.self) }

  package init(at: Moment, kind: String, source: String, id: String, line: ArraySlice<UInt8>) {
    self.at = at
    self.kind = kind
    self.source = source
    self.id = id
    self.line = line
  }

  package init(at: Moment, kind: String, source: String, id: String, json: String) {
    self.init(at: at, kind: kind, source: source, id: id, line: Array(json.utf8)[...])
  }
}

/// One piece of engine state, named by kind and key; a nil value deletes it.
package struct RecordChange: Hashable, Sendable {
  /// `alert`, `series`, `item` …
  package var kind: String
  package var key: String
  package var value: [UInt8]?

  package init(kind: String, key: String, value: [UInt8]?) {
    self.kind = kind
    self.key = key
    self.value = value
  }
}

/// A line of the journal: one event of the shape that webhooks, `replay` and the event stream speak.
package struct JournalRow: Hashable, Sendable {
  package var id: String
  package var time: Moment
  package var type: String
  /// The alert's id; empty for meta events and notes.
  package var alert: String
  /// Empty where the text was purged.
  package var json: String
  /// SHA-256 of the text; empty where the line is in no chain, as is `link`.
  package var payload: [UInt8] = []
  /// SHA-256 over everything up to this line.
  package var link: [UInt8] = []
  /// Given by the store, one after another; 0 before.
  package var row: Int64 = 0

  package init(id: String, time: Moment, type: String, alert: String, json: String) {
    self.id = id
    self.time = time
    self.type = type
    self.alert = alert
    self.json = json
  }
}

/// A message on its way to one endpoint.
package struct OutboxRow: Hashable, Sendable {
  package enum State: String, Sendable { case waiting, delivered, superseded, dead }

  /// Given by the store; 0 before.
  package var row: Int64 = 0
  package var sink: String
  /// The `webhook-id`, equal for every endpoint.
  package var message: String
  package var alert: String
  package var seq: Int
  package var type: String
  package var severity: Severity
  /// The exact bytes to send.
  package var body: String
  package var created: Moment
  package var attempts: Int = 0
  package var next: Moment
  package var state: State = .waiting
  package var lastError: String?
  /// The endpoint that has a copy because this one does not answer. It is not stored: the attempts tell it again.
  package var standIn: String?

  package init(
    sink: String, message: String, alert: String, seq: Int, type: String, severity: Severity, body: String,
    created: Moment
  ) {
    self.sink = sink
    self.message = message
    self.alert = alert
    self.seq = seq
    self.type = type
    self.severity = severity
    self.body = body
    self.created = created
    next = created
  }
}

/// What a store must do. Calls come from one task at a time; a store need not be fast at being shared.
package protocol Store: Sendable {
  /// Writes the step in one transaction. Tape rows whose (kind, source, id) is already there are left out.
  func commit(_ step: Step) throws
  /// The clock of the last committed step; nil for a new store.
  func lastMoment() throws -> Moment?
  /// All records of one kind, in the order of the keys' bytes.
  func records(kind: String) throws -> [(key: String, value: [UInt8])]
  func record(kind: String, key: String) throws -> [UInt8]?
  /// Tape lines with from ≤ at ≤ to, in the order of arrival.
  func tape(from: Moment?, to: Moment?, _ body: (TapeRow) throws -> Void) throws
  /// The identity of every tape line that has an id, in no particular order. The body must not call the store.
  func identities(_ body: (_ kind: String, _ source: String, _ id: String) -> Void) throws
  func journal(alert: String?, from: Moment?, _ body: (JournalRow) throws -> Void) throws
  /// Waiting messages of one sink that are due, in the order of rows, at most `limit`.
  func dueDeliveries(sink: String, now: Moment, limit: Int) throws -> [OutboxRow]
  /// The earliest `next` of the waiting messages of one sink.
  func nextDelivery(sink: String) throws -> Moment?
  /// Records what became of messages: state, attempts, next, lastError.
  func update(_ change: DeliveryChange) throws
  /// Messages in the order of rows, at most `limit`.
  func deliveries(_ query: DeliveryQuery, limit: Int) throws -> [OutboxRow]
  /// Lets messages be sent anew, with their ids, from `now` on; how many they are.
  func requeue(_ query: DeliveryQuery, now: Moment) throws -> Int
  /// Whether a message of severity high or above waits for an endpoint.
  func hasUrgentDelivery(sink: String) throws -> Bool
  /// Deletes messages from before a moment that no longer wait.
  func forgetDeliveries(before moment: Moment) throws
  func sourceStates() throws -> [SourceState]
  /// Purges the text of notes of one type from before a moment; their lines stay in the chain.
  func forget(notes type: String, before moment: Moment) throws
  /// Takes out what is old, in short steps; says how much went, or would go.
  func purge(_ purge: Purge, dryRun: Bool) throws -> PurgeCount
  /// Gives the room that became free back to the disk.
  func compact() throws
  /// Copies the whole store into a new file, while it is written to.
  func backup(to path: String) throws
  /// Up to which line there is no chain, and the link there.
  func journalStart() throws -> (row: Int64, link: [UInt8])
  /// The link of the last line as the store remembers it apart; empty before the first.
  func journalHead() throws -> [UInt8]
  /// All lines in their order, purged ones too.
  func journalLines(_ body: (JournalRow) -> Void) throws
  func close()
}

extension Store {
  package func journalStart() throws -> (row: Int64, link: [UInt8]) { (0, []) }
  package func journalHead() throws -> [UInt8] { [] }
  package func purge(_ purge: Purge, dryRun: Bool) throws -> PurgeCount {
    if !dryRun { try forget(notes: "note.near_miss", before: purge.nearMissesBefore) }
    return PurgeCount()
  }
  package func compact() throws {}
  package func backup(to path: String) throws {
    throw StoreError.inputOutput("\(path): this store has no file to copy")
  }
  package func journalLines(_ body: (JournalRow) -> Void) throws {
    var number: Int64 = 0
    try journal(alert: nil, from: nil) { row in
      number += 1
      var row = row
      row.row = number
      body(row)
    }
  }
}

/// Why a store could not do what it was asked.
package enum StoreError: Error, Hashable, Sendable {
  /// Another process holds the database.
  case inUse(String)
  /// The database was written by a newer Nabat.
  case newerSchema(found: Int, known: Int)
  /// Full disk, read-only file, missing folder …: in words.
  case inputOutput(String)
  case corrupt(String)
}
