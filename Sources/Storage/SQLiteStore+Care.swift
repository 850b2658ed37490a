import CSQLite
import Glibc
package import Model

/// What keeps a database small and safe: purging, giving pages back, copies.
extension SQLiteStore {
  package func purge(_ purge: Purge, dryRun: Bool) throws -> PurgeCount {
    var count = PurgeCount()
    var last: (at: Int64, row: Int64) = (.min, .min)
    while true {
      let page = try texts(before: purge.textsBefore, after: last)
      guard let end = page.last else { break }
      last = (end.at, end.row)
      let gone = page.filter { !purge.keeping.contains($0.name) }
      count.kept += page.count - gone.count
      count.texts += gone.count
      if !dryRun { try forgetTexts(of: gone.map(\.row)) }
    }
    count.nearMisses = try nearMisses(before: purge.nearMissesBefore)
    if !dryRun { try forget(notes: "note.near_miss", before: purge.nearMissesBefore) }
    count.journal = try cutJournal(before: purge.journalBefore, dryRun: dryRun)
    return count
  }

  private struct Text {
    var at: Int64
    var row: Int64
    var name: TextName
  }

  /// In short transactions: the server goes on between them.
  private static let purgePage = 500

  private func texts(before moment: Moment, after last: (at: Int64, row: Int64)) throws(StoreError) -> [Text] {
    try with { (connection) throws(StoreError) in
      var page: [Text] = []
      let query = try connection.statement(
        """
        SELECT at, row, source, id FROM tape WHERE purged = 0 AND id <> '' AND at < ? AND (at, row) > (?, ?)
        ORDER BY at, row LIMIT \(SQLiteStore.purgePage)
        """)
      try query.each([.integer(moment.milliseconds), .integer(last.at), .integer(last.row)]) {
        page.append(
          Text(at: $0.integer(0), row: $0.integer(1), name: TextName(source: $0.text(2), id: $0.text(3))))
      }
      return page
    }
  }

  private func forgetTexts(of rows: [Int64]) throws(StoreError) {
    try with { (connection) throws(StoreError) in
      try connection.transaction { () throws(StoreError) in
        let statement = try connection.statement(
          """
          UPDATE tape SET json = json_remove(json, '$.title', '$.body', '$.text', '$.author'), purged = 1
          WHERE row = ?
          """)
        for row in rows { try statement.run(.integer(row)) }
      }
    }
  }

  private func nearMisses(before moment: Moment) throws(StoreError) -> Int {
    try with { (connection) throws(StoreError) in
      var count = 0
      let query = try connection.statement(
        "SELECT count(*) FROM journal WHERE time < ? AND type = 'note.near_miss' AND json <> ''")
      try query.each([.integer(moment.milliseconds)]) { count = $0.int(0) }
      return count
    }
  }

  /// Drops the lines from the beginning on that are older than a moment; the chain then begins at the last of them.
  private func cutJournal(before moment: Moment, dryRun: Bool) throws(StoreError) -> Int {
    try with { (connection) throws(StoreError) in
      var end: Int64 = 0
      let first = try connection.statement("SELECT coalesce(min(row), 0) FROM journal WHERE time >= ?")
      try first.each([.integer(moment.milliseconds)]) { end = $0.integer(0) - 1 }
      var count = 0
      try connection.statement("SELECT count(*) FROM journal WHERE row <= ?").each([.integer(end)]) {
        count = $0.int(0)
      }
      guard count > 0, !dryRun else { return count }
      try connection.transaction { () throws(StoreError) in
        try connection.statement(
          """
          UPDATE chain SET start_link = (SELECT link FROM journal WHERE journal.row = ?1), start = ?1 WHERE start < ?1
          """
        ).run(.integer(end))
        try connection.statement("DELETE FROM journal WHERE row <= ?").run(.integer(end))
      }
      return count
    }
  }

  /// Gives free pages back to the disk, a few at a time: nobody waits long.
  package func compact() throws {
    var before: Int64 = -1
    while true {
      let free = try with { (connection) throws(StoreError) in
        try connection.execute("PRAGMA incremental_vacuum(256)")
        return try connection.number("PRAGMA freelist_count") ?? 0
      }
      if free == 0 || free == before { return }
      before = free
    }
  }

  package func backup(to path: String) throws {
    let part = path + ".part"
    unlink(part)
    try with { (connection) throws(StoreError) in try connection.copy(to: part) }
    chmod(part, 0o600)
    guard rename(part, path) == 0 else {
      throw StoreError.inputOutput("\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  /// Puts a copy in the place of a database, which is moved aside; nothing may write to it.
  ///
  /// - Returns: where the old database is now; nil where there was none.
  @discardableResult
  package static func restore(_ copy: String, to path: String) throws -> String? {
    try inspect(copy)
    let lock = try LockFile(for: path)
    defer { withExtendedLifetime(lock) {} }
    let part = path + ".part"
    unlink(part)
    do {
      let source = try SQLiteConnection(path: copy, access: .readOnly)
      try source.copy(to: part)
    }
    chmod(part, 0o600)
    var aside: String?
    if access(path, F_OK) == 0 {
      let name = freeName("\(path).before-restore")
      // The log belongs to the file: both go, or what is in it would be read into the copy.
      for suffix in ["-wal", "-shm", ""] where access(path + suffix, F_OK) == 0 {
        guard rename(path + suffix, name + suffix) == 0 else {
          throw StoreError.inputOutput("\(path)\(suffix): cannot be moved aside: \(String(cString: strerror(errno)))")
        }
      }
      aside = name
    }
    guard rename(part, path) == 0 else {
      throw StoreError.inputOutput("\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    return aside
  }

  /// Whether a file is a sound database of ours that this program can read; throws what is wrong.
  private static func inspect(_ path: String) throws(StoreError) {
    guard access(path, R_OK) == 0 else {
      throw .inputOutput("\(path): cannot be read: \(String(cString: strerror(errno)))")
    }
    let connection = try SQLiteConnection(path: path, access: .readOnly)
    try SQLiteSchema.recognise(connection)
    guard let answer = try connection.text("PRAGMA integrity_check(1)"), answer == "ok" else {
      throw .corrupt("\(path): not a sound database: choose another copy")
    }
  }

  private static func freeName(_ name: String) -> String {
    if access(name, F_OK) != 0 { return name }
    var number = 2
    while access("\(name)-\(number)", F_OK) == 0 { number += 1 }
    return "\(name)-\(number)"
  }
}
