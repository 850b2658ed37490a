import Glibc

/// Small files, read and written whole.
enum DemoFile {
  static func read(_ path: String) throws(DemoError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }

  /// Replaces the file, or makes it.
  static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o644) throws(DemoError) {
    try write(bytes, to: path, flags: O_TRUNC, mode: mode)
  }

  static func append(_ bytes: [UInt8], to path: String) throws(DemoError) {
    try write(bytes, to: path, flags: O_APPEND, mode: 0o644)
  }

  private static func write(_ bytes: [UInt8], to path: String, flags: Int32, mode: mode_t) throws(DemoError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, mode)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Glibc.write(descriptor, $0 + written, buffer.count - written) } ?? 0
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw failure(path) }
      written += count
    }
  }

  /// Makes the folder and those above it; one that is there is left as it is.
  static func makeFolder(_ path: String) throws(DemoError) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      if mkdir(made, 0o755) != 0, errno != EEXIST { throw failure(made) }
    }
    if access(path, W_OK | X_OK) != 0 { throw failure(path) }
  }

  private static func failure(_ path: String) -> DemoError {
    .inputOutput(path: path, reason: String(cString: strerror(errno)))
  }
}
