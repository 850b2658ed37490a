import Glibc

/// Files read whole.
enum FileInput {
  /// The bytes of a file; `-` is standard input. Missing or unreadable stops with 74.
  static func bytes(_ path: String) throws(Stop) -> [UInt8] {
    let descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Stop(.inputOutput, "\(path): cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var status = stat()
    let size = fstat(descriptor, &status) == 0 && status.st_size > 0 ? Int(status.st_size) : 0
    var failure: Int32?
    // One byte more than the file says it has, so that its end is met without another piece.
    var bytes = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, count in
      failure = fill(buffer, &count, from: descriptor)
    }
    while failure == nil, bytes.count > size {
      bytes += [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        failure = fill(buffer, &count, from: descriptor)
        if count < buffer.count { failure = failure ?? 0 }
      }
    }
    if let failure, failure != 0 {
      throw Stop(.inputOutput, "\(path): cannot be read: \(String(cString: strerror(failure)))")
    }
    return bytes
  }

  /// Reads until the buffer is full or the file ends; the system's error, if there is one.
  private static func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int, from descriptor: Int32)
    -> Int32?
  {
    count = 0
    while count < buffer.count {
      let piece = read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
      if piece == 0 { return nil }
      if piece < 0 {
        if errno == EINTR { continue }
        return errno
      }
      count += piece
    }
    return nil
  }

  /// Makes a folder and those above it; what is there already stays.
  static func makeFolders(_ path: String) throws(Stop) {
    var made = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
      made += made.isEmpty && part.isEmpty ? "/" : made.isEmpty || made == "/" ? String(part) : "/" + part
      guard !made.isEmpty, made != "/", mkdir(made, 0o755) != 0, errno != EEXIST else { continue }
      throw Stop(.inputOutput, "\(made): the folder cannot be made: \(String(cString: strerror(errno)))")
    }
  }

  static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(Stop) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw Stop(.inputOutput, "\(path): cannot be written: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    if let reason = Terminal.write(Array(text.utf8), to: descriptor) {
      throw Stop(.inputOutput, "\(path): cannot be written: \(String(cString: strerror(reason)))")
    }
  }

  /// A new folder for this run alone, below TMPDIR.
  static func temporaryFolder(_ name: String) throws(Stop) -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/\(name).XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Stop(.inputOutput, "\(parent): no folder can be made there: \(String(cString: strerror(errno)))")
    }
    return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
