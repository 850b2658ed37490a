import Synchronization

/// Wakes one waiting loop: «there is something to do, look again».
///
/// A signal raised while nobody waits is kept (once), so nothing is missed between a look and a wait.
package final class WakeSignal: Sendable {
  private struct State {
    var isRaised = false
    var waiter: CheckedContinuation<Void, Never>?
  }
  private let state = Mutex(State())

  package init() {}

  package func raise() {
    let waiter = state.withLock { state in
      state.isRaised = state.waiter == nil
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// Returns when the signal is raised, or when the task is cancelled. One waiter at a time.
  package func wait() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        let waits = state.withLock { state in
          if state.isRaised || Task.isCancelled {
            state.isRaised = false
            return false
          }
          precondition(state.waiter == nil, "a WakeSignal has one waiter at a time")
          state.waiter = continuation
          return true
        }
        if !waits { continuation.resume() }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        defer { state.waiter = nil }
        return state.waiter
      }
      waiter?.resume()
    }
  }

  /// Returns when the signal is raised or the clock has come to `deadline` (nil: never); throws when cancelled.
  package func wait(until deadline: Moment?, on clock: any WallClock) async throws {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.wait() }
      if let deadline { group.addTask { try? await clock.sleep(until: deadline, tolerance: nil) } }
      await group.next()
      group.cancelAll()
    }
    try Task.checkCancellation()
  }
}
