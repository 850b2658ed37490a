/// Language tags as documents write them.
enum Language {
  /// The tag, trimmed, `_` as `-`; nil when it is not a tag.
  static func tag(_ text: String) -> String? {
    let first = text.split(whereSeparator: { $0 == "," || $0 == ";" || $0.isWhitespace }).first.map(String.init) ?? ""
    let tag = first.replacing("_", with: "-")
    guard !tag.isEmpty, tag.utf8.count <= 35,
      tag.utf8.allSatisfy({ Bytes.isLetter($0) || Bytes.isDigit($0) || $0 == 0x2D }),
      let head = tag.utf8.first, Bytes.isLetter(head)
    else { return nil }
    return tag
  }

  /// A guess by letters that only one alphabet has, and by the commonest words; nil for fewer than 40 letters or where
  /// nothing decides.
  static func guess(_ text: String) -> String? {
    let sample = String(text.unicodeScalars.prefix(1000)).lowercased()
    var letters = 0
    var cyrillic = 0
    var found: Set<Unicode.Scalar> = []
    for scalar in sample.unicodeScalars {
      switch scalar.value {
      case 0x61...0x7A, 0xDF...0xFF: letters += 1
      case 0x430...0x44F:
        letters += 1
        cyrillic += 1
        // ъ ы э: the letters of the Russian alphabet that tell.
        if (0x44A...0x44D).contains(scalar.value) { found.insert(scalar) }
      case 0x400...0x52F:
        letters += 1
        cyrillic += 1
        found.insert(scalar)
      default: break
      }
    }
    guard letters >= 40 else { return nil }
    if cyrillic * 2 > letters {
      func has(_ text: String) -> Bool { text.unicodeScalars.contains(where: found.contains) }
      if has("әғқңөұүһ") { return "kk" }
      if has("ў") { return "be" }
      if has("їєґ") { return "uk" }
      if has("ђћџљњј") { return "sr" }
      if has("ыэё") { return "ru" }
      return has("ъ") && sample.contains("ът") ? "bg" : "ru"
    }
    let words = sample.split { !$0.isLetter }
    let scores = stopWords.map { language, stops in (language, words.count { stops.contains($0) }) }
    guard let best = scores.max(by: { $0.1 < $1.1 }), best.1 >= 2, best.1 * 12 >= words.count else { return nil }
    return scores.count { $0.1 == best.1 } == 1 ? best.0 : nil
  }

  private static let stopWords: [(String, Set<Substring>)] = [
    ("en", ["the", "of", "and", "to", "in", "is", "for", "that", "on", "with", "was", "by", "are", "from", "has"]),
    (
      "de", ["der", "die", "und", "das", "den", "von", "mit", "ist", "für", "im", "nicht", "auf", "ein", "eine", "dem"]
    ),
    ("fr", ["le", "la", "les", "des", "et", "une", "du", "est", "dans", "pour", "au", "sur", "qui", "par", "aux"]),
    ("es", ["el", "los", "las", "del", "una", "en", "que", "por", "para", "con", "se", "al", "es", "su", "lo"]),
  ]
}
