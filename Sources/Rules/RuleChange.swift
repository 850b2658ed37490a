package import Model

/// What another place than the rule's own did to it: a filter or an override.
package struct RuleChange: Hashable, Sendable {
  /// One line, as `explain` prints it.
  package var words: String
  package var place: Place

  package init(_ words: String, place: Place) {
    self.words = words
    self.place = place
  }

  package var line: String { "\(words) (\(place.file):\(place.line))" }
}
