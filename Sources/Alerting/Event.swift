package import JSON
package import Model
package import Rules

/// What an instance says of itself in every event.
package struct EventSettings: Sendable {
  /// `/monitor/<instance id>`.
  package var source: String = "/monitor/local"
  /// Names of regions by code.
  package var regionNames: [String: String] = [:]
  /// Codes of the regions above others, where the code itself does not say it.
  package var parentRegions: [String: String] = [:]
  /// Base of links to the desk, without a closing slash; nil leaves links out.
  package var publicURL: String?

  package init() {}

  /// The region above; where none is given, the code without its last part; nil for a code of one part.
  func parentRegion(of code: String) -> String? {
    if let parent = parentRegions[code] { return parent }
    guard let end = code.utf8.lastIndex(of: UInt8(ascii: "-")), end > code.startIndex else { return nil }
    return String(code[..<end])
  }
}

/// One event of the shape that the journal, webhooks, `replay` and the event stream speak (CloudEvents 1.0).
package struct Event: Sendable {
  package let id: String
  package let type: String
  package let time: Moment
  /// The alert's id; empty for meta events and notes.
  package let alert: String
  package let seq: Int
  package let severity: Severity
  /// `sent`, `draft` or `test`; empty for notes.
  package let stage: String
  package let json: JSONObject

  /// Whether webhooks carry it.
  package var isSent: Bool { stage == "sent" }
  package var isNote: Bool { type.hasPrefix("note.") }

  /// An event of an alert, in its full current state.
  init(
    type: String, alert: Alert, rule: Rule, reasons: [String], changed: [String], isAbsorbed: Bool, now: Moment,
    settings: EventSettings
  ) {
    self.type = type
    self.alert = alert.id
    time = now
    seq = alert.seq
    severity = alert.severity
    id = Identity.message(alert: alert.id, seq: alert.seq)
    let status = Event.effectiveStatus(rule, now: now)
    stage = status == .draft || status == .test ? status.rawValue : isAbsorbed ? "absorbed" : "sent"
    let context = TemplateContext(alert: alert, rule: rule, settings: settings)
    let region = alert.key["region"]
    var data = JSONObject([
      "schema": 1, "alert": .string(alert.id), "seq": JSONValue(alert.seq), "episode": JSONValue(alert.episode),
      "fingerprint": .string(alert.fingerprint), "previous": JSONValue(alert.previous), "key": alert.key.json,
      "stage": .string(stage), "reason": JSONValue(reasons.first), "reasons": .array(reasons.map(JSONValue.string)),
      "changed": .array(changed.map(JSONValue.string)),
      "rule": [
        "id": .string(rule.id), "version": .string(rule.version), "status": .string(status.rawValue),
      ],
      "condition": .string(alert.condition.rawValue), "work": .string(alert.work.rawValue),
      "severity": .string(alert.severity.rawValue), "title": .string(rule.title),
      "summary": .string(rule.summary.map(context.render) ?? rule.title),
    ])
    data.append("narrative", JSONValue(alert.key["narrative"] ?? (rule.type == "claim" ? rule.narrative : nil)))
    data.append(
      "region",
      region.map { ["code": .string($0), "name": .string(settings.regionNames[$0] ?? $0)] } ?? .null)
    var labels = JSONObject()
    for (name, template) in rule.labels { labels[name] = .string(context.render(template)) }
    for label in alert.labels { labels[label] = "true" }
    data.append("labels", .object(labels))
    data.append(
      "times",
      [
        "first_published": .string(alert.firstPublished.rfc3339), "detected": .string(alert.detected.rfc3339),
        "event_time": .string(alert.eventTime.rfc3339),
      ])
    data.append(
      "sla",
      alert.deadlines.map {
        [
          "acknowledge_by": .string($0.acknowledge.rfc3339), "respond_by": .string($0.respond.rfc3339),
          "hard_by": .string($0.hard.rfc3339),
        ]
      } ?? .null)
    data.append("measure", alert.measure.json)
    data.append("why", .array(alert.why.map(\.json)))
    data.append("evidence", Event.evidence(of: alert, settings: settings))
    data.append("registry", .null)
    data.append("note", ifPresent: type == "alert.responded" ? alert.note.map(JSONValue.string) : nil)
    if let base = settings.publicURL {
      let page = "\(base)/alerts/\(alert.id)"
      data.append("links", ["self": .string(page), "ack": .string(page + "/ack")])
    }
    json = Event.envelope(
      id: id, type: type, time: now, subject: alert.id, data: data, settings: settings)
  }

  /// A note or a meta event.
  init(type: String, data: JSONObject, now: Moment, settings: EventSettings) {
    self.type = type
    time = now
    alert = ""
    seq = 0
    severity = .info
    stage = type.hasPrefix("meta.") ? "sent" : ""
    var data = data
    if !stage.isEmpty { data["stage"] = .string(stage) }
    id = Identity.message(type: type, time: now.rfc3339, data: JSONValue.object(data).serialized)
    json = Event.envelope(id: id, type: type, time: now, subject: nil, data: data, settings: settings)
  }

  /// After its day of review a rule runs as `test`.
  static func effectiveStatus(_ rule: Rule, now: Moment) -> Rule.Status {
    guard let reviewBy = rule.reviewBy, rule.status == .stable || rule.status == .deprecated else {
      return rule.status
    }
    return (LocalTime(zone: rule.timezone) ?? .utc).date(of: now) > reviewBy ? .test : rule.status
  }

  private static func envelope(
    id: String, type: String, time: Moment, subject: String?, data: JSONObject, settings: EventSettings
  ) -> JSONObject {
    var object = JSONObject([
      "specversion": "1.0", "id": .string(id), "source": .string(settings.source), "type": .string(type),
      "time": .string(time.rfc3339), "timestamp": .string(time.rfc3339),
    ])
    object.append("subject", ifPresent: subject.map(JSONValue.string))
    object.append("datacontenttype", "application/json")
    object.append("data", .object(data))
    return object
  }

  /// The count and the first five; the rest by link.
  private static func evidence(of alert: Alert, settings: EventSettings) -> JSONValue {
    let shown = alert.evidence.prefix(5)
    var object = JSONObject(["count": JSONValue(alert.evidenceCount)])
    if let base = settings.publicURL, alert.evidenceCount > shown.count, let last = shown.last {
      object.append("more", .string("\(base)/api/alerts/\(alert.id)/evidence?after=\(last.id)"))
    }
    object.append(
      "items",
      .array(
        shown.map { content in
          var item = JSONObject(["id": .string(content.id)])
          item.append("url", ifPresent: content.url.map(JSONValue.string))
          item.append("source", .string(content.source))
          item.append("published", .string(content.published.rfc3339))
          if !content.sha256.isEmpty { item.append("sha256", .string(content.sha256)) }
          return .object(item)
        }))
    return .object(object)
  }
}

extension Measure {
  /// In the fixed order of events; `ratio` and `z` rounded to two decimals.
  package var json: JSONValue {
    func rounded(_ value: Double?) -> JSONValue { value.map { .number(($0 * 100).rounded() / 100) } ?? .null }
    func number(_ value: Double?) -> JSONValue { value.map(JSONValue.number) ?? .null }
    return [
      "score": number(score), "threshold": number(threshold), "items": JSONValue(items),
      "reposts": JSONValue(reposts), "sources": JSONValue(sources), "count": JSONValue(count),
      "authors": JSONValue(authors), "ratio": rounded(ratio), "z": rounded(z),
      "peak": peak.map {
        [
          "count": JSONValue($0.count), "ratio": rounded($0.ratio), "z": rounded($0.z),
          "authors": JSONValue($0.authors),
        ]
      } ?? .null,
    ]
  }
}

extension Reason {
  package var json: JSONValue {
    var object = JSONObject([
      "term": .string(term), "weight": .number(weight), "field": .string(field), "text": .string(text),
    ])
    if !folds.isEmpty { object.append("fold", .array(folds.map(JSONValue.string))) }
    return .object(object)
  }
}
