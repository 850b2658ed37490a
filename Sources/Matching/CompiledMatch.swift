package import Rules

/// A `match` over the indices of a rule's terms, with globs and `them` opened.
indirect enum CompiledMatch: Sendable {
  case term(Int)
  case not(CompiledMatch)
  case and([CompiledMatch])
  case or([CompiledMatch])
  case score(MatchExpression.Comparison, Double)
  case hits(Int, MatchExpression.Comparison, Double)
  /// So many of the terms at least.
  case count(Int, of: [Int])
  /// Names a term that is not there.
  case never

  init(_ expression: MatchExpression, in rule: ClaimRule, _ index: [String: Int]) {
    switch expression {
    case .name(let name): self = index[name].map { .term($0) } ?? .never
    case .not(let inner): self = .not(CompiledMatch(inner, in: rule, index))
    case .and(let parts): self = .and(parts.map { CompiledMatch($0, in: rule, index) })
    case .or(let parts): self = .or(parts.map { CompiledMatch($0, in: rule, index) })
    case .score(let comparison, let limit): self = .score(comparison, limit)
    case .hits(let name, let comparison, let limit): self = index[name].map { .hits($0, comparison, limit) } ?? .never
    case .count(let quantity, let selection):
      let names = rule.names(selection)
      let needed = quantity.needed(of: names.count)
      // All of nothing is not a reason to match.
      self = needed > 0 ? .count(needed, of: names.compactMap { index[$0] }) : .never
    }
  }

  /// The clauses joined by the top-level `and`; the condition itself where there is none.
  var clauses: [CompiledMatch] { if case .and(let parts) = self { parts } else { [self] } }

  /// Whether it holds where no term hits and the score is 0.
  var holdsForNothing: Bool { CompiledCondition(self).holds(score: 0) { _ in 0 } }

  /// Terms that it asks to be there: named outside a `not`, in order, each once.
  var positive: [Int] {
    var found: [Int] = []
    var known: Set<Int> = []
    collectPositive(negated: false) { if known.insert($0).inserted { found.append($0) } }
    return found
  }

  private func collectPositive(negated: Bool, _ add: (Int) -> Void) {
    switch self {
    case .term(let term): if !negated { add(term) }
    case .hits(let term, let comparison, let limit): if comparison.holds(0, limit) == negated { add(term) }
    case .count(_, let terms): if !negated { terms.forEach(add) }
    case .not(let inner): inner.collectPositive(negated: !negated, add)
    case .and(let parts), .or(let parts): for part in parts { part.collectPositive(negated: negated, add) }
    case .score, .never: break
    }
  }
}

extension ClaimRule {
  /// Names that `unless` uses.
  var exceptionTerms: Set<String> {
    Set(
      unless.compactMap { exception in
        if case .term(let name) = exception.cue { name } else { nil }
      })
  }

  /// The terms that `them` means.
  package var them: [Term] {
    let exceptions = exceptionTerms
    return terms.filter { $0.weight >= 0 && !$0.name.hasPrefix("_") && !exceptions.contains($0.name) }
  }

  /// The names of the terms that a quantifier counts, each once.
  package func names(_ selection: MatchExpression.Selection) -> [String] {
    switch selection {
    case .them: them.map(\.name)
    case .glob(let glob):
      terms.map(\.name).filter { MatchExpression.Selection.fits($0, glob: glob) }
    case .names(let names): names
    }
  }

  /// Where each term stands among the own ones, followed by the shared ones: an own term of the same name hides a
  /// shared one.
  var termIndex: [String: Int] {
    Dictionary((terms + sharedTerms).enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  var compiledMatch: CompiledMatch { CompiledMatch(match, in: self, termIndex) }
}
