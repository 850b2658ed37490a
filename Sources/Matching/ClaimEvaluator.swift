import JSON
package import Rules

/// Turns matches of a claim rule into firings, refutations and near-misses. Holds no state: an alert's life is the
/// business of alerting.
final class ClaimEvaluator: Evaluator {
  private let rule: Rule
  private(set) var lastMeasure: Measure?

  init(rule: Rule) { self.rule = rule }

  func observe(_ observation: Observation, _ effects: inout Effects) {
    guard let match = observation.match, rule.admits(observation) else { return }
    var measure = Measure()
    measure.score = match.score
    measure.threshold = match.threshold
    lastMeasure = measure
    switch match.outcome {
    case .none:
      guard let missing = match.nearMiss else { return }
      effects.add(
        .note(
          type: "near_miss",
          data: JSONObject([
            "rule": .string(rule.id), "item": .string(observation.content.id), "score": .number(match.score),
            "missing": .string(missing),
          ])))
    case .refutation:
      effects.add(
        .note(
          type: "refutation",
          data: JSONObject(["rule": .string(rule.id), "item": .string(observation.content.id)])))
    case .drop: break
    case .fire:
      var fields = observation.fields
      fields.narrative = rule.narrative
      guard let key = rule.keyValues(rule.key, in: fields) else { return }
      var firing = Firing(
        key: key, eventTime: observation.eventTime, severity: rule.severity, evidence: [observation.content],
        measure: measure)
      firing.fields = fields
      firing.why = match.why
      firing.labels = match.labels
      firing.staysFor = rule.keepFiring
      effects.add(.fire(firing))
    }
  }
}

extension ClaimRule {
  package func makeEvaluator(for rule: Rule) -> any Evaluator { ClaimEvaluator(rule: rule) }
}
