import JSON
import Model
import Rules

/// Waits for answers to alerts: an answer in time marks the alert, none raises one of the rule's own.
///
/// An answer at the very instant of the deadline is in time: what happens at an instant comes before its timers.
final class AnswerEvaluator: Evaluator {
  let rule: Rule
  let body: AnswerRule
  private let time: ActiveTime
  /// By the id of the alert that waits.
  var waits: [String: Wait] = [:]
  var changed: Set<String> = []
  private(set) var lastMeasure: Measure?

  struct Wait {
    var move: AlertMove
    var due: Moment
    /// The time is over and nobody has answered; it is given up at this moment.
    var missedUntil: Moment?
  }

  init(rule: Rule, body: AnswerRule) {
    self.rule = rule
    self.body = body
    time = ActiveTime(body.active)
  }

  func observe(_ observation: Observation, _ effects: inout Effects) {}

  func watch(_ move: AlertMove, _ effects: inout Effects) {
    if move.rule == body.expected, move.kind != .settled { answer(move, &effects) }
    guard Glob.fits(move.rule, body.after) else { return }
    switch move.kind {
    case .fired:
      end(move.alert, at: move.at, &effects)
      let due = time.moment(body.within, after: move.at)
      waits[move.alert] = Wait(move: move, due: due)
      changed.insert(move.alert)
      effects.add(.wake(key: timer(move.alert), at: due))
    case .settled: end(move.alert, at: move.at, &effects)
    case .confirmed: break
    }
  }

  private func answer(_ answer: AlertMove, _ effects: inout Effects) {
    let answered = waits.values.filter { $0.move.alert != answer.alert && body.same.agree($0.move, answer) }
    for wait in answered.sorted(by: { ($0.due, $0.move.alert) < ($1.due, $1.move.alert) }) {
      let alert = wait.move.alert
      let isInTime = wait.missedUntil == nil
      end(alert, at: answer.at, &effects)
      if isInTime, body.setsResponded { effects.add(.respond(alert: alert, note: body.note)) }
    }
  }

  /// Waits no more; what was missed is over.
  private func end(_ alert: String, at now: Moment, _ effects: inout Effects) {
    guard let wait = waits.removeValue(forKey: alert) else { return }
    changed.insert(alert)
    guard wait.missedUntil != nil, let key = key(of: wait) else { return }
    effects.add(.clear(key: key, part: alert, measure: Measure(), eventTime: now))
  }

  func wake(key: Key, at due: Moment, _ effects: inout Effects) {
    guard let alert = key["alert"], var wait = waits[alert] else { return }
    if wait.missedUntil == due {
      end(alert, at: due, &effects)
    } else if wait.missedUntil == nil, wait.due == due {
      changed.insert(alert)
      guard let key = self.key(of: wait) else {
        waits[alert] = nil
        return
      }
      let end = due + rule.keepFiring
      wait.missedUntil = end
      waits[alert] = wait
      effects.add(.fire(firing(wait, key)))
      effects.add(.wake(key: timer(alert), at: end))
    }
  }

  private func firing(_ wait: Wait, _ key: Key) -> Firing {
    var firing = Firing(key: key, eventTime: wait.due, severity: rule.severity, evidence: [], measure: Measure())
    firing.part = wait.move.alert
    firing.joins = [wait.move.alert]
    firing.basis = JSONObject([
      "alert": .string(wait.move.alert), "rule": .string(wait.move.rule), "since": .string(wait.move.at.rfc3339),
      "expected": .string(body.expected), "within": .string(body.within.description), "by": .string(wait.due.rfc3339),
    ])
    lastMeasure = firing.measure
    return firing
  }

  private func key(of wait: Wait) -> Key? { rule.keyValues(rule.key, in: wait.move.key) }

  private func timer(_ alert: String) -> Key { Key([("alert", alert)]) }
}

/// State between runs: one record for each alert that waits.
extension AnswerEvaluator {
  func takeChanges() -> [(key: String, value: [UInt8]?)] {
    defer { changed.removeAll(keepingCapacity: true) }
    return changed.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { alert in
      let value = waits[alert].map { wait -> [UInt8] in
        var object = JSONObject(["move": wait.move.json, "due": .integer(wait.due.milliseconds)])
        object.append("missed_until", ifPresent: wait.missedUntil.map { .integer($0.milliseconds) })
        return Array(JSONValue.object(object).serialized.utf8)
      }
      return (alert, value)
    }
  }

  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {
    for record in records {
      guard let value = try? JSONValue(parsing: record.value), let move = AlertMove(json: value["move"]),
        let due = value["due"]?.integer
      else { continue }
      let missed = value["missed_until"]?.integer.map { Moment(milliseconds: $0) }
      let wait = Wait(move: move, due: Moment(milliseconds: due), missedUntil: missed)
      waits[record.key] = wait
      effects.add(.wake(key: timer(record.key), at: missed ?? wait.due))
    }
  }

  func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String> { [] }
}
