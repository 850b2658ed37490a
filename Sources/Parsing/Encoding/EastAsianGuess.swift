/// Which of the encodings of Asia some bytes without a label are in.
///
/// By the rows of their tables: running text stays in the rows of its own letters and of the common ideographs (the
/// first level of each standard, ordered by use), and mojibake scatters over rare ones.
enum EastAsianGuess {
  static func best(_ bytes: [UInt8]) -> String? {
    let sample = bytes.prefix(64 << 10)
    var best: (charset: String, score: Double)?
    for table in tables {
      guard let score = score(sample, table) else { continue }
      if score > best?.score ?? 0.7 { best = (table.charset, score) }
    }
    return best?.charset
  }

  private struct Table: Sendable {
    var charset: String
    /// What a lead and a trail byte stand for.
    var kind: @Sendable (_ lead: UInt8, _ trail: UInt8) -> Kind
    /// The least share of the language's own letters.
    var own: Double
  }

  private enum Kind { case own, common, sign, rare, single, invalid }

  /// Of equal scores the earlier wins.
  private static let tables: [Table] = [
    Table(
      charset: "CP932",
      kind: { lead, trail in
        guard !(0xA1...0xDF).contains(lead) else { return .single }  // half-width kana
        guard trail >= 0x40, trail != 0x7F, trail <= 0xFC else { return .invalid }
        return switch lead {
        case 0x81: .sign
        case 0x82 where trail >= 0x9F, 0x83 where trail <= 0x96: .own
        case 0x82, 0x83: .sign
        case 0x88...0x97: .common
        case 0x98 where trail <= 0x72: .common
        case 0x81...0x9F, 0xE0...0xFC: .rare
        default: .invalid
        }
      }, own: 0.2),
    Table(
      charset: "EUC-JP",
      kind: { lead, trail in
        guard lead >= 0xA1, lead < 0xFF, trail >= 0xA1 else { return lead == 0x8E ? .sign : .invalid }
        switch lead {
        case 0xA4, 0xA5: return .own
        case 0xA1...0xA3: return .sign
        case 0xB0...0xCF: return .common
        default: return .rare
        }
      }, own: 0.2),
    Table(
      charset: "CP949",
      kind: { lead, trail in
        guard lead >= 0x81, lead < 0xFF, trail >= 0x41 else { return .invalid }
        switch lead {
        case 0xB0...0xC8 where trail >= 0xA1: return .own
        case 0xA1...0xA3: return .sign
        default: return .rare
        }
      }, own: 0.6),
    Table(
      charset: "BIG5",
      kind: { lead, trail in
        guard lead >= 0x81, lead < 0xFF, (0x40...0x7E).contains(trail) || trail >= 0xA1 else { return .invalid }
        switch lead {
        case 0xA1...0xA3: return .sign
        case 0xA4...0xC6: return .own
        default: return .rare
        }
      }, own: 0.6),
    Table(
      charset: "GB18030",
      kind: { lead, trail in
        guard lead >= 0x81, lead < 0xFF, trail >= 0x40, trail != 0x7F else { return .invalid }
        switch lead {
        case 0xA1...0xA3 where trail >= 0xA1: return .sign
        case 0xB0...0xD7 where trail >= 0xA1: return .own
        default: return .rare
        }
      }, own: 0.6),
  ]

  /// The share of what is common in running text among all characters beyond ASCII; nil when the bytes cannot be the
  /// table's, or are too few to tell.
  private static func score(_ bytes: ArraySlice<UInt8>, _ table: Table) -> Double? {
    var all = 0.0
    var good = 0.0
    var own = 0.0
    var invalid = 0
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let lead = bytes[index]
      index += 1
      guard lead >= 0x80 else { continue }
      let kind = table.kind(lead, index < bytes.endIndex ? bytes[index] : 0xFF)
      all += 1
      switch kind {
      case .own: (good, own) = (good + 1, own + 1)
      case .common, .single: good += 1
      case .sign: good += 0.9
      case .rare: break
      case .invalid:
        invalid += 1
        continue
      }
      if kind != .single { index += 1 }
    }
    guard all >= 6, Double(invalid) <= all / 200, own >= all * table.own else { return nil }
    return good / all
  }
}
