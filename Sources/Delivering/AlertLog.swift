import Glibc
package import Model
import Synchronization

/// The alert log: a file of NDJSON that is always on, for grep, for log shippers and for the day the database is gone.
///
/// Every append is on disk when it returns. The file is rotated by size and by the age of its first line:
/// `alerts.ndjson` → `.1` → `.2` …; the oldest of the kept files is dropped. It may be moved away at any time.
package final class AlertLog: Sendable {
  /// When the file is put aside.
  package struct Rotation: Hashable, Sendable {
    /// Bytes.
    package var size = 64 << 20
    package var age = Span.days(7)
    /// How many files are kept besides the current one.
    package var kept = 8

    package init() {}
  }

  private let path: String
  private let rotation: Rotation
  private let clock: any WallClock
  private let open: Mutex<LogFile?>

  /// Opens the file, or makes it.
  package init(path: String, rotation: Rotation = Rotation(), clock: any WallClock) throws(AlertLogError) {
    self.path = path
    self.rotation = rotation
    self.clock = clock
    open = Mutex(try LogFile(path: path, now: clock.now))
  }

  /// Appends the lines of one step, in order, and waits until they are on disk.
  package func append(_ lines: [String]) throws(AlertLogError) {
    guard !lines.isEmpty else { return }
    var bytes: [UInt8] = []
    for line in lines {
      bytes.append(contentsOf: line.utf8.lazy.map { $0 == 0x0A ? 0x20 : $0 })
      bytes.append(0x0A)
    }
    let now = clock.now
    let result = open.withLock { open -> Result<Void, AlertLogError> in
      do throws(AlertLogError) {
        if let file = open, !file.isStill(at: path) { open = nil }
        if let file = open, file.size > 0,
          file.size + bytes.count > rotation.size || now - file.started >= rotation.age
        {
          open = nil
          try rotate()
        }
        let file: LogFile
        if let current = open { file = current } else { file = try LogFile(path: path, now: now) }
        open = file
        try file.append(bytes)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  private func rotate() throws(AlertLogError) {
    for number in stride(from: rotation.kept - 1, through: 1, by: -1) {
      rename("\(path).\(number)", "\(path).\(number + 1)")
    }
    guard rename(path, "\(path).1") == 0 else { throw AlertLogError(path: path, errno) }
  }
}

extension AlertLog: Sink {
  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    do throws(AlertLogError) {
      try append([message.body])
      return .status(200)
    } catch {
      return .failed(error.description)
    }
  }
}

extension SinkKind {
  package static let log = SinkKind(
    name: "log", summary: "A file of NDJSON, one event a line, rotated by size and age",
    keys: [SinkKey("path", .path, isRequired: true)]
  ) { settings, context throws(SinkError) in
    let path = try settings.text("path")
    do throws(AlertLogError) { return try AlertLog(path: path, clock: context.clock) } catch { throw .log(error) }
  }
}

/// Why the log could not be written: the file and what the system said.
package struct AlertLogError: Error, Hashable, Sendable {
  package var path: String
  package var code: Int32

  init(path: String, _ code: Int32) {
    self.path = path
    self.code = code
  }
}

extension AlertLogError: CustomStringConvertible {
  package var description: String { "\(path): \(String(cString: strerror(code)))" }
}
