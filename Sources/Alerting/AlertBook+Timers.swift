package import Model
import Rules

/// Deadlines, repeats and escalations of alerts, and what happens when one is due.
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

  /// Asks for a timer, unless it was due already.
  mutating func wake(_ alert: String, _ timer: Timer, at due: Moment?, after now: Moment) {
    if let due, due > now { wakes.append(Wake(target: .alert(alert, timer), due: due)) }
  }

  mutating func schedule(_ alert: Alert, after now: Moment) {
    wake(alert.id, .expiry, at: alert.expires, after: now)
    wake(alert.id, .repetition, at: alert.repeatAt, after: now)
    wake(alert.id, .acknowledgement, at: alert.acknowledgedUntil, after: now)
    if let rule = rules[alert.rule] {
      for (index, step) in rule.escalations.enumerated() {
        wake(alert.id, .escalation(index), at: escalationDue(step, alert), after: now)
      }
      if alert.isHeldByCalendar, let hours = rule.calendar {
        wake(alert.id, .calendar, at: ActiveTime(hours).nextStart(after: now), after: now)
      }
    }
    guard let deadlines = alert.deadlines else { return }
    for warning in deadlines.warnings { wake(alert.id, .warning, at: warning, after: now) }
    wake(alert.id, .acknowledge, at: deadlines.acknowledge, after: now)
    wake(alert.id, .respond, at: deadlines.respond, after: now)
    wake(alert.id, .hard, at: deadlines.hard, after: now)
  }

  package mutating func wake(_ id: String, _ timer: Timer, at due: Moment) {
    guard let alert = alerts[id] else { return }
    switch timer {
    case .expiry: expire(alert, at: due)
    case .warning:
      if alert.isOpen { tell(id, Telling([.warning]), now: due) }
    case .acknowledge:
      if alert.work == .new { tell(id, Telling([.breach], changed: ["sla.acknowledge_by"]), now: due) }
    case .respond:
      if alert.isOpen { tell(id, Telling([.breach], changed: ["sla.respond_by"]), now: due) }
    case .hard:
      if alert.isOpen { tell(id, Telling([.breach], changed: ["sla.hard_by"]), now: due) }
    case .escalation(let index): escalate(alert, index, at: due)
    case .repetition: tellAgain(alert, at: due)
    case .acknowledgement: endAcknowledgement(of: alert, at: due)
    case .calendar: beginHours(of: alert, at: due)
    }
  }

  private mutating func expire(_ known: Alert, at due: Moment) {
    // Evidence that came since has set a later time, with a timer of its own.
    guard known.condition == .firing, known.expires == due else { return }
    var alert = known
    alert.condition = .cleared
    alert.ended = due
    alert.expires = nil
    store(alert)
    tell(alert.id, Telling([.cleared], changed: ["condition"]), now: due)
  }

  // MARK: Repeats

  /// Lets the repeats begin anew, if the rule has any.
  mutating func restartRepeats(of alert: inout Alert, _ rule: Rule, now: Moment) {
    guard let realert = rule.realert, realert.condition.holds(for: alert) else {
      alert.repeatAt = nil
      return
    }
    alert.repeatGap = realert.every
    alert.repeatAt = now + realert.every
    wake(alert.id, .repetition, at: alert.repeatAt, after: now)
  }

  private mutating func tellAgain(_ known: Alert, at due: Moment) {
    // Repeats that began anew since have a timer of their own.
    guard known.repeatAt == due else { return }
    var alert = known
    alert.repeatAt = nil
    if let realert = rules[alert.rule]?.realert, realert.condition.holds(for: alert) {
      let longer = (Double(alert.repeatGap.milliseconds) * realert.backoff).rounded()
      // A large factor must not leave the range of whole numbers.
      let gap = min(longer, Double(max(realert.longest, realert.every).milliseconds))
      alert.repeatGap = Span(milliseconds: Int64(gap))
      alert.repeatAt = due + alert.repeatGap
      wake(alert.id, .repetition, at: alert.repeatAt, after: due)
      tell(alert.id, Telling([.repeated]), now: due)
    }
    store(alert)
  }

  // MARK: Escalation

  /// When a step is due; nil where it counts from a deadline that the alert does not have.
  func escalationDue(_ step: Escalation, _ alert: Alert) -> Moment? {
    switch step.due {
    case .after(let span): alert.detected + span
    case .beforeDeadline(let span): alert.deadlines.map { $0.respond - span }
    }
  }

  func escalation(_ index: Int, _ rule: Rule) -> Telling {
    let step = rule.escalations[index]
    var telling = Telling([.escalated])
    telling.recipients = [step.recipient]
    telling.level = step.level
    return telling
  }

  private mutating func escalate(_ alert: Alert, _ index: Int, at due: Moment) {
    guard let rule = rules[alert.rule], rule.escalations.indices.contains(index),
      // A changed rule may have other steps at other times.
      escalationDue(rule.escalations[index], alert) == due, rule.escalations[index].condition.holds(for: alert)
    else { return }
    tell(alert.id, escalation(index, rule), now: due)
  }

  /// The work is new again; whoever should have been told in the meantime is told now.
  private mutating func endAcknowledgement(of known: Alert, at due: Moment) {
    guard known.work == .acknowledged, known.acknowledgedUntil == due, let rule = rules[known.rule] else { return }
    var alert = known
    alert.work = .new
    alert.owner = nil
    alert.acknowledgedUntil = nil
    var telling = Telling([.acknowledgementExpired, .escalated], changed: ["work"])
    for (index, step) in rule.escalations.enumerated() where step.condition.holds(for: alert) {
      if let time = escalationDue(step, alert), time <= due { telling.add(escalation(index, rule)) }
    }
    restartRepeats(of: &alert, rule, now: due)
    store(alert)
    tell(alert.id, telling, now: due)
  }

  // MARK: Calendar

  private mutating func beginHours(of known: Alert, at due: Moment) {
    guard known.isHeldByCalendar else { return }
    var alert = known
    alert.isHeldByCalendar = false
    store(alert)
    if alert.condition == .firing, alert.work != .closed { tell(alert.id, Telling([.digest]), now: due) }
  }
}

extension Escalation.Condition {
  func holds(for alert: Alert) -> Bool {
    switch self {
    case .unacknowledged: alert.work == .new
    case .unanswered: alert.isOpen
    }
  }
}
