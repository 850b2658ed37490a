import CSQLite
import Model

/// The `tape` table of a database, filled by SQLite's own calls: the measure of what storing must cost.
final class BareTable {
  private let database: OpaquePointer
  private let statement: OpaquePointer

  init(path: String) throws(BenchError) {
    var database: OpaquePointer?
    guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil) == SQLITE_OK,
      let database
    else { throw .failed("\(path): cannot be opened") }
    // What `SQLiteStore` sets.
    let settings = """
      PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000;
      PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384
      """
    var statement: OpaquePointer?
    guard sqlite3_exec(database, settings, nil, nil, nil) == SQLITE_OK,
      sqlite3_prepare_v3(
        database, "INSERT INTO tape (at, kind, source, id, json) VALUES (?, ?, ?, ?, ?)", -1,
        UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK, let statement
    else {
      let words = String(cString: sqlite3_errmsg(database))
      sqlite3_close_v2(database)
      throw .failed("\(path): \(words)")
    }
    self.database = database
    self.statement = statement
  }

  deinit {
    sqlite3_finalize(statement)
    sqlite3_close_v2(database)
  }

  /// One transaction.
  func insert(_ rows: [TapeRow]) throws(BenchError) {
    try check(sqlite3_exec(database, "BEGIN IMMEDIATE", nil, nil, nil))
    for row in rows {
      sqlite3_bind_int64(statement, 1, row.at.milliseconds)
      try bind(row.kind, 2)
      try bind(row.source, 3)
      try bind(row.id, 4)
      try check(
        row.line.withUnsafeBytes { bytes in
          guard let start = bytes.bindMemory(to: CChar.self).baseAddress else { return SQLITE_MISUSE }
          return nabat_sqlite3_bind_text(statement, 5, start, Int32(bytes.count))
        })
      guard sqlite3_step(statement) == SQLITE_DONE else { throw .failed(String(cString: sqlite3_errmsg(database))) }
      sqlite3_reset(statement)
    }
    try check(sqlite3_exec(database, "COMMIT", nil, nil, nil))
  }

  private func bind(_ text: String, _ index: Int32) throws(BenchError) {
    var text = text
    let code = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        guard let start = chars.baseAddress else { return nabat_sqlite3_bind_text(statement, index, "", 0) }
        return nabat_sqlite3_bind_text(statement, index, start, Int32(chars.count))
      }
    }
    try check(code)
  }

  private func check(_ code: Int32) throws(BenchError) {
    if code != SQLITE_OK { throw .failed(String(cString: sqlite3_errmsg(database))) }
  }
}
