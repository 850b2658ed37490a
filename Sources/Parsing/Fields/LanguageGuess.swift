/// The language of a text by letters that only one alphabet has, and by the commonest words.
///
/// Fed with bytes of UTF-8, plain or sanitised HTML, of which the first thousand characters count.
struct LanguageGuess {
  /// The best guess; nil for fewer than 40 letters or where nothing decides.
  var language: String? {
    guard letters >= 40 else { return nil }
    if cyrillic * 2 > letters {
      for (language, telling) in LanguageGuess.alphabets where found & telling != 0 { return language }
      return hasBulgarianEnding ? "bg" : "ru"
    }
    var best = 0
    for index in scores.indices where scores[index] > scores[best] { best = index }
    guard scores[best] >= 2, scores[best] * 12 >= words, scores.count(where: { $0 == scores[best] }) == 1 else {
      return nil
    }
    return LanguageGuess.languages[best]
  }

  private var left = 1000
  private var letters = 0
  private var cyrillic = 0
  /// A bit for each letter in `telling`.
  private var found: UInt32 = 0
  private var hasBulgarianEnding = false
  private var previous: UInt32 = 0
  /// The bytes of the word that is being read, packed; 0 for one of more than eight.
  private var word: UInt64 = 0
  private var length = 0
  private var words = 0
  private var scores = [0, 0, 0, 0]

  /// Takes text, passing over tags and references.
  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    var index = 0
    while index < bytes.count, left > 0 {
      index += takeRussian(bytes, from: index)
      guard index < bytes.count, left > 0 else { break }
      let byte = bytes[index]
      var scalar = UInt32(byte)
      var width = 1
      if byte == 0x3C || byte == 0x26 {
        let end: UInt8 = byte == 0x3C ? 0x3E : 0x3B
        let limit = byte == 0x3C ? bytes.count : min(bytes.count, index + 12)
        index = (bytes[index..<limit].firstIndex(of: end) ?? index) + 1
        endWord()
        continue
      }
      if byte >= 0xE0 {
        width = byte >= 0xF0 ? 4 : 3
        scalar = 0xFFFF
      } else if byte >= 0xC2, index + 1 < bytes.count {
        width = 2
        scalar = UInt32(byte & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)
      }
      take(LanguageGuess.lowered(scalar))
      index += width
      left -= 1
    }
    endWord()
  }

  /// Takes the run of letters that begins here of those that Russian shares with its neighbours, ъ, ы and э left out;
  /// how many bytes it is long. What most of the texts here are made of.
  private mutating func takeRussian(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    var index = start
    let end = min(bytes.count - 1, start + 2 * left)
    while index < end {
      let second = bytes[index + 1]
      switch bytes[index] {
      case 0xD0 where second >= 0x90 && second != 0xAA && second != 0xAB && second != 0xAD: break
      case 0xD1 where second < 0x90 && second != 0x8A && second != 0x8B && second != 0x8D && previous != 0x44A: break
      default:
        note(letters: (index - start) / 2)
        return index - start
      }
      index += 2
      previous = 0
    }
    note(letters: (index - start) / 2)
    return index - start
  }

  private mutating func note(letters count: Int) {
    guard count > 0 else { return }
    letters += count
    cyrillic += count
    left -= count
    length += count
    word = 0
    if length <= 4 { length = 5 }
  }

  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add($0) }
  }

  private mutating func take(_ scalar: UInt32) {
    switch scalar {
    case 0x61...0x7A, 0xDF...0xF6, 0xF8...0xFF: letters += 1
    case 0x430...0x44F, 0x450...0x52F:
      letters += 1
      cyrillic += 1
      // Of а…я only ы and э tell.
      if scalar == 0x44B || scalar == 0x44D || scalar > 0x44F,
        let bit = LanguageGuess.telling.firstIndex(of: scalar)
      {
        found |= 1 << UInt32(bit)
      }
      if scalar == 0x442, previous == 0x44A { hasBulgarianEnding = true }
    case 0x100...0x24F: break
    default:
      endWord()
      previous = scalar
      return
    }
    previous = scalar
    length += 1
    word = length <= 4 ? word << 16 | UInt64(scalar) : 0
  }

  private mutating func endWord() {
    guard length > 0 else { return }
    words += 1
    if word != 0, length <= 4, let languages = LanguageGuess.stopWords[word] {
      for index in scores.indices where languages & (1 << UInt8(index)) != 0 { scores[index] += 1 }
    }
    word = 0
    length = 0
  }

  /// The lower case of a letter of the Latin and Cyrillic alphabets.
  private static func lowered(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0x41...0x5A, 0xC0...0xD6, 0xD8...0xDE, 0x410...0x42F: scalar + 0x20
    case 0x400...0x40F: scalar + 0x50
    case 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
    default: scalar
    }
  }

  private static let telling: [UInt32] = "әғқңөұүһўїєґђћџљњјыэё".unicodeScalars.map(\.value)

  /// The bits of some letters in `telling`.
  private static func bits(_ letters: String) -> UInt32 {
    letters.unicodeScalars.reduce(0) { bits, letter in
      telling.firstIndex(of: letter.value).map { bits | 1 << UInt32($0) } ?? bits
    }
  }

  /// In the order they are asked.
  private static let alphabets = [
    ("kk", bits("әғқңөұүһ")), ("be", bits("ў")), ("uk", bits("їєґ")), ("sr", bits("ђћџљњј")), ("ru", bits("ыэё")),
  ]

  private static let languages = ["en", "de", "fr", "es"]

  /// The commonest words of at most four letters, packed as `word` is, with a bit for each language that has them.
  private static let stopWords: [UInt64: UInt8] = {
    var table: [UInt64: UInt8] = [:]
    for (index, words) in [
      "the of and to in is for that on with was by are from has",
      "der die und das den von mit ist für im auf ein dem",
      "le la les des et une du est dans pour au sur qui par aux",
      "el los las del una en que por para con se al es su lo",
    ].enumerated() {
      for word in words.split(separator: " ") {
        table[word.unicodeScalars.reduce(0) { $0 << 16 | UInt64($1.value) }, default: 0] |= 1 << UInt8(index)
      }
    }
    return table
  }()
}
