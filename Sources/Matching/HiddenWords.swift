import Text

/// Puts words together that were cut: letters set apart, letters masked. The text alone decides, no rule.
struct HiddenWords {
  private let analyser: WordAnalyser

  init(analyser: WordAnalyser) { self.analyser = analyser }

  /// A cheap look for what may hide a word: three single letters in a row, or a mask beside a letter.
  static func mayHide(in tokens: [Token], _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    var single = 0
    for token in tokens {
      single = token.end - token.start <= 2 ? single + 1 : 0
      if single == 3 || Int(token.end) < text.count && HiddenLetters.isMask(text[Int(token.end)]) { return true }
    }
    return false
  }

  /// Whether `#` or `@` stands before the token, and no letter before that.
  @inline(__always)
  static func hasSign(_ token: Token, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = Int(token.start)
    guard start > 0, text[start - 1] == 0x23 || text[start - 1] == 0x40 else { return false }
    return start == 1 || !isWordByte(text[start - 2])
  }

  /// The tokens with those put together that are one word.
  func revealed(in tokens: [Token], _ text: UnsafeBufferPointer<UInt8>) -> [Token] {
    var result: [Token] = []
    result.reserveCapacity(tokens.count)
    var position = 0
    while position < tokens.count {
      if let (words, count) = apart(tokens, position, text) {
        result += words
        position += count
      } else {
        let (token, count) = masked(tokens, position, text)
        result.append(token)
        position += count
      }
    }
    return result
  }

  /// A token with what a mask joins to it: «д*мба», «пр@рв@на», «вирус@».
  private func masked(_ tokens: [Token], _ position: Int, _ text: UnsafeBufferPointer<UInt8>) -> (Token, Int) {
    var token = tokens[position]
    guard isCyrillic(text, Int(token.start)) else { return (token, 1) }
    var count = 1
    while count <= HiddenWords.mostLetters, Int(token.end) < text.count,
      HiddenLetters.isMask(text[Int(token.end)])
    {
      let mask = Int(token.end)
      let next = position + count
      if next < tokens.count, Int(tokens[next].start) == mask + 1 {
        // «дом@почта.рф» goes on; a Latin part makes it an address.
        guard !isLatin(text, mask + 1) else { break }
        token.end = tokens[next].end
        count += 1
      } else {
        if text[mask] == 0x40 { token.end += 1 }
        break
      }
    }
    if count > 1, isRowOfWords(tokens[position..<position + count], text) { return (tokens[position], 1) }
    return (token, count)
  }

  /// «важно*срочно»: words that an asterisk merely stands between.
  private func isRowOfWords(_ parts: ArraySlice<Token>, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard parts.contains(where: { $0.end - $0.start >= 6 }), let first = parts.first, let last = parts.last else {
      return false
    }
    if parts.count > HiddenWords.mostMasked { return true }
    guard parts.allSatisfy({ $0.end - $0.start >= 6 && analyser.knows(self.text($0, text)) }) else { return false }
    let whole = String(decoding: text[Int(first.start)..<Int(last.end)], as: UTF8.self)
    return !analyser.readings(of: whole).contains { $0.foldings.contains(.masked) && analyser.knows($0.text) }
  }

  /// Parts of a word with masked letters: what has more is a row of something else.
  private static let mostMasked = 5

  /// The words that single letters from `position` on make, and how many tokens they take; nil where it is no letter
  /// of a row.
  private func apart(_ tokens: [Token], _ position: Int, _ text: UnsafeBufferPointer<UInt8>) -> ([Token], Int)? {
    guard isSingle(tokens[position], text), position + 2 < tokens.count else { return nil }
    guard let separator = gap(tokens, position, text) else { return nil }
    var count = 1
    while position + count < tokens.count, isSingle(tokens[position + count], text),
      gap(tokens, position + count - 1, text) == separator
    {
      count += 1
    }
    if separator.elementsEqual([0x2E]), (2...HiddenWords.mostLetters).contains(count), position + count < tokens.count,
      gap(tokens, position + count - 1, text) == separator,
      let word = glued(tokens, position, count + 1, text)
    {
      return ([word], count + 1)
    }
    guard count >= 4 else { return nil }
    let letters = tokens[position..<position + count].map { self.text($0, text) }.joined()
    guard let (start, lengths) = analyser.words(in: letters) else {
      return (Array(tokens[position..<position + count]), count)
    }
    var words = Array(tokens[position..<position + start])
    var next = position + start
    for length in lengths {
      words.append(
        Token(start: tokens[next].start, end: tokens[next + length - 1].end, sentence: tokens[next].sentence))
      next += length
    }
    return (words, count)
  }

  /// The most letters of a word that are put together one by one.
  private static let mostLetters = 24

  /// «П.О.Л.Иклинику»: the first letters with points, the rest behind them. «И.О.Мар» is a person.
  private func glued(
    _ tokens: [Token], _ position: Int, _ count: Int, _ text: UnsafeBufferPointer<UInt8>
  ) -> Token? {
    let parts = tokens[position..<position + count].map { self.text($0, text) }
    let letters = parts.joined()
    guard letters.unicodeScalars.count >= 5, analyser.readings(of: letters).contains(where: { analyser.knows($0.text) })
    else { return nil }
    if count == 3, parts.last?.first?.isUppercase ?? false { return nil }
    return Token(
      start: tokens[position].start, end: tokens[position + count - 1].end, sentence: tokens[position].sentence)
  }

  private func isSingle(_ token: Token, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    switch token.end - token.start {
    case 1: isLetter(text[Int(token.start)])
    case 2: isCyrillic(text, Int(token.start))
    default: false
    }
  }

  /// What stands between a token and the next, where it may set letters apart.
  private func gap(_ tokens: [Token], _ position: Int, _ text: UnsafeBufferPointer<UInt8>) -> ArraySlice<UInt8>? {
    guard position + 1 < tokens.count else { return nil }
    let bytes = Array(text[Int(tokens[position].end)..<Int(tokens[position + 1].start)])
    guard (1...3).contains(bytes.count) else { return nil }
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first, HiddenLetters.isSeparator(scalar) else { return nil }
    return bytes[...]
  }

  private func text(_ token: Token, _ text: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: text[Int(token.start)..<Int(token.end)], as: UTF8.self)
  }

  private func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) }

  private func isLatin(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    (0x61...0x7A).contains(text[position] | 0x20)
  }

  private func isCyrillic(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    text[position] == 0xD0 || text[position] == 0xD1
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F
  }
}
