import Foundation

/// What had to be undone before a word was recognised.
package struct Foldings: OptionSet, Hashable, Sendable, BitwiseCopyable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Look-alike letters or digits of another script inside a Cyrillic word.
  package static let homoglyph = Foldings(rawValue: 1)
  /// Zero-width characters and soft hyphens.
  package static let invisible = Foldings(rawValue: 2)
  /// Stress marks, and other marks over or through letters.
  package static let stress = Foldings(rawValue: 4)
  /// Letters run three or more times.
  package static let `repeat` = Foldings(rawValue: 8)
  /// Letters set apart by spaces, points or hyphens.
  package static let spaced = Foldings(rawValue: 16)
  /// A letter replaced by `*`, `@` or `_`.
  package static let masked = Foldings(rawValue: 32)
  /// A Russian word in Latin letters.
  package static let translit = Foldings(rawValue: 64)
  /// A digit in place of a letter that looks like it.
  package static let digit = Foldings(rawValue: 128)

  /// In the order in which events list them.
  package static let names: [(folding: Foldings, name: String)] = [
    (.homoglyph, "homoglyph"), (.invisible, "invisible"), (.stress, "stress"), (.repeat, "repeat"),
    (.spaced, "spaced"), (.masked, "masked"), (.translit, "translit"), (.digit, "digit"),
  ]
}

/// One way to read a raw token: the folded word and what was undone to get it.
package struct FoldedWord: Hashable, Sendable {
  /// Lower case, NFKC, ё as е.
  package var text: String
  package var foldings: Foldings

  package init(text: String, foldings: Foldings = []) {
    self.text = text
    self.foldings = foldings
  }
}

/// Folds the writing of a word: Unicode NFKC and case, ё = е, invisible characters, stress, look-alike letters.
package enum Folding {
  /// The readings of a raw token; the plain one first, then the one with look-alikes replaced, where there is one.
  package static func readings(of raw: String) -> [FoldedWord] {
    let plain = fold(raw)
    guard let (replaced, foldings) = replacingLookAlikes(plain.text) else { return [plain] }
    return [plain, FoldedWord(text: replaced, foldings: plain.foldings.union(foldings))]
  }

  /// The word with every run of three or more of one letter as a single one, and as two where that differs; empty
  /// without such a run, or where less than three letters would be left.
  package static func withoutRuns(_ word: String) -> [String] {
    var single = String.UnicodeScalarView()
    var double = String.UnicodeScalarView()
    var hasRun = false
    var previous: Unicode.Scalar?
    var length = 0
    for scalar in word.unicodeScalars {
      length = scalar == previous ? length + 1 : 1
      previous = scalar
      if length == 3, scalar.properties.isAlphabetic {
        hasRun = true
        single.removeLast()
      } else if length < 3 || !scalar.properties.isAlphabetic {
        single.append(scalar)
        double.append(scalar)
      }
    }
    guard hasRun, single.count >= 3 else { return [] }
    return [String(single), String(double)]
  }

  /// Appends the folded bytes of a word of plain Cyrillic letters, which hides no other word; false, and nothing
  /// appended, for any other.
  package static func foldPlainCyrillic(_ word: UnsafeBufferPointer<UInt8>, into folded: inout [UInt8]) -> Bool {
    guard let first = word.first, first >= 0x80, PlainWord.key(of: word) != nil else { return false }
    PlainWord.fold(word, into: &folded)
    return true
  }

  /// The plain reading.
  package static func fold(_ raw: String) -> FoldedWord {
    if let text = foldPlainly(raw) { return FoldedWord(text: text) }
    var foldings: Foldings = []
    var scalars = String.UnicodeScalarView()
    for scalar in raw.unicodeScalars {
      switch scalar.value {
      case _ where isInvisible(scalar): foldings.insert(.invisible)
      case 0x300, 0x301, 0x340, 0x341: foldings.insert(.stress)
      case 0x2010, 0x2011: scalars.append("-")
      default: scalars.append(scalar)
      }
    }
    if let text = foldPlainly(String(scalars)) { return FoldedWord(text: text, foldings: foldings) }
    var text = withoutHeaps(scalars).precomposedStringWithCompatibilityMapping.lowercased()
    // Marks that make no letter of their own: struck through, underlined, heaped up.
    if text.unicodeScalars.contains(where: isMark) {
      foldings.insert(.stress)
      text = String(String.UnicodeScalarView(text.unicodeScalars.filter { !isMark($0) }))
    }
    return FoldedWord(text: text.replacingYo(), foldings: foldings)
  }

  /// At most four marks on a letter: composing sorts them, in a time that grows with the square of their number.
  package static func withoutHeaps(_ scalars: String.UnicodeScalarView) -> String {
    var result = String.UnicodeScalarView()
    var marks = 0
    for scalar in scalars {
      marks = scalar.properties.canonicalCombiningClass == .notReordered ? 0 : marks + 1
      if marks <= 4 { result.append(scalar) }
    }
    return String(result)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x300...0x36F, 0x483...0x489, 0x20D0...0x20F0: true
    default: false
    }
  }

  /// Zero-width characters, the soft hyphen, marks of direction and of variants.
  package static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF: true
    default: false
    }
  }

  /// Lower case by arithmetic on the bytes: ASCII and the basic Cyrillic block need no tables. nil for all else.
  private static func foldPlainly(_ raw: String) -> String? {
    var bytes = Array(raw.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte < 0x80 {
        if (0x41...0x5A).contains(byte) { bytes[index] = byte + 0x20 }
        index += 1
        continue
      }
      guard index + 1 < bytes.count else { return nil }
      let next = bytes[index + 1]
      switch (byte, next) {
      case (0xD0, 0x81), (0xD1, 0x91): (bytes[index], bytes[index + 1]) = (0xD0, 0xB5)
      case (0xD0, 0x80...0x8F): (bytes[index], bytes[index + 1]) = (0xD1, next + 0x10)
      case (0xD0, 0x90...0x9F): bytes[index + 1] = next + 0x20
      case (0xD0, 0xA0...0xAF): (bytes[index], bytes[index + 1]) = (0xD1, next - 0x20)
      case (0xD0, 0xB0...0xBF), (0xD1, 0x80...0x9F): break
      default: return nil
      }
      index += 2
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The word with every look-alike letter replaced by its Cyrillic twin.
  ///
  /// nil unless some part of the compound has a Cyrillic letter, a twin to replace and nothing else, and its digits are
  /// few and count nothing: «2го», «6ой», «top-менеджер» and «COVID-19» stay what they are.
  static func replacingLookAlikes(_ word: String) -> (text: String, foldings: Foldings)? {
    // Most words are Cyrillic throughout: nothing to replace.
    if word.utf8.allSatisfy({ (0x80...0xBF).contains($0) || $0 == 0xD0 || $0 == 0xD1 || $0 == 0x2D }) { return nil }
    let parts = word.unicodeScalars.split(separator: "-", omittingEmptySubsequences: false)
    // Letters set apart by hyphens are one word.
    if parts.count >= 4, parts.allSatisfy({ $0.count == 1 }) { return twin(of: word.unicodeScalars[...]) }
    var foldings: Foldings = []
    let folded = parts.map { part in
      guard let (text, found) = twin(of: part) else { return String(part) }
      foldings.formUnion(found)
      return text
    }
    return foldings.isEmpty ? nil : (folded.joined(separator: "-"), foldings)
  }

  private static func twin(of part: Substring.UnicodeScalarView) -> (text: String, foldings: Foldings)? {
    var cyrillic = 0
    var replaced = 0
    var digits = 0
    var result = String.UnicodeScalarView()
    for scalar in part {
      if (0x400...0x52F).contains(scalar.value) {
        cyrillic += 1
        result.append(scalar)
      } else if scalar == "-" {
        result.append(scalar)
      } else if let twin = twins[scalar] {
        replaced += 1
        digits += isDigit(scalar) ? 1 : 0
        result.append(twin)
      } else {
        return nil
      }
    }
    guard cyrillic > 0, replaced > 0, digits == 0 || cyrillic >= 2 && digits < cyrillic && !isOrdinal(part) else {
      return nil
    }
    var foldings: Foldings = digits > 0 ? .digit : []
    if replaced > digits { foldings.insert(.homoglyph) }
    return (String(result), foldings)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  /// «6ой», «4ая», «3га»: a number and the ending it is read with, or what it counts.
  private static func isOrdinal(_ part: Substring.UnicodeScalarView) -> Bool {
    let ending = part.drop(while: isDigit)
    return ending.count < part.count && endings.contains(String(ending))
  }

  private static let endings: Set<String> = [
    "ый", "ий", "ой", "ей", "ая", "яя", "ья", "ое", "ее", "ье", "го", "ого", "его", "му", "ому", "ему", "ым", "им",
    "ом", "ем", "ую", "юю", "ью", "ою", "ые", "ие", "ьи", "ых", "их", "ыми", "ими", "ми", "мя", "ти", "га", "раз",
    "сек", "ух", "ех",
    "ум", "ка", "ки", "ку", "ке",
  ]

  private static let twins: [Unicode.Scalar: Unicode.Scalar] = [
    "a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "k": "к", "m": "м", "o": "о", "p": "р", "t": "т", "x": "х",
    "y": "у", "0": "о", "3": "з", "4": "ч", "6": "б", "α": "а", "β": "в", "ε": "е", "κ": "к", "μ": "м", "ν": "у",
    "ο": "о", "ρ": "р",
    "σ": "с", "τ": "т", "υ": "у", "χ": "х", "η": "н", "γ": "г", "π": "п", "φ": "ф", "λ": "л", "δ": "д",
    // Latin vowels with a stress mark.
    "á": "а", "à": "а", "é": "е", "è": "е", "ë": "е", "ó": "о", "ò": "о", "ý": "у",
  ]
}
