import CSQLite
import Foundation
import Model
import Storage
import Testing

@Suite("The SQLite store", .serialized) struct SQLiteStoreTests {
  private let folder: Folder
  private let path: String
  init() throws {
    folder = try Folder()
    path = folder.file("nabat.db")
  }

  private func error(_ body: () throws -> Void) -> StoreError? {
    do {
      try body()
      return nil
    } catch { return error as? StoreError }
  }

  /// `setfsuid(2)` binds this thread only; Glibc's module leaves it out.
  private func setFileUser(_ user: UInt32) throws {
    let address = try #require(dlsym(nil, "setfsuid"))
    _ = unsafeBitCast(address, to: (@convention(c) (UInt32) -> Int32).self)(user)
  }

  private func raw(_ path: String, _ sql: String) throws {
    var handle: OpaquePointer?
    try #require(sqlite3_open(path, &handle) == SQLITE_OK)
    defer { sqlite3_close(handle) }
    try #require(sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK)
  }

  @Test("is there after it was closed and opened again")
  func reopen() throws {
    let store = try SQLiteStore(path: path)
    try store.commit(step(1) { $0.tape = [tapeRow(1, "a")] })
    store.close()
    let again = try SQLiteStore(path: path)
    #expect(try again.tapeIDs() == ["a"])
    #expect(try again.lastMoment() == time(1))
  }

  @Test("makes the folder of the database, for its owner only, but not the folders above")
  func makesFolder() throws {
    _ = try SQLiteStore(path: folder.file("var/nabat.db"))
    let rights =
      try FileManager.default.attributesOfItem(atPath: folder.file("var/nabat.db"))[.posixPermissions] as? Int
    #expect(rights == 0o600)
    guard case .inputOutput(let words) = error({ _ = try SQLiteStore(path: folder.file("no/such/nabat.db")) }) else {
      Issue.record("a missing folder was accepted")
      return
    }
    #expect(words.contains("no/such: the database's folder cannot be made: No such file or directory"))
  }

  @Test("a second opening says which process holds the database, and works once it is closed")
  func second() throws {
    let store = try SQLiteStore(path: path)
    let refused = error { _ = try SQLiteStore(path: path) }
    #expect(refused == .inUse("\(path) is in use by process \(getpid()): stop it first, or choose another database"))
    store.close()
    let late = error { try store.commit(step(1)) }
    #expect(late == .inputOutput("the database is closed already"))
    let again = try SQLiteStore(path: path)
    try again.commit(step(1))
  }

  @Test("can be read while a server writes, and refuses to be changed then")
  func readers() throws {
    let store = try SQLiteStore(path: path)
    try store.commit(step(1) { $0.tape = [tapeRow(1, "a")] })
    let reader = try SQLiteStore(path: path, access: .readOnly)
    #expect(try reader.tapeIDs() == ["a"])
    try store.commit(step(2) { $0.tape = [tapeRow(2, "b")] })
    #expect(try reader.tapeIDs() == ["a", "b"])
    guard case .inputOutput = error({ try reader.commit(step(3)) }) else {
      Issue.record("a reader could write")
      return
    }
    #expect(try store.lastMoment() == time(2))
  }

  @Test("a reader of a database that is not there says so and makes no file")
  func missing() throws {
    guard case .inputOutput(let words) = error({ _ = try SQLiteStore(path: path, access: .readOnly) }) else {
      Issue.record("a missing database was read")
      return
    }
    #expect(words.contains("No such file or directory"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test("a file without the right to write is refused in words")
  func readOnlyFile() throws {
    try SQLiteStore(path: path).close()
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    // Rights do not bind the superuser: this thread, and no other, becomes nobody for the sake of the file system.
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
    try FileManager.default.removeItem(atPath: path + ".lock")
    let asNobody = geteuid() == 0
    if asNobody { try setFileUser(65534) }
    defer { if asNobody { try? setFileUser(0) } }
    guard case .inputOutput(let words) = error({ _ = try SQLiteStore(path: path) }) else {
      Issue.record("a read-only file was accepted")
      return
    }
    #expect(
      words
        == "\(path): the database cannot be written: Permission denied: check the owner and the rights of the file and its folder"
    )
  }

  @Test("a database of a newer Nabat is refused and not touched")
  func newer() throws {
    try SQLiteStore(path: path).close()
    try raw(path, "PRAGMA user_version = 99")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    for access in [StoreAccess.readWrite, .readOnly] {
      let refused = error { _ = try SQLiteStore(path: path, access: access) }
      #expect(refused == .newerSchema(found: 99, known: 5))
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test("messages that an older Nabat left are delivered word for word")
  func older() throws {
    let store = try SQLiteStore(path: path)
    try store.commit(step(1) { $0.outbox = [message("m1")] })
    store.close()
    try raw(
      path,
      """
      ALTER TABLE outbox DROP COLUMN journal; ALTER TABLE journal DROP COLUMN payload;
      ALTER TABLE journal DROP COLUMN link; DROP TABLE chain; DROP INDEX tape_texts; DROP INDEX outbox_waiting; ALTER TABLE tape DROP COLUMN purged;
      PRAGMA user_version = 2
      """)
    #expect(
      try SQLiteStore(path: path).dueDeliveries(sink: "duty", now: time(1), limit: 1).map(\.body) == ["{\"тело\":1}"])
  }

  @Test("a body that stands in the journal stands there alone")
  func bodyOnce() throws {
    let store = try SQLiteStore(path: path)
    try store.commit(
      step(1) {
        let json = message("m1").body
        $0.journal = [JournalRow(id: "m1", time: time(1), type: "alert.fired", alert: "al_1", json: json)]
        $0.outbox = [message("m1")]
      })
    store.close()
    // The table refuses what has a body of its own.
    try raw(path, "CREATE TABLE told (body TEXT CHECK (body = '')); INSERT INTO told SELECT body FROM outbox")
  }

  @Test("what is no database, a damaged one and one of another program are refused")
  func corrupt() throws {
    func isCorrupt(_ path: String) -> Bool {
      if case .corrupt = error({ _ = try SQLiteStore(path: path) }) { true } else { false }
    }
    try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: folder.file("text.db")))
    #expect(isCorrupt(folder.file("text.db")))
    try raw(folder.file("other.db"), "CREATE TABLE mine (x)")
    #expect(isCorrupt(folder.file("other.db")))

    let store = try SQLiteStore(path: path)
    try store.commit(step(1) { $0.tape = (0..<500).map { tapeRow(1, "c\($0)") } })
    store.close()
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    for index in stride(from: 4096 + 100, to: bytes.count, by: 97) { bytes[index] ^= 0x5A }
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(isCorrupt(path))
  }

  @Test("a full disk fails the step and keeps what was committed")
  func full() throws {
    let store = try SQLiteStore(path: path, maxPages: 60)
    try store.commit(step(1) { $0.tape = [tapeRow(1, "a")] })
    let large = step(2) { $0.tape = (0..<5000).map { tapeRow(2, "c\($0)") } }
    guard case .inputOutput(let words) = error({ try store.commit(large) }) else {
      Issue.record("the limit was not met")
      return
    }
    #expect(words.contains("the disk is full"))
    #expect(try store.tapeIDs() == ["a"])
    #expect(try store.lastMoment() == time(1))
    try store.commit(step(3) { $0.tape = [tapeRow(3, "b")] })
    store.close()
    #expect(try SQLiteStore(path: path).tapeIDs() == ["a", "b"])
  }

  @Test("killed in the middle of a transaction it holds the last committed step")
  func killed() throws {
    // given: one step committed, and half of another one in the log
    let store = try SQLiteStore(path: path)
    try store.commit(step(1) { $0.tape = [tapeRow(1, "a")] })
    var handle: OpaquePointer?
    try #require(sqlite3_open(path, &handle) == SQLITE_OK)
    defer { sqlite3_close(handle) }
    let half =
      """
      PRAGMA cache_size = 2; BEGIN IMMEDIATE; UPDATE clock SET now = 7;
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
        INSERT INTO tape (at, kind, source, id, json) SELECT i, 'comment', 's', 'k' || i, hex(zeroblob(100)) FROM n
      """
    try #require(sqlite3_exec(handle, half, nil, nil, nil) == SQLITE_OK)
    let log = try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
    try #require(log > 500_000, "the transaction must have reached the log")
    // when: the files as a power cut would leave them
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: folder.file("copy.db") + suffix)
    }
    // then
    let copy = try SQLiteStore(path: folder.file("copy.db"))
    #expect(try copy.tapeIDs() == ["a"])
    #expect(try copy.lastMoment() == time(1))
  }

  @Test("a log cut off anywhere leaves whole steps only, the first ones")
  func torn() throws {
    // given: ten steps of one tape line, one record and one message each, all still in the log
    let store = try SQLiteStore(path: path)
    for seconds in 1...10 {
      try store.commit(
        step(Int64(seconds)) { step in
          step.tape = [tapeRow(Int64(seconds), "c\(seconds)")]
          step.records = [RecordChange(kind: "n", key: "n", value: [UInt8(seconds)])]
          step.outbox = [message("m\(seconds)")]
        })
    }
    let database = try Data(contentsOf: URL(fileURLWithPath: path))
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    // when: it is cut at forty places
    for (number, length) in stride(from: 0, through: log.count, by: log.count / 40).enumerated() {
      let copy = folder.file("cut\(number).db")
      try database.write(to: URL(fileURLWithPath: copy))
      try log.prefix(length).write(to: URL(fileURLWithPath: copy + "-wal"))
      // then
      let cut = try SQLiteStore(path: copy)
      let ids = try cut.tapeIDs()
      #expect(ids == (0..<ids.count).map { "c\($0 + 1)" })
      #expect(try cut.deliveries(state: nil, limit: 100).count == ids.count)
      #expect(try cut.record(kind: "n", key: "n") == (ids.isEmpty ? nil : [UInt8(ids.count)]))
      #expect(try cut.lastMoment() == (ids.isEmpty ? nil : time(Int64(ids.count))))
    }
  }
}
