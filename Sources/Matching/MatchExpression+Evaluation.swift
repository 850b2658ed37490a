extension MatchExpression {
  /// Evaluates the expression.
  ///
  /// - Parameter scoreHolds: when given, stands in for every comparison of the score.
  func holds(score: Double, has: (String) -> Bool, them: () -> Bool, scoreHolds: Bool?) -> Bool {
    switch self {
    case .name(let name): has(name)
    case .not(let inner): !inner.holds(score: score, has: has, them: them, scoreHolds: scoreHolds)
    case .and(let parts): parts.allSatisfy { $0.holds(score: score, has: has, them: them, scoreHolds: scoreHolds) }
    case .or(let parts): parts.contains { $0.holds(score: score, has: has, them: them, scoreHolds: scoreHolds) }
    case .score(let comparison, let limit): scoreHolds ?? comparison.holds(score, limit)
    case .anyOfThem: them()
    }
  }

  /// The clauses joined by the top-level `and`; the expression itself where there is none.
  var clauses: [MatchExpression] { if case .and(let parts) = self { parts } else { [self] } }

  /// Every term named anywhere.
  package var names: Set<String> {
    switch self {
    case .name(let name): [name]
    case .not(let inner): inner.names
    case .and(let parts), .or(let parts): parts.reduce(into: []) { $0.formUnion($1.names) }
    case .score, .anyOfThem: []
    }
  }

  /// Terms named outside a `not`, in order, each once.
  var positiveNames: [String] {
    var names: [String] = []
    collectPositive(negated: false, into: &names)
    return names
  }

  private func collectPositive(negated: Bool, into names: inout [String]) {
    switch self {
    case .name(let name): if !negated, !names.contains(name) { names.append(name) }
    case .not(let inner): inner.collectPositive(negated: !negated, into: &names)
    case .and(let parts), .or(let parts): for part in parts { part.collectPositive(negated: negated, into: &names) }
    case .score, .anyOfThem: break
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
    case .anyOfThem: "any of them"
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
