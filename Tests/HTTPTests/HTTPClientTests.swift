import Glibc
import HTTP
import Serving
import Testing

@Suite("The HTTP client", .timeLimit(.minutes(1))) struct HTTPClientTests {
  let client: HTTPClient

  init() throws { client = try HTTPClient(policy: loopback) }

  private func get(_ url: String, _ adjust: (inout HTTPClient.Request) -> Void = { _ in }) async throws(HTTPError)
    -> HTTPClient.Response
  {
    var request = HTTPClient.Request(.get, url, userAgent: agent)
    adjust(&request)
    return try await client.send(request)
  }

  private func fixture(_ name: String) throws -> [UInt8] {
    let path = "\(#filePath)".split(separator: "/").dropLast().joined(separator: "/")
    let file = try #require(fopen("/\(path)/Fixtures/\(name)", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
    return bytes
  }

  @Test("hands over status, headers and bytes, and says who it is")
  func plain() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse(status: 404, headers: [("X-Odd", "  да  "), ("ETag", "\"1\"")], body: Array("нет".utf8))
    }
    defer { server.stop() }

    let answer = try await get("\(server.url)/a%20b?q=1&r=%D0%B4") { $0.headers = [("if-none-match", "\"0\"")] }

    #expect(answer.status == 404)
    #expect(answer.url == "\(server.url)/a%20b?q=1&r=%D0%B4")
    #expect(answer.headers["x-odd"] == "да")
    #expect(answer.headers["etag"] == "\"1\"")
    #expect(String(decoding: answer.body, as: UTF8.self) == "нет")
    let request = try #require(visits.all.first)
    #expect(request.method == "GET")
    #expect(request.path == "/a b")
    #expect(request.query == ["q": "1", "r": "д"])
    #expect(request.headers["user-agent"] == agent)
    #expect(request.headers["if-none-match"] == "\"0\"")
    #expect(request.headers["accept-encoding"]?.contains("gzip") == true)
    #expect(request.headers["referer"] == nil)
  }

  @Test("posts a body as it is, and does not follow where a POST is sent on")
  func post() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse(status: 302, headers: [("Location", "/other")])
    }
    defer { server.stop() }
    let body = [UInt8](repeating: 0xD0, count: 100_000)

    let answer = try await client.send(
      .init(.post, "\(server.url)/in", userAgent: agent, headers: [("content-type", "application/json")], body: body))

    #expect(answer.status == 302)
    #expect(visits.paths == ["/in"])
    #expect(visits.all.first?.body == body)
    #expect(visits.all.first?.headers["content-type"] == "application/json")
  }

  @Test("decompresses a body")
  func gzip() async throws {
    let packed = try fixture("hello.gz")
    let server = try HTTPServer { _ in HTTPResponse(headers: [("Content-Encoding", "gzip")], body: packed) }
    defer { server.stop() }
    let answer = try await get(server.url)
    #expect(String(decoding: answer.body, as: UTF8.self).hasPrefix("Вода уходит, дамба цела.\n"))
  }

  @Test("stops a body that decompresses to a thousand times its size")
  func bomb() async throws {
    let packed = try fixture("zeros-4MB.gz")
    let server = try HTTPServer { _ in HTTPResponse(headers: [("Content-Encoding", "gzip")], body: packed) }
    defer { server.stop() }
    await #expect(throws: HTTPError.compressionBomb(ratio: 200)) { _ = try await get(server.url) }
    await #expect(throws: HTTPError.bodyTooLarge(limit: 2 << 20)) {
      _ = try await get(server.url) {
        $0.limits.body = 2 << 20
        $0.limits.ratio = 100_000
      }
    }
  }

  @Test("cuts off a body of 100 MB at 16 MB")
  func hugeBody() async throws {
    let block = [UInt8](repeating: 0x61, count: 1 << 16)
    let server = try HTTPServer { _ in HTTPResponse(body: block, behaviour: .repeated(upTo: 100 << 20)) }
    defer { server.stop() }
    let error = await #expect(throws: HTTPError.self) { _ = try await get(server.url) }
    #expect(error == .bodyTooLarge(limit: 16 << 20))
    #expect(error?.description == "body over 16 MB")
  }

  @Test("gives up on a server that does not answer")
  func hanging() async throws {
    let server = try HTTPServer { _ in HTTPResponse(behaviour: .delay(.seconds(60))) }
    defer { server.stop() }
    let error = await #expect(throws: HTTPError.self) {
      _ = try await get(server.url) { $0.limits.total = .milliseconds(200) }
    }
    #expect(error == .timedOut(seconds: 0.2))
    #expect(error?.description == "timed out after 0.2 s")
  }

  @Test("gives up on a body that stops in the middle")
  func stalling() async throws {
    let server = try HTTPServer { _ in
      HTTPResponse(body: [UInt8](repeating: 0x61, count: 5000), behaviour: .stall(afterBytes: 10, for: .seconds(60)))
    }
    defer { server.stop() }
    await #expect(throws: HTTPError.tooSlow(bytesPerSecond: 1024, seconds: 1)) {
      _ = try await get(server.url) { $0.limits.slowSeconds = 1 }
    }
  }

  @Test("tells a body that was cut off from a whole one")
  func cutOff() async throws {
    let body = [UInt8](repeating: 0x61, count: 5000)
    let server = try HTTPServer { request in
      HTTPResponse(body: body, behaviour: .hangUp(afterBytes: request.path == "/none" ? 0 : 100))
    }
    defer { server.stop() }
    for path in ["/some", "/none"] {
      let error = await #expect(throws: HTTPError.self) { _ = try await get(server.url + path) }
      guard case .brokenAnswer = error else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
    }
  }

  @Test("follows redirects to the end and says which")
  func redirects() async throws {
    let server = try HTTPServer { request in
      switch request.path {
      case "/old": HTTPResponse(status: 301, headers: [("Location", "/newer")], body: Array("moved".utf8))
      case "/newer": HTTPResponse(status: 307, headers: [("Location", "feed?x=1")])
      default: HTTPResponse(body: Array("feed".utf8))
      }
    }
    defer { server.stop() }
    let answer = try await get("\(server.url)/old")
    #expect(answer.url == "\(server.url)/feed?x=1")
    #expect(answer.body == Array("feed".utf8))
    #expect(answer.hops.map(\.status) == [301, 307])
  }

  @Test("leaves a circle of redirects after five")
  func redirectLoop() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse(status: 302, headers: [("Location", "/again")])
    }
    defer { server.stop() }
    await #expect(throws: HTTPError.tooManyRedirects(5)) { _ = try await get(server.url) }
    #expect(visits.all.count == 6)
  }

  @Test("refuses what is not http, from the start and after a redirect")
  func schemes() async throws {
    let server = try HTTPServer { _ in HTTPResponse(status: 302, headers: [("Location", "ftp://127.0.0.1/feed")]) }
    defer { server.stop() }
    await #expect(throws: HTTPError.schemeRefused("ftp://127.0.0.1/feed")) { _ = try await get(server.url) }
    for url in ["file:///etc/passwd", "gopher://127.0.0.1/", "127.0.0.1", ""] {
      await #expect(throws: HTTPError.schemeRefused(url)) { _ = try await get(url) }
    }
  }

  @Test("refuses a forbidden address without sending a packet there")
  func forbiddenAddress() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse()
    }
    defer { server.stop() }
    let refused = HTTPError.addressRefused(address: "127.0.0.1", range: "loopback")
    for url in [server.url, "http://2130706433:\(server.port)", "http://0177.1:\(server.port)"] {
      await #expect(throws: refused) { _ = try await get(url) { $0.policy = .publicOnly } }
    }
    await #expect(throws: HTTPError.addressRefused(address: "::ffff:127.0.0.1", range: "loopback")) {
      _ = try await get("http://[::ffff:127.0.0.1]:\(server.port)") { $0.policy = .publicOnly }
    }
    #expect(visits.all.isEmpty)
  }

  @Test("refuses a redirect to a forbidden address, even over a connection that is open")
  func forbiddenRedirect() async throws {
    let visits = Visits()
    let inner = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse()
    }
    defer { inner.stop() }
    let target = inner.url.replacing("127.0.0.1", with: "127.0.0.2")
    let outer = try HTTPServer { _ in HTTPResponse(status: 302, headers: [("Location", target)]) }
    defer { outer.stop() }
    let narrow = AddressPolicy(allow: [try #require(CIDR("127.0.0.1/32"))])
    await #expect(throws: HTTPError.addressRefused(address: "127.0.0.2", range: "loopback")) {
      _ = try await get(outer.url) { $0.policy = narrow }
    }
    #expect(visits.all.isEmpty)

    // The client's own policy opened a connection; a stricter request must not ride on it.
    _ = try await get(inner.url)
    await #expect(throws: HTTPError.self) { _ = try await get(inner.url) { $0.policy = .publicOnly } }
    #expect(visits.all.count == 1)
  }

  @Test("says that nobody listens, that TLS failed, that an address is malformed")
  func noAnswer() async throws {
    let server = try HTTPServer { _ in HTTPResponse() }
    let tls = await #expect(throws: HTTPError.self) {
      _ = try await get("https://127.0.0.1:\(server.port)/")
    }
    guard case .tls = tls else {
      Issue.record("\(String(describing: tls))")
      return
    }
    let address = "127.0.0.1:\(server.port)"
    server.stop()
    await #expect(throws: HTTPError.connectionRefused(host: address)) { _ = try await get("http://\(address)/") }
    let malformed = await #expect(throws: HTTPError.self) { _ = try await get("http://") }
    #expect(malformed == .invalidURL("http://"))
  }

  @Test("removes a transfer whose task is cancelled, before and after it began")
  func cancellation() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse(behaviour: .delay(.seconds(60)))
    }
    defer { server.stop() }
    let task = Task { try await get(server.url) }
    #expect(await eventually { !visits.all.isEmpty })
    task.cancel()
    await #expect(throws: HTTPError.cancelled) { _ = try await task.value }

    let late = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await get(server.url)
    }
    await #expect(throws: HTTPError.cancelled) { _ = try await late.value }
  }

  @Test("forgets a request that was cancelled while it waited for its turn")
  func cancelledInLine() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse(behaviour: .delay(.seconds(60)))
    }
    defer { server.stop() }
    let client = try HTTPClient(policy: loopback, transfers: 1)
    let first = Task { try await client.send(.init(.get, "\(server.url)/1", userAgent: agent)) }
    #expect(await eventually { visits.paths == ["/1"] })
    let second = Task { try await client.send(.init(.get, "\(server.url)/2", userAgent: agent)) }
    second.cancel()
    await #expect(throws: HTTPError.cancelled) { _ = try await second.value }
    #expect(visits.paths == ["/1"])
    first.cancel()
    await #expect(throws: HTTPError.cancelled) { _ = try await first.value }
  }

  @Test("ends what is under way when it is stopped, and takes nothing more")
  func stopping() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse(behaviour: .delay(.seconds(60)))
    }
    defer { server.stop() }
    let task = Task { try await get(server.url) }
    #expect(await eventually { !visits.all.isEmpty })
    client.stop()
    await #expect(throws: HTTPError.cancelled) { _ = try await task.value }
    await #expect(throws: HTTPError.cancelled) { _ = try await get(server.url) }
  }

  @Test("fetches two hundred answers at once, or a few at a time")
  func many() async throws {
    let client = try HTTPClient(policy: loopback, transfers: 3)
    let server = try HTTPServer { request in HTTPResponse(body: Array(request.path.utf8)) }
    defer { server.stop() }
    let right = try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<200 {
        let client = number % 2 == 0 ? client : self.client
        group.addTask {
          try await client.send(.init(.get, "\(server.url)/\(number)", userAgent: agent)).body
            == Array("/\(number)".utf8)
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(right == 200)
  }
}
