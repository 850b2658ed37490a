import Model

/// Which items and comments were taken already: an id is unique within its source.
struct SeenSet {
  private var marks: Set<Mark> = []

  /// False when it was there already.
  mutating func insert(_ kind: String, _ source: String, _ id: String) -> Bool {
    marks.insert(mark(kind, source, id)).inserted
  }

  func contains(_ kind: String, _ source: String, _ id: String) -> Bool { marks.contains(mark(kind, source, id)) }

  private func mark(_ kind: String, _ source: String, _ id: String) -> Mark {
    Mark(kind == "item" ? 0 : 1, source, id)
  }
}
