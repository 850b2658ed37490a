import Rules
import YAML

/// A `match` line as it was read: the condition, and where its names and comparisons stand.
struct MatchSyntax {
  struct Name {
    var name: String
    var range: Range<Int>
  }
  struct Score {
    var comparison: MatchExpression.Comparison
    var limit: Double
    var range: Range<Int>
  }
  /// `2 of (a, b)`, or `hits(a) >= 2`.
  struct Part {
    var expression: MatchExpression
    var range: Range<Int>
    /// Of what stands behind `of`.
    var selection: Range<Int>
  }
  var expression: MatchExpression
  /// Names of terms, without globs.
  var names: [Name] = []
  var scores: [Score] = []
  var counts: [Part] = []
  var hits: [Part] = []

  /// Reads a line in the grammar of the rule language; `not` binds tighter than `and`, `and` than `or`.
  init(_ text: String) throws(MatchError) {
    var parser = MatchParser(tokens: try MatchTokens.read(text))
    expression = try parser.or()
    try parser.expectEnd()
    names = parser.names
    scores = parser.scores
    counts = parser.counts
    hits = parser.hits
  }
}

private struct MatchParser {
  let tokens: [MatchToken]
  var names: [MatchSyntax.Name] = []
  var scores: [MatchSyntax.Score] = []
  var counts: [MatchSyntax.Part] = []
  var hits: [MatchSyntax.Part] = []
  private var index = 0
  private var depth = 0

  /// Parentheses and `not` in one another.
  private static let depthLimit = 64

  init(tokens: [MatchToken]) { self.tokens = tokens }

  private var token: MatchToken { tokens[min(index, tokens.count - 1)] }
  private var next: MatchToken { tokens[min(index + 1, tokens.count - 1)] }

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
    let inner = try not()
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
    case .integer, .number: return try quantifier()
    case .glob(let glob):
      let hint = "write «any of \(glob)» or «all of \(glob)»"
      throw MatchError(message: "«\(glob)» stands for several terms", hint: hint, range: start.range)
    case .name(let name):
      if name == "any" || name == "all" || next.kind == .name("of") { return try quantifier() }
      if name == "hits" { return try hits(start) }
      index += 1
      return name == "score" ? try score(start) : try self.name(name, start)
    case .end: throw MatchError(message: "a term or a comparison is missing at the end", hint: nil, range: start.range)
    default: throw MatchError(message: "a term or a comparison is expected here", hint: nil, range: start.range)
    }
  }

  private mutating func name(_ name: String, _ token: MatchToken) throws(MatchError) -> MatchExpression {
    if ["of", "them"].contains(name) {
      throw MatchError(message: "«\(name)» is no term", hint: "write it like «2 of them»", range: token.range)
    }
    if case .comparison = self.token.kind {
      let suggestion = Suggestion.nearest(to: name, among: ["score"]).map { "did you mean «\($0)»?" }
      let hint = suggestion ?? "for its hits write «hits(\(name))»"
      throw MatchError(message: "only «score» and «hits(…)» can be compared", hint: hint, range: token.range)
    }
    names.append(MatchSyntax.Name(name: name, range: token.range))
    return .name(name)
  }

  private mutating func score(_ start: MatchToken) throws(MatchError) -> MatchExpression {
    let (comparison, limit, end) = try comparison("score", start)
    scores.append(
      MatchSyntax.Score(comparison: comparison, limit: limit, range: start.range.lowerBound..<end))
    return .score(comparison, limit)
  }

  /// The sign and the number behind a value, and where they end.
  private mutating func comparison(_ value: String, _ start: MatchToken) throws(MatchError) -> (
    MatchExpression.Comparison, Double, end: Int
  ) {
    guard case .comparison(let comparison) = token.kind else {
      let hint = "write it like «\(value) >= \(value == "score" ? 7 : 2)»"
      throw MatchError(message: "«\(value)» needs a comparison", hint: hint, range: start.range)
    }
    index += 1
    let number = token
    index += 1
    switch number.kind {
    case .number(let limit): return (comparison, limit, number.range.upperBound)
    case .integer(let limit): return (comparison, Double(limit), number.range.upperBound)
    default: throw MatchError(message: "a number is expected here", hint: nil, range: number.range)
    }
  }

  /// `hits(name) >= 2`.
  private mutating func hits(_ start: MatchToken) throws(MatchError) -> MatchExpression {
    index += 1
    guard token.kind == .open else {
      throw MatchError(message: "«hits» needs a term", hint: "write it like «hits(a) >= 2»", range: start.range)
    }
    index += 1
    let name = try termName()
    guard token.kind == .close else {
      let hint = token.kind == .comma ? "«hits» counts one term" : nil
      throw MatchError(message: "«)» is missing before this", hint: hint, range: token.range)
    }
    let whole = MatchToken(kind: start.kind, range: start.range.lowerBound..<token.range.upperBound)
    index += 1
    let (comparison, limit, end) = try comparison("hits(\(name))", whole)
    let expression = MatchExpression.hits(name, comparison, limit)
    let range = start.range.lowerBound..<end
    hits.append(MatchSyntax.Part(expression: expression, range: range, selection: range))
    return expression
  }

  /// The name of a term in brackets; taken note of.
  private mutating func termName() throws(MatchError) -> String {
    let token = token
    switch token.kind {
    case .name(let name) where !PatternReading.reservedNames.contains(name):
      index += 1
      names.append(MatchSyntax.Name(name: name, range: token.range))
      return name
    case .name(let name):
      throw MatchError(message: "«\(name)» is no term", hint: nil, range: token.range)
    case .glob(let glob):
      let hint = "a glob stands alone: «any of \(glob)»"
      throw MatchError(message: "«\(glob)» cannot stand in brackets", hint: hint, range: token.range)
    default:
      throw MatchError(message: "the name of a term is expected here", hint: nil, range: token.range)
    }
  }

  /// `2 of them`, `all of casualty*`, `any of (a, b)`.
  private mutating func quantifier() throws(MatchError) -> MatchExpression {
    let start = token
    let quantity = try quantity()
    guard token.kind == .name("of") else {
      if case .name(let name) = start.kind, name != "any", name != "all" {
        throw MatchError(message: "«\(name)» is no term", hint: nil, range: start.range)
      }
      let hint = "write it like «\(quantity.written) of them»"
      throw MatchError(message: "«of» is missing behind «\(quantity.written)»", hint: hint, range: start.range)
    }
    index += 1
    let first = token
    let selection = try selection()
    let end = tokens[index - 1].range.upperBound
    let expression = MatchExpression.count(quantity, of: selection)
    counts.append(
      MatchSyntax.Part(
        expression: expression, range: start.range.lowerBound..<end, selection: first.range.lowerBound..<end))
    return expression
  }

  private mutating func quantity() throws(MatchError) -> MatchExpression.Quantity {
    let token = token
    index += 1
    switch token.kind {
    case .name("any"): return .any
    case .name("all"): return .all
    case .integer(let count) where count > 0: return .atLeast(count)
    case .integer, .number:
      let isCount = self.token.kind == .name("of")
      throw MatchError(
        message: isCount ? "how many terms must hit is a whole number from 1" : "a number means nothing here",
        hint: isCount ? nil : "write it like «2 of them» or «score >= 7»", range: token.range)
    default:
      let hint = "write a number, «any» or «all» before «of»"
      throw MatchError(message: "this is no number of terms", hint: hint, range: token.range)
    }
  }

  private mutating func selection() throws(MatchError) -> MatchExpression.Selection {
    let token = token
    switch token.kind {
    case .name("them"):
      index += 1
      return .them
    case .glob(let glob):
      index += 1
      return .glob(glob)
    case .open:
      index += 1
      return .names(try nameList(token))
    case .name: return .names([try termName()])
    default:
      let hint = "write «them», a name with a star, or names in brackets"
      throw MatchError(message: "terms are expected behind «of»", hint: hint, range: token.range)
    }
  }

  private mutating func nameList(_ open: MatchToken) throws(MatchError) -> [String] {
    var list: [String] = []
    var known: Set<String> = []
    while true {
      let place = token.range
      let name = try termName()
      guard known.insert(name).inserted else {
        throw MatchError(message: "«\(name)» is here a second time", hint: nil, range: place)
      }
      list.append(name)
      switch token.kind {
      case .comma: index += 1
      case .close:
        index += 1
        return list
      case .end: throw MatchError(message: "this «(» is not closed", hint: nil, range: open.range)
      default: throw MatchError(message: "a comma is missing before this", hint: nil, range: token.range)
      }
    }
  }
}
