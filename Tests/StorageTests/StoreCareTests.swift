import Foundation
import Model
import Storage
import Testing

@Suite("A database is looked after") struct StoreCareTests {
  private let folder: Folder
  private let path: String

  init() throws {
    folder = try Folder()
    path = folder.file("nabat.db")
  }

  /// Texts at these seconds, the journal with a near-miss and an event.
  private func store() throws -> SQLiteStore {
    let store = try SQLiteStore(path: path)
    try store.commit(
      step(100) { step in
        for seconds in [1, 2, 50] as [Int64] {
          step.tape.append(
            TapeRow(
              at: time(seconds), kind: "item", source: "s", id: "i\(seconds)",
              json: ##"{"kind":"item","id":"i\##(seconds)","title":"t","body":"слова","author":"#00","region":"R"}"##))
        }
        for (id, seconds, type) in [
          ("n", 3, "note.near_miss"), ("e1", 4, "alert.fired"), ("e2", 60, "alert.fired"),
        ] as [(String, Int64, String)] {
          var row = JournalRow(id: id, time: time(seconds), type: type, alert: "", json: #"{"x":"\#(id)"}"#)
          row.payload = [UInt8](repeating: 1, count: 32)
          row.link = [UInt8](repeating: UInt8(seconds), count: 32)
          step.journal.append(row)
        }
      })
    return store
  }

  private func texts(_ store: SQLiteStore) throws -> [String] {
    var found: [String] = []
    try store.tape(from: nil, to: nil) { found.append($0.json) }
    return found
  }

  @Test("Purging takes old texts out, but evidence; the lines and their ids stay; a dry run only counts") func purge()
    throws
  {
    let store = try store()
    var purge = Purge(textsBefore: time(10), nearMissesBefore: time(10), journalBefore: time(50))
    purge.keeping = [TextName(source: "s", id: "i2")]
    var expected = PurgeCount()
    (expected.texts, expected.kept, expected.nearMisses, expected.journal) = (1, 1, 1, 2)
    #expect(try store.purge(purge, dryRun: true) == expected)
    #expect(try texts(store).filter { $0.contains("слова") }.count == 3)

    #expect(try store.purge(purge, dryRun: false) == expected)
    #expect(try texts(store).first == #"{"kind":"item","id":"i1","region":"R"}"#)
    #expect(try texts(store).filter { $0.contains("слова") }.count == 2)
    #expect(try store.tapeIDs() == ["i1", "i2", "i50"])
    // The journal begins after what went, where its link says.
    let start = try store.journalStart()
    #expect(start.row == 2 && start.link == [UInt8](repeating: 4, count: 32))
    #expect(try store.journalIDs() == ["e2"])
    expected = PurgeCount()
    expected.kept = 1
    #expect(try store.purge(purge, dryRun: false) == expected, "what is gone is not counted again")
    try store.compact()
    store.close()
  }

  @Test("A forgotten note leaves its line in the chain, without its text") func forgotten() throws {
    let store = try store()
    try store.forget(notes: "note.near_miss", before: time(10))
    var lines: [String] = []
    try store.journalLines { lines.append("\($0.row) \($0.id) \($0.json)") }
    #expect(lines == [#"1 n "#, #"2 e1 {"x":"e1"}"#, #"3 e2 {"x":"e2"}"#])
    #expect(try store.journalIDs() == ["e1", "e2"])
    #expect(try store.journalHead() == [UInt8](repeating: 60, count: 32))
    store.close()
  }

  @Test("A copy is made while the database is open, and put back; the old one is moved aside") func copies() throws {
    let store = try store()
    let copy = folder.file("copy.db")
    try store.backup(to: copy)
    try store.commit(step(200) { $0.tape = [tapeRow(200, "later")] })
    #expect(throws: StoreError.self) { try SQLiteStore.restore(copy, to: path) }
    store.close()
    let aside = try #require(try SQLiteStore.restore(copy, to: path))
    let restored = try SQLiteStore(path: path)
    #expect(try restored.tapeIDs() == ["i1", "i2", "i50"])
    #expect(try restored.lastMoment() == time(100))
    restored.close()
    let old = try SQLiteStore(path: aside)
    #expect(try old.tapeIDs().count == 4)
    old.close()
  }

  @Test("What is no sound database is not put back") func unsound() throws {
    try Data("no database".utf8).write(to: URL(fileURLWithPath: folder.file("x.db")))
    #expect(throws: StoreError.self) { try SQLiteStore.restore(folder.file("x.db"), to: path) }
    #expect(throws: StoreError.self) { try SQLiteStore.restore(folder.file("none.db"), to: path) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
