import Foundation
import JSON
import Model
import TestSupport
import Testing

@testable import Monitor

private let evening = Moment(milliseconds: 1_795_456_800_000)

@Suite("A spool") struct SpoolTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func reader(_ marks: [String: Int] = [:]) -> SpoolReader {
    var source = Source(id: "appeals", kind: "spool", url: folder.path + "/in", place: Place(file: ""))
    source.region = "XA-ZAR"
    source.sourceClass = "community"
    return SpoolReader(source: source, marks: marks) { name, _ in AuthorKey(UInt64(name.utf8.count)) }
  }

  private func ids(_ batch: SpoolReader.Batch) -> [String] {
    batch.lines.map { line in
      switch line {
      case .item(_, let item): item.id
      case .comment(_, let comment): comment.id
      default: "?"
      }
    }
  }

  private func item(_ id: String) -> String { "{\"kind\":\"item\",\"id\":\"\(id)\",\"body\":\"Нет воды\"}\n" }

  @Test("is read once, file by file, in the order of their names, and again only what is new") func once() throws {
    try folder.write("in/2.ndjson", item("b1"))
    try folder.write("in/1.ndjson", item("a1") + item("a2"))
    try folder.write("in/.hidden", item("x"))
    try folder.write("in/3.ndjson.tmp", item("y"))
    var spool = reader()
    #expect(ids(try spool.read(now: evening)) == ["a1", "a2", "b1"])
    #expect(ids(try spool.read(now: evening)) == [])
    try folder.write("in/1.ndjson", item("a1") + item("a2") + item("a3"))
    #expect(ids(try spool.read(now: evening)) == ["a3"])
  }

  @Test("goes on after a crash where the last commit was") func crash() throws {
    try folder.write("in/1.ndjson", item("a1"))
    var first = reader()
    let batch = try first.read(now: evening)
    let length = item("a1").utf8.count
    #expect(batch.marks == [SpoolReader.Mark(file: "1.ndjson", offset: length)])
    // Not committed: read again. Committed: not.
    var again = reader()
    #expect(ids(try again.read(now: evening)) == ["a1"])
    var later = reader(["1.ndjson": length])
    #expect(ids(try later.read(now: evening)) == [])
  }

  @Test("fills in what a line leaves out, and takes its arrival for now") func defaults() throws {
    try folder.write(
      "in/1",
      "{\"kind\":\"comment\",\"id\":\"c1\",\"item\":\"a1\",\"at\":\"2026-11-23T17:00:00Z\",\"text\":\"Когда?\"}\n"
        + item("a1"))
    var spool = reader()
    let lines = try spool.read(now: evening).lines
    guard case .comment(let at, let comment)? = lines.first, case .item(_, let item)? = lines.last else {
      Issue.record("not a comment and an item")
      return
    }
    #expect(at == evening && comment.published == Moment(rfc3339: "2026-11-23T17:00:00Z"))
    #expect(comment.source == "appeals" && comment.region == "XA-ZAR")
    #expect(item.sourceClass == "community" && item.published == evening)
  }

  @Test("sets a bad line aside with its reason and goes on") func rejected() throws {
    let act = #"{"kind":"act","do":"close"}"#
    try folder.write("in/1", "nonsense\n" + item("a1") + act + "\n{\"kind\":\"item\"}\n")
    var spool = reader()
    let batch = try spool.read(now: evening)
    #expect(ids(batch) == ["a1"])
    #expect(
      batch.rejected.map(\.offset) == [0, 9 + item("a1").utf8.count, 10 + item("a1").utf8.count + act.utf8.count])
    #expect(batch.rejected[1].reason == "«act» does not belong into a spool")
    try SpoolReader.setAside(batch.rejected, folder: folder.path + "/in")
    let lines = try folder.text("in/rejected/1").split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    #expect(lines.count == 3 && lines[0]["line"]?.string == "nonsense")
    #expect(lines[1]["reason"]?.string == "«act» does not belong into a spool")
    // What was set aside is no spool.
    #expect(try spool.read(now: evening).lines.isEmpty)
  }

  @Test("waits for the end of a line that is still being written, but not for ever") func unfinished() throws {
    try folder.write("in/1", item("a1") + String(item("a2").dropLast()))
    var spool = reader()
    #expect(ids(try spool.read(now: evening)) == ["a1"])
    #expect(ids(try spool.read(now: evening)) == ["a2"])
  }

  @Test("takes a new file under an old name for new, and forgets one that is gone") func renewed() throws {
    try folder.write("in/1", item("a1") + item("a2"))
    var spool = reader()
    _ = try spool.read(now: evening)
    try folder.write("in/1", item("b1"))
    #expect(ids(try spool.read(now: evening)) == ["b1"])
    try FileManager.default.removeItem(atPath: folder.path + "/in/1")
    #expect(try spool.read(now: evening).marks == [SpoolReader.Mark(file: "1", offset: nil)])
  }

  @Test("that cannot be read says so") func missing() {
    var spool = reader()
    #expect(throws: StoreError.self) { try spool.read(now: evening) }
  }
}
