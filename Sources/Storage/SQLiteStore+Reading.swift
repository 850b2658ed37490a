package import Model

extension SQLiteStore {
  package func lastMoment() throws -> Moment? {
    try with { (connection) throws(StoreError) in
      try connection.number("SELECT now FROM clock").map { Moment(milliseconds: $0) }
    }
  }

  package func records(kind: String) throws -> [(key: String, value: [UInt8])] {
    try with { (connection) throws(StoreError) in
      var found: [(key: String, value: [UInt8])] = []
      try connection.statement("SELECT key, value FROM record WHERE kind = ? ORDER BY key").each([.text(kind)]) {
        found.append(($0.text(0), $0.blob(1)))
      }
      return found
    }
  }

  package func record(kind: String, key: String) throws -> [UInt8]? {
    try with { (connection) throws(StoreError) in
      var found: [UInt8]?
      let query = try connection.statement("SELECT value FROM record WHERE kind = ? AND key = ?")
      try query.each([.text(kind), .text(key)]) { found = $0.blob(0) }
      return found
    }
  }

  package func identities(_ body: (_ kind: String, _ source: String, _ id: String) -> Void) throws {
    try with { (connection) throws(StoreError) in
      // Read from the index of identities alone: texts are not touched.
      try connection.statement("SELECT kind, source, id FROM tape WHERE id <> ''").each([]) {
        body($0.text(0), $0.text(1), $0.text(2))
      }
    }
  }

  package func tape(from: Moment?, to: Moment?, _ body: (TapeRow) throws -> Void) throws {
    let from = SQLiteValue.integer(from?.milliseconds ?? .min)
    let to = SQLiteValue.integer(to?.milliseconds ?? .max)
    var last: Int64 = .min
    try with { (connection) throws(StoreError) in
      try connection.statement("SELECT min(row) FROM tape WHERE at >= ?").each([from]) { last = $0.integer(0) - 1 }
    }
    while true {
      let page = try tapePage(after: last, from, to)
      for (_, row) in page { try body(row) }
      guard page.count == SQLiteStore.pageSize, let end = page.last else { return }
      last = end.row
    }
  }

  package func journal(alert: String?, from: Moment?, _ body: (JournalRow) throws -> Void) throws {
    var last: Int64 = .min
    while true {
      let page = try journalPage(after: last, alert: alert, from: from)
      for (_, row) in page { try body(row) }
      guard page.count == SQLiteStore.pageSize, let end = page.last else { return }
      last = end.row
    }
  }

  /// Rows read at once: the lock is not held while a caller works on them.
  fileprivate static let pageSize = 512

  private func tapePage(
    after last: Int64, _ from: SQLiteValue, _ to: SQLiteValue
  ) throws(StoreError) -> [(row: Int64, line: TapeRow)] {
    try with { (connection) throws(StoreError) in
      var page: [(row: Int64, line: TapeRow)] = []
      // «+at» keeps the planner from sorting a range of the index: rows are wanted in their own order.
      let query = try connection.statement(
        """
        SELECT row, at, kind, source, id, json FROM tape WHERE row > ? AND +at BETWEEN ? AND ?
        ORDER BY row LIMIT \(SQLiteStore.pageSize)
        """)
      try query.each([.integer(last), from, to]) {
        let line = TapeRow(at: $0.moment(1), kind: $0.text(2), source: $0.text(3), id: $0.text(4), json: $0.text(5))
        page.append(($0.integer(0), line))
      }
      return page
    }
  }

  private func journalPage(
    after last: Int64, alert: String?, from: Moment?
  ) throws(StoreError) -> [(row: Int64, line: JournalRow)] {
    try with { (connection) throws(StoreError) in
      var page: [(row: Int64, line: JournalRow)] = []
      // An alert's rows are found by its index, which holds no empty names.
      let ofAlert = alert.map { $0.isEmpty ? "AND alert = ?" : "AND alert = ? AND alert <> ''" } ?? ""
      let query = try connection.statement(
        """
        SELECT row, id, time, type, alert, json FROM journal WHERE row > ? AND +time >= ? AND json <> '' \(ofAlert)
        ORDER BY row LIMIT \(SQLiteStore.pageSize)
        """)
      let bounds: [SQLiteValue] = [.integer(last), .integer(from?.milliseconds ?? .min)]
      try query.each(bounds + (alert.map { [.text($0)] } ?? [])) {
        let line = JournalRow(
          id: $0.text(1), time: $0.moment(2), type: $0.text(3), alert: $0.text(4), json: $0.text(5))
        page.append(($0.integer(0), line))
      }
      return page
    }
  }
}

extension SQLiteStore {
  package func journalStart() throws -> (row: Int64, link: [UInt8]) {
    try with { (connection) throws(StoreError) in
      var start: (row: Int64, link: [UInt8]) = (0, [])
      try connection.statement("SELECT start, start_link FROM chain").each { start = ($0.integer(0), $0.blob(1)) }
      return start
    }
  }

  package func journalHead() throws -> [UInt8] {
    try with { (connection) throws(StoreError) in
      var head: [UInt8] = []
      try connection.statement("SELECT head FROM chain").each { head = $0.blob(0) }
      return head
    }
  }

  package func journalLines(_ body: (JournalRow) -> Void) throws {
    var last: Int64 = .min
    while true {
      let page = try with { (connection) throws(StoreError) in
        var page: [JournalRow] = []
        let query = try connection.statement(
          """
          SELECT row, id, time, type, alert, json, payload, link FROM journal WHERE row > ? ORDER BY row
          LIMIT \(SQLiteStore.pageSize)
          """)
        try query.each([.integer(last)]) {
          var line = JournalRow(
            id: $0.text(1), time: $0.moment(2), type: $0.text(3), alert: $0.text(4), json: $0.text(5))
          line.row = $0.integer(0)
          line.payload = $0.blob(6)
          line.link = $0.blob(7)
          page.append(line)
        }
        return page
      }
      for line in page { body(line) }
      guard page.count == SQLiteStore.pageSize, let end = page.last else { return }
      last = end.row
    }
  }

  package func sourceStates() throws -> [SourceState] {
    try with { (connection) throws(StoreError) in
      var found: [SourceState] = []
      try connection.statement(
        """
        SELECT source, last_success, last_attempt, last_error, failures, next, etag, last_modified, validator_url
        FROM source ORDER BY source
        """
      ).each { row in
        var state = SourceState(source: row.text(0))
        state.lastSuccess = row.optionalMoment(1)
        state.lastAttempt = row.optionalMoment(2)
        state.lastError = row.optionalText(3)
        state.failures = row.int(4)
        state.next = row.optionalMoment(5)
        state.etag = row.optionalText(6)
        state.lastModified = row.optionalText(7)
        state.validatorURL = row.optionalText(8)
        found.append(state)
      }
      return found
    }
  }
}
