package import Model

/// The header `Retry-After` (RFC 9110 section 10.2.3): seconds, or a date.
package enum RetryAfter {
  /// How long to wait from `now`, never negative; nil for what is neither.
  package static func span(_ text: String, now: Moment) -> Span? {
    let trimmed = text.drop { $0 == " " }
    if !trimmed.isEmpty, trimmed.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
      // More than nine digits is more than thirty years: as good as never.
      return .seconds(trimmed.utf8.count > 9 ? 999_999_999 : Int64(trimmed) ?? 0)
    }
    return date(trimmed).map { max(.zero, $0 - now) }
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`: the one form that may still be written.
  private static func date(_ text: Substring) -> Moment? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT", let day = Int(words[1]), let year = Int(words[3]),
      let month = months.firstIndex(of: words[2].lowercased())
    else { return nil }
    return Moment(
      rfc3339: "\(Moment.padded(year, 4))-\(Moment.padded(month + 1, 2))-\(Moment.padded(day, 2))T\(words[4])Z")
  }

  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
}
