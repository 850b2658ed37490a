import Model
import Testing

@Suite("Time") struct TimeTests {
  @Test("a span is written with units, a bare number is none")
  func span() {
    #expect(Span("1h30m") == .minutes(90))
    #expect(Span("250ms")?.milliseconds == 250)
    #expect(Span("2w") == .days(14))
    #expect(Span("15") == nil)
    #expect(Span("-5m") == nil)
    #expect(Span("") == nil)
    #expect(Span("99999999999999999999d") == nil)
    #expect("\(Span.minutes(90))" == "1h30m")
    #expect("\(Span.zero)" == "0s")
  }

  @Test("a moment is read with its zone and written in UTC, milliseconds only where there are any")
  func moment() {
    #expect(Moment(rfc3339: "2026-03-01T09:00:00+03:00")?.rfc3339 == "2026-03-01T06:00:00Z")
    #expect(Moment(rfc3339: "2026-03-01T00:00:00.5Z")?.rfc3339 == "2026-03-01T00:00:00.500Z")
    #expect(Moment(rfc3339: "1969-12-31T23:59:59Z")?.milliseconds == -1000)
    #expect(Moment(rfc3339: "2026-02-29T00:00:00Z") == nil)
    #expect(Moment(rfc3339: "2026-03-01T09:00:00") == nil)
    #expect(Moment(rfc3339: "2026-03-01T24:00:00Z") == nil)
  }

  @Test("a date knows its day number and back")
  func date() {
    // 30 years of 365 days and 7 leap days, then January and February of the leap year 2000
    #expect(CivilDate(year: 2000, month: 3, day: 1).daysSinceEpoch == 30 * 365 + 7 + 31 + 29)
    #expect(CivilDate(daysSinceEpoch: -1) == CivilDate(year: 1969, month: 12, day: 31))
    #expect(CivilDate("2027-02-29") == nil)
  }
}

@Suite("A Russian count") struct RussianPluralTests {
  @Test(
    "takes the form that goes with it",
    arguments: [
      (1, "публикация"), (2, "публикации"), (5, "публикаций"), (11, "публикаций"), (21, "публикация"),
      (112, "публикаций"), (0, "публикаций"),
    ])
  func forms(count: Int, form: String) {
    #expect(russianPlural(count, one: "публикация", few: "публикации", many: "публикаций") == form)
  }
}
