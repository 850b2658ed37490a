/// A `CompiledMatch` in one flat list: every node behind it has its parts, so that to evaluate it follows no references.
struct CompiledCondition: Sendable {
  private enum Kind: Sendable {
    case term, not, and, or, score, hits, count, never
  }

  private struct Node: Sendable {
    var kind: Kind
    var comparison = MatchExpression.Comparison.equal
    /// A term, or how many of the parts are needed.
    var number: Int32 = 0
    /// Where the node behind its last part lies.
    var end: Int32 = 0
    var limit = 0.0
  }

  private var nodes: [Node] = []
  /// Where the clauses begin that the top-level `and` joins; the whole where there is none.
  private(set) var clauses: [Int] = []

  init(_ match: CompiledMatch) {
    append(match)
    guard nodes[0].kind == .and else {
      clauses = [0]
      return
    }
    var next = 1
    while next < nodes.count {
      clauses.append(next)
      next = Int(nodes[next].end)
    }
  }

  private mutating func append(_ match: CompiledMatch) {
    let index = nodes.count
    nodes.append(Node(kind: .never))
    switch match {
    case .term(let term): nodes[index] = Node(kind: .term, number: Int32(term))
    case .not(let inner):
      nodes[index].kind = .not
      append(inner)
    case .and(let parts):
      nodes[index].kind = .and
      for part in parts { append(part) }
    case .or(let parts):
      nodes[index].kind = .or
      for part in parts { append(part) }
    case .score(let comparison, let limit): nodes[index] = Node(kind: .score, comparison: comparison, limit: limit)
    case .hits(let term, let comparison, let limit):
      nodes[index] = Node(kind: .hits, comparison: comparison, number: Int32(term), limit: limit)
    case .count(let needed, let terms):
      nodes[index] = Node(kind: .count, number: Int32(needed))
      for term in terms { append(.term(term)) }
    case .never: break
    }
    nodes[index].end = Int32(nodes.count)
  }

  /// Evaluates the condition.
  ///
  /// - Parameters:
  ///   - clause: one of `clauses`, to evaluate it alone.
  ///   - hits: how often a term hits.
  ///   - scoreHolds: when given, stands in for every comparison of the score.
  @inline(__always)
  func holds(score: Double, scoreHolds: Bool? = nil, clause: Int = 0, hits: (Int) -> Int) -> Bool {
    nodes.withUnsafeBufferPointer { CompiledCondition.holds($0, clause, score, scoreHolds, hits) }
  }

  private static func holds(
    _ nodes: UnsafeBufferPointer<Node>, _ index: Int, _ score: Double, _ scoreHolds: Bool?, _ hits: (Int) -> Int
  ) -> Bool {
    let node = nodes[index]
    let end = Int(node.end)
    var part = index + 1
    switch node.kind {
    case .term: return hits(Int(node.number)) > 0
    case .not: return !holds(nodes, part, score, scoreHolds, hits)
    case .and, .or:
      let decides = node.kind == .or
      while part < end {
        if holds(nodes, part, score, scoreHolds, hits) == decides { return decides }
        part = Int(nodes[part].end)
      }
      return !decides
    case .score: return scoreHolds ?? node.comparison.holds(score, node.limit)
    case .hits: return node.comparison.holds(Double(hits(Int(node.number))), node.limit)
    case .count:
      var found: Int32 = 0
      while part < end {
        if hits(Int(nodes[part].number)) > 0 { found += 1 }
        part += 1
      }
      return found >= node.number
    case .never: return false
    }
  }
}
