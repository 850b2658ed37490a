import Glibc

/// NDJSON files, read line by line in bounded memory.
package enum TapeFile {
  /// Bytes a line may have.
  package static let lineLimit = 4 << 20

  /// Why a file could not be read to its end.
  package enum Failure: Error, Hashable, Sendable {
    /// The file cannot be opened or read, in the system's words.
    case unreadable(path: String, reason: String)
    /// A line is longer than `lineLimit`.
    case lineTooLong(path: String, line: Int)

    /// One sentence without a full stop; the place comes first, as in diagnostics.
    package var message: String {
      switch self {
      case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
      case .lineTooLong(let path, let line):
        "\(path):\(line): the line is longer than \(TapeFile.lineLimit / (1 << 20)) MB"
      }
    }
  }

  /// Calls `body` with the number (from 1) and the bytes of each line that is not blank, in order.
  ///
  /// Lines end with LF or CRLF, the last one with the file; a byte order mark at the beginning is skipped. The file may
  /// be a pipe. Throws `Failure` and what `body` throws.
  package static func forEachLine(
    _ path: String, _ body: (_ number: Int, _ line: UnsafeBufferPointer<UInt8>) throws -> Void
  ) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.unreadable(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var splitter = Splitter(path: path)
    while try splitter.fill(from: descriptor) { try splitter.lines(body) }
    try splitter.finish(body)
  }

  /// What was read and not yet handed out.
  private struct Splitter {
    let path: String
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    /// The first byte not handed out, the first not searched for a line break, and the end of what was read.
    var start = 0
    var searched = 0
    var end = 0
    var number = 0

    init(path: String) { self.path = path }

    /// Reads on; false at the end of the file.
    mutating func fill(from descriptor: Int32) throws -> Bool {
      if start > 0 {
        buffer.withUnsafeMutableBytes { bytes in
          guard let base = bytes.baseAddress else { return }
          memmove(base, base + start, end - start)
        }
        end -= start
        searched -= start
        start = 0
      }
      if end > TapeFile.lineLimit { throw Failure.lineTooLong(path: path, line: number + 1) }
      if end == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
      while true {
        let count = buffer.withUnsafeMutableBytes { bytes in
          bytes.baseAddress.map { read(descriptor, $0 + end, bytes.count - end) } ?? 0
        }
        if count < 0 && errno == EINTR { continue }
        guard count >= 0 else { throw Failure.unreadable(path: path, reason: String(cString: strerror(errno))) }
        end += count
        return count > 0
      }
    }

    /// Hands out every line that has its line break.
    mutating func lines(_ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
      var start = start
      var number = number
      try buffer.withUnsafeBufferPointer { bytes in
        guard let base = bytes.baseAddress else { return }
        var from = searched
        while let found = memchr(base + from, 0x0A, end - from) {
          let stop = UnsafeRawPointer(found) - UnsafeRawPointer(base)
          number += 1
          try hand(UnsafeBufferPointer(rebasing: bytes[start..<stop]), number, body)
          start = stop + 1
          from = start
        }
      }
      self.start = start
      self.number = number
      searched = end
    }

    /// Hands out what stands after the last line break.
    func finish(_ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void) throws {
      guard start < end else { return }
      try buffer.withUnsafeBufferPointer { bytes in
        try hand(UnsafeBufferPointer(rebasing: bytes[start..<end]), number + 1, body)
      }
    }

    private func hand(
      _ line: UnsafeBufferPointer<UInt8>, _ number: Int, _ body: (Int, UnsafeBufferPointer<UInt8>) throws -> Void
    ) throws {
      var line = line
      if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = UnsafeBufferPointer(rebasing: line.dropFirst(3)) }
      if line.last == 0x0D { line = UnsafeBufferPointer(rebasing: line.dropLast()) }
      if line.count > TapeFile.lineLimit { throw Failure.lineTooLong(path: path, line: number) }
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { return }
      try body(number, line)
    }
  }
}
