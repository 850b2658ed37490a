/// A start tag as it stands, read leniently.
struct XMLTag {
  struct Attribute {
    var name: [UInt8]
    var value: ArraySlice<UInt8>
  }
  var name: [UInt8]
  var attributes: [Attribute] = []
  var selfClosing = false
  /// The tag's `>` was there.
  var complete = false
  var end: Int

  init(_ bytes: [UInt8], at start: Int) {
    name = Array(bytes[(start + 1)...].prefix(while: isNameByte))
    if name.last == 0x3A { name.removeLast() }
    var index = start + 1 + name.count
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x3E {
        complete = true
        index += 1
        break
      }
      if byte == 0x3C {  // the next tag begins: this one's «>» was forgotten
        complete = true
        break
      }
      if byte == 0x2F, index + 1 < bytes.count, bytes[index + 1] == 0x3E { selfClosing = true }
      guard isNameStart(byte) else {
        index += 1
        continue
      }
      let key = Array(bytes[index...].prefix(while: isNameByte))
      index += key.count
      var value = bytes[index..<index]
      var next = index
      while next < bytes.count, isSpace(bytes[next]) { next += 1 }
      if next < bytes.count, bytes[next] == 0x3D {
        index = next + 1
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        if index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27 {
          let quote = bytes[index]
          let limit = min(bytes.count, index + (64 << 10))
          if let close = bytes[(index + 1)..<limit].firstIndex(of: quote) {
            value = bytes[(index + 1)..<close]
            index = close + 1
          } else {
            // A quote that never ends takes nothing beyond its tag.
            value = bytes[(index + 1)...].prefix { $0 != 0x3E && $0 != 0x3C }
            index = value.endIndex
          }
        } else {
          value = bytes[index...].prefix { !isSpace($0) && $0 != 0x3E && $0 != 0x3C }
          if value.last == 0x2F, value.endIndex < bytes.count, bytes[value.endIndex] == 0x3E {
            value = value.dropLast()
            selfClosing = true
          }
          index = value.endIndex
        }
      }
      if !attributes.contains(where: { $0.name == key }), attributes.count < 200, key.last != 0x3A {
        attributes.append(Attribute(name: key, value: value))
      }
    }
    end = index
  }
}

/// Letters, `_` and everything beyond ASCII.
func isNameStart(_ byte: UInt8) -> Bool { Bytes.isLetter(byte) || byte == 0x5F || byte >= 0x80 }

func isNameByte(_ byte: UInt8) -> Bool {
  isNameStart(byte) || Bytes.isDigit(byte) || byte == 0x2D || byte == 0x2E || byte == 0x3A
}
