package import Model

/// One entry of `escalate`: who else is told when nobody has acted.
package struct Escalation: Hashable, Sendable {
  package enum Due: Hashable, Sendable {
    /// From detection.
    case after(Span)
    case beforeDeadline(Span)
  }
  package enum Condition: String, Sendable, CaseIterable { case unacknowledged, unanswered }
  package var due: Due
  package var condition: Condition
  /// A role of the configuration's `people`.
  package var recipient: String
  /// How loud; nil where the recipient's sinks decide.
  package var level: String?

  package init(due: Due, condition: Condition, recipient: String, level: String? = nil) {
    self.due = due
    self.condition = condition
    self.recipient = recipient
    self.level = level
  }
}

/// `realert`: when an alert is told again.
package struct Realert: Hashable, Sendable {
  package var every: Span = .minutes(30)
  /// At least 1.
  package var backoff: Double = 2
  package var longest: Span = .hours(4)
  package var condition: Escalation.Condition = .unacknowledged

  package init() {}
}

/// `active`: the hours of the week in which a rule watches, by the clocks of its zone.
package struct ActiveHours: Hashable, Sendable {
  /// 1 is Monday, 7 Sunday; not empty.
  package var days: Set<Int> = Set(1...7)
  /// Minutes since midnight; `to` may be 1440. Where `to` is not later than `from`, the hours reach into the next day.
  package var from = 0
  package var to = 1440
  package var timezone: String

  package init(timezone: String) { self.timezone = timezone }
}

/// One entry of `equivalent`: a change of the rule that no test can tell from the rule, and why.
package struct EquivalentMutant: Hashable, Sendable {
  package var mutant: String
  package var because: String
  package var place: Place
}
