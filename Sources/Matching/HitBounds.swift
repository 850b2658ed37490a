import Rules

/// How often each term of a rule hits at least and at most in a text for which a condition holds: what can be told
/// without the text.
struct HitBounds {
  /// By the index of the term.
  private(set) var least: [Int]
  private(set) var most: [Int]

  init(terms: Int) {
    least = Array(repeating: 0, count: terms)
    most = Array(repeating: .max, count: terms)
  }

  /// A term that would have to be there and not to be there.
  var contradiction: Int? { least.indices.first { least[$0] > most[$0] } }
  /// Terms that are there in any case.
  var present: [Int] { least.indices.filter { least[$0] > 0 } }

  /// Takes in what follows from a condition that holds, or does not.
  mutating func assume(_ condition: CompiledMatch, holds: Bool = true) {
    switch condition {
    case .term(let term): holds ? atLeast(1, term) : atMost(0, term)
    case .not(let inner): assume(inner, holds: !holds)
    case .and(let parts): if holds { for part in parts { assume(part) } }
    case .or(let parts): if !holds { for part in parts { assume(part, holds: false) } }
    case .count(let needed, let terms):
      if holds, needed == terms.count { for term in terms { atLeast(1, term) } }
      if !holds, needed == 1 { for term in terms { atMost(0, term) } }
    case .hits(let term, let comparison, let limit):
      // Limits beyond these say nothing that matters here.
      guard (0...1_000_000).contains(limit) else { return }
      switch (comparison, holds) {
      case (.atLeast, true), (.below, false): atLeast(Int(limit.rounded(.up)), term)
      case (.above, true), (.atMost, false): atLeast(Int(limit.rounded(.down)) + 1, term)
      case (.atMost, true), (.above, false): atMost(Int(limit.rounded(.down)), term)
      case (.below, true), (.atLeast, false): atMost(Int(limit.rounded(.up)) - 1, term)
      case (.equal, true), (.notEqual, false):
        atLeast(Int(limit.rounded(.up)), term)
        atMost(Int(limit.rounded(.down)), term)
      case (.equal, false), (.notEqual, true): if limit == 0 { atLeast(1, term) }
      }
    case .score, .never: break
    }
  }

  private mutating func atLeast(_ count: Int, _ term: Int) { least[term] = max(least[term], count) }
  private mutating func atMost(_ count: Int, _ term: Int) { most[term] = min(most[term], max(0, count)) }
}

extension CompiledMatch {
  /// What is known about the hits where each comparison of the score stands, from left to right: what is joined to it by
  /// `and` holds beside it.
  func boundsOfScores(_ bounds: HitBounds) -> [HitBounds] {
    switch self {
    case .score: return [bounds]
    case .not(let inner): return inner.boundsOfScores(bounds)
    case .or(let parts): return parts.flatMap { $0.boundsOfScores(bounds) }
    case .and(let parts):
      var inner = bounds
      for part in parts { inner.assume(part) }
      return parts.flatMap { $0.boundsOfScores(inner) }
    case .term, .hits, .count, .never: return []
    }
  }

  /// The bounds of every way in which the condition may hold: one for each part of a top-level `or`.
  func boundsOfWays(terms: Int) -> [HitBounds] {
    let ways = if case .or(let parts) = self { parts } else { [self] }
    return ways.map { way in
      var bounds = HitBounds(terms: terms)
      bounds.assume(way)
      return bounds
    }
  }
}
