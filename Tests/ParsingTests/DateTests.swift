import Model
import Testing

@testable import Parsing

@Suite("Dates are read as people and programs write them")
struct DateTests {
  /// Moscow, where it is Monday 2026-11-23, 21:00.
  let reader = DateReader(now: now, timezone: "Europe/Moscow")

  @Test(
    "in Russian, in the zone of the source",
    arguments: [
      ("23 ноября 2026, 14:05", "2026-11-23T11:05:00Z"), ("23 ноября 2026 г. в 14:05", "2026-11-23T11:05:00Z"),
      ("23 Ноябрь 2026 года", "2026-11-22T21:00:00Z"), ("23 нояб. 2026 14:05:30", "2026-11-23T11:05:30Z"),
      ("1 мая 2026", "2026-04-30T21:00:00Z"), ("8 марта 2026 10:00", "2026-03-08T07:00:00Z"),
      ("3 июн 2026 10:00", "2026-06-03T07:00:00Z"), ("3 июл 2026 10:00", "2026-07-03T07:00:00Z"),
      ("12 сент. 2026, 00:01", "2026-09-11T21:01:00Z"), ("5 фев 2026 5:00", "2026-02-05T02:00:00Z"),
      ("Пн, 23 ноя 2026 14:05:00 +0300", "2026-11-23T11:05:00Z"),
      ("понедельник, 23 ноября 2026 14:05 МСК", "2026-11-23T11:05:00Z"),
      ("23.11.2026", "2026-11-22T21:00:00Z"), ("23.11.2026 14:05", "2026-11-23T11:05:00Z"),
      ("23.11.2026, 14:05:30", "2026-11-23T11:05:30Z"), ("23.11.26 14:05", "2026-11-23T11:05:00Z"),
      ("14:05, 23.11.2026", "2026-11-23T11:05:00Z"), ("14:05 | 23 ноября 2026", "2026-11-23T11:05:00Z"),
      ("сегодня в 14:05", "2026-11-23T11:05:00Z"), ("Сегодня, 14:05", "2026-11-23T11:05:00Z"),
      ("вчера, 23:59", "2026-11-22T20:59:00Z"), ("позавчера", "2026-11-20T21:00:00Z"),
      ("14:05", "2026-11-23T11:05:00Z"), ("23:30", "2026-11-22T20:30:00Z"),
      ("5 минут назад", "2026-11-23T17:55:00Z"), ("час назад", "2026-11-23T17:00:00Z"),
      ("2 ч.", "2026-11-23T16:00:00Z"), ("полчаса назад", "2026-11-23T17:30:00Z"),
      ("только что", "2026-11-23T18:00:00Z"), ("23 ноября", "2026-11-22T21:00:00Z"),
      ("24 ноября, 10:00", "2025-11-24T07:00:00Z"), ("23 ноября, пн", "2026-11-22T21:00:00Z"),
      ("23 листопада 2026 14:05", "2026-11-23T11:05:00Z"), ("23 снежня 2025", "2025-12-22T21:00:00Z"),
      ("23.11.2026 14.05", "2026-11-23T11:05:00Z"), ("вчера в 23.59", "2026-11-22T20:59:00Z"),
      ("23.11", "2026-11-22T21:00:00Z"), ("24.11 10:00", "2025-11-24T07:00:00Z"),
    ])
  func russian(text: String, expected: String) {
    #expect(reader.read(text) == .moment(moment(expected) ?? now), "\(text)")
  }

  @Test(
    "RFC 822 and its variants",
    arguments: [
      ("Mon, 23 Nov 2026 14:05:00 GMT", "2026-11-23T14:05:00Z"), ("23 Nov 2026 14:05 GMT", "2026-11-23T14:05:00Z"),
      ("Monday, 23 November 26 14:05:00 +0300", "2026-11-23T11:05:00Z"),
      ("Mon, 23 Nov 2026 14:05:00 +03:00", "2026-11-23T11:05:00Z"),
      ("Mon, 23 Nov 2026 14:05:00 GMT+3", "2026-11-23T11:05:00Z"),
      ("Mon, 23  Nov 2026 09:05:00 EST", "2026-11-23T14:05:00Z"),
      ("Mon, 23 Nov 2026 14:05:00 MSK", "2026-11-23T11:05:00Z"),
      ("Mon, 23 Nov 2026 14:05:00 UT", "2026-11-23T14:05:00Z"),
      ("Mon, 23 Nov 2026 14:05:00 +0300 (MSK)", "2026-11-23T11:05:00Z"),
      ("Mon Nov 23 14:05:00 2026", "2026-11-23T11:05:00Z"),
      ("Mon Nov 23 14:05:00 UTC 2026", "2026-11-23T14:05:00Z"), ("Nov 23 2026", "2026-11-22T21:00:00Z"),
      ("Sept 1, 2026 2:05 PM GMT", "2026-09-01T14:05:00Z"), ("Sun, 22 Nov 2026 24:00:00 GMT", "2026-11-23T00:00:00Z"),
      ("Tue, 23 Nov 2026 14:05:00 GMT", "2026-11-23T14:05:00Z"), ("01 Jan 99 00:00:00 GMT", "1999-01-01T00:00:00Z"),
    ])
  func rfc822(text: String, expected: String) {
    #expect(reader.read(text) == .moment(moment(expected) ?? now), "\(text)")
  }

  @Test(
    "a zone by its name counts before the source's",
    arguments: [
      ("Mon, 23 Nov 2026 14:05:00 Asia/Novosibirsk", "2026-11-23T07:05:00Z"),
      ("2026-11-23T14:05:00[Europe/Berlin]", "2026-11-23T13:05:00Z"),
      ("23 ноября 2026, 14:05 (мск)", "2026-11-23T11:05:00Z"),
      ("23 ноября 2026, 14:05 по московскому времени", "2026-11-23T11:05:00Z"),
      ("23 novembre 2026 à 14h05", "2026-11-23T05:05:00Z"),
    ])
  func zones(text: String, expected: String) {
    let kamchatka = DateReader(now: now, timezone: "Asia/Irkutsk")
    let local = DateReader(now: now, timezone: "Etc/GMT-9")
    #expect((text.contains("à") ? local : kamchatka).read(text) == .moment(moment(expected) ?? now), "\(text)")
  }

  @Test(
    "years of two digits in the short forms of ISO 8601:1988",
    arguments: [
      ("261123", "2026-11-22T21:00:00Z"), ("26327", "2026-11-22T21:00:00Z"), ("26-327", "2026-11-22T21:00:00Z"),
      ("-2611", "2026-10-31T21:00:00Z"), ("-26-11", "2026-10-31T21:00:00Z"), ("-26", "2025-12-31T21:00:00Z"),
      ("202611", "2026-10-31T21:00:00Z"),
    ])
  func short(text: String, expected: String) {
    #expect(reader.read(text) == .moment(moment(expected) ?? now), "\(text)")
  }

  @Test(
    "ISO 8601 and W3CDTF, whole or in part",
    arguments: [
      ("2026-11-23T14:05:00Z", "2026-11-23T14:05:00Z"), ("2026-11-23T14:05:00.250+03:00", "2026-11-23T11:05:00.250Z"),
      ("2026-11-23 14:05", "2026-11-23T11:05:00Z"), ("2026-11-23T14:05+0300", "2026-11-23T11:05:00Z"),
      ("20261123T140500Z", "2026-11-23T14:05:00Z"), ("20261123140500", "2026-11-23T11:05:00Z"),
      ("20261123", "2026-11-22T21:00:00Z"), ("2026-11", "2026-10-31T21:00:00Z"), ("2026", "2025-12-31T21:00:00Z"),
      ("2026-327", "2026-11-22T21:00:00Z"), ("2026-W48-1", "2026-11-22T21:00:00Z"),
      ("2026-11-23T14Z", "2026-11-23T14:00:00Z"),
      ("2026/11/23 14:05", "2026-11-23T11:05:00Z"), ("1795442700", "2026-11-23T14:05:00Z"),
      ("1795442700000", "2026-11-23T14:05:00Z"),
    ])
  func iso(text: String, expected: String) {
    #expect(reader.read(text) == .moment(moment(expected) ?? now), "\(text)")
  }

  @Test(
    "never «now» for what cannot be read", arguments: ["скоро", "32.13.2026", "31 февраля 2026", "—", "25:99", "12999"])
  func unreadable(text: String) { #expect(reader.read(text) == .unreadable, "\(text)") }

  @Test(
    "out of range before 1970 and two years ahead",
    arguments: ["1969-12-31T23:59:59Z", "2029-01-01", "0001-01-01T00:00:00Z"])
  func implausible(text: String) { #expect(reader.read(text) == .implausible, "\(text)") }

  /// Found by fuzzing: the milliseconds of such years do not fit.
  @Test("a year of more than four digits is none", arguments: ["Mon, 2 Nov 20000000026", "02.11.999999999999999"])
  func years(text: String) {
    #expect(DateReader(now: now, timezone: "UTC").read(text) == .unreadable)
  }

  @Test("the hour that a zone repeats or skips") func transitions() {
    let berlin = DateReader(now: now, timezone: "Europe/Berlin")
    #expect(berlin.read("2026-10-25 02:30") == .moment(moment("2026-10-25T00:30:00Z") ?? now))
    #expect(berlin.read("2026-03-29 02:30") == .moment(moment("2026-03-29T00:30:00Z") ?? now))
    #expect(berlin.read("2026-07-01 12:00") == .moment(moment("2026-07-01T10:00:00Z") ?? now))
  }
}

@Suite("Counters are read as pages write them")
struct CounterTests {
  @Test(
    "in words and in digits",
    arguments: [
      ("1 204", 1204), ("1\u{A0}204", 1204), ("1,204", 1204), ("1.2K", 1200), ("1,2 тыс.", 1200),
      ("3,4 млн", 3_400_000),
      ("12 комментариев", 12), ("Комментарии (12)", 12), ("нет комментариев", 0), ("0", 0), ("Комментировать", nil),
      ("", nil), ("-3", nil), ("Ответов: 7", 7), ("12,3 тыс. просмотров", 12_300), ("Комментарии 1 204", 1204),
      ("5К", 5000), ("1000 млрд", 1_000_000_000_000), ("9223372036,9 млрд", nil), ("999999999999 млн", nil),
    ] as [(String, Int?)])
  func counters(text: String, expected: Int?) { #expect(CounterReader.count(text) == expected, "\(text)") }

  @Test("of feeds: digits only") func digits() {
    #expect(CounterReader.digits("1 204") == 1204)
    #expect(CounterReader.digits("1,204") == 1204)
    #expect(CounterReader.digits(" 7 ") == 7)
    #expect(CounterReader.digits("-1") == nil)
    #expect(CounterReader.digits("12.5") == nil)
    #expect(CounterReader.digits("много") == nil)
  }
}
