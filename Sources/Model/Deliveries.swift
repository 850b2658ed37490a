/// What became of messages, and what follows from it. A store writes it whole or not at all.
package struct DeliveryChange: Sendable {
  /// Rows with a new state, number of attempts, next attempt or error.
  package var rows: [OutboxRow]
  /// Messages for other endpoints; one that its endpoint has already is left out.
  package var added: [OutboxRow]
  package var records: [RecordChange]

  package init(rows: [OutboxRow] = [], added: [OutboxRow] = [], records: [RecordChange] = []) {
    self.rows = rows
    self.added = added
    self.records = records
  }

  package var isEmpty: Bool { rows.isEmpty && added.isEmpty && records.isEmpty }
}

/// Which messages are meant.
package struct DeliveryQuery: Sendable {
  /// Of one endpoint; nil: of all.
  package var sink: String?
  package var states: [OutboxRow.State]
  /// Both inclusive; nil: without that bound.
  package var from: Moment?
  package var to: Moment?

  package init(
    sink: String? = nil, states: [OutboxRow.State] = [.waiting, .delivered, .superseded, .dead], from: Moment? = nil,
    to: Moment? = nil
  ) {
    self.sink = sink
    self.states = states
    self.from = from
    self.to = to
  }

  package func includes(_ row: OutboxRow) -> Bool {
    (sink == nil || row.sink == sink) && states.contains(row.state) && (from.map { row.created >= $0 } ?? true)
      && (to.map { row.created <= $0 } ?? true)
  }
}

extension Store {
  package func update(_ deliveries: [OutboxRow]) throws { try update(DeliveryChange(rows: deliveries)) }
}
