package import Delivering
import JSON
package import Model
package import Serving
import Synchronization

/// A webhook receiver on this machine, as a duty centre would run one: believes only signed messages, drops repeats.
package final class DemoReceiver: Sendable {
  /// One message that was believed and new.
  package struct Delivery: Hashable, Sendable {
    /// The `webhook-id`.
    package var id: String
    package var type: String
    /// Empty for messages that belong to no alert, as are the next three.
    package var alert: String
    package var rule: String
    package var key: [String: String]
    package var seq: Int
  }

  private struct Log {
    var deliveries: [Delivery] = []
    var ids: Set<String> = []
    var repeats = 0
    var refused = 0
  }

  private let server: HTTPServer
  private let log: Desk

  /// What the handler and the owner share.
  private final class Desk: Sendable {
    let log = Mutex(Log())
    let file: String?
    init(file: String?) { self.file = file }
  }

  /// Where messages are to be posted.
  package var url: String { "\(server.url)/hook" }
  package var port: UInt16 { server.port }

  /// Starts to listen; port 0 takes any free one.
  ///
  /// - Parameters:
  ///   - file: keeps the accepted bodies, one a line, and takes them back at a start: a receiver forgets nothing when it
  ///     is killed. A line cut short is left out.
  ///   - verify: whether a request is believed; its header names are lower-case.
  ///   - onDelivery: told of each new message, on the thread of its connection.
  package init(
    port: UInt16 = 0, file: String? = nil, verify: @escaping @Sendable (HTTPRequest) -> Bool,
    onDelivery: @escaping @Sendable (Delivery) -> Void = { _ in }
  ) throws(ServingError) {
    let desk = Desk(file: file)
    let earlier = file.flatMap { try? DemoFile.read($0) } ?? []
    // A last line that a kill tore gets an end, so that the next one stands by itself.
    if let file, let last = earlier.last, last != 0x0A { try? DemoFile.append([0x0A], to: file) }
    for line in earlier.split(separator: 0x0A) {
      guard let delivery = DemoReceiver.delivery(Array(line)) else { continue }
      desk.log.withLock { log in
        if log.ids.insert(delivery.id).inserted { log.deliveries.append(delivery) }
      }
    }
    log = desk
    server = try HTTPServer(port: port) { DemoReceiver.answer($0, desk: desk, verify: verify, onDelivery: onDelivery) }
  }

  /// A receiver that checks Standard Webhooks signatures.
  ///
  /// - Parameters:
  ///   - now: the clock that the sender's timestamps are of.
  ///   - tolerance: how old a message may be; on a clock that runs fast, minutes are the blink of an eye.
  package convenience init(
    port: UInt16 = 0, file: String? = nil, secret: WebhookSecret, now: @escaping @Sendable () -> Moment,
    tolerance: Span = WebhookSignature.tolerance, onDelivery: @escaping @Sendable (Delivery) -> Void = { _ in }
  ) throws(ServingError) {
    try self.init(
      port: port, file: file,
      verify: { DemoReceiver.isSigned($0, secret: secret, now: now(), tolerance: tolerance) }, onDelivery: onDelivery)
  }

  /// Messages in the order in which they were first seen.
  package var received: [Delivery] { log.log.withLock { $0.deliveries } }
  /// How many came again under an id seen before.
  package var repeats: Int { log.log.withLock { $0.repeats } }
  /// How many were not believed.
  package var refused: Int { log.log.withLock { $0.refused } }

  /// The expected alerts that have not arrived.
  package func missing(_ expected: [DemoStory.Expectation] = DemoStory.expectations) -> [DemoStory.Expectation] {
    let fired = received.filter { $0.type == "alert.fired" }
    return expected.filter { wanted in !fired.contains { $0.rule == wanted.rule && $0.key == wanted.key } }
  }

  /// Stops listening. A second call does nothing.
  package func stop() { server.stop() }
}

extension DemoReceiver {
  private static func answer(
    _ request: HTTPRequest, desk: Desk, verify: (HTTPRequest) -> Bool, onDelivery: (Delivery) -> Void
  ) -> HTTPResponse {
    guard request.path == "/hook" else { return HTTPResponse(status: 404) }
    guard request.method == "POST" else { return HTTPResponse(status: 405, headers: [("allow", "POST")]) }
    guard verify(request) else {
      desk.log.withLock { $0.refused += 1 }
      return HTTPResponse(status: 401)
    }
    guard let delivery = delivery(request.body), delivery.id == request.headers["webhook-id"] else {
      return HTTPResponse(status: 400)
    }
    // Written down under the lock and before the answer: what was acknowledged is never lost, and stands in order.
    let taken: Bool? = desk.log.withLock { log in
      guard !log.ids.contains(delivery.id) else {
        log.repeats += 1
        return false
      }
      if let file = desk.file {
        do throws(DemoError) { try DemoFile.append(request.body + [0x0A], to: file) } catch { return nil }
      }
      log.ids.insert(delivery.id)
      log.deliveries.append(delivery)
      return true
    }
    guard let taken else { return HTTPResponse(status: 500) }
    if taken { onDelivery(delivery) }
    return HTTPResponse(status: 204)
  }

  private static func delivery(_ body: [UInt8]) -> Delivery? {
    guard let json = try? JSONValue(parsing: body), let id = json["id"]?.string, let type = json["type"]?.string
    else { return nil }
    let data = json["data"]
    var key: [String: String] = [:]
    for member in data?["key"]?.object?.members ?? [] { key[member.name] = member.value.string }
    return Delivery(
      id: id, type: type, alert: data?["alert"]?.string ?? "", rule: data?["rule"]?["id"]?.string ?? "", key: key,
      seq: Int(data?["seq"]?.integer ?? 0))
  }

  private static func isSigned(_ request: HTTPRequest, secret: WebhookSecret, now: Moment, tolerance: Span) -> Bool {
    guard let id = request.headers["webhook-id"], let timestamp = request.headers["webhook-timestamp"],
      let signature = request.headers["webhook-signature"], let seconds = Int64(timestamp), abs(seconds) < 1 << 40
    else { return false }
    // Within the receiver's own tolerance the message counts as fresh.
    let sent = Moment(milliseconds: seconds * 1000)
    let isFresh = now - sent <= tolerance
    do {
      try WebhookSignature.verify(
        id: id, timestamp: timestamp, body: request.body, signature: signature, secrets: [secret],
        now: isFresh ? min(now, sent) : now)
      return isFresh
    } catch {
      return false
    }
  }
}
