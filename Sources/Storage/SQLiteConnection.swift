import CSQLite
import Glibc
import Model

/// One open SQLite database: owns the handle and its prepared statements. One caller at a time.
final class SQLiteConnection {
  let path: String
  private let raw: OpaquePointer
  private var statements: [String: SQLiteStatement] = [:]

  init(path: String, access: StoreAccess) throws(StoreError) {
    self.path = path
    let mode = access == .readWrite ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, mode | SQLITE_OPEN_NOMUTEX, nil)
    guard let handle else { throw .inputOutput("\(path): not enough memory to open the database") }
    guard code == SQLITE_OK else {
      let error = SQLiteConnection.failure(code, String(cString: sqlite3_errmsg(handle)), path)
      sqlite3_close_v2(handle)
      throw error
    }
    raw = handle
    sqlite3_busy_timeout(raw, 5000)
  }

  deinit {
    statements.removeAll()
    sqlite3_close_v2(raw)
  }

  /// Whether SQLite fell back to reading only because the file cannot be written.
  var isReadOnly: Bool { sqlite3_db_readonly(raw, "main") == 1 }

  /// Runs statements that give no rows anybody wants.
  func execute(_ sql: String) throws(StoreError) {
    try check(sqlite3_exec(raw, sql, nil, nil, nil))
  }

  /// The row that was inserted last.
  /// How many rows the last statement changed.
  var changeCount: Int { Int(sqlite3_changes(raw)) }
  var lastRow: Int64 { sqlite3_last_insert_rowid(raw) }

  /// The statement, prepared once and kept.
  func statement(_ sql: String) throws(StoreError) -> SQLiteStatement {
    if let kept = statements[sql] { return kept }
    var handle: OpaquePointer?
    try check(sqlite3_prepare_v3(raw, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil))
    guard let handle else { throw .inputOutput("\(path): an empty statement") }
    let statement = SQLiteStatement(handle, of: self)
    statements[sql] = statement
    return statement
  }

  /// The first column of the first row of a query, as a number.
  func number(_ sql: String) throws(StoreError) -> Int64? {
    var found: Int64?
    try statement(sql).each { if found == nil { found = $0.integer(0) } }
    return found
  }

  /// The first column of the first row of a query, as text.
  func text(_ sql: String) throws(StoreError) -> String? {
    var found: String?
    try statement(sql).each { if found == nil { found = $0.text(0) } }
    return found
  }

  /// Runs `body` in a transaction that holds the right to write from its beginning; on an error nothing of it stays.
  func transaction(_ body: () throws(StoreError) -> Void) throws(StoreError) {
    try execute("BEGIN IMMEDIATE")
    do throws(StoreError) {
      try body()
      try execute("COMMIT")
    } catch {
      // A full disk may have rolled it back already.
      if sqlite3_get_autocommit(raw) == 0 { sqlite3_exec(raw, "ROLLBACK", nil, nil, nil) }
      throw error
    }
  }

  /// Copies the database into a new file, as it stands at one moment.
  func copy(to path: String) throws(StoreError) {
    let target = try SQLiteConnection(path: path, access: .readWrite)
    guard let backup = sqlite3_backup_init(target.raw, "main", raw, "main") else {
      throw SQLiteConnection.failure(sqlite3_errcode(target.raw), String(cString: sqlite3_errmsg(target.raw)), path)
    }
    var code: Int32
    repeat {
      code = sqlite3_backup_step(backup, -1)
      if code == SQLITE_BUSY || code == SQLITE_LOCKED { sqlite3_sleep(20) }
    } while code == SQLITE_BUSY || code == SQLITE_LOCKED
    sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE else {
      throw SQLiteConnection.failure(code, String(cString: sqlite3_errmsg(target.raw)), path)
    }
    // A copy stands by itself: no log beside it.
    try target.execute("PRAGMA journal_mode = DELETE")
  }

  func check(_ code: Int32) throws(StoreError) {
    if code != SQLITE_OK { throw SQLiteConnection.failure(code, String(cString: sqlite3_errmsg(raw)), path) }
  }

  /// A result code as an error: what is the matter, and what to do.
  private static func failure(_ code: Int32, _ words: String, _ path: String) -> StoreError {
    switch code & 0xFF {
    case SQLITE_FULL:
      .inputOutput("\(path): the disk is full: free some space and start again; what was committed is kept")
    case SQLITE_READONLY:
      .inputOutput("\(path): the database cannot be written: check the owner and the rights of the file and its folder")
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH:
      .inputOutput("\(path): cannot be opened (\(words)): check that its folder exists and may be entered and written")
    case SQLITE_IOERR:
      .inputOutput("\(path): the disk reports an error (\(words)): check the disk; what was committed is kept")
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      .corrupt("\(path): not a sound database (\(words)): move it away and restore a backup")
    case SQLITE_BUSY, SQLITE_LOCKED:
      .inUse("\(path): another program holds the database: close it and try again")
    default:
      .inputOutput("\(path): \(words) (SQLite code \(code))")
    }
  }
}
