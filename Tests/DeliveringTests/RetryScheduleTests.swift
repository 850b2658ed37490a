import Delivering
import Model
import Testing

@Suite("The retry schedule") struct RetryScheduleTests {
  private func offsets(_ severity: Severity) -> [Span] {
    var offsets = [Span.zero]
    var now = start
    while let next = RetrySchedule.next(after: offsets.count, severity: severity, now: now, jitter: 0) {
      now = next
      offsets.append(now - start)
    }
    return offsets
  }

  @Test("of urgent alerts tries eleven times in 49 minutes, every 15 minutes to 6 hours, hourly to 72")
  func urgent() {
    for severity in [Severity.high, .critical] {
      let offsets = offsets(severity)
      #expect(
        offsets.prefix(11).map(\.description) == [
          "0s", "5s", "20s", "50s", "1m50s", "3m50s", "8m50s", "13m50s", "23m50s", "33m50s", "48m50s",
        ])
      let gaps = zip(offsets.dropFirst(), offsets).map { $0.0 + $0.1 * -1 }
      #expect(zip(offsets.dropFirst(), gaps).allSatisfy { $0.0 > .hours(6) || $0.1 <= .minutes(15) })
      #expect(offsets.last.map { $0 > .hours(71) && $0 <= .hours(72) } == true)
    }
  }

  @Test("of the others follows the table of Standard Webhooks")
  func calm() {
    for severity in [Severity.info, .low, .medium] {
      #expect(
        offsets(severity).map(\.description) == [
          "0s", "5s", "5m5s", "35m5s", "2h35m5s", "7h35m5s", "17h35m5s", "1d7h35m5s", "2d3h35m5s",
        ])
    }
  }

  @Test("spreads attempts by a tenth either way")
  func jitter() {
    func gap(_ jitter: Double) -> Span? {
      RetrySchedule.next(after: 5, severity: .high, now: start, jitter: jitter).map { $0 - start }
    }
    #expect(gap(-1) == .seconds(108))
    #expect(gap(0) == .seconds(120))
    #expect(gap(1) == .seconds(132))
  }

  @Test("waits as long as the receiver asks, but for urgent alerts at most five minutes")
  func retryAfter() {
    func gap(_ text: String, _ severity: Severity) -> Span? {
      RetrySchedule.next(after: 1, severity: severity, now: start, retryAfter: text, jitter: 0).map { $0 - start }
    }
    #expect(gap("60", .high) == .minutes(1))
    #expect(gap("3600", .critical) == .minutes(5))
    #expect(gap("3600", .low) == .hours(1))
    #expect(gap("99999999999999999999999", .low) == .days(1))
    #expect(gap("Sun, 01 Mar 2026 09:02:00 GMT", .high) == .minutes(2))
    #expect(gap("Sun, 01 Mar 2026 08:00:00 GMT", .high) == .seconds(5))
    for odd in ["1", "", "soon", "-60", "Sun, 99 Mar 2026 09:02:00 GMT"] { #expect(gap(odd, .high) == .seconds(5)) }
  }

  @Test("knows what a status means")
  func verdicts() {
    for status in [200, 201, 204, 299] { #expect(RetrySchedule.verdict(status: status) == .delivered) }
    for status in [nil, 301, 302, 308, 401, 403, 404, 408, 429, 500, 503] {
      #expect(RetrySchedule.verdict(status: status) == .retry)
    }
    for status in [400, 413, 422] { #expect(RetrySchedule.verdict(status: status) == .dead) }
    #expect(RetrySchedule.verdict(status: 410) == .disable)
  }
}
