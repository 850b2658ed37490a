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

  /// A guess by the text itself; nil where nothing decides.
  static func guess(_ texts: String?...) -> String? {
    var guess = LanguageGuess()
    for text in texts { if let text { guess.add(text) } }
    return guess.language
  }
}
