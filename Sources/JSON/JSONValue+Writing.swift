extension JSONValue {
  /// The value as compact JSON on one line, in UTF-8, members in their order.
  package var serialized: String {
    var bytes: [UInt8] = []
    write(into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  package func write(into bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): bytes.append(contentsOf: String(value).utf8)
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

  /// Whole numbers without a fraction; what JSON cannot say (NaN, infinity) as null.
  private static func write(_ value: Double, into bytes: inout [UInt8]) {
    if !value.isFinite {
      bytes.append(contentsOf: "null".utf8)
    } else if value == value.rounded(), abs(value) < 9e15 {
      bytes.append(contentsOf: String(Int64(value)).utf8)
    } else {
      bytes.append(contentsOf: value.description.utf8)
    }
  }

  /// A string in quotes. What needs no escape is copied in whole runs.
  package static func write(_ text: String, into bytes: inout [UInt8]) {
    bytes.append(0x22)
    var text = text
    text.withUTF8 { utf8 in
      var start = 0
      var index = 0
      while index < utf8.count {
        if index + 8 <= utf8.count, !needsEscape(eight: utf8, at: index) {
          index += 8
          continue
        }
        if needsEscape(utf8[index]) {
          bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start..<index]))
          start = index + 1
          escape(utf8[index], into: &bytes)
        }
        index += 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[start...]))
    }
    bytes.append(0x22)
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F
  }

  /// Whether one of eight bytes may need an escape: eight at a time, for most text needs none.
  private static func needsEscape(eight bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    let word = UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self)
    let ones: UInt64 = 0x0101_0101_0101_0101
    func hasZero(_ value: UInt64) -> UInt64 { (value &- ones) & ~value & 0x8080_8080_8080_8080 }
    // Below 0x20: the three highest bits are clear.
    let controls = hasZero(word & 0xE0E0_E0E0_E0E0_E0E0)
    return controls | hasZero(word ^ (ones &* 0x22)) | hasZero(word ^ (ones &* 0x5C)) | hasZero(word ^ (ones &* 0x7F))
      != 0
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
