import Alerting
import Delivering
import JSON
import Model
import Rules

extension Verb {
  static let alerts = Verb(
    name: "alerts", summary: "Lists the alerts of a database, the newest first; a server may be running on it.",
    options: DatabaseInput.options + [
      Option("--open", nil, "only alerts that nobody has answered or closed"),
      Option("--json", nil, "one object a line"),
    ], example: "nabat alerts --database var/nabat.db"
  ) { arguments in
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    var alerts = try DatabaseInput.alerts(in: store)
    if arguments.has("--open") { alerts.removeAll { $0.work == .closed || $0.work == .responded } }
    var output = OutputBuffer()
    for alert in alerts {
      if arguments.has("--json") {
        output.line(alert.publicJSON.serialized)
      } else {
        let owner = alert.owner.map { "  \($0)" } ?? ""
        let due = alert.nextDeadline.map { "  by \($0.rfc3339)" } ?? ""
        let key = alert.key.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        output.line(
          plainText(
            "\(alert.id)  \(alert.detected.rfc3339)  \(alert.severity.rawValue)  \(alert.condition.rawValue)/"
              + "\(alert.work.rawValue)\(owner)\(due)  \(alert.rule)  \(key)"))
      }
    }
    if alerts.isEmpty, !arguments.has("--json") { output.line("no alerts") }
    output.flush()
    return .done
  }
}
