import Alerting
import JSON
import Model
import Rules

/// Alarms by rarity that a region's budget holds back for the digest.
extension Engine {
  /// Whether a firing is held back; then it is noted, and its digest will come.
  ///
  /// Never held back are: severities from high on, what a correlation looks at, alerts that fire already, and
  /// rules that do not judge by rarity.
  func holdsBack(_ firing: Firing, _ rule: Int, _ at: Moment) -> Bool {
    let rule = rules[rule]
    guard let rarity = firing.measure.rarity, rule.status == .stable || rule.status == .deprecated,
      rule.severity(firing.severity, for: firing.fields ?? EventFields(), age: .zero, measure: firing.measure) < .high,
      watchers(of: rule.id).isEmpty, !book.isFiring(rule: rule, key: firing.key)
    else { return false }
    guard case .held(let due, let isFirst) = budget.take(firing, rule: rule.id, rarity: rarity, at: at) else {
      return false
    }
    let region = firing.key["region"] ?? ""
    if isFirst { scheduleDigest(region, due) }
    let words = JSONValue.number((rarity * 100).rounded() / 100).serialized
    book.note(
      "held_back",
      JSONObject([
        "rule": .string(rule.id), "key": firing.key.json,
        "why": .string("rarity \(words) is not among the \(budget.perDay) alarms of 24 hours that the region is told"),
      ]), now: at)
    return true
  }

  func scheduleDigest(_ region: String, _ due: Moment) {
    timers.add(TimerQueue.Entry(due: due, rule: "", key: region, target: .digest(region)))
  }

  func tellDigest(of region: String, at due: Moment) {
    if let data = budget.digest(of: region, at: due) { book.meta("digest", data, now: due) }
  }
}
