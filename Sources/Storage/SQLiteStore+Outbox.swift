package import Model

extension SQLiteStore {
  package func dueDeliveries(sink: String, now: Moment, limit: Int) throws -> [OutboxRow] {
    try outbox(
      "WHERE sink = ? AND state = 'waiting' AND next <= ? ORDER BY row LIMIT ?",
      [.text(sink), .integer(now.milliseconds), .integer(Int64(max(0, limit)))])
  }

  package func nextDelivery(sink: String) throws -> Moment? {
    try with { (connection) throws(StoreError) in
      var next: Moment?
      let query = try connection.statement("SELECT min(next) FROM outbox WHERE sink = ? AND state = 'waiting'")
      try query.each([.text(sink)]) { next = $0.optionalMoment(0) }
      return next
    }
  }

  private func outbox(_ clause: String, _ values: [SQLiteValue]) throws(StoreError) -> [OutboxRow] {
    try with { (connection) throws(StoreError) in
      var found: [OutboxRow] = []
      let query = try connection.statement(
        """
        SELECT row, sink, message, alert, seq, type, severity,
          coalesce((SELECT json FROM journal WHERE journal.row = outbox.journal), body),
          created, attempts, next, state, last_error
        FROM outbox \(clause)
        """)
      try query.each(values) { row in
        var message = OutboxRow(
          sink: row.text(1), message: row.text(2), alert: row.text(3), seq: row.int(4), type: row.text(5),
          severity: Severity(rawValue: row.text(6)) ?? .high, body: row.text(7), created: row.moment(8))
        message.row = row.integer(0)
        message.attempts = row.int(9)
        message.next = row.moment(10)
        message.state = OutboxRow.State(rawValue: row.text(11)) ?? .dead
        message.lastError = row.optionalText(12)
        found.append(message)
      }
      return found
    }
  }

  package func update(_ change: DeliveryChange) throws {
    if change.isEmpty { return }
    try with { (connection) throws(StoreError) in
      try connection.transaction { () throws(StoreError) in
        let statement = try connection.statement(
          "UPDATE outbox SET state = ?, attempts = ?, next = ?, last_error = ? WHERE row = ?")
        for row in change.rows {
          try statement.run(
            .text(row.state.rawValue), .integer(Int64(row.attempts)), .integer(row.next.milliseconds),
            SQLiteValue(row.lastError), .integer(row.row))
        }
        try add(change.added, connection)
        try write(change.records, connection)
      }
    }
  }

  private func add(_ rows: [OutboxRow], _ connection: SQLiteConnection) throws(StoreError) {
    if rows.isEmpty { return }
    let statement = try connection.statement(
      """
      INSERT INTO outbox (sink, message, alert, seq, type, severity, body, created, attempts, next, state)
      SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, 'waiting'
      WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE message = ?2 AND sink = ?1)
      """)
    for row in rows {
      try statement.run(
        .text(row.sink), .text(row.message), .text(row.alert), .integer(Int64(row.seq)), .text(row.type),
        .text(row.severity.rawValue), .text(row.body), .integer(row.created.milliseconds),
        .integer(row.next.milliseconds))
    }
  }

  package func deliveries(_ query: DeliveryQuery, limit: Int) throws -> [OutboxRow] {
    let (clause, values) = SQLiteStore.clause(query)
    return try outbox("WHERE \(clause) ORDER BY row LIMIT ?", values + [.integer(Int64(max(0, limit)))])
  }

  package func requeue(_ query: DeliveryQuery, now: Moment) throws -> Int {
    let (clause, values) = SQLiteStore.clause(query)
    return try with { (connection) throws(StoreError) in
      var count = 0
      try connection.transaction { () throws(StoreError) in
        try connection.statement(
          "UPDATE outbox SET state = 'waiting', attempts = 0, next = ?, last_error = NULL WHERE \(clause)"
        ).run([.integer(now.milliseconds)] + values)
        count = connection.changeCount
      }
      return count
    }
  }

  package func hasUrgentDelivery(sink: String) throws -> Bool {
    try with { (connection) throws(StoreError) in
      var found = false
      try connection.statement(
        "SELECT 1 FROM outbox WHERE sink = ? AND state = 'waiting' AND severity IN ('high', 'critical') LIMIT 1"
      ).each([.text(sink)]) { _ in found = true }
      return found
    }
  }

  package func forgetDeliveries(before moment: Moment) throws {
    try with { (connection) throws(StoreError) in
      try connection.transaction { () throws(StoreError) in
        try connection.statement("DELETE FROM outbox WHERE created < ? AND state <> 'waiting'")
          .run(.integer(moment.milliseconds))
      }
    }
  }

  private static func clause(_ query: DeliveryQuery) -> (text: String, values: [SQLiteValue]) {
    var parts = ["state IN (\(query.states.map { _ in "?" }.joined(separator: ", ")))"]
    var values = query.states.map { SQLiteValue.text($0.rawValue) }
    if let sink = query.sink {
      parts.append("sink = ?")
      values.append(.text(sink))
    }
    if let messages = query.messages {
      parts.append("message IN (\(messages.map { _ in "?" }.joined(separator: ", ")))")
      values += messages.map { .text($0) }
    }
    if let from = query.from {
      parts.append("created >= ?")
      values.append(.integer(from.milliseconds))
    }
    if let to = query.to {
      parts.append("created <= ?")
      values.append(.integer(to.milliseconds))
    }
    return (parts.joined(separator: " AND "), values)
  }
}
