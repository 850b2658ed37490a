import CXML2

/// Character references and the named entities of HTML (libxml2's table).
enum Entities {
  /// The text with every reference that can be read replaced; others stay as they are.
  static func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      if bytes[index] == 0x26, let reference = reference(bytes[index...]) {
        output.append(contentsOf: reference.text)
        index += reference.length
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return output
  }

  static func decode(_ text: String) -> String { String(decoding: decode(Array(text.utf8)[...]), as: UTF8.self) }

  /// The reference that begins with this `&`: what it stands for and how many bytes it takes, the `;` included.
  static func reference(_ bytes: ArraySlice<UInt8>) -> (text: [UInt8], length: Int)? {
    let body = bytes.dropFirst().prefix(34)
    guard let end = body.firstIndex(of: 0x3B) else { return nil }
    let name = body[..<end]
    guard let text = name.first == 0x23 ? numeric(name.dropFirst()) : named(name) else { return nil }
    return (text, end + 1 - bytes.startIndex)
  }

  /// What a named entity stands for; the five of XML included.
  static func named(_ name: ArraySlice<UInt8>) -> [UInt8]? {
    guard !name.isEmpty, name.allSatisfy({ Bytes.isLetter($0) || Bytes.isDigit($0) }) else { return nil }
    if name.elementsEqual("apos".utf8) { return [0x27] }
    var text = Array(name)
    text.append(0)
    guard let entry = text.withUnsafeBufferPointer({ htmlEntityLookup($0.baseAddress) }) else { return nil }
    return scalar(entry.pointee.value)
  }

  private static func numeric(_ digits: ArraySlice<UInt8>) -> [UInt8]? {
    let hexadecimal = digits.first == 0x78 || digits.first == 0x58
    let number = String(decoding: hexadecimal ? digits.dropFirst() : digits, as: UTF8.self)
    guard let value = UInt32(number, radix: hexadecimal ? 16 : 10) else { return nil }
    return scalar(value)
  }

  /// A code point in UTF-8. Those of windows-1252's gap mean its characters, as browsers read them; controls vanish.
  private static func scalar(_ value: UInt32) -> [UInt8]? {
    if (0x80...0x9F).contains(value) {
      return Charset.convert([UInt8(value)], from: "CP1252")?.bytes
    }
    if value < 0x20, value != 0x09, value != 0x0A, value != 0x0D { return [] }
    guard let scalar = Unicode.Scalar(value) else { return [0xEF, 0xBF, 0xBD] }
    return Array(String(Character(scalar)).utf8)
  }
}
