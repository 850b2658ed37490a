package import Model
import Rules

extension Event {
  /// An exercise: an alert that goes the way of all others and is none. It stands in no list and no count.
  ///
  /// - Parameters:
  ///   - isEnd: the event that closes it.
  ///   - region: for routes that look at it.
  package static func drill(
    _ severity: Severity, region: String?, by: String?, isEnd: Bool, began: Moment, now: Moment, settings: EventSettings
  ) -> Event {
    let key = Key([("drill", began.rfc3339), ("region", region)])
    let fingerprint = Identity.fingerprint(rule: drillRule.id, key: key)
    var alert = Alert(
      id: Identity.alert(fingerprint: fingerprint, episode: 1), rule: drillRule.id, key: key, fingerprint: fingerprint,
      episode: 1, previous: nil, severity: severity, firstPublished: began, detected: began, eventTime: began,
      measure: Measure(), why: [], labels: ["exercise"], basis: nil, evidence: [], evidenceCount: 0)
    alert.seq = isEnd ? 2 : 1
    alert.by = by
    if isEnd {
      alert.condition = .cleared
      alert.work = .closed
      alert.closing = .test
    }
    let telling = Telling([isEnd ? .closed : .first], changed: isEnd ? ["work"] : [])
    let state = EffectiveState(status: .stable, stage: "sent", telling: telling, group: nil)
    return Event(
      type: isEnd ? "alert.closed" : "alert.fired", alert: alert, rule: drillRule, state: state, now: now,
      settings: settings)
  }

  private static let drillRule: Rule = {
    var rule = Rule(id: "nabat.drill", type: "drill", body: Drill(), place: Place(file: ""), status: .stable)
    rule.title = "УЧЕНИЕ: проверка оповещения, реагировать не нужно"
    return rule
  }()

  /// It never runs.
  private struct Drill: RuleBody {
    func makeEvaluator(for rule: Rule) -> any Evaluator { Silent() }
  }

  private final class Silent: Evaluator {
    var lastMeasure: Measure? { nil }
    func observe(_ observation: Observation, _ effects: inout Effects) {}
  }
}
