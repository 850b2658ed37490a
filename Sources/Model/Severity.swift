/// How much an alert weighs, from `info` to `critical`.
package enum Severity: String, CaseIterable, Comparable, Sendable {
  case info, low, medium, high, critical

  package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  /// One step lower; `info` stays.
  package var lowered: Severity { Severity.allCases[max(0, rank - 1)] }

  private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
}
