extension PlainText {
  /// Of a title or a name: tags dropped, references decoded (a second layer of them too), white space collapsed; nil
  /// when nothing is left.
  static func line(_ markup: UnsafeBufferPointer<UInt8>) -> String? {
    switch shape(of: markup) {
    case .plain: markup.isEmpty ? nil : String(decoding: markup, as: UTF8.self)
    case .spaced: collapsed(String(decoding: markup, as: UTF8.self))
    case .referring: referring(markup)
    case .marked: line(String(decoding: markup, as: UTF8.self))
    }
  }

  /// Text without tags: what HTML decodes, and once more what a second layer hides.
  private static func referring(_ markup: UnsafeBufferPointer<UInt8>) -> String? {
    var text = Entities.decode(Array(markup.prefix(Limits.line))[...])
    if text.contains(0x26) { text = Entities.decode(text[...]) }
    return collapsed(String(decoding: text, as: UTF8.self))
  }

  private enum Shape {
    /// A line as it stands.
    case plain
    /// With white space or control characters to be put right.
    case spaced
    /// With references, without tags.
    case referring
    /// With what may be tags.
    case marked
  }

  private static func shape(of bytes: UnsafeBufferPointer<UInt8>) -> Shape {
    var shape = Shape.plain
    var previous: UInt8 = 0x20
    for index in bytes.indices {
      let byte = bytes[index]
      switch byte {
      case 0x3C: return .marked
      case 0x26: shape = .referring
      case 0x20 where previous == 0x20, 0x00..<0x20, 0x7F: if shape == .plain { shape = .spaced }
      // No-break space, the spaces of typography and C1 controls begin with these.
      case 0xC2, 0xE2, 0xE3: if shape == .plain, isSpace(bytes, at: index) { shape = .spaced }
      default: break
      }
      previous = byte
    }
    return previous == 0x20 && shape == .plain ? .spaced : shape
  }

  private static func isSpace(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
    let second = index + 1 < bytes.count ? bytes[index + 1] : 0
    let third = index + 2 < bytes.count ? bytes[index + 2] : 0
    switch (bytes[index], second, third) {
    case (0xC2, 0x80...0xA0, _), (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF),
      (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80):
      return true
    default: return false
    }
  }
}
