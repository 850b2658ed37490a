import Model

/// ISO 8601 and W3CDTF: calendar, ordinal and week dates, basic and extended, with parts missing from the right.
struct ISODate {
  var date: CivilDate
  var clock: Clock
  /// Seconds east of UTC; nil when not stated.
  var offset: Int64?

  func moment(in zone: Zone) -> Moment {
    let local = date.daysSinceEpoch * 86_400_000 + clock.milliseconds
    return offset.map { Moment(milliseconds: local - $0 * 1000) } ?? zone.moment(local: local)
  }

  static func read(_ bytes: [UInt8]) -> ISODate? {
    var cursor = Cursor(bytes: bytes[...])
    guard let date = day(&cursor), date.isValid else { return nil }
    var result = ISODate(date: date, clock: Clock(), offset: nil)
    if cursor.isAtEnd { return result }
    let packed = cursor.digits == 6 && bytes.count >= 14
    let letter = packed || cursor.take { $0 == 0x54 || $0 == 0x74 }
    let spaces = letter ? 0 : cursor.skipSpaces()
    guard letter || spaces > 0 else {
      // A zone right after the date.
      result.offset = zone(&cursor)
      return cursor.isAtEnd && result.offset != nil ? result : nil
    }
    guard let clock = time(&cursor), clock.isValid else { return nil }
    result.clock = clock
    _ = cursor.skipSpaces()
    if cursor.isAtEnd { return result }
    guard let offset = zone(&cursor), cursor.isAtEnd else { return nil }
    result.offset = offset
    return result
  }

  private static func day(_ cursor: inout Cursor) -> CivilDate? {
    if let short = truncated(&cursor) { return short }
    let run = cursor.digits
    if run == 8 || run == 14, let year = cursor.number(4), let month = cursor.number(2), let day = cursor.number(2) {
      return CivilDate(year: year, month: month, day: day)
    }
    if run == 7, let year = cursor.number(4), let day = cursor.number(3) { return ordinal(year, day) }
    guard run == 4 || run == 6, let year = cursor.number(4) else { return nil }
    if run == 6 {
      guard let month = cursor.number(2), cursor.isAtEnd else { return nil }
      return CivilDate(year: year, month: month, day: 1)
    }
    if cursor.isAtEnd { return CivilDate(year: year, month: 1, day: 1) }
    let dashed = cursor.take { $0 == 0x2D || $0 == 0x2F || $0 == 0x2E }
    if cursor.take({ $0 == 0x57 || $0 == 0x77 }) {
      guard let week = cursor.number(2) else { return nil }
      _ = cursor.take { $0 == 0x2D }
      return CivilDate.week(year, week, Bytes.isDigit(cursor.next) ? cursor.number(1) ?? 1 : 1)
    }
    guard dashed else { return nil }
    if cursor.digits == 3, let day = cursor.number(3) { return ordinal(year, day) }
    guard let month = cursor.number(min(2, cursor.digits)) else { return nil }
    guard cursor.take({ $0 == 0x2D || $0 == 0x2F || $0 == 0x2E }) else {
      return CivilDate(year: year, month: month, day: 1)
    }
    guard let day = cursor.number(min(2, cursor.digits)) else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// The forms of ISO 8601:1988 with a year of two digits (sections 5.2.1.3 and 5.2.2.2): `031231`, `03335`, `03-335`,
  /// `-0312`, `-03-12`, `-03`. Six digits that begin like a year of ours are a year and a month.
  private static func truncated(_ cursor: inout Cursor) -> CivilDate? {
    var rest = cursor
    let leading = rest.take { $0 == 0x2D }
    let run = rest.digits
    guard leading ? (run == 2 || run == 4) : (run == 2 || run == 5 || run == 6), let two = rest.number(2) else {
      return nil
    }
    let year = two <= 68 ? 2000 + two : 1900 + two
    var date: CivilDate?
    if leading {
      if run == 2, rest.isAtEnd { date = CivilDate(year: year, month: 1, day: 1) }
      if run == 4 || rest.take({ $0 == 0x2D }), let month = rest.number(2) {
        date = CivilDate(year: year, month: month, day: 1)
      }
    } else if run == 2 {
      if rest.take({ $0 == 0x2D }), rest.digits == 3, let day = rest.number(3) { date = ordinal(year, day) }
    } else if run == 5 {
      if let day = rest.number(3) { date = ordinal(year, day) }
    } else if two != 19, two != 20, let month = rest.number(2), let day = rest.number(2) {
      date = CivilDate(year: year, month: month, day: day)
    }
    guard let date, rest.isAtEnd else { return nil }
    cursor = rest
    return date
  }

  private static func ordinal(_ year: Int, _ day: Int) -> CivilDate? {
    guard (1...366).contains(day) else { return nil }
    return CivilDate(daysSinceEpoch: CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + Int64(day) - 1)
  }

  private static func time(_ cursor: inout Cursor) -> Clock? {
    var clock = Clock()
    let run = cursor.digits
    if run == 4 || run == 6 {
      guard let hour = cursor.number(2), let minute = cursor.number(2) else { return nil }
      clock = Clock(hour: hour, minute: minute, second: run == 6 ? cursor.number(2) ?? 0 : 0)
    } else {
      guard run == 1 || run == 2, let hour = cursor.number(run) else { return nil }
      clock.hour = hour
      guard cursor.take({ $0 == 0x3A || $0 == 0x2E }) else { return clock }
      guard let minute = cursor.number(2) else { return nil }
      clock.minute = minute
      if cursor.take({ $0 == 0x3A }) {
        guard let second = cursor.number(2) else { return nil }
        clock.second = second
      }
    }
    if cursor.take({ $0 == 0x2E || $0 == 0x2C }) {
      var scale: Int64 = 100
      while Bytes.isDigit(cursor.next) {
        clock.fraction += Int64(cursor.number(1) ?? 0) * scale
        scale /= 10
      }
    }
    return clock
  }

  private static func zone(_ cursor: inout Cursor) -> Int64? {
    let sign = cursor.next
    if Bytes.isLetter(sign) || sign >= 0x80 {
      let word = cursor.word()
      guard let base = Zone.names[word.lowercased()] else { return nil }
      if cursor.next == 0x2B || cursor.next == 0x2D { return zone(&cursor).map { base + $0 } }
      return base
    }
    guard sign == 0x2B || sign == 0x2D else { return nil }
    _ = cursor.take { _ in true }
    let run = cursor.digits
    guard run >= 1, run <= 4, let hours = cursor.number(run > 2 ? run - 2 : run) else { return nil }
    var minutes = 0
    if run > 2 || cursor.take({ $0 == 0x3A }) { minutes = cursor.number(2) ?? 0 }
    guard hours <= 23, minutes < 60 else { return nil }
    return Int64(hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
  }

  /// A reading position in ASCII bytes.
  private struct Cursor {
    var bytes: ArraySlice<UInt8>

    var isAtEnd: Bool { bytes.isEmpty }
    /// The byte ahead; 0 at the end.
    var next: UInt8 { bytes.first ?? 0 }
    /// How many digits lie ahead.
    var digits: Int { bytes.prefix(while: Bytes.isDigit).count }

    mutating func take(_ matches: (UInt8) -> Bool) -> Bool {
      guard let first = bytes.first, matches(first) else { return false }
      bytes = bytes.dropFirst()
      return true
    }

    mutating func number(_ count: Int) -> Int? {
      guard count > 0, count <= 9, digits >= count else { return nil }
      var value = 0
      for byte in bytes.prefix(count) { value = value * 10 + Int(byte - 0x30) }
      bytes = bytes.dropFirst(count)
      return value
    }

    mutating func skipSpaces() -> Int {
      let spaces = bytes.prefix { $0 == 0x20 }.count
      bytes = bytes.dropFirst(spaces)
      return spaces
    }

    mutating func word() -> String {
      let word = bytes.prefix { Bytes.isLetter($0) || $0 >= 0x80 }
      bytes = bytes.dropFirst(word.count)
      return String(decoding: word, as: UTF8.self)
    }
  }
}

extension CivilDate {
  /// The day of an ISO week date; `day` 1 is Monday.
  fileprivate static func week(_ year: Int, _ week: Int, _ day: Int) -> CivilDate? {
    guard (1...53).contains(week), (1...7).contains(day) else { return nil }
    let fourth = CivilDate(year: year, month: 1, day: 4).daysSinceEpoch
    // 1970-01-01 was a Thursday.
    let monday = fourth - Moment.floorDivide(fourth + 3, by: 7).remainder
    return CivilDate(daysSinceEpoch: monday + Int64((week - 1) * 7 + day - 1))
  }
}
