package import Model

extension Moment {
  /// Reads a date-time of RFC 3339 from bytes: the same language as `Moment(rfc3339:)`.
  ///
  /// The usual form, seconds and `Z` or `±hh:mm`, is read in place; all else goes the slow way.
  package init?(rfc3339 bytes: UnsafeBufferPointer<UInt8>) {
    if let fast = Moment.usualForm(bytes) {
      self = fast
    } else {
      self.init(rfc3339: String(decoding: bytes, as: UTF8.self))
    }
  }

  private static func usualForm(_ bytes: UnsafeBufferPointer<UInt8>) -> Moment? {
    guard bytes.count == 20 || bytes.count == 25, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54,
      bytes[13] == 0x3A, bytes[16] == 0x3A
    else { return nil }
    var wrong: UInt8 = 0
    func two(_ index: Int) -> Int {
      let tens = bytes[index] &- 0x30
      let ones = bytes[index + 1] &- 0x30
      wrong |= (tens > 9 ? 1 : 0) | (ones > 9 ? 1 : 0)
      return Int(tens) * 10 + Int(ones)
    }
    let date = CivilDate(year: two(0) * 100 + two(2), month: two(5), day: two(8))
    let hour = two(11)
    let minute = two(14)
    let second = two(17)
    var offset = 0
    if bytes.count == 20 {
      guard bytes[19] == 0x5A else { return nil }
    } else {
      let sign = bytes[19]
      guard sign == 0x2B || sign == 0x2D, bytes[22] == 0x3A else { return nil }
      let hours = two(20)
      let minutes = two(23)
      guard hours < 24, minutes < 60 else { return nil }
      offset = (hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
    }
    guard wrong == 0, date.isValid, hour < 24, minute < 60, second < 60 else { return nil }
    let seconds = date.daysSinceEpoch * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
    return Moment(milliseconds: seconds * 1000)
  }

  /// Appends what `rfc3339` says, without building a string on the way.
  package func writeRFC3339(into bytes: inout [UInt8]) {
    let (days, rest) = Moment.floorDivide(milliseconds, by: 86_400_000)
    let date = CivilDate(daysSinceEpoch: days)
    guard (0...9999).contains(date.year) else {
      bytes.append(contentsOf: rfc3339.utf8)
      return
    }
    let seconds = Int(rest / 1000)
    let fraction = Int(rest % 1000)
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
      var end = 0
      func put(_ byte: UInt8) {
        text[end] = byte
        end += 1
      }
      func two(_ value: Int, _ after: UInt8?) {
        put(0x30 + UInt8(truncatingIfNeeded: value / 10))
        put(0x30 + UInt8(truncatingIfNeeded: value % 10))
        if let after { put(after) }
      }
      two(date.year / 100, nil)
      two(date.year % 100, UInt8(ascii: "-"))
      two(date.month, UInt8(ascii: "-"))
      two(date.day, UInt8(ascii: "T"))
      two(seconds / 3600, UInt8(ascii: ":"))
      two(seconds / 60 % 60, UInt8(ascii: ":"))
      two(seconds % 60, nil)
      if fraction != 0 {
        put(UInt8(ascii: "."))
        two(fraction / 10, 0x30 + UInt8(truncatingIfNeeded: fraction % 10))
      }
      put(UInt8(ascii: "Z"))
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[..<end]))
    }
  }
}
