import Model

extension JSONValue {
  /// The value as compact JSON on one line, in UTF-8, members in their order.
  package var serialized: String {
    var bytes: [UInt8] = []
    write(into: &bytes)
    return bytes.withUnsafeBufferPointer { String(validUTF8: $0) }
  }

  package func write(into bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): JSONValue.write(value, into: &bytes)
    case .number(let value): JSONValue.write(value, into: &bytes)
    case .string(let value): JSONValue.write(value, into: &bytes)
    case .array(let values):
      bytes.append(0x5B)
      for (index, value) in values.enumerated() {
        if index > 0 { bytes.append(0x2C) }
        value.write(into: &bytes)
      }
      bytes.append(0x5D)
    case .object(let object):
      bytes.append(0x7B)
      for (index, member) in object.members.enumerated() {
        if index > 0 { bytes.append(0x2C) }
        JSONValue.write(member.name, into: &bytes)
        bytes.append(0x3A)
        member.value.write(into: &bytes)
      }
      bytes.append(0x7D)
    }
  }

  package static func write(_ value: Int64, into bytes: inout [UInt8]) {
    if 0...9 ~= value { return bytes.append(0x30 + UInt8(truncatingIfNeeded: value)) }
    // The longest has 19 digits and a sign; they come from behind.
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { text in
      var start = text.count
      var rest = value.magnitude
      while rest > 0 {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
        start -= 1
        text[start] = 0x30 + UInt8(truncatingIfNeeded: digit)
        rest = quotient
      }
      if value < 0 {
        start -= 1
        text[start] = 0x2D
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
  }

  /// Whole numbers without a fraction; what JSON cannot say (NaN, infinity) as null.
  package static func write(_ value: Double, into bytes: inout [UInt8]) {
    if !value.isFinite {
      bytes.append(contentsOf: "null".utf8)
    } else if value == value.rounded(), abs(value) < 9e15 {
      write(Int64(value), into: &bytes)
    } else {
      bytes.append(contentsOf: value.description.utf8)
    }
  }

  /// A string in quotes. What needs no escape is copied in whole runs.
  package static func write(_ text: String, into bytes: inout [UInt8]) {
    var text = text
    text.withUTF8 { write($0, into: &bytes) }
  }

  /// The same for the bytes of a string, which must be UTF-8.
  package static func write(_ utf8: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
    bytes.append(0x22)
    var start = 0
    var index = 0
    while true {
      index = firstEscape(in: utf8, from: index)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
      guard index < utf8.count else { break }
      escape(utf8[index], into: &bytes)
      index += 1
      start = index
    }
    bytes.append(0x22)
  }

  /// The index of the first byte that cannot stand in quotes as it is; the end where there is none.
  private static func firstEscape(in utf8: UnsafeBufferPointer<UInt8>, from first: Int) -> Int {
    var index = first
    guard let base = UnsafeRawPointer(utf8.baseAddress) else { return index }
    // Eight bytes at once: of a byte that becomes 0 or too small, the top bit tells.
    let ones: UInt64 = 0x0101_0101_0101_0101
    while index + 8 <= utf8.count {
      let block = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      func hasByte(_ byte: UInt64) -> UInt64 { ((block ^ ones &* byte) &- ones) & ~(block ^ ones &* byte) }
      let isBelow = (block &- ones &* 0x20) & ~block
      if (isBelow | hasByte(0x22) | hasByte(0x5C) | hasByte(0x7F)) & ones &* 0x80 != 0 { break }
      index += 8
    }
    while index < utf8.count, !needsEscape(utf8[index]) { index += 1 }
    return index
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F
  }

  private static func escape(_ byte: UInt8, into bytes: inout [UInt8]) {
    switch byte {
    case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
    case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
    case 0x0A: bytes.append(contentsOf: [0x5C, 0x6E])
    case 0x0D: bytes.append(contentsOf: [0x5C, 0x72])
    case 0x09: bytes.append(contentsOf: [0x5C, 0x74])
    default:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    }
  }
}
