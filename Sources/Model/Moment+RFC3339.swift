/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Comparable, Sendable {
  public var year: Int
  public var month: Int
  public var day: Int

  public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date that is `days` days after 1970-01-01.
  ///
  /// Source: H. Hinnant, «chrono-Compatible Low-Level Date Algorithms».
  public init(daysSinceEpoch days: Int64) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = Int(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    month = Int(shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9)
    year = Int(yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01; the same source.
  public var daysSinceEpoch: Int64 {
    let shiftedYear = Int64(month <= 2 ? year - 1 : year)
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Whether the calendar has this day.
  public var isValid: Bool {
    guard (1...12).contains(month), day >= 1 else { return false }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  public static func < (left: CivilDate, right: CivilDate) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  /// Reads `2027-06-01`; nil for anything else and for days the calendar does not have.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    guard let year = Moment.number(bytes[0..<4]), let month = Moment.number(bytes[5..<7]),
      let day = Moment.number(bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
    guard isValid else { return nil }
  }
}

extension Moment {
  /// Reads a date-time of RFC 3339 (a space or a lower-case `t` for `T` too), to the millisecond.
  ///
  /// A zone is required: a time without one means nothing on a tape. `24:00:00` and a leap second are not read.
  public init?(rfc3339 text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[13] == 0x3A, bytes[16] == 0x3A,
      bytes[10] == 0x54 || bytes[10] == 0x74 || bytes[10] == 0x20
    else { return nil }
    guard let year = Moment.number(bytes[0..<4]), let month = Moment.number(bytes[5..<7]),
      let day = Moment.number(bytes[8..<10]), let hour = Moment.number(bytes[11..<13]),
      let minute = Moment.number(bytes[14..<16]), let second = Moment.number(bytes[17..<19])
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid, hour < 24, minute < 60, second < 60 else { return nil }
    var rest = bytes[19...]
    var fraction: Int64 = 0
    if rest.first == 0x2E {
      let digits = rest.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard !digits.isEmpty else { return nil }
      for index in 0..<3 {
        fraction = fraction * 10 + (index < digits.count ? Int64(digits[digits.startIndex + index] - 0x30) : 0)
      }
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = Moment.zoneOffset(rest) else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second) - offset
    self.init(milliseconds: seconds * 1000 + fraction)
  }

  /// The moment as RFC 3339 in UTC: `2026-03-01T08:59:40Z`, with `.mmm` only when it is not a whole second.
  public var rfc3339: String {
    let (days, rest) = Moment.floorDivide(milliseconds, by: 86_400_000)
    let date = CivilDate(daysSinceEpoch: days)
    let seconds = rest / 1000
    var text = "\(Moment.padded(date.year, 4))-\(Moment.padded(date.month, 2))-\(Moment.padded(date.day, 2))T"
    text += "\(Moment.padded(Int(seconds / 3600), 2)):\(Moment.padded(Int(seconds / 60 % 60), 2))"
    text += ":\(Moment.padded(Int(seconds % 60), 2))"
    if rest % 1000 != 0 { text += ".\(Moment.padded(Int(rest % 1000), 3))" }
    return text + "Z"
  }

  static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits {
      guard digit >= 0x30, digit <= 0x39 else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return value
  }

  /// Seconds east of UTC of `Z` or `±hh:mm`.
  private static func zoneOffset(_ zone: ArraySlice<UInt8>) -> Int64? {
    if zone.count == 1, zone.first == 0x5A || zone.first == 0x7A { return 0 }
    guard zone.count == 6, let sign = zone.first, sign == 0x2B || sign == 0x2D else { return nil }
    let start = zone.startIndex
    guard zone[start + 3] == 0x3A, let hours = number(zone[(start + 1)..<(start + 3)]),
      let minutes = number(zone[(start + 4)..<(start + 6)]), hours < 24, minutes < 60
    else { return nil }
    return Int64(hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
  }

  /// Quotient and remainder with the remainder never negative.
  package static func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    var quotient = value / divisor
    var remainder = value % divisor
    if remainder < 0 {
      quotient -= 1
      remainder += divisor
    }
    return (quotient, remainder)
  }

  package static func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
