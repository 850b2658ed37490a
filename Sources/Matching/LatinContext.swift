import Text

/// Whether Latin letters in a text may be Russian written in them: English sentences, addresses and names of files stay
/// what they are.
struct LatinContext {
  /// What the words around one in Latin letters say of it.
  enum Verdict {
    case russian
    /// Russian for a rule that has several of the words.
    case doubtful
    case foreign
  }

  let tokens: [Token]
  let text: UnsafeBufferPointer<UInt8>

  /// Whether the sentence around a word is Russian. Which words the rules have does not count: one more rule would
  /// change what another matches.
  ///
  /// - Parameter readsAsRussian: whether a word of Latin letters reads as a word of the dictionary.
  func verdict(_ position: Int, _ readsAsRussian: (UnsafeBufferPointer<UInt8>) -> Bool) -> Verdict {
    guard standsAlone(tokens[position]) else { return .foreign }
    let neighbours = neighbours(position, within: 40)
    for other in neighbours where text[Int(other.start)] == 0xD0 || text[Int(other.start)] == 0xD1 { return .russian }
    // A Latin word in three reads as some form of a Russian one by chance.
    let (fitting, latin) = count(neighbours, readsAsRussian)
    return fitting >= 3 && fitting * 3 >= latin * 2 ? .russian : .doubtful
  }

  /// Whether half of the words close to a doubtful one, and two at least, are words of the rule that asks.
  func isRussian(_ position: Int, forWords isOwn: (UnsafeBufferPointer<UInt8>) -> Bool) -> Bool {
    let (fitting, latin) = count(neighbours(position, within: 8), isOwn)
    return fitting >= 2 && fitting * 2 >= latin
  }

  private func count(
    _ neighbours: ArraySlice<Token>, _ fits: (UnsafeBufferPointer<UInt8>) -> Bool
  ) -> (fitting: Int, latin: Int) {
    var latin = 0
    var fitting = 0
    for token in neighbours {
      let bytes = UnsafeBufferPointer(rebasing: text[Int(token.start)..<Int(token.end)])
      guard bytes.count >= 3, (0x61...0x7A).contains(bytes[0] | 0x20) else { continue }
      latin += 1
      if fits(bytes) { fitting += 1 }
    }
    return (fitting, latin)
  }

  /// The tokens of the sentence, at most `limit` on each side.
  private func neighbours(_ position: Int, within limit: Int) -> ArraySlice<Token> {
    let sentence = tokens[position].sentence
    var first = position
    while first > 0, position - first < limit, tokens[first - 1].sentence == sentence { first -= 1 }
    var last = position
    while last + 1 < tokens.count, last - position < limit, tokens[last + 1].sentence == sentence { last += 1 }
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
