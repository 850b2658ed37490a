import Text

/// Whether Latin letters in a text may be Russian written in them: English sentences, addresses and names of files stay
/// what they are.
struct LatinContext {
  let tokens: [Token]
  let text: UnsafeBufferPointer<UInt8>

  /// - Parameter isTransliteration: whether a word of Latin letters reads as a word of the rules.
  func isRussian(_ position: Int, _ isTransliteration: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
    let token = tokens[position]
    guard standsAlone(token) else { return false }
    var latin = 0
    var fitting = 0
    for other in neighbours(position) {
      let bytes = UnsafeBufferPointer(rebasing: text[Int(other.start)..<Int(other.end)])
      guard let first = bytes.first else { continue }
      if first == 0xD0 || first == 0xD1 { return true }
      guard bytes.count >= 3, (0x61...0x7A).contains(first | 0x20) else { continue }
      latin += 1
      if isTransliteration(bytes) { fitting += 1 }
    }
    // Without a Cyrillic word beside it, half of the sentence must read as Russian.
    return fitting >= 2 && fitting * 2 >= latin
  }

  /// The tokens of the sentence, at most 40 on each side.
  private func neighbours(_ position: Int) -> ArraySlice<Token> {
    let sentence = tokens[position].sentence
    var first = position
    while first > 0, position - first < 40, tokens[first - 1].sentence == sentence { first -= 1 }
    var last = position
    while last + 1 < tokens.count, last - position < 40, tokens[last + 1].sentence == sentence { last += 1 }
    return tokens[first...last]
  }

  /// Neither part of an address, of a file's name nor of a compound.
  private func standsAlone(_ token: Token) -> Bool {
    let start = Int(token.start)
    let end = Int(token.end)
    if start > 0, LatinContext.joints.contains(text[start - 1]) { return false }
    // A hashtag is a word; what stands behind the # of an address is none.
    if start > 1, text[start - 1] == 0x23, isWordByte(text[start - 2]) { return false }
    guard end + 1 < text.count, LatinContext.joints.contains(text[end]) else { return true }
    return !isWordByte(text[end + 1])
  }

  /// `. / @ - _ : \ = & ? % + ~`: what joins the parts of addresses and names.
  private static let joints: Set<UInt8> = [
    0x2E, 0x2F, 0x40, 0x2D, 0x5F, 0x3A, 0x5C, 0x3D, 0x26, 0x3F, 0x25, 0x2B, 0x7E,
  ]

  private func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte)
  }
}
