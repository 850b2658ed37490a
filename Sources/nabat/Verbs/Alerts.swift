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
        let key = alert.key.fields.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        output.line(
          plainText(
            "\(alert.id)  \(alert.detected.rfc3339)  \(alert.severity.rawValue)  \(alert.condition.rawValue)/"
              + "\(alert.work.rawValue)  \(alert.rule)  \(key)"))
      }
    }
    if alerts.isEmpty, !arguments.has("--json") { output.line("no alerts") }
    output.flush()
    return .done
  }
}

extension Alert {
  /// What the reading verbs print of an alert.
  var publicJSON: JSONValue {
    var object = JSONObject([
      "alert": .string(id), "rule": .string(rule), "key": key.json, "fingerprint": .string(fingerprint),
      "episode": JSONValue(episode), "previous": JSONValue(previous), "condition": .string(condition.rawValue),
      "work": .string(work.rawValue), "severity": .string(severity.rawValue), "seq": JSONValue(seq),
      "times": [
        "first_published": .string(firstPublished.rfc3339), "detected": .string(detected.rfc3339),
        "event_time": .string(eventTime.rfc3339),
      ],
    ])
    object.append(
      "sla",
      deadlines.map {
        [
          "acknowledge_by": .string($0.acknowledge.rfc3339), "respond_by": .string($0.respond.rfc3339),
          "hard_by": .string($0.hard.rfc3339),
        ]
      } ?? .null)
    object.append("measure", measure.json)
    object.append("why", .array(why.map(\.json)))
    object.append("basis", basis.map(JSONValue.object) ?? .null)
    object.append(
      "evidence",
      [
        "count": JSONValue(evidenceCount),
        "items": .array(
          evidence.map { content in
            var item = JSONObject(["id": .string(content.id), "source": .string(content.source)])
            item.append("url", ifPresent: content.url.map(JSONValue.string))
            item.append("published", .string(content.published.rfc3339))
            item.append("sha256", .string(content.sha256))
            return .object(item)
          }),
      ])
    return .object(object)
  }
}
