/// Reasons to tell, in the order that decides an event's type.
enum NoticeReason: String, CaseIterable {
  case breach = "sla-breach"
  case warning = "sla-warning"
  case cleared
  case reopened
  case first
  case raised = "severity-raised"
  case responded

  var type: String {
    switch self {
    case .breach: "alert.sla_breached"
    case .warning: "alert.sla_warning"
    case .cleared: "alert.cleared"
    case .reopened: "alert.reopened"
    case .first: "alert.fired"
    case .raised: "alert.updated"
    case .responded: "alert.responded"
    }
  }

  /// A first notice is always `alert.fired`, and a reopening one `alert.reopened`, whatever else falls on the instant.
  static func ordered(_ reasons: Set<NoticeReason>) -> [NoticeReason] {
    var ordered = allCases.filter(reasons.contains)
    for leading in [NoticeReason.reopened, .first] where ordered.contains(leading) {
      ordered.removeAll { $0 == leading }
      ordered.insert(leading, at: 0)
    }
    return ordered
  }
}
