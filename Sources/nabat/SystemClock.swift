import Glibc
import Model

/// The clock of the machine. Named in this module only: everything else receives a clock.
struct SystemClock: WallClock {
  var now: Moment {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Moment(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  var minimumResolution: Duration { .milliseconds(1) }

  /// Sleeps by the monotonic clock, in pieces, so that a step of the wall clock is noticed within a second.
  func sleep(until deadline: Moment, tolerance: Duration?) async throws {
    while true {
      let rest = deadline.milliseconds - now.milliseconds
      guard rest > 0 else { return try Task.checkCancellation() }
      try await Task.sleep(for: Duration.milliseconds(min(rest, 1000)), clock: .continuous)
    }
  }
}

/// A clock that runs faster than the machine's from a moment of its own: the demo's.
struct FastClock: WallClock {
  private let start: Moment
  private let realStart: Moment
  private let factor: Int64

  /// - Parameter factor: how many of its seconds pass in one real second.
  init(from start: Moment, factor: Int64) {
    self.start = start
    self.factor = factor
    realStart = SystemClock().now
  }

  var now: Moment {
    Moment(
      milliseconds: start.milliseconds + (SystemClock().now.milliseconds - realStart.milliseconds) * factor)
  }

  var minimumResolution: Duration { .milliseconds(1) }

  func sleep(until deadline: Moment, tolerance: Duration?) async throws {
    while true {
      let rest = deadline.milliseconds - now.milliseconds
      guard rest > 0 else { return try Task.checkCancellation() }
      // In pieces of a real second at most: a deadline may lie as far away as one likes.
      let pause = rest >= 1000 * factor ? 1_000_000 : max(1000, rest * 1000 / factor)
      try await Task.sleep(for: Duration.microseconds(pause), clock: .continuous)
    }
  }
}
