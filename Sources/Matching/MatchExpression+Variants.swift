extension MatchExpression {
  /// The expression with one part left out or one bound shifted.
  struct Variant {
    var name: String
    var advice: String
    var expression: MatchExpression
  }

  /// Whether a comparison of the score stands anywhere.
  var mentionsScore: Bool {
    switch self {
    case .score: true
    case .not(let inner): inner.mentionsScore
    case .and(let parts), .or(let parts): parts.contains(where: \.mentionsScore)
    case .name, .hits, .count: false
    }
  }

  /// Every variant, in the order written.
  ///
  /// - Parameter count: how many terms a selection means.
  func variants(count: (Selection) -> Int) -> [Variant] {
    switch self {
    case .name: []
    case .not(let inner):
      inner.variants(count: count).map { Variant(name: $0.name, advice: $0.advice, expression: .not($0.expression)) }
    case .and(let parts):
      MatchExpression.variants(parts, count: count) {
        .and($0)
      } advice: { part in
        if case .not(let inner) = part {
          "a text with «\(inner.written)» and all that the rest asks for"
        } else {
          "a text that has all the rest asks for but not «\(part.written)»"
        }
      }
    case .or(let parts):
      MatchExpression.variants(parts, count: count) {
        .or($0)
      } advice: { part in
        "a text for which «\(part.written)» holds and none of the other alternatives"
      }
    case .score(let comparison, let limit):
      bounds("score \(comparison.rawValue)", limit) { .score(comparison, $0) }
    case .hits(let name, let comparison, let limit):
      bounds("hits(\(name)) \(comparison.rawValue)", limit) { .hits(name, comparison, $0) }
    case .count(let quantity, let selection):
      quantity.neighbours(of: count(selection)).map { shifted in
        Variant(
          name: "\(written) → \(shifted.written)",
          advice: "a text in which exactly as many of the terms hit as «\(written)» asks for, and one with one fewer",
          expression: .count(shifted, of: selection))
      }
    }
  }

  private static func variants(
    _ parts: [MatchExpression], count: (Selection) -> Int, join: ([MatchExpression]) -> MatchExpression,
    advice: (MatchExpression) -> String
  ) -> [Variant] {
    parts.indices.flatMap { index in
      var rest = parts
      rest.remove(at: index)
      let dropped = Variant(
        name: "drop «\(parts[index].written)»", advice: advice(parts[index]),
        expression: rest.count == 1 ? rest[0] : join(rest))
      let inner = parts[index].variants(count: count).map { variant in
        var all = parts
        all[index] = variant.expression
        return Variant(name: variant.name, advice: variant.advice, expression: join(all))
      }
      return [dropped] + inner
    }
  }

  private func bounds(_ left: String, _ limit: Double, _ make: (Double) -> MatchExpression) -> [Variant] {
    [limit - 1, limit + 1].map { shifted in
      Variant(
        name: "\(left) \(MatchExpression.written(limit)) → \(MatchExpression.written(shifted))",
        advice: "texts just on and just beyond «\(written)»", expression: make(shifted))
    }
  }
}

extension MatchExpression.Quantity {
  /// The quantities one below and one above that can be asked of so many terms.
  fileprivate func neighbours(of count: Int) -> [MatchExpression.Quantity] {
    let needed = needed(of: count)
    return [needed - 1, needed + 1].filter { $0 >= 1 && $0 <= count }.map { .atLeast($0) }
  }
}
