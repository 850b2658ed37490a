import Model

/// A parsed document as a flat run of words: a cursor is an index. Borrowed from its parser.
///
/// Source: simdjson, doc/tape.md. The type is a letter in the top byte: `{ [ " l u d t f n`; numbers take a second word;
/// the low 32 bits of an opening bracket are the index after its closing one.
struct JSONTokens {
  let words: UnsafePointer<UInt64>
  let strings: UnsafePointer<UInt8>

  /// The index of the document's only value; index 0 is the root's own word.
  static let root = 1

  func kind(_ index: Int) -> UInt8 { UInt8(words[index] >> 56) }

  func isObject(_ index: Int) -> Bool { kind(index) == UInt8(ascii: "{") }
  func isString(_ index: Int) -> Bool { kind(index) == UInt8(ascii: "\"") }
  func isNull(_ index: Int) -> Bool { kind(index) == UInt8(ascii: "n") }

  /// The index after the value at `index`.
  func after(_ index: Int) -> Int {
    switch kind(index) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): Int(words[index] & 0xFFFF_FFFF)
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
    default: index + 1
    }
  }

  /// The index of the closing bracket of the array or object at `index`.
  func end(_ index: Int) -> Int { Int(words[index] & 0xFFFF_FFFF) - 1 }

  /// The bytes of the string at `index`, valid UTF-8.
  func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> {
    let start = strings + Int(words[index] & 0x00FF_FFFF_FFFF_FFFF)
    let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return UnsafeBufferPointer(start: start + 4, count: Int(length))
  }

  func string(_ index: Int) -> String { String(validUTF8: bytes(index)) }

  /// The whole number at `index`; nil for everything else.
  func integer(_ index: Int) -> Int64? {
    switch kind(index) {
    case UInt8(ascii: "l"): Int64(bitPattern: words[index + 1])
    case UInt8(ascii: "d"): Int64(exactly: Double(bitPattern: words[index + 1]))
    default: nil
    }
  }

  /// The value at `index` as a tree. Recursion is bounded by the parser's limit of nesting.
  func value(_ index: Int = JSONTokens.root) -> JSONValue {
    switch kind(index) {
    case UInt8(ascii: "{"):
      var object = JSONObject()
      let end = end(index)
      var at = index + 1
      while at < end {
        object.append(string(at), value(at + 1))
        at = after(at + 1)
      }
      return .object(object)
    case UInt8(ascii: "["):
      var values: [JSONValue] = []
      let end = end(index)
      var at = index + 1
      while at < end {
        values.append(value(at))
        at = after(at)
      }
      return .array(values)
    case UInt8(ascii: "\""): return .string(string(index))
    case UInt8(ascii: "l"): return .integer(Int64(bitPattern: words[index + 1]))
    case UInt8(ascii: "u"): return .number(Double(words[index + 1]))
    case UInt8(ascii: "d"): return .number(Double(bitPattern: words[index + 1]))
    case UInt8(ascii: "t"): return .bool(true)
    case UInt8(ascii: "f"): return .bool(false)
    default: return .null
    }
  }
}
