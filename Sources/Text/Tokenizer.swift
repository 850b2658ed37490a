/// A token of a text: its place in the bytes and its sentence. Position is the index in the list of tokens.
@frozen public struct Token: Hashable, Sendable {
  /// Byte offset of the first byte.
  public var start: Int32
  /// Byte offset after the last byte.
  public var end: Int32
  /// Number of the sentence, from 0.
  public var sentence: Int32

  @inlinable public init(start: Int32, end: Int32, sentence: Int32) {
    self.start = start
    self.end = end
    self.sentence = sentence
  }
}

/// Cuts a text into tokens and sentences.
///
/// A token is a maximal run of letters, digits and marks; parts joined by a hyphen or an apostrophe are one token.
/// A sentence ends at `.` `!` `?` `…` before white space and a capital letter, digit, quotation mark or dash, or at a
/// blank line; not after a known abbreviation or a single capital. Source: UAX #29 for words, in the tailoring of the
/// rule language.
package enum Tokenizer {
  /// Appends the tokens of `text`, which must be valid UTF-8, to `tokens`.
  package static func tokenize(_ text: UnsafeBufferPointer<UInt8>, into tokens: inout [Token]) {
    var scanner = Scanner(text: text)
    scanner.run(into: &tokens)
  }

  /// Where the token that begins at `start` ends.
  package static func end(of text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var scanner = Scanner(text: text)
    scanner.position = start
    scanner.skipWord()
    return scanner.position
  }

  /// Whether a token begins at the character, and how long the character is, in bytes.
  package static func begins(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (word: Bool, length: Int) {
    let (kind, length) = Scanner.classify(text, position)
    return (kind == .word, length)
  }

  /// Whether some character of the range could end a sentence.
  package static func mayEndSentence(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      switch text[index] {
      case 0x2E, 0x21, 0x3F, 0x0A: return true
      // U+2026, U+2028, U+2029.
      case 0xE2 where index + 2 < range.upperBound && text[index + 1] == 0x80:
        if [0xA6, 0xA8, 0xA9].contains(text[index + 2]) { return true }
      // U+0085.
      case 0xC2 where index + 1 < range.upperBound && text[index + 1] == 0x85: return true
      default: break
      }
    }
    return false
  }

  package static func tokens(of text: String) -> [Token] {
    var tokens: [Token] = []
    var text = text
    text.withUTF8 { tokenize($0, into: &tokens) }
    return tokens
  }
}

private struct Scanner {
  let text: UnsafeBufferPointer<UInt8>
  var position = 0
  var sentence: Int32 = 0
  /// Whether a token stands in the sentence that `sentence` numbers.
  var sentenceHasToken = false

  init(text: UnsafeBufferPointer<UInt8>) { self.text = text }

  mutating func run(into tokens: inout [Token]) {
    while position < text.count {
      let (kind, length) = Scanner.classify(text, position)
      switch kind {
      case .word:
        let start = position
        skipWord()
        tokens.append(Token(start: Int32(start), end: Int32(position), sentence: sentence))
        sentenceHasToken = true
      case .terminator:
        readTerminator(last: tokens.last)
      case .lineBreak:
        readLineBreak(length: length)
      default:
        position += length
      }
    }
  }

  fileprivate mutating func skipWord() {
    while position < text.count {
      let (kind, length) = Scanner.classify(text, position)
      switch kind {
      case .word, .mark, .underscore: position += length
      case .joiner:
        let next = position + length
        guard next < text.count, Scanner.classify(text, next).kind == .word else { return }
        position = next
      default: return
      }
    }
  }

  private mutating func endSentence() {
    if sentenceHasToken {
      sentence += 1
      sentenceHasToken = false
    }
  }

  /// A blank line ends a sentence: a line break, then only white space, then another.
  private mutating func readLineBreak(length: Int) {
    position += length
    var probe = position
    while probe < text.count {
      let (kind, length) = Scanner.classify(text, probe)
      if kind == .lineBreak {
        endSentence()
        position = probe
        return
      }
      guard kind == .space else { return }
      probe += length
    }
  }

  private mutating func readTerminator(last: Token?) {
    let first = position
    var probe = position
    while probe < text.count {
      let (kind, length) = Scanner.classify(text, probe)
      guard kind == .terminator else { break }
      probe += length
    }
    position = probe
    // Closing quotation marks and brackets belong to the sentence they end.
    while probe < text.count, Scanner.isClosing(text, probe) { probe += Scanner.classify(text, probe).length }
    var sawSpace = false
    while probe < text.count {
      let (kind, length) = Scanner.classify(text, probe)
      guard kind == .space || kind == .lineBreak else { break }
      sawSpace = true
      probe += length
    }
    guard sawSpace, probe < text.count, Scanner.startsSentence(text, probe) else { return }
    if text[first] == 0x2E, let last, Int(last.end) == first, isAbbreviation(last) { return }
    endSentence()
  }

  private func isAbbreviation(_ token: Token) -> Bool {
    let slice = text[Int(token.start)..<Int(token.end)]
    // No abbreviation of the list is longer than four letters.
    guard slice.count <= 8 else { return false }
    let word = String(decoding: slice, as: UTF8.self)
    if word.unicodeScalars.count == 1, let scalar = word.unicodeScalars.first, scalar.properties.isUppercase {
      return true
    }
    let lower = word.lowercased()
    if Scanner.abbreviations.contains(lower) { return true }
    // «т.е.» and «т.д.»: the letter counts only behind «т.».
    guard lower == "е" || lower == "д" else { return false }
    let start = Int(token.start)
    return start >= 3 && text[start - 1] == 0x2E && text[start - 3] == 0xD1 && text[start - 2] == 0x82
  }

  private static let abbreviations: Set<String> = ["г", "ул", "д", "с", "пос", "им", "обл", "руб", "тыс", "млн"]

  enum Kind { case word, mark, underscore, joiner, terminator, space, lineBreak, other }

  private static func startsSentence(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    var probe = position
    // An opening bracket is looked through: «(Сегодня …».
    while probe < text.count, text[probe] == 0x28 || text[probe] == 0x5B { probe += 1 }
    guard probe < text.count else { return false }
    let (scalar, _) = decode(text, probe)
    switch scalar.value {
    case 0x30...0x39, 0x22, 0x27, 0x2D, 0xAB, 0xBB, 0x2012...0x2015, 0x2018...0x201F, 0x2039, 0x203A: return true
    default: return scalar.properties.isUppercase
    }
  }

  private static func isClosing(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
    switch decode(text, position).scalar.value {
    case 0x22, 0x27, 0x29, 0x5D, 0xBB, 0x2019, 0x201D, 0x201C, 0x203A: true
    default: false
    }
  }

  /// What the character at `position` is, and its length in bytes.
  @inline(__always)
  static func classify(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> (kind: Kind, length: Int) {
    let byte = text[position]
    if byte < 0x80 { return (asciiKinds[Int(byte)], 1) }
    // U+0400–U+047F: Cyrillic letters.
    if byte == 0xD0 || byte == 0xD1 { return (.word, 2) }
    return classifyRare(text, position)
  }

  private static let asciiKinds: [Kind] = (0..<128).map { byte in
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: .word
    case 0x5F: .underscore
    case 0x2D, 0x27: .joiner
    case 0x2E, 0x21, 0x3F: .terminator
    case 0x0A: .lineBreak
    case 0x09, 0x0B, 0x0C, 0x0D, 0x20: .space
    default: .other
    }
  }

  private static func classifyRare(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> (Kind, Int) {
    let (scalar, length) = decode(text, position)
    switch scalar.value {
    case 0x2026: return (.terminator, length)
    case 0x2010, 0x2011, 0x2019: return (.joiner, length)
    case _ where Folding.isInvisible(scalar): return (.mark, length)
    case 0x2028, 0x2029, 0x85: return (.lineBreak, length)
    default: break
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      return (.word, length)
    case .nonspacingMark, .spacingMark, .enclosingMark: return (.mark, length)
    case .spaceSeparator: return (.space, length)
    default: return (.other, length)
    }
  }

  private static func decode(_ text: UnsafeBufferPointer<UInt8>, _ position: Int) -> (
    scalar: Unicode.Scalar, length: Int
  ) {
    let byte = text[position]
    let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    guard position + length <= text.count else { return ("\u{FFFD}", 1) }
    var value = length == 1 ? UInt32(byte) : UInt32(byte & (0x7F >> UInt8(length)))
    for index in 1..<max(length, 2) where index < length { value = value << 6 | UInt32(text[position + index] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
  }
}
