import JSON

/// Whether bytes are UTF-8, and repair of those that almost are.
enum UTF8Check {
  struct Census {
    /// Well-formed sequences of two bytes and more; where no byte is bad, 1 stands for any number of them.
    var multibyte = 0
    /// Bytes that belong to no well-formed sequence.
    var bad = 0
  }

  static func census(_ bytes: [UInt8]) -> Census {
    var census = Census()
    if UTF8Validity.holds(bytes) {
      census.multibyte = bytes.withUnsafeBufferPointer { $0.contains { $0 >= 0x80 } } ? 1 : 0
      return census
    }
    walk(bytes) { length in
      if length == 0 { census.bad += 1 } else if length > 1 { census.multibyte += 1 }
    }
    return census
  }

  /// The bytes with U+FFFD for each that belongs to no well-formed sequence.
  static func repaired(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count + 64)
    var index = 0
    walk(bytes) { length in
      if length == 0 {
        output.append(contentsOf: [0xEF, 0xBF, 0xBD])
        index += 1
      } else {
        output.append(contentsOf: bytes[index..<(index + length)])
        index += length
      }
    }
    return output
  }

  /// Calls with the length of each sequence; 0 for a stray byte.
  private static func walk(_ bytes: [UInt8], _ visit: (Int) -> Void) {
    bytes.withUnsafeBufferPointer { buffer in
      var index = 0
      while index < buffer.count {
        let length = sequence(buffer, at: index)
        visit(length)
        index += max(1, length)
      }
    }
  }

  /// The length of the well-formed sequence that begins here, 0 for none (Unicode, table 3-7).
  private static func sequence(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
    let lead = bytes[index]
    if lead < 0x80 { return 1 }
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard lead >= 0xC2, lead <= 0xF4, index + length <= bytes.count else { return 0 }
    let second = bytes[index + 1]
    let low: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
    let high: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
    guard second >= low, second <= high else { return 0 }
    for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
