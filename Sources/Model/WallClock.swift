import Synchronization

/// A clock whose instants are moments of the calendar. Everything that needs the time receives one.
package protocol WallClock: Clock, Sendable where Instant == Moment, Duration == Swift.Duration {}

/// A clock that moves only when it is told to: for tests.
package final class VirtualClock: WallClock {
  private struct State {
    var now: Moment
    var sleepers: [(id: Int, due: Moment, wake: CheckedContinuation<Void, any Error>)] = []
    var nextID = 0
  }
  private let state: Mutex<State>

  package init(_ start: Moment) { state = Mutex(State(now: start)) }

  package var now: Moment { state.withLock { $0.now } }
  package var minimumResolution: Duration { .milliseconds(1) }

  /// How many tasks sleep on this clock.
  package var sleeperCount: Int { state.withLock { $0.sleepers.count } }

  package func sleep(until deadline: Moment, tolerance: Duration?) async throws {
    try Task.checkCancellation()
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
        let due: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          if deadline <= state.now { return true }
          state.sleepers.append((id, deadline, wake))
          return nil
        }
        if let due { due ? wake.resume() : wake.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.sleepers.firstIndex { $0.id == id }.map { state.sleepers.remove(at: $0) }
      }
      sleeper?.wake.resume(throwing: CancellationError())
    }
  }

  /// Moves the clock forward and wakes everyone whose deadline has come, earliest first.
  package func advance(to moment: Moment) {
    let due = state.withLock { state in
      state.now = max(state.now, moment)
      let now = state.now
      let due = state.sleepers.filter { $0.due <= now }.sorted { ($0.due, $0.id) < ($1.due, $1.id) }
      state.sleepers.removeAll { $0.due <= now }
      return due
    }
    for sleeper in due { sleeper.wake.resume() }
  }

  package func advance(by span: Span) { advance(to: now + span) }
}
