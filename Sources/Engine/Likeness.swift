import Rules

/// Tells a text that was published again: a hash of it in lower case, with white space as single blanks.
enum Likeness {
  /// 16 hexadecimal digits.
  static func of(_ text: String) -> String {
    let words =
      plain(text)
      ?? Array(
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").utf8)
    return String(Digest.sha256Hex(words).prefix(16))
  }

  /// The first 64 bits of it, of a text in parts; nil where there is none.
  static func mark(_ parts: [String?]) -> UInt64? {
    let text = parts.compactMap { $0 }.joined(separator: "\n")
    return text.isEmpty ? nil : UInt64(of(text), radix: 16)
  }

  /// The same bytes for a text of ASCII, Russian letters and common punctuation: what needs no tables. Nil for others.
  private static func plain(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { utf8 in
      var words: [UInt8] = []
      words.reserveCapacity(utf8.count)
      var isBetween = false
      var index = 0
      func begin() {
        if isBetween, !words.isEmpty { words.append(0x20) }
        isBetween = false
      }
      while index < utf8.count {
        let byte = utf8[index]
        let next = index + 1 < utf8.count ? utf8[index + 1] : 0
        switch byte {
        case 0x20, 0x09...0x0D:
          isBetween = true
          index += 1
        case 0x41...0x5A:
          begin()
          words.append(byte + 0x20)
          index += 1
        case 0..<0x80:
          begin()
          words.append(byte)
          index += 1
        case 0xD0, 0xD1:
          // U+0400 to U+045F: Ѐ–Џ, А–Я, а–я, ѐ–џ.
          guard byte == 0xD0 || next <= 0x9F else { return nil }
          begin()
          switch (byte, next) {
          case (0xD0, ..<0x90): words += [0xD1, next + 0x10]
          case (0xD0, ..<0xA0): words += [0xD0, next + 0x20]
          case (0xD0, ..<0xB0): words += [0xD1, next - 0x20]
          default: words += [byte, next]
          }
          index += 2
        case 0xC2 where next == 0xAB || next == 0xBB:
          begin()
          words += [byte, next]
          index += 2
        case 0xE2 where next == 0x80 && index + 2 < utf8.count && [0x93, 0x94, 0xA6].contains(utf8[index + 2]):
          begin()
          words += [byte, next, utf8[index + 2]]
          index += 3
        default: return nil
        }
      }
      return words
    }
  }
}
