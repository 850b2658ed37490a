import Model

/// The one form that nearly all RSS dates have, `Mon, 23 Nov 2026 14:05:00 +0300`, read byte by byte.
///
/// Anything else is nil: `DateReader` knows the other forms.
enum RFC822Date {
  static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Moment? {
    var cursor = Cursor(bytes: bytes)
    if bytes.count > 5, bytes[3] == 0x2C, bytes[4] == 0x20 { cursor.index = 5 }
    guard let day = cursor.number(1...2), cursor.take(0x20), let month = cursor.month(), cursor.take(0x20),
      let year = cursor.number(4...4), cursor.take(0x20), let hour = cursor.number(2...2), cursor.take(0x3A),
      let minute = cursor.number(2...2), cursor.take(0x3A), let second = cursor.number(2...2), cursor.take(0x20),
      let offset = cursor.offset(), cursor.index == bytes.count
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    guard date.isValid, hour < 24, minute < 60, second < 60 else { return nil }
    let local = date.daysSinceEpoch * 86400 + Int64(hour * 3600 + minute * 60 + second)
    return Moment(milliseconds: (local - Int64(offset)) * 1000)
  }

  private struct Cursor {
    let bytes: UnsafeBufferPointer<UInt8>
    var index = 0

    mutating func take(_ byte: UInt8) -> Bool {
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
      return true
    }

    mutating func number(_ digits: ClosedRange<Int>) -> Int? {
      var value = 0
      var count = 0
      while index < bytes.count, count < digits.upperBound, Bytes.isDigit(bytes[index]) {
        value = value * 10 + Int(bytes[index] - 0x30)
        index += 1
        count += 1
      }
      return count >= digits.lowerBound ? value : nil
    }

    mutating func month() -> Int? {
      guard index + 3 <= bytes.count else { return nil }
      let key = bytes[index..<(index + 3)].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
      guard let month = Cursor.months.firstIndex(of: key) else { return nil }
      index += 3
      return month + 1
    }

    private static let months: [UInt32] = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { $0.utf8.reduce(0) { $0 << 8 | UInt32($1) } }

    /// Seconds east of UTC.
    mutating func offset() -> Int? {
      let rest = UnsafeBufferPointer(rebasing: bytes[index...])
      if rest.elementsEqual("GMT".utf8) || rest.elementsEqual("UTC".utf8) || rest.elementsEqual("Z".utf8) {
        index = bytes.count
        return 0
      }
      guard let sign = rest.first, sign == 0x2B || sign == 0x2D else { return nil }
      index += 1
      guard let value = number(4...4), value / 100 < 24, value % 100 < 60 else { return nil }
      return (value / 100 * 3600 + value % 100 * 60) * (sign == 0x2D ? -1 : 1)
    }
  }
}
