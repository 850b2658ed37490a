/// Counters as pages and feeds write them.
package enum CounterReader {
  /// No counter of people reaches this; what claims to is noise, and sums of what is below cannot overflow.
  static let largest = 1_000_000_000_000

  /// A plain count of a feed: digits, with spaces or thousands marks between; nil for anything else.
  static func digits(_ text: String?) -> Int? {
    guard let text, !text.isEmpty else { return nil }
    if text.utf8.count <= 9, text.utf8.allSatisfy(Bytes.isDigit) { return Int(text) }
    return grouped(text.trimmingSpaces)
  }

  private static func grouped(_ text: String) -> Int? {
    guard !text.isEmpty else { return nil }
    var digits = ""
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
      } else if !(character.isWhitespace || ",.'’".contains(character)) || digits.isEmpty {
        return nil
      }
    }
    // «12.5» is no count; marks stand before three digits.
    let groups = text.split { ",.'’".contains($0) }
    if groups.count > 1, groups.dropFirst().contains(where: { $0.count != 3 }) { return nil }
    return digits.count <= 12 ? Int(digits) : nil
  }

  /// The count that a text states: `1 204`, `1,2 тыс.`, `12 комментариев`, `Комментарии (12)`, `нет комментариев` = 0;
  /// nil when it states none («Комментировать»).
  package static func count(_ text: String) -> Int? {
    let low = Array(text.lowercased().unicodeScalars)
    guard let start = low.firstIndex(where: isDigit) else {
      let words = text.lowercased().split { !$0.isLetter }
      return words.contains(where: nothing.contains) ? 0 : nil
    }
    if start > 0, low[start - 1] == "-" || low[start - 1] == "−" { return nil }
    var index = start
    var digits = ""
    var fraction: String?
    while index < low.count {
      let scalar = low[index]
      if isDigit(scalar) {
        digits.unicodeScalars.append(scalar)
        index += 1
        continue
      }
      let run = low[(index + 1)...].prefix(while: isDigit).count
      if scalar.properties.isWhitespace || scalar == "'" || scalar == "’", run == 3, !digits.isEmpty {
        index += 1
      } else if scalar == "," || scalar == ".", run == 3, !isScaled(low[(index + 1 + run)...]) {
        index += 1
      } else if scalar == "," || scalar == ".", run > 0 {
        fraction = String(String.UnicodeScalarView(low[(index + 1)...].prefix(run)))
        index += 1 + run
        break
      } else {
        break
      }
    }
    guard digits.count <= 12, let whole = Int(digits) else { return nil }
    let scale = scale(low[index...])
    guard let fraction else { return scaled(whole, scale) }
    guard scale > 1, let part = Int(fraction.prefix(6)) else { return nil }
    var size = 1
    for _ in fraction.prefix(6) { size *= 10 }
    return scaled(whole, scale).flatMap { plausible($0 + part * scale / size) }
  }

  /// The number itself where it can be a counter.
  static func plausible(_ number: Int) -> Int? { (0...largest).contains(number) ? number : nil }

  private static let nothing: Set<Substring> = ["нет", "ноль", "no", "none", "zero", "немає", "няма"]

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }
  private static func isScaled(_ rest: ArraySlice<Unicode.Scalar>) -> Bool { scale(rest) > 1 }

  private static func scaled(_ value: Int, _ scale: Int) -> Int? {
    let (product, overflow) = value.multipliedReportingOverflow(by: scale)
    return overflow ? nil : plausible(product)
  }

  /// 1,000 for «тыс.», «к», «K»; 1,000,000 for «млн», «м», «M»; else 1.
  private static func scale(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
    let word = rest.drop { $0.properties.isWhitespace }.prefix { $0.properties.isAlphabetic }
    switch String(String.UnicodeScalarView(word)) {
    case "тыс", "тысяч", "тысячи", "тысяча", "т", "к", "k", "тис": return 1_000
    case "млн", "миллион", "миллиона", "миллионов", "м", "m", "mln": return 1_000_000
    case "млрд", "b": return 1_000_000_000
    default: return 1
    }
  }
}
