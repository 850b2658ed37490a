import Glibc
import Model
import Synchronization

/// Steps in one SQLite file: write-ahead log, synced at every commit, one writer.
///
/// The writer holds `<path>.lock`. Calls may come from any thread and wait for each other; long readings go page by
/// page, so that what they call may use the store too.
package final class SQLiteStore: Store {
  private let state: Mutex<State>

  private struct State {
    /// Nil after `close`.
    var connection: SQLiteConnection?
    var lock: LockFile?
  }

  /// Opens, and as a writer creates, the database; its folder is made when only the last part of the path is missing.
  ///
  /// `maxPages` bounds the file in pages of 4 KB; nil leaves it to the disk. Throws `StoreError`.
  package init(path: String, access: StoreAccess = .readWrite, maxPages: Int? = nil) throws {
    var lock: LockFile?
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw StoreError.inputOutput("\(path): is a folder: name the database file in it")
    }
    if access == .readWrite {
      try SQLiteStore.makeFile(path)
      lock = try LockFile(for: path)
    } else if Glibc.access(path, F_OK) != 0 {
      throw StoreError.inputOutput(
        "\(path): cannot be opened: \(String(cString: strerror(errno))): has the server run with this database?")
    }
    let connection = try SQLiteConnection(path: path, access: access)
    if access == .readWrite {
      if connection.isReadOnly {
        throw StoreError.inputOutput(
          "\(path): the database cannot be written: check the owner and the rights of the file and its folder")
      }
      // The version comes first: nothing of a newer database is touched.
      try SQLiteSchema.prepare(connection, access: access)
      guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
        throw StoreError.inputOutput(
          "\(path): the file system allows no write-ahead log: put the database on a local disk")
      }
      try connection.execute(
        """
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 10000;
        PRAGMA journal_size_limit = 67108864;
        """)
      if let maxPages { _ = try connection.number("PRAGMA max_page_count = \(maxPages)") }
    } else {
      try SQLiteSchema.prepare(connection, access: access)
      try connection.execute("PRAGMA query_only = ON")
    }
    try connection.execute("PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384")
    try SQLiteStore.checkIfSmall(connection, access)
    state = Mutex(State(connection: connection, lock: lock))
  }

  package func close() {
    state.withLock { state in
      // Folds the log back into the file; when it cannot, the next opening does it.
      try? state.connection?.execute("PRAGMA wal_checkpoint(TRUNCATE)")
      state.connection = nil
      state.lock = nil
    }
  }

  /// Runs `body` with the connection, alone.
  func with<Result: Sendable>(
    _ body: (SQLiteConnection) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    try state.withLock { (state) throws(StoreError) -> Result in
      guard let connection = state.connection else { throw .inputOutput("the database is closed already") }
      return try body(connection)
    }
  }
}

extension SQLiteStore {
  /// SQLite gives its log and its shared memory the rights of the database, so the file is made first, for its owner only.
  private static func makeFile(_ path: String) throws(StoreError) {
    if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
      let folder = String(path[..<slash])
      if mkdir(folder, 0o700) != 0, errno != EEXIST {
        throw .inputOutput("\(folder): the database's folder cannot be made: \(String(cString: strerror(errno)))")
      }
    }
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
      Glibc.close(descriptor)
    } else {
      throw .inputOutput(
        "\(path): the database cannot be written: \(String(cString: strerror(errno))): check the owner and the rights of the file and its folder"
      )
    }
  }

  /// A whole check reads every page: done where that takes no time; larger files are checked page by page as they are read.
  private static func checkIfSmall(_ connection: SQLiteConnection, _ access: StoreAccess) throws(StoreError) {
    guard access == .readWrite, let pages = try connection.number("PRAGMA page_count"), pages < 16_384,
      let answer = try connection.text("PRAGMA quick_check(1)"), answer != "ok"
    else { return }
    throw .corrupt("\(connection.path): not a sound database (\(answer)): move it away and restore a backup")
  }
}
