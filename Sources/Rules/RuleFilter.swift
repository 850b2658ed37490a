package import Model
package import YAML

/// One entry of `filters`: exceptions of many rules.
package final class RuleFilter {
  /// Ids of rules; `*` stands for any characters.
  let globs: [(text: String, node: YAMLNode)]
  /// Entries in the form of a rule's `unless`.
  package let exceptions: [YAMLNode]
  /// The last day on which it holds, by the file's clocks.
  package let until: ValidUntil?
  package let place: Place
  /// Globs that a rule was found for which can be filtered.
  private(set) var used: Set<String> = []

  init(globs: [(text: String, node: YAMLNode)], exceptions: [YAMLNode], until: ValidUntil?, place: Place) {
    self.globs = globs
    self.exceptions = exceptions
    self.until = until
    self.place = place
  }

  /// Whether it concerns the rule; keeps in mind which globs did.
  func concerns(_ rule: String) -> Bool {
    let fitting = globs.filter { Glob.fits(rule, $0.text) }
    used.formUnion(fitting.map(\.text))
    return !fitting.isEmpty
  }

  package var change: RuleChange {
    RuleChange(
      "filter for \(globs.map(\.text).joined(separator: ", "))\(until.map { " until \($0)" } ?? "")", place: place)
  }
}

/// The last day of something, in a time zone.
package struct ValidUntil: Hashable, Sendable, CustomStringConvertible {
  package var date: CivilDate
  /// IANA name.
  package var timezone: String

  package init(_ date: CivilDate, timezone: String) {
    self.date = date
    self.timezone = timezone
  }

  /// `YYYY-MM-DD`.
  package var description: String {
    "\(Moment.padded(date.year, 4))-\(Moment.padded(date.month, 2))-\(Moment.padded(date.day, 2))"
  }
}

/// Names with `*` for any characters.
package enum Glob {
  /// Backs up to the last star alone: time grows with the product of the lengths at most.
  package static func fits(_ text: String, _ glob: String) -> Bool {
    let (name, glob) = (Array(text.utf8), Array(glob.utf8))
    let star = UInt8(ascii: "*")
    var (position, place) = (0, 0)
    var retry: (position: Int, place: Int)?
    while position < name.count {
      if place < glob.count, glob[place] == star {
        place += 1
        retry = (position, place)
      } else if place < glob.count, glob[place] == name[position] {
        (position, place) = (position + 1, place + 1)
      } else if let last = retry {
        retry = (last.position + 1, last.place)
        (position, place) = (last.position + 1, last.place)
      } else {
        return false
      }
    }
    return glob[place...].allSatisfy { $0 == star }
  }
}
