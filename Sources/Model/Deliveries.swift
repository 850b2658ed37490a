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
  /// Ids of messages; nil: any.
  package var messages: [String]?
  /// Both inclusive; nil: without that bound.
  package var from: Moment?
  package var to: Moment?

  package init(
    sink: String? = nil, states: [OutboxRow.State] = [.waiting, .delivered, .superseded, .dead],
    messages: [String]? = nil, from: Moment? = nil, to: Moment? = nil
  ) {
    self.sink = sink
    self.states = states
    self.messages = messages
    self.from = from
    self.to = to
  }

  package func includes(_ row: OutboxRow) -> Bool {
    (sink == nil || row.sink == sink) && states.contains(row.state) && (messages?.contains(row.message) ?? true)
      && (from.map { row.created >= $0 } ?? true)
      && (to.map { row.created <= $0 } ?? true)
  }
}

extension Store {
  /// Those in one state, or in any.
  package func deliveries(state: OutboxRow.State?, limit: Int) throws -> [OutboxRow] {
    try deliveries(state.map { DeliveryQuery(states: [$0]) } ?? DeliveryQuery(), limit: limit)
  }

  package func update(_ deliveries: [OutboxRow]) throws { try update(DeliveryChange(rows: deliveries)) }
}
