import Dispatch
import Synchronization

/// A second thread beside that of the engine: it does one thing after another, in the order in which they were given.
///
/// Whatever fails ends it: what was given later is left undone, and whoever gives more or finishes hears of it.
package final class Lane: Sendable {
  private let queue = DispatchQueue(label: "lane")
  private let room: DispatchSemaphore
  private let failure = Mutex<(any Error)?>(nil)

  /// - Parameter limit: how many things may wait or be under way; ≥ 1.
  package init(limit: Int = 4) { room = DispatchSemaphore(value: limit) }

  /// Waits while there is no room.
  package func add(_ work: @escaping @Sendable () throws -> Void) throws {
    try check()
    room.wait()
    queue.async { [self] in
      defer { room.signal() }
      if failure.withLock({ $0 != nil }) { return }
      do { try work() } catch { failure.withLock { $0 = error } }
    }
  }

  /// Waits until everything that was given is done.
  package func finish() throws {
    queue.sync {}
    try check()
  }

  private func check() throws {
    if let error = failure.withLock({ $0 }) { throw error }
  }
}
