import Rules

extension MatchExpression {
  /// The clauses joined by the top-level `and`; the expression itself where there is none.
  package var clauses: [MatchExpression] { if case .and(let parts) = self { parts } else { [self] } }

  /// Every term written out by name anywhere.
  package var names: Set<String> {
    switch self {
    case .name(let name), .hits(let name, _, _): [name]
    case .count(_, of: .names(let names)): Set(names)
    case .not(let inner): inner.names
    case .and(let parts), .or(let parts): parts.reduce(into: []) { $0.formUnion($1.names) }
    case .score, .count: []
    }
  }

  /// Whether `them` stands anywhere.
  var mentionsThem: Bool {
    switch self {
    case .count(_, of: .them): true
    case .not(let inner): inner.mentionsThem
    case .and(let parts), .or(let parts): parts.contains(where: \.mentionsThem)
    case .name, .score, .hits, .count: false
    }
  }

  /// The limit of the first top-level `score >= n` or `score > n`.
  var threshold: Double? {
    for case .score(let comparison, let limit) in clauses where comparison == .atLeast || comparison == .above {
      return limit
    }
    return nil
  }

  /// The expression as an author would write it.
  package var written: String {
    switch self {
    case .name(let name): name
    case .not(let inner): "not " + inner.writtenAsAtom
    case .and(let parts):
      parts.map { if case .or = $0 { $0.writtenAsAtom } else { $0.written } }.joined(separator: " and ")
    case .or(let parts): parts.map(\.written).joined(separator: " or ")
    case .score(let comparison, let limit): "score \(comparison.rawValue) \(MatchExpression.written(limit))"
    case .hits(let name, let comparison, let limit):
      "hits(\(name)) \(comparison.rawValue) \(MatchExpression.written(limit))"
    case .count(let quantity, let selection): "\(quantity.written) of \(selection.written)"
    }
  }

  private var writtenAsAtom: String {
    switch self {
    case .and, .or: "(\(written))"
    default: written
    }
  }

  static func written(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : String(number)
  }
}

extension MatchExpression.Comparison {
  package func holds(_ value: Double, _ limit: Double) -> Bool {
    switch self {
    case .atLeast: value >= limit
    case .above: value > limit
    case .atMost: value <= limit
    case .below: value < limit
    case .equal: value == limit
    case .notEqual: value != limit
    }
  }
}

extension MatchExpression.Quantity {
  package var written: String {
    switch self {
    case .all: "all"
    case .any: "any"
    case .atLeast(let count): String(count)
    }
  }

  /// How many of so many terms must hit.
  package func needed(of count: Int) -> Int {
    switch self {
    case .all: count
    case .any: 1
    case .atLeast(let least): least
    }
  }
}

extension MatchExpression.Selection {
  package var written: String {
    switch self {
    case .them: "them"
    case .glob(let glob): glob
    case .names(let names): "(\(names.joined(separator: ", ")))"
    }
  }

  /// Whether a glob stands for the name.
  package static func fits(_ name: String, glob: String) -> Bool {
    guard !name.hasPrefix("_") || glob.hasPrefix("_") else { return false }
    return Glob.fits(name, glob)
  }
}
