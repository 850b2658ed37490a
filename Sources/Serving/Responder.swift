import CMicrohttpd
import Glibc
import Synchronization

/// What the server library calls back: gathers a request, asks the handler, queues the answer.
///
/// Lives as long as the daemon; called from the threads of its connections.
final class Responder: Sendable {
  let handler: @Sendable (HTTPRequest) -> HTTPResponse
  /// Set before the daemon is stopped, so that answers that wait on purpose end at once.
  let stopped = Atomic(false)

  init(handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse) { self.handler = handler }

  /// Called once with the headers, then for each piece of the body, then once more when it is complete.
  static let onAccess: MHD_AccessHandlerCallback = {
    context, connection, url, method, _, uploaded, uploadedCount, slot in
    guard let context, let connection, let url, let method, let uploadedCount, let slot else { return nabat_mhd_no() }
    let responder = Unmanaged<Responder>.fromOpaque(context).takeUnretainedValue()
    guard let held = slot.pointee else {
      let request = HTTPRequest(method: String(cString: method), path: String(cString: url))
      let exchange = Exchange(request: request, connection: connection)
      slot.pointee = Unmanaged.passRetained(exchange).toOpaque()
      if exchange.announcedTooMuch { return responder.queue(HTTPResponse(status: 413), on: connection) }
      return nabat_mhd_yes()
    }
    let exchange = Unmanaged<Exchange>.fromOpaque(held).takeUnretainedValue()
    if uploadedCount.pointee > 0, let uploaded {
      let count = uploadedCount.pointee
      guard exchange.request.body.count + count <= HTTPServer.bodyLimit else { return nabat_mhd_no() }
      exchange.request.body.append(contentsOf: UnsafeRawBufferPointer(start: uploaded, count: count))
      uploadedCount.pointee = 0
      return nabat_mhd_yes()
    }
    return responder.queue(responder.handler(exchange.request), on: connection)
  }

  static let onCompleted: MHD_RequestCompletedCallback = { _, _, slot, _ in
    guard let slot, let held = slot.pointee else { return }
    Unmanaged<Exchange>.fromOpaque(held).release()
    slot.pointee = nil
  }

  private func queue(_ answer: HTTPResponse, on connection: OpaquePointer) -> MHD_Result {
    switch answer.behaviour {
    case .hangUp(afterBytes: 0): return nabat_mhd_no()
    case .delay(let duration): wait(duration)
    default: break
    }
    guard let response = response(for: answer) else { return nabat_mhd_no() }
    defer { MHD_destroy_response(response) }
    for header in answer.headers { MHD_add_response_header(response, header.name, header.value) }
    return MHD_queue_response(connection, UInt32(answer.status), response)
  }

  private func response(for answer: HTTPResponse) -> OpaquePointer? {
    let size: Int
    switch answer.behaviour {
    case .send, .delay:
      return answer.body.withUnsafeBytes { nabat_mhd_response_copying($0.baseAddress, $0.count) }
    case .hangUp, .stall: size = answer.body.count
    case .repeated(let total): size = answer.body.isEmpty ? 0 : total
    }
    let reader = Unmanaged.passRetained(BodyReader(answer, responder: self))
    let response = nabat_mhd_response_reading(
      UInt64(size), BodyReader.onRead, reader.toOpaque(),
      { if let held = $0 { Unmanaged<BodyReader>.fromOpaque(held).release() } })
    if response == nil { reader.release() }
    return response
  }

  /// Blocks this connection's thread for so long, or until the server stops.
  fileprivate func wait(_ duration: Duration) {
    let deadline = ContinuousClock.now + duration
    while !stopped.load(ordering: .acquiring), ContinuousClock.now < deadline { usleep(2000) }
  }
}

/// One request while it comes in; touched by its connection's thread only.
private final class Exchange {
  var request: HTTPRequest

  init(request: HTTPRequest, connection: OpaquePointer) {
    self.request = request
    let context = Unmanaged.passUnretained(self).toOpaque()
    nabat_mhd_each_header(
      connection,
      { context, _, name, value in
        guard let context, let name else { return nabat_mhd_yes() }
        Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
          .request.headers[String(cString: name).lowercased()] = value.map { String(cString: $0) } ?? ""
        return nabat_mhd_yes()
      }, context)
    nabat_mhd_each_argument(
      connection,
      { context, _, name, value in
        guard let context, let name else { return nabat_mhd_yes() }
        Unmanaged<Exchange>.fromOpaque(context).takeUnretainedValue()
          .request.query[String(cString: name)] = value.map { String(cString: $0) } ?? ""
        return nabat_mhd_yes()
      }, context)
  }

  var announcedTooMuch: Bool {
    request.headers["content-length"].flatMap { Int($0) }.map { $0 > HTTPServer.bodyLimit } ?? false
  }
}

/// Hands out a body that is cut off, stalls or repeats; touched by its connection's thread only.
private final class BodyReader {
  private let body: [UInt8]
  private let responder: Responder
  private var pause: (at: Int, duration: Duration)?
  private let cut: Int

  init(_ answer: HTTPResponse, responder: Responder) {
    body = answer.body
    self.responder = responder
    var cut = Int.max
    switch answer.behaviour {
    case .hangUp(let count): cut = count
    case .stall(let count, let duration): pause = (count, duration)
    default: break
    }
    self.cut = cut
  }

  static let onRead: MHD_ContentReaderCallback = { context, position, buffer, room in
    guard let context, let buffer else { return nabat_mhd_end_with_error() }
    let reader = Unmanaged<BodyReader>.fromOpaque(context).takeUnretainedValue()
    return reader.read(from: Int(position), into: buffer, room: room)
  }

  private func read(from position: Int, into buffer: UnsafeMutablePointer<CChar>, room: Int) -> Int {
    if position >= cut || body.isEmpty { return nabat_mhd_end_with_error() }
    var limit = min(room, cut - position)
    if let pause {
      if position >= pause.at {
        responder.wait(pause.duration)
        self.pause = nil
      } else {
        limit = min(limit, pause.at - position)
      }
    }
    let offset = position % body.count
    let count = min(limit, body.count - offset)
    body[offset..<(offset + count)].withUnsafeBytes {
      UnsafeMutableRawBufferPointer(start: buffer, count: count).copyMemory(from: $0)
    }
    return count
  }
}
