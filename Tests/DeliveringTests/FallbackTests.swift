import Delivering
import HTTP
import JSON
import Model
import Synchronization
import Testing

/// Takes everything or nothing, as it is told, and remembers what it took.
private final class SwitchedSink: Sink {
  private struct State {
    var answer = SinkAnswer.status(200)
    var got: [OutboxRow] = []
  }
  private let state = Mutex(State())

  var got: [OutboxRow] { state.withLock { $0.got } }
  var names: [String] { got.map { "\($0.alert)\($0.seq)" } }
  func answers(_ answer: SinkAnswer) { state.withLock { $0.answer = answer } }

  func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    state.withLock { state in
      state.got.append(message)
      return state.answer
    }
  }
}

@Suite("Where an endpoint does not answer", .timeLimit(.minutes(1))) final class FallbackTests: Sendable {
  private let store = OutboxStore()
  private let clock = VirtualClock(start)
  private let duty = SwitchedSink()
  private let mail = SwitchedSink()
  private let notes = Mutex<[DeliveryNote]>([])

  private func running(_ body: (Dispatcher) async throws -> Void) async throws {
    let dispatcher = Dispatcher(
      store: store, clock: clock, sinks: ["duty": duty, "mail": mail], fallbacks: ["duty": "mail"], jitter: { 0 },
      onNote: { [self] note in notes.withLock { $0.append(note) } })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await dispatcher.run() }
      try await body(dispatcher)
      group.cancelAll()
    }
  }

  private func kinds(_ test: (DeliveryNote.Kind) -> Bool) -> Int { notes.withLock { $0.count { test($0.kind) } } }

  /// A message with a deadline so long after its beginning.
  private func row(_ seq: Int, type: String = "alert.fired", severity: Severity = .high, respond: Span) -> OutboxRow {
    var row = message("a", seq, type: type, severity: severity)
    row.body = "{\"data\":{\"alert\":\"a\",\"sla\":{\"respond_by\":\"\((start + respond).rfc3339)\"}}}"
    return row
  }

  @Test("three failures in a row send the message to the fallback too, and both copies say so")
  func threeFailures() async throws {
    duty.answers(.failed("no answer"))
    store.add(row(1, respond: .hours(3)))
    try await running { _ in
      // given: attempts at 0 s and 5 s
      #expect(await eventually { duty.got.count == 1 })
      clock.advance(by: .seconds(5))
      #expect(await eventually { duty.got.count == 2 })
      #expect(await eventually { store.rows[0].attempts == 2 })
      #expect(store.rows.count == 1)
      // when: the third fails, at 20 s
      clock.advance(by: .seconds(15))
      // then
      #expect(await eventually { mail.got.count == 1 })
      #expect(mail.got[0].message == "msg_a_1")
      let body = try JSONValue(parsing: mail.got[0].body)
      #expect(body["data"]?["fallback_for"] == "duty")
      #expect(await eventually { self.kinds { $0 == .endpointDegraded(.fails(standIn: "mail")) } == 1 })
      // and the endpoint itself is told at the next attempt, with the body that it always had
      clock.advance(by: .seconds(30))
      #expect(await eventually { duty.got.count == 4 })
      #expect(duty.got[3].standIn == "mail")
      #expect(duty.got[2].standIn == nil)
      #expect(duty.got[3].body == duty.got[0].body)
      // nobody gets it twice
      clock.advance(by: .minutes(1))
      #expect(await eventually { duty.got.count == 5 })
      #expect(mail.got.count == 1)
    }
  }

  @Test("a quarter of the time to answer gone is enough")
  func quarter() async throws {
    // given: an answer is due in 16 minutes, and after a second failure the next attempt lies 5 minutes away
    duty.answers(.failed("no answer"))
    store.add(row(1, severity: .medium, respond: .minutes(16)))
    try await running { _ in
      #expect(await eventually { store.rows[0].attempts == 1 })
      #expect(mail.got.isEmpty)
      clock.advance(by: .seconds(5))
      // then: that is past 4 minutes, so there is nothing to wait for
      #expect(await eventually { mail.got.count == 1 })
    }
  }

  @Test("later messages of the alert go to the fallback as long as the endpoint fails")
  func later() async throws {
    duty.answers(.failed("no answer"))
    store.add(row(1, respond: .hours(3)))
    try await running { dispatcher in
      for wait in [Span.zero, .seconds(5), .seconds(15)] {
        clock.advance(by: wait)
        #expect(await eventually { store.rows[0].next > clock.now })
      }
      #expect(await eventually { mail.names == ["a1"] })
      store.add(row(2, type: "alert.updated", respond: .hours(3)))
      dispatcher.wake()
      #expect(await eventually { mail.names == ["a1", "a2"] })
      // when it is well again, its messages come to it, and no more to the fallback
      duty.answers(.status(200))
      clock.advance(by: .seconds(30))
      #expect(await eventually { store.rows.allSatisfy { $0.state == .delivered } })
      store.add(row(3, type: "alert.updated", respond: .hours(3)))
      dispatcher.wake()
      #expect(await eventually { duty.names.last == "a3" })
      #expect(mail.names == ["a1", "a2"])
    }
  }

  @Test("a message that is refused is a dead letter at once, told of once an hour, and goes to the fallback")
  func refused() async throws {
    duty.answers(.status(422))
    for name in ["a", "b", "c"] { store.add(message(name, 1)) }
    try await running { dispatcher in
      #expect(await eventually { store.rows.prefix(3).allSatisfy { $0.state == .dead } })
      #expect(await eventually { Set(mail.names) == ["a1", "b1", "c1"] })
      #expect(self.kinds { $0 == .endpointDegraded(.refuses(kept: 0)) } == 1)
      clock.advance(by: .hours(1))
      store.add(message("d", 1))
      dispatcher.wake()
      #expect(await eventually { self.kinds { $0 == .endpointDegraded(.refuses(kept: 2)) } == 1 })
    }
  }

  @Test("an endpoint that said 410 gets nothing, the fallback gets all, and a replay begins anew")
  func gone() async throws {
    duty.answers(.status(410))
    store.add(message("a", 1))
    try await running { dispatcher in
      #expect(await eventually { self.kinds { $0 == .endpointDisabled } == 1 })
      store.add(message("b", 1))
      dispatcher.wake()
      #expect(await eventually { Set(mail.names) == ["a1", "b1"] })
      #expect(duty.names == ["a1"])
      // when: the officer sends again what was dead
      duty.answers(.status(200))
      let count = try await dispatcher.replay(DeliveryQuery(sink: "duty", states: [.dead, .waiting]))
      #expect(count == 2)
      #expect(await eventually { duty.names.sorted() == ["a1", "a1", "b1"] })
      #expect(duty.got.filter { $0.alert == "a" }.map(\.message) == ["msg_a_1", "msg_a_1"])
    }
  }

  @Test("after five days of failures it is suspended, unless something urgent waits")
  func suspended() async throws {
    duty.answers(.failed("no answer"))
    // given: it fails since the start, as the store remembers; a calm message of today
    try store.update(
      DeliveryChange(records: [
        RecordChange(
          kind: "endpoint", key: "duty",
          value: Array("{\"failing_since\":\"\((start - .days(5)).rfc3339)\"}".utf8))
      ]))
    store.add(message("a", 1, severity: .low))
    try await running { dispatcher in
      #expect(await eventually { self.kinds { $0 == .endpointDegraded(.suspended) } == 1 })
      let tried = duty.got.count
      store.add(message("b", 1, severity: .low))
      dispatcher.wake()
      #expect(await eventually { mail.names.contains("b1") })
      #expect(duty.got.count == tried)
      // an urgent one is tried all the same
      store.add(message("c", 1, severity: .critical))
      dispatcher.wake()
      #expect(await eventually { duty.names.contains("c1") })
    }
  }
}
