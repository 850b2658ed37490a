import HTTP
import Serving
import Testing

@Suite("The HTTP server", .timeLimit(.minutes(1))) struct HTTPServerTests {
  @Test("says which port is in use")
  func portInUse() throws {
    let first = try HTTPServer { _ in HTTPResponse() }
    defer { first.stop() }
    let error = #expect(throws: ServingError.self) { _ = try HTTPServer(port: first.port) { _ in HTTPResponse() } }
    #expect(error == .portInUse(first.port))
  }

  @Test("takes its port again after a stop")
  func restart() async throws {
    let client = try HTTPClient(policy: loopback)
    let first = try HTTPServer { _ in HTTPResponse() }
    _ = try await client.send(.init(.get, first.url, userAgent: agent))
    first.stop()
    first.stop()
    let second = try HTTPServer(port: first.port) { _ in HTTPResponse(status: 204) }
    defer { second.stop() }
    #expect(try await client.send(.init(.get, second.url, userAgent: agent)).status == 204)
  }

  @Test("refuses a body over 16 MB without asking the handler")
  func bodyLimit() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse()
    }
    defer { server.stop() }
    let client = try HTTPClient(policy: loopback)
    let large = [UInt8](repeating: 0x61, count: HTTPServer.bodyLimit + 1)
    // The server may answer 413 or hang up while the body is still being sent.
    let status = try? await client.send(.init(.post, server.url, userAgent: agent, body: large)).status
    #expect(status == nil || status == 413)
    #expect(visits.all.isEmpty)
  }

  @Test("answers others while one answer waits, and stops without waiting for it")
  func waiting() async throws {
    let visits = Visits()
    let server = try HTTPServer { request in
      visits.note(request)
      return HTTPResponse(behaviour: request.path == "/slow" ? .delay(.seconds(60)) : .send)
    }
    let client = try HTTPClient(policy: loopback)
    let slow = Task { try? await client.send(.init(.get, "\(server.url)/slow", userAgent: agent)) }
    #expect(await eventually { visits.paths.contains("/slow") })
    #expect(try await client.send(.init(.get, "\(server.url)/fast", userAgent: agent)).status == 200)
    let before = ContinuousClock.now
    server.stop()
    #expect(ContinuousClock.now - before < .seconds(5))
    _ = await slow.value
  }
}
