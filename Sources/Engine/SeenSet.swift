/// Which items and comments were taken already: an id is unique within its source.
///
/// Holds 128 bits of two independently keyed hashes each; the keys are drawn per process, so nobody can make ids that
/// collide.
struct SeenSet {
  private struct Mark: Hashable {
    var high: Int
    var low: Int
  }
  private var marks: Set<Mark> = []

  /// False when it was there already.
  mutating func insert(_ kind: String, _ source: String, _ id: String) -> Bool {
    marks.insert(mark(kind, source, id)).inserted
  }

  func contains(_ kind: String, _ source: String, _ id: String) -> Bool { marks.contains(mark(kind, source, id)) }

  private func mark(_ kind: String, _ source: String, _ id: String) -> Mark {
    Mark(high: hash(1, kind, source, id), low: hash(2, kind, source, id))
  }

  private func hash(_ salt: Int, _ kind: String, _ source: String, _ id: String) -> Int {
    var hasher = Hasher()
    hasher.combine(salt)
    hasher.combine(kind)
    hasher.combine(source)
    hasher.combine(id)
    return hasher.finalize()
  }
}
