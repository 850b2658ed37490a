/// An instant: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Moment: InstantProtocol, Hashable, Sendable {
  /// Milliseconds since the Unix epoch.
  public var milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  @inlinable public static func < (left: Moment, right: Moment) -> Bool { left.milliseconds < right.milliseconds }

  /// This moment moved by a duration, which is cut to whole milliseconds.
  @inlinable public func advanced(by duration: Duration) -> Moment {
    Moment(milliseconds: milliseconds + duration.wholeMilliseconds)
  }

  @inlinable public func duration(to other: Moment) -> Duration {
    .milliseconds(other.milliseconds - milliseconds)
  }

  @inlinable public static func + (moment: Moment, span: Span) -> Moment {
    Moment(milliseconds: moment.milliseconds + span.milliseconds)
  }

  @inlinable public static func - (moment: Moment, span: Span) -> Moment {
    Moment(milliseconds: moment.milliseconds - span.milliseconds)
  }

  /// The span from `start` to `end`; negative when `end` is earlier.
  @inlinable public static func - (end: Moment, start: Moment) -> Span {
    Span(milliseconds: end.milliseconds - start.milliseconds)
  }
}

/// A length of time in whole milliseconds, as rule files write it (`1h30m`); may be negative.
public struct Span: Hashable, Comparable, Sendable {
  public var milliseconds: Int64

  @inlinable public init(milliseconds: Int64) { self.milliseconds = milliseconds }
  public static let zero = Span(milliseconds: 0)
  @inlinable public static func seconds(_ count: Int64) -> Span { Span(milliseconds: count * 1000) }
  @inlinable public static func minutes(_ count: Int64) -> Span { Span(milliseconds: count * 60_000) }
  @inlinable public static func hours(_ count: Int64) -> Span { Span(milliseconds: count * 3_600_000) }
  @inlinable public static func days(_ count: Int64) -> Span { Span(milliseconds: count * 86_400_000) }

  @inlinable public static func < (left: Span, right: Span) -> Bool { left.milliseconds < right.milliseconds }
  @inlinable public static func + (left: Span, right: Span) -> Span {
    Span(milliseconds: left.milliseconds + right.milliseconds)
  }
  @inlinable public static func * (span: Span, factor: Int64) -> Span {
    Span(milliseconds: span.milliseconds * factor)
  }
  @inlinable public var duration: Duration { .milliseconds(milliseconds) }

  /// Reads `15m`, `1h30m`, `90s`, `250ms`, `7d`, `2w`; nil for anything else, a bare number included.
  public init?(_ text: some StringProtocol) {
    var total: Int64 = 0
    var bytes = Array(text.utf8)[...]
    guard !bytes.isEmpty else { return nil }
    while !bytes.isEmpty {
      let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }
      guard !digits.isEmpty, digits.count <= 12 else { return nil }
      bytes = bytes.dropFirst(digits.count)
      let unit = bytes.prefix { $0 >= 0x61 && $0 <= 0x7A }
      bytes = bytes.dropFirst(unit.count)
      guard let size = Span.units[String(decoding: unit, as: UTF8.self)] else { return nil }
      let count = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      let (sum, overflowing) = total.addingReportingOverflow(product)
      // Ten thousand years: keeps every later sum of a moment and a span inside Int64.
      guard !overflow, !overflowing, sum <= 315_576_000_000_000 else { return nil }
      total = sum
    }
    milliseconds = total
  }

  private static let units: [String: Int64] = [
    "ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000,
  ]
}

extension Span: CustomStringConvertible {
  /// The shortest writing of the span in the notation of rule files: `1h30m`, `2w`, `0s`.
  public var description: String {
    if milliseconds == 0 { return "0s" }
    var rest = abs(milliseconds)
    var text = milliseconds < 0 ? "-" : ""
    for (unit, size) in [("d", Int64(86_400_000)), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)] {
      if rest >= size {
        text += "\(rest / size)\(unit)"
        rest %= size
      }
    }
    return text
  }
}

extension Duration {
  /// The duration in milliseconds, the part below one millisecond cut off.
  @inlinable public var wholeMilliseconds: Int64 {
    components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
  }
}
