/// Which East Asian encoding some bytes without a label are in: one that reads them all, mostly as its own letters.
enum EastAsianGuess {
  static func best(_ bytes: [UInt8]) -> String? {
    let sample = Array(bytes.prefix(64 << 10))
    var best: (charset: String, score: Double)?
    for (charset, own) in candidates {
      guard let result = Charset.convert(sample, from: charset), result.bad <= sample.count / 2000 else { continue }
      let score = score(String(decoding: result.bytes, as: UTF8.self), own)
      if score > best?.score ?? 0.6 { best = (charset, score) }
    }
    return best?.charset
  }

  /// Encodings with the letters that only their language has; of equal scores the earlier wins.
  private static let candidates: [(String, [ClosedRange<UInt32>])] = [
    ("CP932", [0x3040...0x30FF]), ("EUC-JP", [0x3040...0x30FF]), ("CP949", [0xAC00...0xD7A3]),
    ("BIG5", [0x4E00...0x9FFF]), ("GB18030", [0x4E00...0x9FFF]),
  ]

  /// The share of the characters beyond ASCII that belong to the language, common ideographs counting for most of one.
  private static func score(_ text: String, _ own: [ClosedRange<UInt32>]) -> Double {
    var count = 0.0
    var sum = 0.0
    var particular = 0.0
    for scalar in text.unicodeScalars where scalar.value >= 0x80 {
      count += 1
      switch scalar.value {
      case 0x3040...0x30FF, 0xAC00...0xD7A3, 0x4E00...0x9FFF: sum += 1
      case 0x3000...0x303F, 0xFF01...0xFF5E, 0x2010...0x2026: sum += 0.9
      default: break
      }
      if own.contains(where: { $0.contains(scalar.value) }) { particular += 1 }
    }
    // A language without its own letters is another language in a wrong encoding.
    return count >= 6 && particular >= count * 0.25 ? sum / count : 0
  }
}
