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
        let written = try write(step.journal, connection)
        try cancelCalls(of: step.takenInHand, connection)
        try write(step.outbox, written, connection)
        try write(step.sources, connection)
      }
    }
  }

  private func cancelCalls(of alerts: [String], _ connection: SQLiteConnection) throws(StoreError) {
    if alerts.isEmpty { return }
    let types = Step.calls.map { "'\($0)'" }.joined(separator: ", ")
    let statement = try connection.statement(
      """
      UPDATE outbox SET state = 'superseded' WHERE alert = ? AND state = 'waiting' AND sink <> 'log' AND type IN (\(types))
      """)
    for alert in alerts { try statement.run(.text(alert)) }
  }

  package func forget(notes type: String, before moment: Moment) throws {
    try with { (connection) throws(StoreError) in
      try connection.transaction { () throws(StoreError) in
        // Lines of before there was a chain need not stay.
        try connection.statement("DELETE FROM journal WHERE time < ? AND type = ? AND link = x''")
          .run(.integer(moment.milliseconds), .text(type))
        try connection.statement("UPDATE journal SET json = '' WHERE time < ? AND type = ? AND json <> ''")
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
      try statement.bind(row.at.milliseconds, at: 1)
      try statement.run(with: row.kind, at: 2) {
        statement.with(row.source, at: 3) {
          statement.with(row.id, at: 4) { statement.with(text: row.line, at: 5) { statement.step() } }
        }
      }
    }
  }

  func write(_ changes: [RecordChange], _ connection: SQLiteConnection) throws(StoreError) {
    if changes.isEmpty { return }
    let put = try connection.statement(
      """
      INSERT INTO record (kind, key, value) VALUES (?, ?, ?)
      ON CONFLICT (kind, key) DO UPDATE SET value = excluded.value
      """)
    let delete = try connection.statement("DELETE FROM record WHERE kind = ? AND key = ?")
    for change in changes {
      if let value = change.value {
        try put.run(with: change.kind, at: 1) {
          put.with(change.key, at: 2) { put.with(blob: value, at: 3) { put.step() } }
        }
      } else {
        try delete.run(.text(change.kind), .text(change.key))
      }
    }
  }

  /// - Returns: where each stands, by its id.
  private func write(
    _ rows: [JournalRow], _ connection: SQLiteConnection
  ) throws(StoreError) -> [String: (row: Int64, json: String)] {
    var written: [String: (row: Int64, json: String)] = [:]
    if rows.isEmpty { return written }
    let statement = try connection.statement(
      "INSERT INTO journal (id, time, type, alert, json, payload, link) VALUES (?, ?, ?, ?, ?, ?, ?)")
    for row in rows {
      try statement.bind(row.time.milliseconds, at: 2)
      try statement.run(with: row.id, at: 1) {
        statement.with(row.type, at: 3) {
          statement.with(row.alert, at: 4) {
            statement.with(row.json, at: 5) {
              statement.with(blob: row.payload, at: 6) { statement.with(blob: row.link, at: 7) { statement.step() } }
            }
          }
        }
      }
      written[row.id] = (connection.lastRow, row.json)
    }
    if let head = rows.last?.link, !head.isEmpty {
      try connection.statement("UPDATE chain SET head = ?").run(.blob(head))
    }
    return written
  }

  private func write(
    _ rows: [OutboxRow], _ written: [String: (row: Int64, json: String)], _ connection: SQLiteConnection
  ) throws(StoreError) {
    if rows.isEmpty { return }
    let statement = try connection.statement(
      """
      INSERT INTO outbox (sink, message, alert, seq, type, severity, body, created, attempts, next, state, last_error,
        journal)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    for row in rows {
      // Bodies are as long as everything else in the step together.
      let same = written[row.message].flatMap { $0.json.utf8.elementsEqual(row.body.utf8) ? $0.row : nil }
      try statement.run(
        .text(row.sink), .text(row.message), .text(row.alert), .integer(Int64(row.seq)), .text(row.type),
        .text(row.severity.rawValue), .text(same == nil ? row.body : ""), .integer(row.created.milliseconds),
        .integer(Int64(row.attempts)), .integer(row.next.milliseconds), .text(row.state.rawValue),
        SQLiteValue(row.lastError), same.map { .integer($0) } ?? .null)
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
