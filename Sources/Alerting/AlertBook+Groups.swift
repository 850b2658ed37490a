package import Model
import Rules

/// A route as grouping sees it: which alerts it takes, and what makes a group of them.
package struct Grouping: Hashable, Sendable {
  /// By the names of a silence's matchers: each must have one of its values.
  package var match: [Silence.Field: [String]]
  /// Fields whose values an alert shares with the others of its group; nil where the route does not group.
  package var by: [String]?
  /// How long a group's first notice waits for others; nil is 30s, and nothing for what is critical.
  package var wait: Span?

  package init(match: [Silence.Field: [String]] = [:], by: [String]? = nil, wait: Span? = nil) {
    self.match = match
    self.by = by
    self.wait = wait
  }

  func wait(for severity: Severity) -> Span { wait ?? (severity == .critical ? .zero : .seconds(30)) }
}

/// Alerts whose notices go to people as one.
struct AlertGroup: Hashable, Sendable {
  /// Until then notices are gathered; nil where none is on its way.
  var until: Moment?
  /// Alerts that fire or wait for an answer.
  var members: Set<String> = []
}

/// What an event says of its alert's group.
struct GroupMark: Hashable, Sendable {
  var id: String
  var size: Int
  /// When what is gathered goes out.
  var until: Moment
}

extension AlertBook {
  /// Puts an alert into its group, before one of its notices goes out.
  ///
  /// - Returns: nil where its route does not group. `isHeld`: the notice goes out with one that is on its way already.
  ///   `isJoining`: others are in the group.
  mutating func group(
    _ alert: Alert, _ rule: Rule, isSent: Bool, now: Moment
  ) -> (mark: GroupMark, isHeld: Bool, isJoining: Bool)? {
    guard
      let index = settings.groupings.firstIndex(where: { Silence.matches($0.match, alert, rule) }),
      let by = settings.groupings[index].by
    else { return nil }
    let key = Key(by.map { ($0, Silence.value($0, of: alert, rule)) })
    let id = "gr_" + Identity.short("\(index)\n\(key.canonical)")
    var group = groups[id] ?? AlertGroup()
    let isJoining = group.members.contains { $0 != alert.id }
    if alert.work != .closed, alert.condition == .firing || alert.isOpen {
      group.members.insert(alert.id)
    } else {
      group.members.remove(alert.id)
    }
    var isHeld = false
    if isSent {
      if let until = group.until, until > now {
        isHeld = true
      } else {
        group.until = now + settings.groupings[index].wait(for: alert.severity)
      }
    }
    let mark = GroupMark(id: id, size: max(1, group.members.count), until: group.until ?? now)
    groups[id] = group.members.isEmpty && (group.until ?? now) <= now ? nil : group
    changedGroups.insert(id)
    return (mark, isHeld, isJoining)
  }
}
