/// Reasons to tell, in the order that decides an event's type; those of one type in the order of the rule language's list.
enum NoticeReason: String, CaseIterable {
  case breach = "sla-breach"
  case warning = "sla-warning"
  case acknowledgementExpired = "ack-expired"
  case escalated
  case cleared
  case reopened
  case first
  case newInGroup = "new-in-group"
  case milestone = "new-evidence-milestone"
  case newRegion = "new-region"
  case newSourceClass = "new-source-class"
  case raised = "severity-raised"
  case repeated = "repeat"
  case silenceEnded = "silence-ended"
  /// The hours of its rule have begun: what was held until then.
  case digest
  // Acts, each told by itself.
  case acknowledged, answering, responded, closed, overturned

  var type: String {
    switch self {
    case .breach: "alert.sla_breached"
    case .warning: "alert.sla_warning"
    case .acknowledgementExpired, .escalated: "alert.escalated"
    case .cleared: "alert.cleared"
    case .reopened: "alert.reopened"
    case .first, .newInGroup: "alert.fired"
    case .milestone, .newRegion, .newSourceClass, .raised, .repeated, .silenceEnded, .digest: "alert.updated"
    case .acknowledged, .answering, .responded, .closed, .overturned: "alert." + rawValue
    }
  }

  /// Whether it tells what an officer did, or an observed answer.
  var isAct: Bool {
    switch self {
    case .acknowledged, .answering, .responded, .closed, .overturned: true
    default: false
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
