import CMicrohttpd
import Glibc
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1, one thread a connection.
///
/// The handler is called from many threads at once and may block: that holds up its own connection only.
/// It must not call `stop`, which waits for it.
package final class HTTPServer: Sendable {
  /// The port it listens on; never 0.
  package let port: UInt16
  private let daemon: Mutex<Daemon?>

  /// Limits of every server: bodies of 16 MB (a longer one gets 413 or a closed connection), 512 connections,
  /// 60 s of idleness.
  package static let bodyLimit = 16 << 20
  private static let connectionLimit: UInt32 = 512
  private static let idleSeconds: UInt32 = 60

  /// Starts to listen; port 0 takes any free one.
  package init(port: UInt16 = 0, handler: @escaping @Sendable (HTTPRequest) -> HTTPResponse) throws(ServingError) {
    let socket = try HTTPServer.listen(on: port)
    self.port = HTTPServer.boundPort(of: socket)
    let responder = Unmanaged.passRetained(Responder(handler: handler))
    guard
      let raw = nabat_mhd_start(
        socket, HTTPServer.connectionLimit, HTTPServer.idleSeconds, Responder.onAccess, responder.toOpaque(),
        Responder.onCompleted)
    else {
      let words = HTTPServer.words(errno)
      close(socket)
      responder.release()
      throw .system(words)
    }
    daemon = Mutex(Daemon(raw: raw, responder: responder))
  }

  /// Closes every connection and waits for the handlers that are running. A second call does nothing.
  package func stop() {
    let taken = daemon.withLock { daemon in
      defer { daemon = nil }
      return daemon
    }
    guard let taken else { return }
    taken.responder.takeUnretainedValue().stopped.store(true, ordering: .releasing)
    MHD_stop_daemon(taken.raw)
    taken.responder.release()
  }

  deinit { stop() }

  // Unchecked: it lies in a mutex from `init` on, and only the one call of `stop` that takes it out touches it again.
  /// What the library gave for the running server.
  private struct Daemon: @unchecked Sendable {
    let raw: OpaquePointer
    let responder: Unmanaged<Responder>
  }
}

extension HTTPServer {
  /// The server's address without a trailing slash: `http://127.0.0.1:8080`.
  package var url: String { "http://127.0.0.1:\(port)" }

  /// Listening here rather than in the library gives the system's own reason when it fails.
  private static func listen(on port: UInt16) throws(ServingError) -> Int32 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .system(words(errno)) }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0, Glibc.listen(descriptor, 128) == 0 else {
      let reason = errno
      close(descriptor)
      switch reason {
      case EADDRINUSE: throw .portInUse(port)
      case EACCES: throw .portForbidden(port)
      default: throw .system(words(reason))
      }
    }
    return descriptor
  }

  private static func boundPort(of socket: Int32) -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &length) }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func words(_ code: Int32) -> String { String(cString: strerror(code)) }
}
