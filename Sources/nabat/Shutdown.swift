import Dispatch
import Glibc
import Synchronization

/// Runs a server until it ends or a signal comes: the first SIGTERM or SIGINT lets it drain, a second ends at once.
enum Shutdown {
  /// A pipe from the signal handler to whoever waits: a signal that comes before anyone listens is not lost.
  private static let pipe: (read: Int32, write: Int32) = {
    var ends: [Int32] = [-1, -1]
    _ = Glibc.pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    return (ends[0], ends[1])
  }()

  /// `body` starts when the signals are caught already.
  static func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
    signal(SIGPIPE, SIG_IGN)
    let reading = pipe.read
    for number in [SIGTERM, SIGINT] {
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(Shutdown.pipe.write, &byte, 1)
      }
    }
    let task = Task { try await body() }
    let count = Mutex(0)
    let source = DispatchSource.makeReadSource(fileDescriptor: reading, queue: .global())
    source.setEventHandler {
      var number: UInt8 = 0
      while read(reading, &number, 1) == 1 {
        let isFirst = count.withLock { count in
          count += 1
          return count == 1
        }
        if isFirst { task.cancel() } else { _exit(128 + Int32(number)) }
      }
    }
    source.resume()
    defer { source.cancel() }
    do {
      try await task.value
    } catch is CancellationError {
      return
    }
  }
}
