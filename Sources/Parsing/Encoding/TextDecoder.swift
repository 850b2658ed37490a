import Model

/// Bytes in any encoding → UTF-8, by the document's own evidence first and its labels second.
///
/// The order: byte order mark · the source's own setting · bytes that are UTF-8 with at least one multibyte character ·
/// the answer's charset · the document's declaration · a guess among the Cyrillic encodings. A label that makes
/// mojibake of Russian text loses to the guess.
enum TextDecoder {
  struct Result {
    /// Valid UTF-8 without a mark.
    var bytes: [UInt8]
    var warnings: [FeedWarning] = []
  }

  static func decode(_ bytes: [UInt8], contentType: String?, override: String?) -> Result {
    if let wide = wide(bytes) { return converted(wide.rest, from: wide.charset) }
    var body = bytes
    while body.starts(with: [0xEF, 0xBB, 0xBF]) { body.removeFirst(3) }
    let marked = body.count < bytes.count

    if let override, override != "auto" {
      if let charset = Charset.canonical(override) { return converted(body, from: charset) }
      var result = decode(bytes, contentType: contentType, override: nil)
      result.warnings.append(FeedWarning(code: "charset-unknown", text: "the encoding «\(override.shown)» is unknown"))
      return result
    }
    let declaration = Declaration(body)
    let labels = [contentType.flatMap(charset(in:)), declaration.charset].compactMap(\.self)
    var warnings: [FeedWarning] = []
    for label in labels where Charset.canonical(label) == nil {
      warnings.append(FeedWarning(code: "charset-unknown", text: "the encoding «\(label.shown)» is unknown"))
    }
    let charsets = labels.compactMap(Charset.canonical)

    let census = UTF8Check.census(body)
    if census.bad == 0 {
      if census.multibyte == 0, let shifted = charsets.first(where: isShifted), body.contains(0x1B) || shifted != "ISO"
      {
        return with(warnings, converted(body, from: shifted))
      }
      if census.multibyte > 0, let wrong = charsets.first, wrong != "UTF-8" {
        warnings.append(FeedWarning(code: "charset-mismatch", text: "labelled \(wrong), but the text is UTF-8"))
      }
      return Result(bytes: body, warnings: warnings)
    }
    if marked || census.multibyte >= census.bad * 4 {
      let text = "\(census.bad) bytes are no UTF-8 and were replaced"
      warnings.append(FeedWarning(code: "invalid-utf8", text: text))
      return Result(bytes: UTF8Check.repaired(body), warnings: warnings)
    }
    return with(warnings, singleByte(body, labelled: charsets.first { $0 != "UTF-8" && !$0.hasPrefix("UTF-16") }))
  }

  /// Text that is not UTF-8: by its label, unless another Cyrillic encoding reads clearly better.
  private static func singleByte(_ body: [UInt8], labelled: String?) -> Result {
    let guess = CyrillicGuess.best(body)
    guard let labelled else {
      let charset = clear(guess) ?? EastAsianGuess.best(body) ?? ScriptGuess.best(body) ?? guess?.charset ?? "CP1252"
      let text = "no encoding is stated: read as \(charset)"
      return with([FeedWarning(code: "charset-guessed", text: text)], converted(body, from: charset))
    }
    let doubtful = CyrillicGuess.candidates.contains(labelled) || labelled == "CP1252"
    if doubtful, let guess, guess.charset != labelled {
      let own = CyrillicGuess.score(body, as: labelled) ?? -1
      if guess.score > max(0.2, own + 0.15) {
        let text = "labelled \(labelled), but the text reads as \(guess.charset)"
        return with([FeedWarning(code: "charset-mismatch", text: text)], converted(body, from: guess.charset))
      }
    }
    return converted(body, from: labelled)
  }

  /// A guess that leaves no doubt.
  private static func clear(_ guess: (charset: String, score: Double)?) -> String? {
    guess.flatMap { $0.score >= 0.2 ? $0.charset : nil }
  }

  private static func with(_ warnings: [FeedWarning], _ result: Result) -> Result {
    Result(bytes: result.bytes, warnings: warnings + result.warnings)
  }

  private static func converted(_ bytes: [UInt8], from charset: String) -> Result {
    if charset == "UTF-8" {
      let bad = UTF8Check.census(bytes).bad
      guard bad > 0 else { return Result(bytes: bytes) }
      let warning = FeedWarning(code: "invalid-utf8", text: "\(bad) bytes are no UTF-8 and were replaced")
      return Result(bytes: UTF8Check.repaired(bytes), warnings: [warning])
    }
    guard let result = Charset.convert(bytes, from: charset) else { return Result(bytes: UTF8Check.repaired(bytes)) }
    // iconv's output is UTF-8 but for surrogates some tables let through.
    let clean = UTF8Check.census(result.bytes).bad == 0 ? result.bytes : UTF8Check.repaired(result.bytes)
    guard result.bad > 0 else { return Result(bytes: clean) }
    let warning = FeedWarning(code: "invalid-bytes", text: "\(result.bad) bytes mean nothing in \(charset)")
    return Result(bytes: clean, warnings: [warning])
  }

  /// UTF-16, UTF-32 or EBCDIC, by the mark or by how `<?xml` or `<x` looks in them.
  private static func wide(_ bytes: [UInt8]) -> (charset: String, rest: [UInt8])? {
    for (mark, charset) in marks where bytes.starts(with: mark) {
      return (charset, Array(bytes.dropFirst(mark.count)))
    }
    guard bytes.count >= 4 else { return nil }
    switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
    case (0x3C, 0, 0, 0): return ("UTF-32LE", bytes)
    case (0, 0, 0, 0x3C): return ("UTF-32BE", bytes)
    case (0x3C, 0, _, 0): return ("UTF-16LE", bytes)
    case (0, 0x3C, 0, _): return ("UTF-16BE", bytes)
    case (0x4C, 0x6F, 0xA7, 0x94): return ("IBM037", bytes)
    default: return nil
    }
  }

  private static let marks: [([UInt8], String)] = [
    ([0xFF, 0xFE, 0, 0], "UTF-32LE"), ([0, 0, 0xFE, 0xFF], "UTF-32BE"), ([0xFF, 0xFE], "UTF-16LE"),
    ([0xFE, 0xFF], "UTF-16BE"),
  ]

  /// Encodings whose bytes are all ASCII and still mean other letters.
  private static func isShifted(_ charset: String) -> Bool {
    charset.hasPrefix("ISO-2022") || charset == "UTF-7" || charset.hasPrefix("HZ")
  }

  /// The `charset` parameter of a media type.
  static func charset(in contentType: String) -> String? {
    for parameter in contentType.split(separator: ";").dropFirst() {
      let pair = parameter.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, Bytes.lowercased(String(pair[0]).trimmingSpaces) == "charset" else { continue }
      let name = String(pair[1]).trimmingSpaces.filter { $0 != "\"" && $0 != "'" }
      return name.isEmpty ? nil : name
    }
    return nil
  }

  /// What the document says of its own encoding: the XML declaration or an HTML `meta`.
  private struct Declaration {
    var charset: String?

    init(_ bytes: [UInt8]) {
      let head = Array(bytes.prefix(4096))
      let low = Bytes.lowercased(head)
      if let start = Bytes.find("<?xml", in: low, from: 0), let end = Bytes.find("?>", in: low, from: start),
        let at = Bytes.find("encoding", in: low, from: start, to: end)
      {
        charset = Declaration.value(head[(at + 8)..<end])
      } else if let at = Bytes.find("charset", in: low, from: 0), Bytes.find("<meta", in: low, from: 0) != nil {
        charset = Declaration.value(head[(at + 7)...])
      }
    }

    private static func value(_ bytes: ArraySlice<UInt8>) -> String? {
      let start = bytes.drop { isSpace($0) || $0 == 0x3D || $0 == 0x22 || $0 == 0x27 }
      let name = start.prefix { !isSpace($0) && ![0x22, 0x27, 0x3E, 0x3B, 0x2F].contains($0) }
      return name.isEmpty ? nil : String(decoding: name.prefix(60), as: UTF8.self)
    }
  }
}

extension String {
  /// Without white space at its ends.
  var trimmingSpaces: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
