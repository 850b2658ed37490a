import Model

/// Dates as feeds and pages write them → moments.
///
/// RFC 822 with its variants in the languages of `DateWords`, ISO 8601, `dd.mm.yyyy`, «23 ноября 2026, 14:05»,
/// «вчера, 23:59», «5 минут назад», Unix times. A weekday is passed over, a date without a zone is read in the
/// reader's, a date without a time is its midnight. Takes about a microsecond and allocates little.
struct DateReader: Sendable {
  enum Reading: Hashable, Sendable {
    case moment(Moment)
    /// A date before 1970 or more than two years ahead.
    case implausible
    case unreadable
  }

  let now: Moment
  let zone: Zone

  init(now: Moment, timezone: String) {
    self.now = now
    zone = Zone(timezone)
  }

  func read(_ text: String) -> Reading {
    var text = text
    return text.withUTF8(read)
  }

  /// The same of UTF-8 bytes in place.
  func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Reading {
    guard let moment = RFC822Date.read(bytes) ?? moment(bytes) else { return .unreadable }
    guard moment.milliseconds >= 0, moment.milliseconds <= now.milliseconds + 731 * 86_400_000 else {
      return .implausible
    }
    return .moment(moment)
  }

  private func moment(_ text: UnsafeBufferPointer<UInt8>) -> Moment? {
    guard text.count <= 200 else { return nil }
    let bytes = Array(Bytes.trimmed(text))
    if let moment = ISODate.read(bytes)?.moment(in: zone) ?? unix(bytes) { return moment }
    let tokens = DateTokens(String(decoding: bytes, as: UTF8.self))
    return relative(tokens) ?? calendar(tokens)
  }

  /// Seconds (9 or 10 digits) or milliseconds (12 or 13) of the Unix epoch.
  private func unix(_ bytes: [UInt8]) -> Moment? {
    guard bytes.allSatisfy(Bytes.isDigit), let value = Int64(String(decoding: bytes, as: UTF8.self)) else { return nil }
    switch bytes.count {
    case 9, 10: return Moment(milliseconds: value * 1000)
    case 12, 13: return Moment(milliseconds: value)
    default: return nil
    }
  }

  /// «только что», «5 минут назад», «час назад», «2 ч.».
  private func relative(_ tokens: DateTokens) -> Moment? {
    guard tokens.numbers.count <= 1 else { return nil }
    let words = tokens.words
    if words.starts(with: ["только", "что"]) || words.first == "now" || words.starts(with: ["just", "now"])
      || words.first == "сейчас"
    {
      return now
    }
    if words.first == "полчаса" { return Moment(milliseconds: now.milliseconds - 1_800_000) }
    guard let index = words.firstIndex(where: { DateWords.unit($0) != nil }), let size = DateWords.unit(words[index]),
      words.contains("назад") || words.contains("ago") || words.contains("тому")
        || (words.count == 1 && tokens.numbers.count == 1)
    else { return nil }
    let count = tokens.numbers.first.map { Int64($0.value) } ?? 1
    guard count < 100_000 else { return nil }
    return Moment(milliseconds: now.milliseconds - size * count)
  }

  /// A day, by words or numbers or not at all, and a time of day.
  private func calendar(_ tokens: DateTokens) -> Moment? {
    var rest = tokens
    let clock = rest.takeClock()
    let offset = rest.takeZone(afterClock: clock != nil)
    let named = offset == nil ? rest.takeZoneName() : nil
    let zone = named ?? zone
    let today = zone.date(at: now)
    let date: CivilDate
    if let days = rest.words.lazy.compactMap({ DateWords.relativeDays[$0] }).first {
      date = CivilDate(daysSinceEpoch: today.daysSinceEpoch - days)
    } else if let stated = rest.date(today: today) {
      date = stated
    } else if let clock, rest.numbers.isEmpty, rest.words.allSatisfy({ $0 == "в" || $0 == "о" || $0 == "at" }) {
      // A time alone: today's, or yesterday's if that is still to come.
      let moment = DateReader.moment(today, clock, offset, zone)
      if moment <= now { return moment }
      return DateReader.moment(CivilDate(daysSinceEpoch: today.daysSinceEpoch - 1), clock, offset, zone)
    } else {
      return nil
    }
    guard date.isValid, (0...9999).contains(date.year) else { return nil }
    return DateReader.moment(date, clock ?? Clock(), offset, zone)
  }

  private static func moment(_ date: CivilDate, _ clock: Clock, _ offset: Int64?, _ zone: Zone) -> Moment {
    let local = date.daysSinceEpoch * 86_400_000 + clock.milliseconds
    return offset.map { Moment(milliseconds: local - $0 * 1000) } ?? zone.moment(local: local)
  }
}

/// A time of day; 24:00 is the end of it.
struct Clock: Hashable {
  var hour = 0
  var minute = 0
  var second = 0
  var fraction: Int64 = 0

  var isValid: Bool {
    (hour < 24 && minute < 60 && second <= 60) || (hour == 24 && minute == 0 && second == 0)
  }
  var milliseconds: Int64 { Int64(hour * 3600 + minute * 60 + min(second, 59)) * 1000 + fraction }
}
