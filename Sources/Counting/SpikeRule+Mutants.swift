import Model
package import Rules

extension SpikeRule {
  package func mutants(of rule: Rule) -> [BodyMutant] {
    comparisons("fire", \.fire) + comparisons("clear", \.clear) + durations("clear for", \.clearFor)
  }

  /// Drops each comparison but the last that is left, and shifts each limit.
  private func comparisons(
    _ part: String, _ path: WritableKeyPath<SpikeRule, [Measure: [Bound<Double>]]>
  ) -> [BodyMutant] {
    let all = self[keyPath: path]
    let count = all.values.reduce(0) { $0 + $1.count }
    return Measure.allCases.flatMap { measure in
      (all[measure] ?? []).enumerated().flatMap { index, bound -> [BodyMutant] in
        let written = "\(measure.rawValue) \(bound.relation.sign) \(SpikeRule.written(bound.limit))"
        var found: [BodyMutant] = []
        if count > 1 {
          var body = self
          body[keyPath: path][measure]?.remove(at: index)
          if body[keyPath: path][measure]?.isEmpty == true { body[keyPath: path][measure] = nil }
          found.append(
            BodyMutant(
              "\(part): drop «\(written)»", advice: "events for which all of \(part) holds but «\(written)»", body: body
            ))
        }
        // A rarity is learnt from the series' own noise: no test can stand on a tenth of it.
        let step = measure == .rarity ? 0.5 : bound.limit == bound.limit.rounded() ? 1.0 : 0.1
        for shifted in [bound.limit - step, bound.limit + step] where shifted >= 0 {
          var body = self
          let limit = (shifted * 10).rounded() / 10
          body[keyPath: path][measure]?[index].limit = limit
          found.append(
            BodyMutant(
              "\(part): \(written) → \(SpikeRule.written(limit))",
              advice: "events just on and just beyond «\(written)»",
              body: body))
        }
        return found
      }
    }
  }

  private func durations(_ name: String, _ path: WritableKeyPath<SpikeRule, Span>) -> [BodyMutant] {
    let value = self[keyPath: path]
    guard value > .zero else { return [] }
    return [value.milliseconds - step.milliseconds, value.milliseconds + step.milliseconds].filter { $0 >= 0 }.map {
      let shifted = Span(milliseconds: $0)
      var body = self
      body[keyPath: path] = shifted
      return BodyMutant(
        "\(name): \(value) → \(shifted)", advice: "an alert that is open just before \(value) and cleared at it",
        body: body)
    }
  }

  private static func written(_ limit: Double) -> String {
    limit == limit.rounded() && abs(limit) < 1e15 ? String(Int64(limit)) : String(limit)
  }
}
