package import Model
import Rules

/// Deadlines of alerts, and what happens when one is due.
extension AlertBook {
  func due(_ deadlines: Deadlines, published: Moment, firstPublished: Moment, detected: Moment) -> Alert.Due {
    let start =
      switch deadlines.from {
      case .detected: detected
      case .published: published
      case .firstEvidence: firstPublished
      }
    return Alert.Due(
      acknowledge: detected + deadlines.acknowledge, respond: start + deadlines.respond, hard: start + deadlines.hard,
      warnings: [50, 80].map { start + Span(milliseconds: deadlines.respond.milliseconds * $0 / 100) })
  }

  mutating func schedule(_ alert: Alert, after now: Moment) {
    func add(_ timer: Timer, _ due: Moment?) {
      if let due, due > now { wakes.append(Wake(alert: alert.id, timer: timer, due: due)) }
    }
    add(.expiry, alert.expires)
    guard let deadlines = alert.deadlines else { return }
    for warning in deadlines.warnings { add(.warning, warning) }
    add(.acknowledge, deadlines.acknowledge)
    add(.respond, deadlines.respond)
    add(.hard, deadlines.hard)
  }

  package mutating func wake(_ id: String, _ timer: Timer, at due: Moment) {
    guard var alert = alerts[id] else { return }
    switch timer {
    case .expiry:
      // Evidence that came since has set a later time, with a timer of its own.
      guard alert.condition == .firing, alert.expires == due else { return }
      alert.condition = .cleared
      alert.ended = due
      alert.expires = nil
      store(alert)
      tell(id, .cleared, changed: ["condition"], now: due)
    case .warning:
      if alert.isOpen { tell(id, .warning, changed: [], now: due) }
    case .acknowledge:
      if alert.work == .new { tell(id, .breach, changed: ["sla.acknowledge_by"], now: due) }
    case .respond:
      if alert.isOpen { tell(id, .breach, changed: ["sla.respond_by"], now: due) }
    case .hard:
      if alert.isOpen { tell(id, .breach, changed: ["sla.hard_by"], now: due) }
    }
  }
}
