/// Different authors. One alone, as most short whiles have, takes no memory of its own.
struct Voices {
  private var first: UInt64?
  private var others: Set<UInt64> = []

  init() {}
  init(_ authors: some Sequence<UInt64>) { for author in authors { insert(author) } }

  var isEmpty: Bool { first == nil }
  var count: Int { first == nil ? 0 : others.count + 1 }
  var sorted: [UInt64] { first.map { (others + [$0]).sorted() } ?? [] }

  mutating func insert(_ author: UInt64) {
    guard let first else {
      self.first = author
      return
    }
    if author != first { others.insert(author) }
  }

  mutating func formUnion(_ voices: Voices) {
    guard let first = voices.first else { return }
    insert(first)
    for author in voices.others { insert(author) }
  }
}
