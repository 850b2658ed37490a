/// Which of the Cyrillic single-byte encodings makes the most Russian of some bytes.
enum CyrillicGuess {
  static let candidates = ["CP1251", "KOI8-R", "CP866", "ISO-8859-5", "MAC-CYRILLIC"]

  /// The likeliest encoding and its score; nil when no candidate reads as Russian.
  static func best(_ bytes: [UInt8]) -> (charset: String, score: Double)? {
    var best: (charset: String, score: Double)?
    for charset in candidates {
      guard let score = score(bytes, as: charset) else { continue }
      if score > best?.score ?? 0 { best = (charset, score) }
    }
    return best
  }

  /// How Russian the bytes read in an encoding: the mean over their high bytes, > 0 for Russian text, < 0 for
  /// mojibake; nil when there are too few to tell.
  static func score(_ bytes: [UInt8], as charset: String) -> Double? {
    guard let table = tables[charset] else { return nil }
    var sum = 0.0
    var count = 0
    var previous: Class = .other
    for byte in bytes {
      let current: Class
      if byte < 0x80 {
        current = Bytes.isLetter(byte) ? .latin : .other
      } else {
        let entry = table[Int(byte - 0x80)]
        current = entry.kind
        count += 1
        sum += entry.weight
        // «пРИВЕТ» and letters of two scripts in one word are what a wrong encoding looks like.
        if current == .upper, previous == .lower { sum -= 3 }
        if previous == .latin, current == .upper || current == .lower { sum -= 3 }
        if count >= 20_000 { break }
      }
      if current == .latin, previous == .upper || previous == .lower { sum -= 3 }
      previous = current
    }
    return count >= 3 ? sum / Double(count) : nil
  }

  private enum Class { case lower, upper, latin, other }
  private struct Entry {
    var weight: Double
    var kind: Class
  }

  /// Frequencies of the letters а…я in Russian texts, in per cent. Source: the Russian National Corpus.
  private static let frequencies: [Double] = [
    8.01, 1.59, 4.54, 1.70, 2.98, 8.45, 0.94, 1.65, 7.35, 1.21, 3.49, 4.40, 3.21, 6.70, 10.97, 2.81,
    4.73, 5.47, 6.26, 2.62, 0.26, 0.97, 0.48, 1.44, 0.73, 0.36, 0.04, 1.90, 1.74, 0.32, 0.64, 2.01,
  ]

  private static let tables: [String: [Entry]] = {
    var tables: [String: [Entry]] = [:]
    for charset in candidates {
      tables[charset] = (0x80...0xFF).map { byte in
        let text = Charset.convert([UInt8(byte)], from: charset).map { String(decoding: $0.bytes, as: UTF8.self) }
        return entry(for: text?.unicodeScalars.first?.value ?? 0xFFFD)
      }
    }
    return tables
  }()

  private static func entry(for scalar: UInt32) -> Entry {
    switch scalar {
    case 0x430...0x44F: Entry(weight: weight(frequencies[Int(scalar - 0x430)]), kind: .lower)
    case 0x410...0x42F: Entry(weight: weight(frequencies[Int(scalar - 0x410)]) - 0.4, kind: .upper)
    case 0x451: Entry(weight: 0, kind: .lower)
    case 0x401: Entry(weight: -0.4, kind: .upper)
    // Of the other Cyrillic alphabets.
    case 0x404, 0x406, 0x407, 0x40E, 0x490: Entry(weight: -0.5, kind: .upper)
    case 0x454, 0x456, 0x457, 0x45E, 0x491: Entry(weight: -0.2, kind: .lower)
    // «» № — – … quotes, no-break space.
    case 0xA0, 0xAB, 0xBB, 0x2013, 0x2014, 0x2018...0x201E, 0x2026, 0x2116: Entry(weight: 0, kind: .other)
    default: Entry(weight: -2.5, kind: .other)
    }
  }

  /// 1.3 for the commonest letter, 0 for one of 1 %, −2 for the rarest.
  private static func weight(_ frequency: Double) -> Double {
    var value = 0.0
    var rest = frequency
    while rest >= 2 {
      rest /= 2
      value += 0.4
    }
    while rest < 1 {
      rest *= 2
      value -= 0.5
    }
    return value + (rest - 1) * 0.4
  }
}
