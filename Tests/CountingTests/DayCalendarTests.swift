import Counting
import Model
import Testing

@Suite("Days that go as others") struct DayCalendarTests {
  private func read(_ text: String) throws(DayCalendar.Problem) -> DayCalendar {
    try DayCalendar(path: "days.yaml", bytes: Array(text.utf8))
  }

  private func weekday(_ calendar: DayCalendar, _ date: String) -> Int? {
    CivilDate(date).map { calendar.weekday(ofDay: $0.daysSinceEpoch) }
  }

  @Test("a holiday goes as a Sunday, a working Saturday as a Friday, all else as it is") func days() throws {
    let calendar = try read("format: 1\nholidays: [2026-01-01, 2026-03-09]\nworkdays: [2026-02-14, 2026-03-04]\n")
    // 2026-01-01 is a Thursday, 2026-02-14 a Saturday, 2026-03-04 a Wednesday, 2026-03-09 a Monday.
    #expect(weekday(calendar, "2026-01-01") == 6 && weekday(calendar, "2026-03-09") == 6)
    #expect(weekday(calendar, "2026-02-14") == 4 && weekday(calendar, "2026-03-04") == 2)
    #expect(weekday(calendar, "2026-01-02") == 4 && weekday(calendar, "2026-02-15") == 6)
  }

  @Test("says what is wrong with a file, and where") func broken() {
    func words(_ text: String) -> String {
      do {
        _ = try read(text)
        return ""
      } catch { return error.words }
    }
    #expect(words("format: 1\nholidays: [2026-02-30]\n") == "days.yaml:2:12: «2026-02-30» is no day like 2026-01-01")
    #expect(words("format: 1\nholiday: [2026-01-01]\n").hasPrefix("days.yaml:2:1: "))
    #expect(words("[]\n").hasPrefix("days.yaml"))
  }
}
