import HTTP
import JSON
package import Model

/// Alerts for an Alertmanager, by its API v2 (`POST /api/v2/alerts`): it groups, silences and routes them further.
///
/// An alert is one there while its labels stay the same: rule, key, severity and id are labels, what else changes is an
/// annotation.
package struct AlertmanagerSink: Sink {
  private let url: String
  private let token: String?
  private let context: SinkContext
  /// How long an alert of which nothing more is heard stays on: longer than the longest gap between re-alerts.
  private static let lasting = Span.hours(24)
  /// Real time.
  private let timeout: Duration = .seconds(15)

  package init(url: String, token: String? = nil, context: SinkContext) throws(SinkError) {
    try SinkError.checkWebAddress(url)
    var base = url
    while base.hasSuffix("/") { base.removeLast() }
    self.url = base + "/api/v2/alerts"
    self.token = token
    self.context = context
  }

  package func send(_ message: OutboxRow, attempt: Int, now: Moment) async -> SinkAnswer {
    guard let notice = Notice(message, offset: context.offset) else { return .refused("the message is no event") }
    let alerts = AlertmanagerSink.alerts(notice, message, instance: context.instance.id, now: now)
    var headers = [("content-type", "application/json")]
    if let token { headers.append(("authorization", "Bearer \(token)")) }
    let request = HTTPClient.Request(
      .post, url, userAgent: context.userAgent, headers: headers,
      body: Array(JSONValue.array(alerts.map(JSONValue.object)).serialized.utf8))
    return await context.client.answer(to: request, within: timeout)
  }

  /// The alert, and what it was before its severity was raised, resolved: there it is another one.
  static func alerts(_ notice: Notice, _ message: OutboxRow, instance: String, now: Moment) -> [JSONObject] {
    let alert = alert(notice, message, instance: instance, now: now)
    let reasons = notice.event["data"]?["reasons"]?.array ?? []
    guard reasons.contains("severity-raised"), let labels = alert["labels"]?.object else { return [alert] }
    return Severity.allCases.filter { $0 < message.severity }.map { severity in
      var labels = labels
      labels["severity"] = .string(severity.rawValue)
      var before = alert
      before["labels"] = .object(labels)
      before["endsAt"] = .string(now.rfc3339)
      return before
    } + [alert]
  }

  private static func alert(_ notice: Notice, _ message: OutboxRow, instance: String, now: Moment) -> JSONObject {
    let data = notice.event["data"] ?? .null
    var labels = JSONObject()
    labels["alertname"] = .string(data["rule"]?["id"]?.string ?? message.type)
    labels["instance"] = .string(instance)
    labels["severity"] = .string(message.severity.rawValue)
    if !message.alert.isEmpty { labels["alert"] = .string(message.alert) }
    for member in data["key"]?.object?.members ?? [] { labels[labelName(member.name)] = member.value }
    var annotations = JSONObject()
    for (name, value) in [
      ("summary", notice.value("summary")), ("title", notice.value("title")),
      ("reason", notice.value("reason")), ("text", notice.value("text")), ("seq", String(message.seq)),
    ] {
      if let value, !value.isEmpty { annotations[name] = .string(value) }
    }
    let isOver = data["condition"]?.string == "cleared" || data["work"]?.string == "closed"
    let started = data["times"]?["detected"]?.string ?? message.created.rfc3339
    let end = message.alert.isEmpty ? now + .minutes(5) : isOver ? now : now + lasting
    var alert = JSONObject(["labels": .object(labels), "annotations": .object(annotations)])
    alert["startsAt"] = .string(started)
    alert["endsAt"] = .string(end.rfc3339)
    if let link = data["links"]?["self"] { alert["generatorURL"] = link }
    return alert
  }

  /// Letters, digits and `_`, as label names are written there.
  private static func labelName(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}

extension SinkKind {
  package static let alertmanager = SinkKind(
    name: "alertmanager", summary: "Every alert for an Alertmanager (API v2), resolved when it is over",
    keys: [SinkKey("url", .webAddress, isRequired: true), SinkKey("secret", .secrets)]
  ) { settings, context throws(SinkError) in
    try AlertmanagerSink(url: try settings.text("url"), token: settings.secrets.first, context: context)
  }
}
