import Model

/// The messages of one alert on their way to one endpoint: strictly one after the other.
///
/// A pure value: it says which row may go, which are replaced and which must wait.
struct Lane {
  /// The oldest row that failed, or was put off, and waits for its turn, without its body; nil while the lane is well.
  var failing: OutboxRow?
  /// Attempts that failed since a message of the lane was taken last.
  var failures = 0
  /// The receiver asked for silence until then (`Retry-After`); a newer snapshot keeps to it too.
  var silentUntil: Moment?

  /// The types that are always delivered, whatever came after them.
  static let protectedTypes: Set<String> = ["alert.fired", "alert.sla_breached", "alert.closed"]

  struct Plan: Equatable {
    /// The row to send now.
    var send: OutboxRow?
    /// Rows whose state or next attempt changed.
    var changed: [OutboxRow] = []
  }

  /// Decides about the lane's rows that are due, which are in the order of rows and not empty; none is in flight.
  ///
  /// While the lane fails, a snapshot with a newer one behind it is superseded, unless its type is protected; what
  /// stands behind a failing row that may not be replaced waits for that row's turn.
  mutating func plan(due: [OutboxRow], now: Moment) -> Plan {
    var plan = Plan()
    var rows = due
    let isFailing = failing != nil || (rows.first?.attempts ?? 0) > 0
    guard isFailing else {
      plan.send = rows.first
      return plan
    }
    let head = failing.flatMap { head in rows.contains { $0.row == head.row } ? nil : head }
    // A head that is not due stands before the rows that are.
    if let head { rows.insert(head, at: 0) }
    let last = rows.count - 1
    var kept: [OutboxRow] = []
    for (index, var row) in rows.enumerated() {
      if index < last, !Lane.protectedTypes.contains(row.type) {
        row.state = .superseded
        plan.changed.append(row)
        if row.row == failing?.row { failing = nil }
      } else {
        kept.append(row)
      }
    }
    guard let first = kept.first else { return plan }
    if let head, head.row == first.row {
      for var row in kept.dropFirst() where row.next < head.next {
        row.next = head.next
        plan.changed.append(row)
      }
    } else if let silentUntil, silentUntil > now {
      var putOff = first
      putOff.next = silentUntil
      plan.changed.append(putOff)
      putOff.body = ""
      failing = putOff
    } else {
      plan.send = first
    }
    return plan
  }
}
