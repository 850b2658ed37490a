import HTTP
import Model
import Polling
import Serving
import Synchronization
import Testing

@Suite("The poller", .timeLimit(.minutes(1))) final class PollerTests: Sendable {
  private let clock = VirtualClock(start)
  private let web: ScriptedWeb
  private let results = Mutex<[PollResult]>([])

  init() { web = ScriptedWeb(clock: clock) }

  private func settings(gap: Span = .zero) -> Poller.Settings {
    var settings = Poller.Settings(version: "1.0")
    settings.gap = gap
    return settings
  }

  private func poller(
    _ sources: [Source], states: [SourceState] = [], gap: Span = .zero, through fetching: (any Fetching)? = nil
  ) -> Poller {
    Poller(
      sources: sources, states: states, fetching: fetching ?? web, clock: clock, settings: settings(gap: gap),
      jitter: { 0 })
  }

  /// Runs the poller beside the body and stops it after.
  private func running(
    _ poller: Poller, saying verdict: PollVerdict = PollVerdict(),
    _ body: () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try? await poller.run { [self] result in
          results.withLock { $0.append(result) }
          return verdict
        }
      }
      try await body()
      group.cancelAll()
      web.release()
    }
  }

  private var outcomes: [String] {
    results.withLock { results in
      results.map { result in
        switch result.outcome {
        case .payload(let payload): "payload \(String(decoding: payload.bytes, as: UTF8.self))"
        case .unchanged: "unchanged"
        case .failed(let words, let status): "failed \(status) \(words)"
        }
      }
    }
  }

  @Test("asks each source in its own time and says who asks")
  func intervals() async throws {
    let a = source("a", "http://a.example/rss", every: .minutes(5))
    let b = source("b", "http://b.example/rss", every: .minutes(10))
    try await running(poller([a, b])) {
      for step in 1...3 {
        #expect(await eventually { self.clock.sleeperCount == 2 })
        #expect(web.urls.count == [2, 3, 5][step - 1])
        clock.advance(by: .minutes(5))
      }
    }
    #expect(web.asked.first?.userAgent == "nabat/1.0 (+mailto:duty@region.example)")
  }

  @Test("waits for a stored moment before it asks after a restart")
  func storedState() async throws {
    var state = SourceState(source: "a")
    state.next = start + .minutes(3)
    try await running(poller([source("a", "http://a.example/rss")], states: [state])) {
      #expect(await eventually { self.clock.sleeperCount == 1 })
      #expect(web.urls.isEmpty)
      clock.advance(by: .minutes(3))
      #expect(await eventually { self.web.urls.count == 1 })
    }
  }

  @Test("sends the validators of a good answer, never to another address")
  func conditional() async throws {
    let url = "http://a.example/rss"
    web.answer(
      url, .success(response(url, 200, ["etag": "\"1\"", "last-modified": "Sun, 01 Mar 2026 08:00:00 GMT"])),
      .success(response(url, 304, ["etag": "\"2\""])))
    let poller = poller([source("a", url)])
    try await running(poller) {
      for count in 1...3 {
        #expect(await eventually { self.web.urls.count == count && self.clock.sleeperCount == 1 })
        clock.advance(by: .minutes(5))
      }
    }
    #expect(web.asked.prefix(3).map { $0.headers["if-none-match"] } == [nil, "\"1\"", "\"2\""])
    #expect(web.asked[1].headers["if-modified-since"] == "Sun, 01 Mar 2026 08:00:00 GMT")
    #expect(outcomes.prefix(2) == ["payload \(url)", "unchanged"])

    // when: the source has moved in the configuration
    let moved = PollerTests()
    let states = await Array(poller.states.values).map { state in
      var state = state
      state.next = nil
      return state
    }
    try await moved.running(moved.poller([source("a", "http://b.example/rss")], states: states)) {
      #expect(await eventually { moved.web.urls.count == 1 })
    }
    #expect(moved.web.asked[0].headers["if-none-match"] == nil)
  }

  @Test("forgets the validators of an answer that could not be read")
  func badParse() async throws {
    let url = "http://a.example/rss"
    web.answer(url, .success(response(url, 200, ["etag": "\"1\""])))
    let poller = poller([source("a", url)])
    let unreadable = PollVerdict(isGood: false, words: "это не лента")
    try await running(poller, saying: unreadable) {
      #expect(await eventually { self.clock.sleeperCount == 1 && self.web.urls.count == 1 })
      #expect(await poller.states["a"]?.lastError == "это не лента")
      clock.advance(by: .minutes(5))
      #expect(await eventually { self.outcomes.count == 2 })
    }
    #expect(web.asked[1].headers["if-none-match"] == nil)
    #expect(outcomes == ["payload \(url)", "payload \(url)"])
  }

  @Test("takes the same bytes again for unchanged, and a 304 out of nowhere for a failure")
  func sameBytes() async throws {
    let url = "http://a.example/rss"
    web.answer(
      url, .success(response(url)), .success(response(url)), .success(response(url, 304)))
    try await running(poller([source("a", url)])) {
      for count in 1...3 {
        #expect(await eventually { self.outcomes.count == count && self.clock.sleeperCount == 1 })
        clock.advance(by: .minutes(5))
      }
    }
    #expect(outcomes.prefix(2) == ["payload \(url)", "unchanged"])
    #expect(outcomes[2].hasPrefix("failed 304"))
  }

  @Test("has one request at a time to a host and two seconds between")
  func politeness() async throws {
    let sources = (1...3).map { source("s\($0)", "http://a.example/\($0)", every: .hours(1)) }
    web.hold()
    try await running(poller(sources + [source("other", "http://b.example/", every: .hours(1))], gap: .seconds(2))) {
      #expect(await eventually { self.web.waitingCount == 2 })
      for count in 2...4 {
        web.release()
        #expect(await eventually { self.outcomes.count == count })
        clock.advance(by: .seconds(2))
        if count < 4 { #expect(await eventually { self.web.waitingCount == 1 }) }
      }
    }
    #expect(web.most == 1)
    let times = web.asked.filter { $0.url.hasPrefix("http://a.example") }.map { $0.at - start }
    #expect(times == [.zero, .seconds(2), .seconds(4)])
  }

  @Test("leaves the whole host alone when one of its answers asks for that")
  func retryAfter() async throws {
    web.answer("http://a.example/1", .success(response("", 429, ["retry-after": "1800"])))
    var late = SourceState(source: "s2")
    late.next = start + .minutes(1)
    let poller = poller([source("s1", "http://a.example/1"), source("s2", "http://a.example/2")], states: [late])
    try await running(poller) {
      #expect(await eventually { self.outcomes.count == 1 && self.clock.sleeperCount == 2 })
      #expect(await poller.states["s1"]?.next == start + .minutes(30))
      clock.advance(by: .minutes(1))
      #expect(await eventually { self.clock.sleeperCount == 2 })
      #expect(web.urls == ["http://a.example/1"])
      clock.advance(to: start + .minutes(30))
      #expect(await eventually { self.web.urls.contains("http://a.example/2") })
    }
  }

  @Test("fetches the further addresses that an answer named, with validators of their own")
  func extras() async throws {
    let feed = "http://a.example/rss"
    let comments = "http://a.example/comments"
    web.answer(comments, .success(response(comments, 200, ["etag": "\"c\""])), .success(response(comments, 304)))
    web.answer(feed, .success(response(feed, 200, ["etag": "\"f\""])), .success(response(feed, 304)))
    let poller = poller([source("a", feed)])
    try await running(poller, saying: PollVerdict(extras: [comments, comments, "ftp://x", feed])) {
      #expect(await eventually { self.outcomes.count == 2 && self.clock.sleeperCount == 1 })
      clock.advance(by: .minutes(5))
      #expect(await eventually { self.outcomes.count == 4 })
    }
    #expect(web.urls == [feed, comments, feed, comments])
    #expect(web.asked.map { $0.headers["if-none-match"] } == [nil, nil, "\"f\"", "\"c\""])
    #expect(results.withLock { $0.map(\.isExtra) } == [false, true, false, true])
    #expect(await poller.states["a"]?.etag == "\"f\"")
  }

  @Test("does not ask without a contact or without http, and says so")
  func refusals() async throws {
    var anonymous = source("anonymous", "http://a.example/")
    anonymous.contact = nil
    var off = source("off", "http://b.example/")
    off.enabled = false
    let file = source("file", "file:///etc/passwd")
    let poller = poller([anonymous, off, file])
    try await running(poller) {}
    try await poller.run { _ in PollVerdict() }
    #expect(web.urls.isEmpty)
    #expect(
      await poller.states["anonymous"]?.lastError
        == "не опрашивается: не указан contact, по которому владелец сайта мог бы написать; добавьте его")
    #expect(await poller.states["file"]?.lastError?.hasPrefix("не опрашивается: file:///etc/passwd") == true)
    #expect(await poller.states["off"] == nil)
    #expect(throws: PollRefusal.noContact) { try Poller.check(anonymous) }
    #expect(throws: PollRefusal.notWeb("file:///etc/passwd")) { try Poller.check(file) }
  }

  @Test("throws what the callback throws")
  func brokenCallback() async throws {
    let poller = poller([source("a", "http://a.example/"), source("b", "http://b.example/")])
    await #expect(throws: StoreError.corrupt("x")) { try await poller.run { _ in throw StoreError.corrupt("x") } }
  }

  @Test("polls real servers: a 304, a 404, a hanging one, a circle, and one that may not be reached")
  func loopback() async throws {
    let conditions = Mutex<[String?]>([])
    let server = try HTTPServer { request in
      switch request.path {
      case "/rss":
        conditions.withLock { $0.append(request.headers["if-none-match"]) }
        return request.headers["if-none-match"] == "\"1\""
          ? HTTPResponse(status: 304) : HTTPResponse(headers: [("ETag", "\"1\"")], body: Array("лента".utf8))
      case "/hanging": return HTTPResponse(behaviour: .delay(.seconds(60)))
      case "/circle": return HTTPResponse(status: 302, headers: [("Location", "/circle")])
      default: return HTTPResponse(status: 404)
      }
    }
    defer { server.stop() }
    var settings = settings()
    settings.limits.total = .milliseconds(300)
    settings.policy = AddressPolicy(allow: [try #require(CIDR("127.0.0.1"))])
    let forbidden = server.url.replacing("127.0.0.1", with: "127.0.0.2")
    let poller = Poller(
      sources: ["/rss", "/gone", "/hanging", "/circle"].map { source($0, server.url + $0) }
        + [source("/forbidden", forbidden)],
      states: [], fetching: try HTTPClient(), clock: clock, settings: settings, jitter: { 0 })
    try await running(poller) {
      #expect(await eventually { self.outcomes.count == 5 && self.clock.sleeperCount == 5 })
      let words = await poller.states.mapValues(\.lastError)
      #expect(
        words == [
          "/rss": nil, "/gone": "404: адреса больше нет; найдите новый на сайте",
          "/hanging": "нет ответа за 0.3 с; повторим позже",
          "/circle": "больше 5 перенаправлений: адрес ходит по кругу; проверьте его в браузере",
          "/forbidden": "адрес 127.0.0.2 не из открытой сети; если он ваш, добавьте его в network.allow",
        ])
      clock.advance(by: .minutes(5))
      #expect(await eventually { self.outcomes.count == 10 })
    }
    #expect(conditions.withLock { $0 } == [nil, "\"1\""])
    #expect(outcomes.suffix(5).contains("unchanged"))
  }
}
