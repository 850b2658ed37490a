import HTTP
package import Model

/// When a message that failed is tried again: dense inside the norm for answers, then ever rarer, 72 hours in all.
package enum RetrySchedule {
  /// What an attempt's outcome means for the message.
  package enum Verdict: Hashable, Sendable {
    case delivered
    case retry
    /// It will not get better: the receiver refuses this message.
    case dead
    /// The receiver is gone for good: nothing more goes to this endpoint.
    case disable
  }

  /// Judges a status; nil is no answer at all. Redirects are failures, not followed.
  package static func verdict(status: Int?) -> Verdict {
    switch status {
    case .some(200..<300): .delivered
    case 410: .disable
    case 400, 413, 422: .dead
    default: .retry
    }
  }

  /// The moment of the next attempt; nil when the schedule is over.
  ///
  /// - Parameters:
  ///   - attempt: how many attempts were made, ≥ 1.
  ///   - retryAfter: the header's text, if the answer had one.
  ///   - jitter: in -1…1, moves the gap by up to a tenth.
  package static func next(
    after attempt: Int, severity: Severity, now: Moment, retryAfter: String? = nil, jitter: Double
  ) -> Moment? {
    precondition(attempt >= 1, "an attempt was made before a next one")
    precondition((-1...1).contains(jitter), "jitter lies in -1…1")
    let gaps = severity >= .high ? urgentGaps : calmGaps
    guard attempt <= gaps.count else { return nil }
    let gap = Double(gaps[attempt - 1].milliseconds) * (1 + jitter / 10)
    let asked = retryAfter.flatMap { RetryAfter.span($0, now: now) } ?? .zero
    let longest: Span = severity >= .high ? .minutes(5) : .days(1)
    return now + max(Span(milliseconds: Int64(gap.rounded())), min(asked, longest))
  }

  /// The gaps after attempts 1, 2, 3 … for `high` and `critical`: eleven attempts in the first 49 minutes.
  package static let urgentGaps: [Span] = {
    var gaps: [Span] = [
      .seconds(5), .seconds(15), .seconds(30), .minutes(1), .minutes(2), .minutes(5), .minutes(5), .minutes(10),
      .minutes(10),
    ]
    var offset = gaps.reduce(.zero, +)
    while offset + .minutes(15) <= .hours(6) {
      gaps.append(.minutes(15))
      offset = offset + .minutes(15)
    }
    while offset + .hours(1) <= .hours(72) {
      gaps.append(.hours(1))
      offset = offset + .hours(1)
    }
    return gaps
  }()

  /// The table of Standard Webhooks, as far as it lies within 72 hours.
  package static let calmGaps: [Span] = [
    .seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(14), .hours(20),
  ]
}
