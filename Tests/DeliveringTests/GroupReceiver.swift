import JSON
import Serving
import Synchronization

/// Hears what an Alertmanager tells its webhook.
final class GroupReceiver: Sendable {
  private final class Heard: Sendable {
    let bodies = Mutex<[JSONValue]>([])
  }

  private let heard: Heard
  private let server: HTTPServer
  var url: String { server.url }

  init() throws {
    let heard = Heard()
    self.heard = heard
    server = try HTTPServer { request in
      if let body = try? JSONValue(parsing: request.body) { heard.bodies.withLock { $0.append(body) } }
      return HTTPResponse(status: 200)
    }
  }

  func stop() { server.stop() }

  /// The ids of the alerts of each notice in which something is so.
  func groups(status: String) -> [[String]] {
    heard.bodies.withLock { $0 }.map { body in
      (body["alerts"]?.array ?? []).filter { $0["status"]?.string == status }
        .compactMap { $0["labels"]?["alert"]?.string }.sorted()
    }
  }

  var resolved: Set<String> { Set(groups(status: "resolved").joined()) }

  /// A port of loopback that nobody listens on at this moment.
  static func freePort() throws -> UInt16 {
    let server = try HTTPServer { _ in HTTPResponse(status: 200) }
    server.stop()
    return server.port
  }
}
