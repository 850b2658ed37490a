/// Small questions about ASCII bytes.
enum Bytes {
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
  static func lower(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }

  static func lowercased(_ bytes: some Sequence<UInt8>) -> [UInt8] { bytes.map(lower) }

  /// The text with its ASCII letters in lower case.
  static func lowercased(_ text: String) -> String { String(decoding: text.utf8.map(lower), as: UTF8.self) }

  static func starts(_ bytes: ArraySlice<UInt8>, with text: StaticString) -> Bool {
    guard bytes.count >= text.utf8CodeUnitCount else { return false }
    for index in 0..<text.utf8CodeUnitCount where bytes[bytes.startIndex + index] != text.utf8Start[index] {
      return false
    }
    return true
  }

  static func starts(_ bytes: ArraySlice<UInt8>, with text: String) -> Bool { bytes.starts(with: text.utf8) }

  /// Where `needle` begins at or after `start`.
  static func find(_ needle: StaticString, in bytes: [UInt8], from start: Int, to end: Int? = nil) -> Int? {
    let length = needle.utf8CodeUnitCount
    let limit = (end ?? bytes.count) - length
    guard length > 0, start <= limit else { return nil }
    let first = needle.utf8Start[0]
    var index = start
    while index <= limit {
      if bytes[index] == first {
        var same = 1
        while same < length, bytes[index + same] == needle.utf8Start[same] { same += 1 }
        if same == length { return index }
      }
      index += 1
    }
    return nil
  }

  /// The slice without white space at its ends.
  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var slice = bytes.drop(while: isSpace)
    while let last = slice.last, isSpace(last) { slice = slice.dropLast() }
    return slice
  }

  /// The buffer without white space at its ends.
  static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var start = 0
    var end = bytes.count
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  /// How far text goes on from a place without a control character, `<`, `&`, `>` or the lead of U+FFFE and U+FFFF,
  /// eight bytes at a time: no further than to where it must be looked at byte by byte.
  static func plainRun(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    func hasZero(_ value: UInt64) -> UInt64 { (value &- ones) & ~value & 0x8080_8080_8080_8080 }
    let raw = UnsafeRawBufferPointer(bytes)
    var index = start
    while index + 8 <= bytes.count {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let found =
        hasZero(word & (ones &* 0xE0)) | hasZero(word ^ (ones &* 0x3C)) | hasZero(word ^ (ones &* 0x26))
        | hasZero(word ^ (ones &* 0x3E)) | hasZero(word ^ (ones &* 0xEF))
      if found != 0 { break }
      index += 8
    }
    return index
  }

  /// FNV-1a, 64 bits, in hexadecimal: a stable name for a text.
  static func hash(_ text: String) -> String {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
