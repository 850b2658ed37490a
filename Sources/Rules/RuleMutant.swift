package import Model

/// A rule with one thing left out, or with one bound shifted by a step: a test of the rule should fail on it.
package struct RuleMutant: Sendable {
  /// On one line, without line numbers, different from every other of the rule: `match: drop «casualty»`.
  package var name: String
  /// What a test must show to tell it from the rule.
  package var advice: String
  package var place: Place
  package var rule: Rule
}

/// What a rule's type changes in its own part.
package struct BodyMutant: Sendable {
  /// As in `RuleMutant`; equal names are numbered there.
  package var name: String
  package var advice: String
  /// nil: the rule's.
  package var place: Place?
  package var body: any RuleBody

  package init(_ name: String, advice: String, place: Place? = nil, body: any RuleBody) {
    self.name = name
    self.advice = advice
    self.place = place
    self.body = body
  }
}

extension Rule {
  /// Every mutant of the rule, in the order `where`, then what its type offers.
  package var mutants: [RuleMutant] {
    var found: [RuleMutant] = []
    for (index, filter) in filters.enumerated() {
      var rule = self
      rule.filters.remove(at: index)
      found.append(
        RuleMutant(
          name: "where: drop «\(filter.written)»",
          advice: "a text that would alert but for «\(filter.written)», and expect no alert", place: place, rule: rule))
    }
    for mutant in body.mutants(of: self) {
      var rule = self
      rule.body = mutant.body
      found.append(
        RuleMutant(name: mutant.name, advice: mutant.advice, place: mutant.place ?? place, rule: rule))
    }
    var seen: [String: Int] = [:]
    for index in found.indices {
      let count = seen[found[index].name, default: 0] + 1
      seen[found[index].name] = count
      if count > 1 { found[index].name += " (\(count))" }
    }
    return found
  }

  /// Whether anything but `match` is decided by the score.
  package var raisesSeverityByScore: Bool {
    severitySteps.contains { step in
      step.conditions.contains { if case .measure("score", _) = $0 { true } else { false } }
    }
  }
}

extension Span {
  /// The neighbours of a duration, a step below and above: a step is the largest unit of which it has two or more whole
  /// ones. Nothing below a step.
  package var neighbours: [Span] {
    let units: [Span] = [.days(1), .hours(1), .minutes(1), .seconds(1), Span(milliseconds: 1)]
    guard
      let unit = units.first(where: { milliseconds % $0.milliseconds == 0 && milliseconds / $0.milliseconds >= 2 })
    else { return [] }
    return [Span(milliseconds: milliseconds - unit.milliseconds), self + unit]
  }
}
