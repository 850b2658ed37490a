package import Model

/// A text with `{{ name | filter }}` holes, checked when the rule is read.
package struct Template: Hashable, Sendable {
  package enum Part: Hashable, Sendable {
    case text(String)
    case hole(name: String, filter: Filter?)
  }
  package enum Filter: Hashable, Sendable {
    /// `dd.MM HH:mm` in the file's zone.
    case local
    /// The Russian plural form for the number: `публикация публикации публикаций`.
    case plural(one: String, few: String, many: String)
  }
  package var parts: [Part]
  package var place: Place

  package init(parts: [Part], place: Place = Place(file: "")) {
    self.parts = parts
    self.place = place
  }

  /// Every name a hole may have.
  package static let names: [String] = [
    "narrative", "region.code", "region.name", "rule.id", "title", "severity", "first_seen", "detected",
    "evidence.count", "sources", "score", "threshold", "items", "reposts", "count", "authors", "ratio", "z", "peak",
  ]
}
