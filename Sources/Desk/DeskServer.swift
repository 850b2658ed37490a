import Dispatch
package import Serving
import Synchronization

/// Listens for requests on loopback and answers them one after another.
package final class DeskServer: Sendable {
  private let server: HTTPServer
  private let requests: AsyncStream<Exchange>
  private let incoming: AsyncStream<Exchange>.Continuation

  /// `http://127.0.0.1:8787`
  package var url: String { server.url }
  package var port: UInt16 { server.port }

  /// A request that waits for its answer: the connection's thread sleeps, a task answers.
  private final class Exchange: Sendable {
    let request: HTTPRequest
    private let answer = Mutex<HTTPResponse?>(nil)
    private let isAnswered = DispatchSemaphore(value: 0)

    init(_ request: HTTPRequest) { self.request = request }

    func reply(_ response: HTTPResponse) {
      answer.withLock { $0 = response }
      isAnswered.signal()
    }

    func wait() -> HTTPResponse {
      _ = isAnswered.wait(timeout: .now() + DeskServer.patience)
      return answer.withLock { $0 } ?? HTTPResponse(status: 503, body: Array("the server is busy or stopping\n".utf8))
    }
  }

  private static let patience = DispatchTimeInterval.seconds(10)
  /// Requests that may wait at once; more get 503.
  private static let queueLimit = 256

  /// - Parameter port: 0 takes any free one.
  package init(port: UInt16) throws(ServingError) {
    let (requests, incoming) = AsyncStream.makeStream(
      of: Exchange.self, bufferingPolicy: .bufferingOldest(DeskServer.queueLimit))
    self.requests = requests
    self.incoming = incoming
    server = try HTTPServer(port: port) { request in
      let exchange = Exchange(request)
      guard case .enqueued = incoming.yield(exchange) else { return HTTPResponse(status: 503) }
      return exchange.wait()
    }
  }

  /// Answers until the task is cancelled.
  package func run(_ answer: @Sendable (HTTPRequest) async -> HTTPResponse) async {
    for await exchange in requests { exchange.reply(await answer(exchange.request)) }
  }

  /// Closes the connections; those that still wait get 503.
  package func stop() {
    incoming.finish()
    server.stop()
  }
}
