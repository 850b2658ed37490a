import Model
import Rules
import Testing

/// Worked out with a calendar: 2026-03-06 is a Friday; Berlin's clocks jump from 02:00 to 03:00 on Sunday, 2026-03-29.
@Suite("Time that counts only within active hours") struct ActiveTimeTests {
  private func moment(_ text: String) throws -> Moment { try #require(Moment(rfc3339: text)) }

  private func hours(_ from: Int, _ to: Int, days: Set<Int> = Set(1...7), _ zone: String = "Europe/Berlin")
    -> ActiveTime
  {
    var hours = ActiveHours(timezone: zone)
    hours.from = from * 60
    hours.to = to * 60
    hours.days = days
    return ActiveTime(hours)
  }

  @Test("without hours all time counts") func always() throws {
    let start = try moment("2026-03-06T10:00:00Z")
    #expect(ActiveTime(nil).moment(.hours(5), after: start) == start + .hours(5))
    #expect(ActiveTime(nil).length(from: start, to: start + .hours(5)) == .hours(5))
    #expect(ActiveTime(nil).length(from: start, to: start - .hours(5)) == .zero)
  }

  @Test("nights and weekends do not count") func weekend() throws {
    let office = hours(8, 18, days: [1, 2, 3, 4, 5])
    // Friday 16:00 in Berlin is 15:00 UTC: two hours on Friday, three from Monday 08:00.
    #expect(try office.moment(.hours(5), after: moment("2026-03-06T15:00:00Z")) == moment("2026-03-09T10:00:00Z"))
    // Exactly at the end of the day, and from the middle of the night.
    #expect(try office.moment(.hours(2), after: moment("2026-03-06T15:00:00Z")) == moment("2026-03-06T17:00:00Z"))
    #expect(try office.moment(.hours(1), after: moment("2026-03-07T03:00:00Z")) == moment("2026-03-09T08:00:00Z"))
    #expect(try office.length(from: moment("2026-03-06T15:00:00Z"), to: moment("2026-03-09T10:00:00Z")) == .hours(5))
    #expect(try office.length(from: moment("2026-03-07T00:00:00Z"), to: moment("2026-03-08T23:00:00Z")) == .zero)
  }

  @Test("hours over midnight belong to the day on which they begin, and clocks may change in them") func night() throws
  {
    let friday = hours(22, 6, days: [5])
    #expect(try friday.moment(.hours(7), after: moment("2026-03-06T12:00:00Z")) == moment("2026-03-07T04:00:00Z"))
    // 22:00 on Saturday to 06:00 on Sunday is seven hours when the clocks jump: 21:00–04:00 UTC.
    let saturday = hours(22, 6, days: [6])
    #expect(
      try saturday.length(from: moment("2026-03-28T12:00:00Z"), to: moment("2026-03-29T12:00:00Z")) == .hours(7))
  }
}
