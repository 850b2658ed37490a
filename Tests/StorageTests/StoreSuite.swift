import Foundation
import Model
import Storage
import Testing

/// A folder that goes away with the test.
final class Folder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("nabat-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }
}

/// 2026-03-01T06:00:00Z and so many seconds.
func time(_ seconds: Int64) -> Moment { Moment(milliseconds: 1_772_344_800_000 + seconds * 1000) }

func step(_ seconds: Int64, _ fill: (inout Step) -> Void = { _ in }) -> Step {
  var step = Step(now: time(seconds))
  fill(&step)
  return step
}

func tapeRow(_ seconds: Int64, _ id: String, kind: String = "comment", source: String = "news1") -> TapeRow {
  TapeRow(at: time(seconds), kind: kind, source: source, id: id, json: "{\"n\":\"\(seconds) \(id)\"}")
}

func message(_ name: String, sink: String = "duty", at seconds: Int64 = 0) -> OutboxRow {
  OutboxRow(
    sink: sink, message: name, alert: "al_1", seq: 1, type: "alert.fired", severity: .high, body: "{\"тело\":1}",
    created: time(seconds))
}

extension Store {
  func tapeIDs(from: Moment? = nil, to: Moment? = nil) throws -> [String] {
    var ids: [String] = []
    try tape(from: from, to: to) { ids.append($0.id) }
    return ids
  }

  func journalIDs(alert: String? = nil, from: Moment? = nil) throws -> [String] {
    var ids: [String] = []
    try journal(alert: alert, from: from) { ids.append($0.id) }
    return ids
  }
}

/// What every kind of store must do.
@Suite("A store", .serialized) struct StoreSuite {
  static let kinds: [StoreKind] = [.memory, .sqlite]

  private let folder: Folder
  init() throws { folder = try Folder() }

  @Test("forgets old notes of one type, and nothing else", arguments: kinds)
  func forget(_ kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(
      step(20) { step in
        for (id, seconds, type) in [
          ("old", 1, "note.near_miss"), ("alert", 2, "alert.fired"), ("edge", 10, "note.near_miss"),
          ("new", 11, "note.near_miss"),
        ] as [(String, Int64, String)] {
          step.journal.append(JournalRow(id: id, time: time(seconds), type: type, alert: "", json: "{}"))
        }
      })
    try store.forget(notes: "note.near_miss", before: time(10))
    #expect(try store.journalIDs() == ["alert", "edge", "new"])
    store.close()
  }

  @Test("Whoever takes an alert in hand ends the calls that still wait, and nothing else", arguments: kinds)
  func takenInHand(_ kind: StoreKind) throws {
    let store = try open(kind)
    func row(_ message: String, _ type: String, alert: String = "al_1", sink: String = "duty") -> OutboxRow {
      OutboxRow(
        sink: sink, message: message, alert: alert, seq: 1, type: type, severity: .high, body: "{}", created: time(1))
    }
    try store.commit(
      step(1) {
        $0.outbox = [
          row("fired", "alert.fired"), row("again", "alert.updated"), row("head", "alert.escalated"),
          row("late", "alert.sla_breached"), row("other", "alert.updated", alert: "al_2"),
          row("logged", "alert.updated", sink: "log"),
        ]
      })
    try store.commit(
      step(2) {
        $0.takenInHand = ["al_1"]
        $0.outbox = [row("taken", "alert.acknowledged")]
      })
    #expect(
      try store.deliveries(state: .waiting, limit: 10).map(\.message) == ["fired", "late", "other", "logged", "taken"])
    #expect(try store.deliveries(state: .superseded, limit: 10).map(\.message) == ["again", "head"])
    store.close()
  }

  private func open(_ kind: StoreKind) throws -> any Store { try kind.open(folder.file("nabat.db"), .readWrite) }

  @Test("is empty when it is new", arguments: kinds)
  func empty(kind: StoreKind) throws {
    let store = try open(kind)
    #expect(try store.lastMoment() == nil)
    #expect(try store.tapeIDs() == [])
    #expect(try store.journalIDs() == [])
    #expect(try store.records(kind: "alert").isEmpty)
    #expect(try store.record(kind: "alert", key: "a") == nil)
    #expect(try store.deliveries(state: nil, limit: 10) == [])
    #expect(try store.nextDelivery(sink: "duty") == nil)
    #expect(try store.sourceStates() == [])
  }

  @Test("remembers the clock of the last step", arguments: kinds)
  func clock(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(step(5))
    try store.commit(step(9))
    #expect(try store.lastMoment() == time(9))
  }

  @Test("keeps tape lines in the order of arrival and gives those of a time, both ends included", arguments: kinds)
  func tape(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(step(3) { $0.tape = [tapeRow(1, "b"), tapeRow(2, "a"), tapeRow(3, "c")] })
    try store.commit(step(4) { $0.tape = [tapeRow(4, "", kind: "tick"), tapeRow(4, "", kind: "tick")] })
    #expect(try store.tapeIDs() == ["b", "a", "c", "", ""])
    #expect(try store.tapeIDs(from: time(2), to: time(3)) == ["a", "c"])
    #expect(try store.tapeIDs(from: time(4)) == ["", ""])
    #expect(try store.tapeIDs(to: time(1)) == ["b"])
    #expect(try store.tapeIDs(from: time(5)) == [])
    var rows: [TapeRow] = []
    try store.tape(from: time(1), to: time(1)) { rows.append($0) }
    #expect(rows == [tapeRow(1, "b")])
  }

  @Test("leaves out a tape line whose kind, source and id are there already", arguments: kinds)
  func identity(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(step(1) { $0.tape = [tapeRow(1, "a"), tapeRow(1, "a")] })
    try store.commit(
      step(2) { $0.tape = [tapeRow(2, "a"), tapeRow(2, "a", source: "news2"), tapeRow(2, "a", kind: "item")] })
    #expect(try store.tapeIDs() == ["a", "a", "a"])
    var identities: Set<[String]> = []
    try store.identities { identities.insert([$0, $1, $2]) }
    #expect(identities == [["comment", "news1", "a"], ["comment", "news2", "a"], ["item", "news1", "a"]])
  }

  @Test("tells names apart byte by byte", arguments: kinds)
  func bytes(kind: StoreKind) throws {
    // given: «й» as one code point and as two, equal to the eye and to Swift
    let store = try open(kind)
    let names = ["\u{439}", "\u{438}\u{306}"]
    // when
    try store.commit(
      step(1) { step in
        step.tape = names.map { tapeRow(1, $0) }
        step.records = names.map { RecordChange(kind: "k", key: $0, value: Array($0.utf8)) }
        step.sources = names.map { SourceState(source: $0) }
      })
    // then
    #expect(try store.tapeIDs().map { Array($0.utf8) } == names.map { Array($0.utf8) })
    #expect(try store.records(kind: "k").map(\.value) == [[0xD0, 0xB8, 0xCC, 0x86], [0xD0, 0xB9]])
    #expect(try store.record(kind: "k", key: names[0]) == [0xD0, 0xB9])
    #expect(try store.sourceStates().count == 2)
  }

  @Test("puts, replaces and deletes records, in the order of their keys' bytes", arguments: kinds)
  func records(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(
      step(1) {
        $0.records = ["я", "b", "B", "a\u{0}", "a"].map { RecordChange(kind: "alert", key: $0, value: Array($0.utf8)) }
        $0.records.append(RecordChange(kind: "series", key: "b", value: []))
      })
    try store.commit(
      step(2) {
        $0.records = [
          RecordChange(kind: "alert", key: "b", value: [1, 0, 255]), RecordChange(kind: "alert", key: "B", value: nil),
          RecordChange(kind: "alert", key: "never", value: nil),
        ]
      })
    #expect(try store.records(kind: "alert").map(\.key) == ["a", "a\u{0}", "b", "я"])
    #expect(try store.record(kind: "alert", key: "b") == [1, 0, 255])
    #expect(try store.record(kind: "alert", key: "B") == nil)
    #expect(try store.record(kind: "series", key: "b") == [])
  }

  @Test("keeps the journal in order and gives that of one alert or from one time", arguments: kinds)
  func journal(kind: StoreKind) throws {
    let store = try open(kind)
    let rows = [(1, "al_1"), (2, ""), (3, "al_2"), (4, "al_1")].map { seconds, alert in
      JournalRow(id: "msg_\(seconds)", time: time(seconds), type: "alert.fired", alert: alert, json: "{}")
    }
    try store.commit(step(4) { $0.journal = rows })
    #expect(try store.journalIDs() == ["msg_1", "msg_2", "msg_3", "msg_4"])
    #expect(try store.journalIDs(alert: "al_1") == ["msg_1", "msg_4"])
    #expect(try store.journalIDs(alert: "") == ["msg_2"])
    #expect(try store.journalIDs(alert: "al_1", from: time(2)) == ["msg_4"])
    #expect(try store.journalIDs(from: time(3)) == ["msg_3", "msg_4"])
  }

  @Test("hands out the messages that are due, in order, and records what became of them", arguments: kinds)
  func outbox(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(
      step(9) {
        $0.outbox = [message("m1", at: 9), message("m2", at: 5), message("m3", sink: "log"), message("m4", at: 5)]
      })
    #expect(try store.dueDeliveries(sink: "duty", now: time(8), limit: 10).map(\.message) == ["m2", "m4"])
    #expect(try store.dueDeliveries(sink: "duty", now: time(9), limit: 2).map(\.message) == ["m1", "m2"])
    #expect(try store.nextDelivery(sink: "duty") == time(5))

    // when: one was delivered, one failed and waits
    var due = try store.dueDeliveries(sink: "duty", now: time(8), limit: 10)
    due[0].state = .delivered
    due[0].attempts = 1
    due[1].attempts = 1
    due[1].next = time(60)
    due[1].lastError = "503"
    try store.update(due)

    // then
    #expect(try store.nextDelivery(sink: "duty") == time(9))
    #expect(try store.dueDeliveries(sink: "duty", now: time(59), limit: 10).map(\.message) == ["m1"])
    #expect(try store.deliveries(state: .delivered, limit: 10).map(\.message) == ["m2"])
    let all = try store.deliveries(state: nil, limit: 10)
    #expect(all.map(\.row) == [1, 2, 3, 4])
    var expected = message("m4", at: 5)
    expected.row = 4
    expected.attempts = 1
    expected.next = time(60)
    expected.lastError = "503"
    #expect(all[3] == expected)
  }

  @Test("copies a message for another endpoint once, and lets dead ones be sent again", arguments: kinds)
  func deliveries(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(step(9) { $0.outbox = [message("m1", at: 1), message("m2", at: 5), message("m3", at: 9)] })
    // when: one is dead and its copy is asked for twice, beside a record
    var rows = try store.dueDeliveries(sink: "duty", now: time(9), limit: 2)
    rows[0].state = .dead
    rows[1].state = .delivered
    let copy = message("m1", sink: "mail", at: 1)
    let record = RecordChange(kind: "endpoint", key: "duty", value: [1])
    try store.update(DeliveryChange(rows: rows, added: [copy, copy], records: [record]))
    try store.update(DeliveryChange(added: [copy]))
    // then
    #expect(try store.deliveries(DeliveryQuery(sink: "mail"), limit: 9).map(\.message) == ["m1"])
    #expect(try store.record(kind: "endpoint", key: "duty") == [1])
    #expect(try store.deliveries(DeliveryQuery(from: time(5), to: time(5)), limit: 9).map(\.message) == ["m2"])
    #expect(try store.hasUrgentDelivery(sink: "mail"))
    #expect(try !store.hasUrgentDelivery(sink: "none"))
    // when: what was dead is sent again
    #expect(try store.requeue(DeliveryQuery(sink: "duty", states: [.dead], to: time(4)), now: time(20)) == 1)
    #expect(try store.dueDeliveries(sink: "duty", now: time(20), limit: 9).map(\.message) == ["m1", "m3"])
    // and what is done is forgotten, but nothing that waits
    try store.forgetDeliveries(before: time(6))
    #expect(try store.deliveries(DeliveryQuery(sink: "duty", states: [.waiting]), limit: 9).count == 2)
  }

  @Test("keeps a message's body, whether the journal has the same words or others", arguments: kinds)
  func bodies(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(
      step(1) {
        for (id, json) in [("m1", message("m1").body), ("m2", "{\"other\":1}")] {
          $0.journal.append(JournalRow(id: id, time: time(1), type: "alert.fired", alert: "al_1", json: json))
        }
        $0.outbox = [message("m1"), message("m1", sink: "log"), message("m2"), message("m3")]
      })
    let all = try store.deliveries(state: nil, limit: 10)
    #expect(all.map(\.message) == ["m1", "m1", "m2", "m3"])
    #expect(all.allSatisfy { $0.body == "{\"тело\":1}" })
  }

  @Test("keeps the last state of each source", arguments: kinds)
  func sources(kind: StoreKind) throws {
    let store = try open(kind)
    var news = SourceState(source: "news1")
    news.lastAttempt = time(1)
    news.lastError = "no answer"
    news.failures = 1
    try store.commit(step(1) { $0.sources = [news, SourceState(source: "a")] })
    news.lastSuccess = time(2)
    news.lastError = nil
    news.failures = 0
    news.next = time(300)
    news.etag = "\"x\""
    news.lastModified = "Sun, 01 Mar 2026 06:00:00 GMT"
    news.validatorURL = "https://news1.example/rss"
    try store.commit(step(2) { $0.sources = [news] })
    #expect(try store.sourceStates() == [SourceState(source: "a"), news])
  }

  @Test("may be asked while it hands out rows, however many", arguments: kinds)
  func manyRows(kind: StoreKind) throws {
    let store = try open(kind)
    try store.commit(step(1) { $0.tape = (0..<1500).map { tapeRow(Int64($0), "c\($0)") } })
    var seen = 0
    try store.tape(from: time(100), to: nil) { row in
      if try store.lastMoment() == time(1), !row.id.isEmpty { seen += 1 }
    }
    #expect(seen == 1400)
  }
}
