import Model
import Synchronization

/// Lets tasks through one at a time for each host, in the order they came, with a gap between.
///
/// A host is left alone until a moment when it asked for that.
final class HostGate: Sendable {
  private struct Host {
    var isTaken = false
    /// Not before then.
    var readyAt: Moment?
    var queue: [(id: UInt64, wake: CheckedContinuation<Void, any Error>)] = []
  }
  private struct State {
    var hosts: [String: Host] = [:]
    var nextID: UInt64 = 0
  }
  private let state = Mutex(State())
  private let clock: any WallClock
  private let gap: Span
  /// Idle hosts above this number are forgotten when their time has passed.
  private let remembered = 4096

  init(clock: any WallClock, gap: Span) {
    self.clock = clock
    self.gap = gap
  }

  /// Runs the body when the host is free. What it returns besides its result keeps the host closed until then.
  func pass<Result>(_ host: String, _ body: () async throws -> (Result, closedUntil: Moment?)) async throws -> Result {
    try await take(host)
    do {
      while let readyAt = state.withLock({ $0.hosts[host]?.readyAt }), readyAt > clock.now {
        try await clock.sleep(until: readyAt, tolerance: nil)
      }
      let (result, closedUntil) = try await body()
      release(host, readyAt: max(clock.now + gap, closedUntil ?? clock.now))
      return result
    } catch {
      release(host, readyAt: clock.now + gap)
      throw error
    }
  }

  private func take(_ host: String) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
        let goes: Bool? = state.withLock { state in
          if Task.isCancelled { return false }
          if state.hosts[host]?.isTaken == true {
            state.hosts[host]?.queue.append((id, wake))
            return nil
          }
          state.hosts[host, default: Host()].isTaken = true
          return true
        }
        if let goes { goes ? wake.resume() : wake.resume(throwing: CancellationError()) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.hosts[host]?.queue.firstIndex { $0.id == id }.flatMap { state.hosts[host]?.queue.remove(at: $0) }
      }
      waiter?.wake.resume(throwing: CancellationError())
    }
  }

  /// The host goes to the next in line without being free in between.
  private func release(_ host: String, readyAt: Moment) {
    let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
      state.hosts[host]?.readyAt = readyAt
      if state.hosts[host]?.queue.isEmpty == false { return state.hosts[host]?.queue.removeFirst().wake }
      state.hosts[host]?.isTaken = false
      if state.hosts.count > remembered {
        let now = clock.now
        state.hosts = state.hosts.filter { $0.value.isTaken || ($0.value.readyAt ?? now) > now }
      }
      return nil
    }
    next?.resume()
  }
}
