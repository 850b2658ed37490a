import YAML

/// A `match` line as it was read: the condition, and where its names and comparisons stand.
struct MatchSyntax {
  struct Name {
    var name: String
    var range: Range<Int>
    /// Not under an odd number of `not`.
    var isPositive: Bool
  }
  struct Score {
    var comparison: MatchExpression.Comparison
    var limit: Double
    var range: Range<Int>
  }
  var expression: MatchExpression
  var names: [Name] = []
  var scores: [Score] = []

  /// Reads a line in the grammar of the rule language; `not` binds tighter than `and`, `and` than `or`.
  init(_ text: String) throws(MatchError) {
    var parser = MatchParser(tokens: try MatchTokens.read(text))
    expression = try parser.or()
    try parser.expectEnd()
    names = parser.names
    scores = parser.scores
  }
}

private struct MatchParser {
  let tokens: [MatchToken]
  var names: [MatchSyntax.Name] = []
  var scores: [MatchSyntax.Score] = []
  private var index = 0
  private var depth = 0
  private var isPositive = true

  /// Parentheses and `not` in one another.
  private static let depthLimit = 64

  init(tokens: [MatchToken]) { self.tokens = tokens }

  private var token: MatchToken { tokens[min(index, tokens.count - 1)] }

  mutating func expectEnd() throws(MatchError) {
    guard token.kind != .end else { return }
    if token.kind == .close { throw MatchError(message: "no «(» belongs to this «)»", hint: nil, range: token.range) }
    var hint: String?
    if case .name(let name) = token.kind, ["and", "or", "not"].contains(name.lowercased()) {
      hint = "write «\(name.lowercased())»"
    }
    throw MatchError(message: "«and» or «or» is missing before this", hint: hint, range: token.range)
  }

  mutating func or() throws(MatchError) -> MatchExpression {
    var parts = [try and()]
    while token.kind == .or {
      index += 1
      parts.append(try and())
    }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func and() throws(MatchError) -> MatchExpression {
    var parts = [try not()]
    while token.kind == .and {
      index += 1
      parts.append(try not())
    }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func not() throws(MatchError) -> MatchExpression {
    guard token.kind == .not else { return try atom() }
    try descend()
    index += 1
    isPositive.toggle()
    let inner = try not()
    isPositive.toggle()
    depth -= 1
    return .not(inner)
  }

  private mutating func descend() throws(MatchError) {
    depth += 1
    guard depth <= MatchParser.depthLimit else {
      let message = "nested deeper than \(MatchParser.depthLimit) levels"
      throw MatchError(message: message, hint: nil, range: token.range)
    }
  }

  private mutating func atom() throws(MatchError) -> MatchExpression {
    let start = token
    switch start.kind {
    case .open:
      try descend()
      index += 1
      let inner = try or()
      guard token.kind == .close else {
        if token.kind == .end {
          throw MatchError(message: "this «(» is not closed", hint: nil, range: start.range)
        }
        try expectEnd()
        return inner
      }
      index += 1
      depth -= 1
      return inner
    case .number, .glob: return try quantifier()
    case .name(let name):
      let follows = tokens[min(index + 1, tokens.count - 1)]
      if name == "any" || name == "all", follows.kind == .name("of") { return try quantifier() }
      if name == "hits", follows.kind == .open {
        let end = tokens[index...].first { $0.kind == .close } ?? follows
        throw notSupported("hits(…)", start.range.lowerBound..<end.range.upperBound)
      }
      index += 1
      return name == "score" ? try score(start) : try self.name(name, start)
    case .end: throw MatchError(message: "a term or a comparison is missing at the end", hint: nil, range: start.range)
    default: throw MatchError(message: "a term or a comparison is expected here", hint: nil, range: start.range)
    }
  }

  private mutating func name(_ name: String, _ token: MatchToken) throws(MatchError) -> MatchExpression {
    if ["of", "all", "any", "them", "hits"].contains(name) {
      throw MatchError(message: "«\(name)» is no term", hint: nil, range: token.range)
    }
    if case .comparison = self.token.kind {
      let suggestion = Suggestion.nearest(to: name, among: ["score"]).map { "did you mean «\($0)»?" }
      throw MatchError(message: "only «score» can be compared", hint: suggestion, range: token.range)
    }
    names.append(MatchSyntax.Name(name: name, range: token.range, isPositive: isPositive))
    return .name(name)
  }

  private mutating func score(_ start: MatchToken) throws(MatchError) -> MatchExpression {
    guard case .comparison(let comparison) = token.kind else {
      let hint = "write it like «score >= 7»"
      throw MatchError(message: "«score» needs a comparison", hint: hint, range: start.range)
    }
    index += 1
    guard case .number(let limit) = token.kind else {
      throw MatchError(message: "a number is expected here", hint: nil, range: token.range)
    }
    let range = start.range.lowerBound..<token.range.upperBound
    index += 1
    scores.append(MatchSyntax.Score(comparison: comparison, limit: limit, range: range))
    return .score(comparison, limit)
  }

  /// `any of them` is the default written out; the other quantifiers are not there yet.
  private mutating func quantifier() throws(MatchError) -> MatchExpression {
    let start = token
    let rest = tokens[index...].dropFirst()
    guard rest.first?.kind == .name("of") else {
      if case .glob(let name) = start.kind {
        throw MatchError(message: "«\(name)» is no term", hint: "write out the names", range: start.range)
      }
      throw MatchError(message: "a term or a comparison is expected here", hint: nil, range: start.range)
    }
    let last = rest.dropFirst().first ?? start
    if start.kind == .name("any"), last.kind == .name("them") {
      index += 3
      return .anyOfThem
    }
    throw notSupported(
      "counting terms with «of»", start.range.lowerBound..<max(start.range.upperBound, last.range.upperBound))
  }

  private func notSupported(_ what: String, _ range: Range<Int>) -> MatchError {
    MatchError(message: what, hint: nil, range: range, isNotSupported: true)
  }
}
