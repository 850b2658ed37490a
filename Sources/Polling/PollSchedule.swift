package import Model

/// When a source is asked next: a pure function of its state and the last answer.
package enum PollSchedule {
  /// No source waits longer than this, whatever it does.
  package static let longest = Span.hours(24)

  /// The state after a result.
  ///
  /// Success: the source's interval; failures double it each time, up to 24 hours; both within a tenth either way, so
  /// that the sources of one host do not stay in step. `Retry-After` is never undercut.
  package static func state(after result: PollResult, _ verdict: PollVerdict) -> SourceState {
    var state = result.before
    state.lastAttempt = result.fetchedAt
    let every = max(result.source.every, Span(milliseconds: 1))
    var isGone = false
    switch result.outcome {
    case .failed(let words, let status):
      fail(&state, words)
      isGone = status == 410
    case .payload where !verdict.isGood:
      fail(&state, verdict.words ?? "ответ пришёл, но прочитать его не удалось: проверьте вид источника и селекторы")
    case .payload:
      succeed(&state, at: result.fetchedAt)
      state.etag = result.validators?.etag
      state.lastModified = result.validators?.lastModified
      state.validatorURL = result.validators == nil ? nil : result.url
    case .unchanged:
      succeed(&state, at: result.fetchedAt)
      // A 304 may carry a newer ETag; what it leaves out stays.
      if let validators = result.validators {
        if state.validatorURL != result.url { (state.etag, state.lastModified) = (nil, nil) }
        state.etag = validators.etag ?? state.etag
        state.lastModified = validators.lastModified ?? state.lastModified
        state.validatorURL = result.url
      }
    }
    var gap = every
    for _ in 0..<max(0, min(state.failures - 1, 31)) where gap < longest { gap = gap * 2 }
    // What is gone for good is asked for once a day, in case that was a mistake.
    if isGone { gap = longest }
    if state.failures > 0 { gap = min(gap, max(longest, every)) }
    let spread = Double(gap.milliseconds) * (1 + max(-1, min(1, result.jitter)) / 10)
    let next = result.fetchedAt + Span(milliseconds: max(1, Int64(spread.rounded())))
    state.next = max(next, result.retryAfter ?? next)
    return state
  }

  private static func succeed(_ state: inout SourceState, at now: Moment) {
    state.lastSuccess = now
    state.lastError = nil
    state.failures = 0
  }

  private static func fail(_ state: inout SourceState, _ words: String) {
    state.lastError = words
    state.failures += 1
  }
}

extension PollResult {
  /// The source's state after this result: what the caller commits together with the items, and what the poller goes on
  /// from. Results of extra addresses leave it as it is.
  package func state(after verdict: PollVerdict) -> SourceState {
    isExtra ? before : PollSchedule.state(after: self, verdict)
  }
}
