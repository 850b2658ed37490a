import Delivering
import HTTP
import Model
import Serving
import Synchronization
import Testing

/// A receiver that answers as it is told and remembers what it got.
private final class ScriptedSink: Sink {
  private struct State {
    var got: [String] = []
    var attempts: [Int] = []
    var answers: [String: [SinkAnswer]] = [:]
    var usual = SinkAnswer.status(200)
    var waiting: [String: CheckedContinuation<SinkAnswer, Never>] = [:]
    var held: Set<String> = []
  }
  private let state = Mutex(State())

  var got: [String] { state.withLock { $0.got } }
  var attempts: [Int] { state.withLock { $0.attempts } }
  var waitingCount: Int { state.withLock { $0.waiting.count } }
  func usually(_ answer: SinkAnswer) { state.withLock { $0.usual = answer } }
  func answer(_ message: String, _ answers: SinkAnswer...) { state.withLock { $0.answers[message] = answers } }
  /// Keeps the message in flight until it is released.
  func hold(_ message: String) { state.withLock { _ = $0.held.insert(message) } }
  func release(_ message: String, _ answer: SinkAnswer = .status(200)) {
    let waiting = state.withLock { state in
      state.held.remove(message)
      return state.waiting.removeValue(forKey: message)
    }
    waiting?.resume(returning: answer)
  }

  func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    let name = "\(message.alert)\(message.seq)"
    let (answer, holds) = state.withLock { state in
      state.got.append(name)
      state.attempts.append(attempt)
      var answers = state.answers[name] ?? []
      let answer = answers.isEmpty ? state.usual : answers.removeFirst()
      state.answers[name] = answers
      return (answer, state.held.contains(name))
    }
    guard holds else { return answer }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiting in state.withLock { $0.waiting[name] = waiting } }
    } onCancel: {
      release(name, .cancelled)
    }
  }
}

@Suite("The dispatcher", .timeLimit(.minutes(1))) final class DispatcherTests: Sendable {
  private let store = OutboxStore()
  private let clock = VirtualClock(start)
  private let sink = ScriptedSink()
  private let notes = Mutex<[DeliveryNote]>([])

  /// Runs the dispatcher beside the body and stops it after.
  private func running(_ body: (Dispatcher) async throws -> Void) async throws {
    let dispatcher = Dispatcher(
      store: store, clock: clock, sinks: ["duty": sink], jitter: { 0 },
      onNote: { [self] note in notes.withLock { $0.append(note) } })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try? await dispatcher.run() }
      try await body(dispatcher)
      group.cancelAll()
    }
  }

  private func states() -> [OutboxRow.State] { store.rows.map(\.state) }

  @Test("delivers the messages of one alert in order and those of others meanwhile")
  func order() async throws {
    for row in [message("a", 1), message("a", 2), message("b", 1), message("a", 3)] { store.add(row) }
    sink.hold("a1")
    try await running { _ in
      #expect(await eventually { sink.got == ["a1", "b1"] })
      sink.release("a1")
      #expect(await eventually { states() == [.delivered, .delivered, .delivered, .delivered] })
      #expect(sink.got == ["a1", "b1", "a2", "a3"])
    }
  }

  @Test("hears of a commit at once")
  func wake() async throws {
    try await running { dispatcher in
      store.add(message("a", 1))
      dispatcher.wake()
      #expect(await eventually { states() == [.delivered] })
    }
  }

  @Test("replaces a failing snapshot by a newer one, but never a firing")
  func supersession() async throws {
    store.add(message("a", 1, type: "alert.fired"))
    store.add(message("b", 1))
    sink.usually(.status(503))
    try await running { dispatcher in
      // given: the first messages of both alerts fail
      #expect(await eventually { store.rows.allSatisfy { $0.attempts == 1 } })
      // when: newer snapshots arrive
      for row in [message("a", 2), message("a", 3), message("b", 2)] { store.add(row) }
      dispatcher.wake()
      // then: b2 takes the place of b1 at once, a3 that of a2, and a1 keeps its turn
      #expect(
        await eventually {
          states() == [.waiting, .superseded, .superseded, .waiting, .waiting] && store.rows[4].attempts == 1
        })
      #expect(sink.got.sorted() == ["a1", "b1", "b2"])
      #expect(store.rows[3].next == store.rows[0].next)
      sink.usually(.status(204))
      clock.advance(by: .seconds(5))
      #expect(
        await eventually { states() == [.delivered, .superseded, .superseded, .delivered, .delivered] })
      #expect(sink.got.filter { $0.hasPrefix("a") } == ["a1", "a1", "a3"])
      #expect(
        notes.withLock { $0.filter { $0.kind == .superseded }.map(\.row.message) }.sorted() == ["msg_a_2", "msg_b_1"])
    }
  }

  @Test("knows after a restart which message was failing")
  func restart() async throws {
    var failing = message("a", 1, type: "alert.fired")
    failing.attempts = 3
    failing.next = start + .seconds(30)
    store.add(failing)
    store.add(message("a", 2))
    try await running { _ in
      #expect(await eventually { store.rows[1].next == start + .seconds(30) })
      #expect(sink.got.isEmpty)
      clock.advance(by: .seconds(30))
      #expect(await eventually { states() == [.delivered, .delivered] })
      #expect(sink.got == ["a1", "a2"])
      #expect(sink.attempts == [4, 1])
    }
  }

  @Test("tries again by the table and counts the attempts")
  func retries() async throws {
    store.add(message("a", 1))
    sink.answer("a1", .failed("timed out after 15 s"), .status(302), .status(500))
    try await running { _ in
      for (attempt, gap) in [Span.seconds(5), .seconds(15), .seconds(30)].enumerated() {
        #expect(await eventually { store.rows[0].attempts == attempt + 1 })
        #expect(store.rows[0].next == clock.now + gap)
        clock.advance(by: gap)
      }
      #expect(await eventually { states() == [.delivered] })
      #expect(sink.attempts == [1, 2, 3, 4])
      #expect(store.rows[0].lastError == nil)
    }
  }

  @Test("keeps to Retry-After with a newer snapshot too")
  func retryAfter() async throws {
    store.add(message("a", 1))
    sink.answer("a1", .status(429, retryAfter: "60"))
    try await running { dispatcher in
      #expect(await eventually { store.rows[0].attempts == 1 })
      store.add(message("a", 2))
      dispatcher.wake()
      #expect(await eventually { states() == [.superseded, .waiting] })
      #expect(await eventually { store.rows[1].next == start + .seconds(60) })
      #expect(sink.got == ["a1"])
      clock.advance(by: .seconds(60))
      #expect(await eventually { states() == [.superseded, .delivered] })
    }
  }

  @Test("gives a message up that the receiver refuses, and goes on with the next")
  func dead() async throws {
    store.add(message("a", 1, type: "alert.fired"))
    store.add(message("a", 2))
    sink.answer("a1", .status(422))
    try await running { _ in
      #expect(await eventually { states() == [.dead, .delivered] })
      #expect(store.rows[0].lastError == "HTTP 422")
    }
  }

  @Test("sends nothing more to an endpoint that is gone")
  func gone() async throws {
    store.add(message("a", 1))
    sink.usually(.status(410))
    try await running { dispatcher in
      #expect(await eventually { notes.withLock { $0.contains { $0.kind == .endpointDisabled } } })
      store.add(message("b", 1))
      dispatcher.wake()
      clock.advance(by: .hours(1))
      #expect(states() == [.dead, .waiting])
      #expect(sink.got == ["a1"])
    }
  }

  @Test("has at most eight messages in flight and looks past the ones that wait behind them")
  func inFlight() async throws {
    for seq in 1...300 { store.add(message("a", seq, type: "alert.fired")) }
    for name in "bcdefghijk" { store.add(message(String(name), 1)) }
    sink.hold("a1")
    for name in "bcdefghijk" { sink.hold("\(name)1") }
    try await running { _ in
      #expect(await eventually { sink.waitingCount == 8 })
      #expect(sink.got.sorted() == ["a1", "b1", "c1", "d1", "e1", "f1", "g1", "h1"])
      for name in "abcdefghijk" { sink.release("\(name)1") }
      #expect(await eventually { states().allSatisfy { $0 == .delivered } })
    }
  }

  @Test("throws what the store throws")
  func brokenStore() async throws {
    store.breakDown()
    let dispatcher = Dispatcher(store: store, clock: clock, sinks: ["duty": sink])
    await #expect(throws: StoreError.inputOutput("disk full")) { try await dispatcher.run() }
  }

  @Test("does not count an attempt that a shutdown cut off")
  func shutdown() async throws {
    store.add(message("a", 1))
    sink.hold("a1")
    try await running { _ in #expect(await eventually { sink.waitingCount == 1 }) }
    #expect(store.rows[0].attempts == 0)
    #expect(states() == [.waiting])
  }
}

@Suite("A webhook", .timeLimit(.minutes(1))) struct WebhookSinkTests {
  private static let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

  private func send(to url: String, timeout: Duration = .seconds(15)) async throws -> SinkAnswer {
    let client = try HTTPClient(policy: AddressPolicy(allow: [try #require(CIDR("127.0.0.0/8"))]))
    var sink = try WebhookSink(
      url: url, secrets: [try WebhookSecret(WebhookSinkTests.secret)], client: client, userAgent: "nabat/test")
    sink.timeout = timeout
    return await sink.send(message("a", 7), attempt: 3, now: start)
  }

  @Test("arrives with a signature that its receiver can verify")
  func headers() async throws {
    let seen = Mutex<HTTPRequest?>(nil)
    let server = try HTTPServer { request in
      seen.withLock { $0 = request }
      return HTTPResponse(status: 204)
    }
    defer { server.stop() }
    #expect(try await send(to: "\(server.url)/hook") == .status(204))
    let request = try #require(seen.withLock { $0 })
    #expect(request.method == "POST")
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["x-attempt"] == "3")
    #expect(request.headers["x-alert-seq"] == "7")
    #expect(request.headers["webhook-timestamp"] == "1772355600")
    try WebhookSignature.verify(
      id: try #require(request.headers["webhook-id"]), timestamp: try #require(request.headers["webhook-timestamp"]),
      body: request.body, signature: try #require(request.headers["webhook-signature"]),
      secrets: [try WebhookSecret(WebhookSinkTests.secret)], now: start + .seconds(10))
  }

  @Test("does not follow redirects, hands over Retry-After, and says when nobody answers")
  func failures() async throws {
    let server = try HTTPServer { request in
      switch request.path {
      case "/moved": HTTPResponse(status: 308, headers: [("Location", "/hook")])
      case "/busy": HTTPResponse(status: 503, headers: [("Retry-After", "7")])
      default: HTTPResponse(behaviour: .delay(.seconds(60)))
      }
    }
    defer { server.stop() }
    #expect(try await send(to: "\(server.url)/moved") == .status(308))
    #expect(try await send(to: "\(server.url)/busy") == .status(503, retryAfter: "7"))
    #expect(
      try await send(to: "\(server.url)/hook", timeout: .milliseconds(100)) == .failed("timed out after 0.1 s"))
  }

  @Test("goes unprotected only to this machine")
  func insecure() throws {
    let context = SinkContext(client: try HTTPClient(), userAgent: "nabat/test", clock: VirtualClock(start))
    func make(_ url: String) throws {
      _ = try SinkKind.webhook.make(
        .init(id: "duty", values: ["url": [url]], secrets: [WebhookSinkTests.secret]), context)
    }
    for url in ["http://127.0.0.1:1/", "http://localhost/x", "http://[::1]:80/", "https://duty.example/hook"] {
      #expect(throws: Never.self) { try make(url) }
    }
    for url in ["http://duty.example/", "http://127.0.0.1.evil.example/", "http://127.0.0.1@evil.example/"] {
      #expect(throws: SinkError.insecure(url)) { try make(url) }
    }
    #expect(throws: SinkError.notWeb("ftp://duty.example")) { try make("ftp://duty.example") }
    #expect(throws: SinkError.missing("secret")) {
      _ = try SinkKind.webhook.make(.init(id: "duty", values: ["url": ["https://duty.example"]]), context)
    }
  }
}
