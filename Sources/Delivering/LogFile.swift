import Glibc
import Model

/// One open file of the alert log; used under the log's mutex only.
final class LogFile {
  private let path: String
  private let descriptor: Int32
  /// Bytes.
  private(set) var size: Int
  /// The time of the first line; for an empty file, when it was opened.
  let started: Moment

  /// A file whose last line was torn by a crash gets a line break first, so that the next line stands by itself.
  init(path: String, now: Moment) throws(AlertLogError) {
    let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw AlertLogError(path: path, errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw AlertLogError(path: path, code)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
    started = LogFile.firstTime(of: descriptor) ?? now
    var last: UInt8 = 0x0A
    if size > 0, pread(descriptor, &last, 1, size - 1) == 1, last != 0x0A { try append([0x0A]) }
    if size == 0 { LogFile.syncFolder(of: path) }
  }

  deinit { close(descriptor) }

  /// Whether the path still names this file: someone may have moved or removed it.
  func isStill(at path: String) -> Bool {
    var here = stat()
    var there = stat()
    return fstat(descriptor, &here) == 0 && stat(path, &there) == 0 && here.st_ino == there.st_ino
      && here.st_dev == there.st_dev
  }

  /// All or nothing: what a full disk cut off is taken back.
  func append(_ bytes: [UInt8]) throws(AlertLogError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let code = count < 0 ? errno : EIO
        ftruncate(descriptor, off_t(size))
        throw AlertLogError(path: path, code)
      }
      written += count
    }
    size += bytes.count
    guard fsync(descriptor) == 0 else { throw AlertLogError(path: path, errno) }
  }

  private static func firstTime(of descriptor: Int32) -> Moment? {
    var head = [UInt8](repeating: 0, count: 4096)
    head.removeLast(head.count - max(0, pread(descriptor, &head, head.count, 0)))
    let text = String(decoding: head.prefix { $0 != 0x0A }, as: UTF8.self)
    guard let key = text.firstRange(of: "\"time\":\"") else { return nil }
    return Moment(rfc3339: text[key.upperBound...].prefix { $0 != "\"" })
  }

  /// A new name is on disk only when its folder is.
  private static func syncFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { path[..<$0].isEmpty ? "/" : String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
