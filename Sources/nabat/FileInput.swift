import Glibc

/// Files read whole.
enum FileInput {
  /// The bytes of a file; `-` is standard input. Missing or unreadable stops with 74.
  static func bytes(_ path: String) throws(Stop) -> [UInt8] {
    let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Stop(.inputOutput, "\(path): cannot be read: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      if count == 0 { return bytes }
      if count < 0 {
        if errno == EINTR { continue }
        throw Stop(.inputOutput, "\(path): cannot be read: \(String(cString: strerror(errno)))")
      }
      bytes.append(contentsOf: piece[..<count])
    }
  }
}
