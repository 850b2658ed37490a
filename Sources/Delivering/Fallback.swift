import JSON
import Model

/// When a message goes to another endpoint because its own does not take it, and what the copy says of that.
enum Fallback {
  /// So many failures in a row are enough.
  static let failures = 3

  /// Whether the time has come: three failures in a row, or a quarter of the time to answer gone before anything else
  /// would be tried.
  static func isDue(_ row: OutboxRow, failuresInARow: Int) -> Bool {
    if failuresInARow >= failures || row.state == .dead { return true }
    guard let end = respondBy(row), end > row.created else { return false }
    return row.next >= row.created + Span(milliseconds: (end - row.created).milliseconds / 4)
  }

  /// The message for the endpoint that stands in: the same id and state, and `fallback_for`.
  static func copy(of row: OutboxRow, for sink: String, now: Moment) -> OutboxRow {
    var copy = OutboxRow(
      sink: sink, message: row.message, alert: row.alert, seq: row.seq, type: row.type, severity: row.severity,
      body: row.body, created: row.created)
    copy.next = now
    if var event = (try? JSONValue(parsing: row.body))?.object, var data = event["data"]?.object {
      data["fallback_for"] = .string(row.sink)
      event["data"] = .object(data)
      copy.body = JSONValue.object(event).serialized
    }
    return copy
  }

  private static func respondBy(_ row: OutboxRow) -> Moment? {
    let event = try? JSONValue(parsing: row.body)
    return event?["data"]?["sla"]?["respond_by"]?.string.flatMap { Moment(rfc3339: $0) }
  }
}
