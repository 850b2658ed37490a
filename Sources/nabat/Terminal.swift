import Glibc

/// Standard output and error as file descriptors; whole writes, no buffering between calls.
enum Terminal {
  static let outputIsTerminal = isatty(1) == 1
  static let errorIsTerminal = isatty(2) == 1

  static func write(_ text: String) { write(Array(text.utf8), to: 1) }
  static func writeError(_ text: String) { write(Array(text.utf8), to: 2) }

  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while let start = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, start, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return
        }
        rest = rest.dropFirst(count)
      }
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

  mutating func flush() {
    Terminal.write(bytes, to: 1)
    bytes.removeAll(keepingCapacity: true)
  }
}
