import Glibc
import Synchronization

/// Standard output and error as file descriptors; whole writes, no buffering between calls.
enum Terminal {
  static let outputIsTerminal = isatty(1) == 1
  static let errorIsTerminal = isatty(2) == 1

  static func write(_ text: String) { writeOutput(Array(text.utf8)) }
  static func writeError(_ text: String) { write(Array(text.utf8), to: 2) }

  /// Standard output. A failure is remembered for the end: a server goes on without its console. A reader that went
  /// away is none: it has what it wanted.
  static func writeOutput(_ bytes: [UInt8]) {
    if let reason = write(bytes, to: 1), reason != EPIPE { firstFailure.withLock { $0 = $0 ?? reason } }
  }

  /// Why standard output lost something, in the system's words; nil when all of it was written.
  static var failure: String? { firstFailure.withLock { $0 }.map { String(cString: strerror($0)) } }

  private static let firstFailure = Mutex<Int32?>(nil)

  /// - Returns: the system's reason when not all could be written.
  @discardableResult static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, start, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = rest.dropFirst(count)
      }
      return nil
    }
  }
}

/// Collects lines and writes them in large pieces.
struct OutputBuffer {
  private var bytes: [UInt8] = []

  mutating func line(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    bytes.append(0x0A)
    if bytes.count > 1 << 16 { flush() }
  }

  /// A line that is written straight into the buffer, which is emptied by `flush` when it is full.
  mutating func line(_ write: (_ bytes: inout [UInt8], _ flush: (inout [UInt8]) -> Void) -> Void) {
    write(&bytes) { bytes in
      guard bytes.count > 1 << 16 else { return }
      Terminal.writeOutput(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
    bytes.append(0x0A)
    if bytes.count > 1 << 16 { flush() }
  }

  mutating func flush() {
    Terminal.writeOutput(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
