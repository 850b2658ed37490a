/// Letters that were set apart or masked inside a word.
package enum HiddenLetters {
  /// `*` and `@` inside a word; `_` is part of a token already.
  package static func isMask(_ byte: UInt8) -> Bool { byte == 0x2A || byte == 0x40 }

  /// The letters of a token that was put together from several: «д а м б а», «п.р.о.р.ы.в». nil for an ordinary one.
  static func joined(_ raw: String) -> String? {
    guard raw.utf8.contains(where: { $0 == 0x20 || $0 == 0x2E }) || raw.unicodeScalars.contains(where: isSeparator)
    else { return nil }
    return String(String.UnicodeScalarView(raw.unicodeScalars.filter { !isSeparator($0) }))
  }

  /// What may stand between letters that were set apart.
  package static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20, 0x2E, 0xA0, 0xB7, 0x2022, 0x2009, 0x202F: true
    default: false
    }
  }

  /// «п-р-о-р-ы-в», «п_р_о_р_ы_в», «п*р*о*р*ы*в»: the letters, where there are four or more and each stands alone.
  static func withoutHyphens(_ word: String) -> String? {
    let parts = word.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "_" || $0 == "*" }
    guard parts.count >= 4, parts.allSatisfy({ $0.unicodeScalars.count == 1 }) else { return nil }
    return parts.joined()
  }

  /// Whether there is nothing in the word that could hide another: Cyrillic letters alone, none three times in a row.
  static func isPlain(_ folded: String) -> Bool {
    var last: UInt16 = 0
    var run = 0
    var half: UInt8 = 0
    for byte in folded.utf8 {
      if byte == 0xD0 || byte == 0xD1 {
        half = byte
      } else if byte & 0xC0 == 0x80, half != 0 {
        let letter = UInt16(half) << 8 | UInt16(byte)
        run = letter == last ? run + 1 : 1
        last = letter
        half = 0
        if run == 3 { return false }
      } else {
        return false
      }
    }
    return true
  }

  /// Readings of a word with masked letters, each with its number from 1: `@` as а throughout, and for a single mask
  /// between letters every letter of the alphabet.
  static func unmasked(_ word: String) -> [(variant: UInt8, text: String)] {
    let scalars = Array(word.unicodeScalars)
    let masks = scalars.indices.filter { isMask(scalars[$0]) }
    guard let first = masks.first, let last = masks.last, first > 0, masks.count <= 4, scalars.count >= 4,
      scalars.contains(where: { (0x400...0x52F).contains($0.value) })
    else { return [] }
    func filled(_ letter: Unicode.Scalar) -> String {
      String(String.UnicodeScalarView(scalars.map { isMask($0) ? letter : $0 }))
    }
    let onlyAt = masks.allSatisfy { scalars[$0] == "@" }
    if masks.count > 1 || last == scalars.count - 1 {
      guard onlyAt else { return [] }
      return [(variant: UInt8(1), text: filled("а"))]
    }
    return alphabet.indices.map { (variant: UInt8($0 + 1), text: filled(alphabet[$0])) }
  }

  private static func isMask(_ scalar: Unicode.Scalar) -> Bool { scalar == "*" || scalar == "@" || scalar == "_" }

  private static let alphabet = Array("абвгдежзийклмнопрстуфхцчшщъыьэюя".unicodeScalars)
}
