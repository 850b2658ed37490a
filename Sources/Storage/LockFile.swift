import Glibc
import Model

/// A file whose lock says that one process, and only one, writes a database. Held until it is released.
///
/// The file stays behind: removing it would let two processes lock two files of one name.
final class LockFile {
  private let descriptor: Int32

  /// Takes the lock or throws `.inUse` with the holder's process id.
  init(for database: String) throws(StoreError) {
    let path = database + ".lock"
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard opened >= 0 else {
      throw .inputOutput("\(path): cannot be created: \(String(cString: strerror(errno)))")
    }
    guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
      let reason = errno
      let holder = LockFile.firstLine(of: opened)
      close(opened)
      guard reason == EWOULDBLOCK else {
        throw .inputOutput("\(path): cannot be locked: \(String(cString: strerror(reason)))")
      }
      let process = holder.isEmpty ? "another process" : "process \(holder)"
      throw .inUse("\(database) is in use by \(process): stop it first, or choose another database")
    }
    descriptor = opened
    // For people and for the message above; the lock itself is what counts, so a full disk does no harm here.
    let line = "\(getpid())\n"
    if ftruncate(opened, 0) == 0 { _ = write(opened, line, line.utf8.count) }
  }

  deinit {
    // Said in so many words: a child that is being started at this moment shares the file until it is replaced, and
    // would keep the lock alive.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func firstLine(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)).prefix { $0 >= 0x30 && $0 <= 0x39 }, as: UTF8.self)
  }
}
