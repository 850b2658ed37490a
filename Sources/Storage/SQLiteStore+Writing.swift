package import Model

extension SQLiteStore {
  package func commit(_ step: Step) throws {
    try with { (connection) throws(StoreError) in
      try connection.transaction { () throws(StoreError) in
        try connection.statement(
          "INSERT INTO clock (row, now) VALUES (1, ?) ON CONFLICT (row) DO UPDATE SET now = excluded.now"
        ).run(.integer(step.now.milliseconds))
        try write(step.tape, connection)
        try write(step.records, connection)
        try write(step.journal, connection)
        try write(step.outbox, connection)
        try write(step.sources, connection)
      }
    }
  }

  package func update(_ deliveries: [OutboxRow]) throws {
    if deliveries.isEmpty { return }
    try with { (connection) throws(StoreError) in
      try connection.transaction { () throws(StoreError) in
        let statement = try connection.statement(
          "UPDATE outbox SET state = ?, attempts = ?, next = ?, last_error = ? WHERE row = ?")
        for row in deliveries {
          try statement.run(
            .text(row.state.rawValue), .integer(Int64(row.attempts)), .integer(row.next.milliseconds),
            SQLiteValue(row.lastError), .integer(row.row))
        }
      }
    }
  }

  package func forget(notes type: String, before moment: Moment) throws {
    try with { (connection) throws(StoreError) in
      try connection.transaction { () throws(StoreError) in
        try connection.statement("DELETE FROM journal WHERE time < ? AND type = ?")
          .run(.integer(moment.milliseconds), .text(type))
      }
    }
  }

  private func write(_ rows: [TapeRow], _ connection: SQLiteConnection) throws(StoreError) {
    if rows.isEmpty { return }
    let statement = try connection.statement(
      """
      INSERT INTO tape (at, kind, source, id, json) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (kind, source, id) WHERE id <> '' DO NOTHING
      """)
    for row in rows {
      try statement.run(
        .integer(row.at.milliseconds), .text(row.kind), .text(row.source), .text(row.id), .text(row.json))
    }
  }

  private func write(_ changes: [RecordChange], _ connection: SQLiteConnection) throws(StoreError) {
    if changes.isEmpty { return }
    let put = try connection.statement(
      """
      INSERT INTO record (kind, key, value) VALUES (?, ?, ?)
      ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value
      """)
    let delete = try connection.statement("DELETE FROM record WHERE kind = ? AND key = ?")
    for change in changes {
      if let value = change.value {
        try put.run(.text(change.kind), .text(change.key), .blob(value))
      } else {
        try delete.run(.text(change.kind), .text(change.key))
      }
    }
  }

  private func write(_ rows: [JournalRow], _ connection: SQLiteConnection) throws(StoreError) {
    if rows.isEmpty { return }
    let statement = try connection.statement(
      "INSERT INTO journal (id, time, type, alert, json) VALUES (?, ?, ?, ?, ?)")
    for row in rows {
      try statement.run(
        .text(row.id), .integer(row.time.milliseconds), .text(row.type), .text(row.alert), .text(row.json))
    }
  }

  private func write(_ rows: [OutboxRow], _ connection: SQLiteConnection) throws(StoreError) {
    if rows.isEmpty { return }
    let statement = try connection.statement(
      """
      INSERT INTO outbox (sink, message, alert, seq, type, severity, body, created, attempts, next, state, last_error)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for row in rows {
      try statement.run(
        .text(row.sink), .text(row.message), .text(row.alert), .integer(Int64(row.seq)), .text(row.type),
        .text(row.severity.rawValue), .text(row.body), .integer(row.created.milliseconds),
        .integer(Int64(row.attempts)), .integer(row.next.milliseconds), .text(row.state.rawValue),
        SQLiteValue(row.lastError))
    }
  }

  private func write(_ states: [SourceState], _ connection: SQLiteConnection) throws(StoreError) {
    if states.isEmpty { return }
    let statement = try connection.statement(
      """
      INSERT OR REPLACE INTO source (source, last_success, last_attempt, last_error, failures, next, etag, last_modified,
        validator_url)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for state in states {
      try statement.run(
        .text(state.source), SQLiteValue(state.lastSuccess), SQLiteValue(state.lastAttempt),
        SQLiteValue(state.lastError), .integer(Int64(state.failures)), SQLiteValue(state.next),
        SQLiteValue(state.etag), SQLiteValue(state.lastModified), SQLiteValue(state.validatorURL))
    }
  }
}
