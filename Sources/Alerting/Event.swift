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
  /// The routes, for grouping; none where nothing is grouped.
  package var groupings: [Grouping] = []
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
  /// `sent`, or where the notice was stopped: `draft`, `test`, `absorbed`, `silenced`, `calendar`, `grouped`; empty for
  /// notes.
  package let stage: String
  /// The id of the alert's rule; empty for meta events and notes.
  package let rule: String
  /// The alert's key; empty for meta events and notes.
  package let key: Key
  /// The whole event as JSON on one line. Written at once, without a tree: a busy step has hundreds of events.
  package let text: String
  /// After how many bytes of it the stage ends; 0 where there is none.
  private let stageEnd: Int
  /// The same with the head of the journal, for whoever is to hold an anchor of its chain; notes stay as they are.
  package func text(journalHead: String) -> String {
    guard stageEnd > 0 else { return text }
    let bytes = text.utf8
    let place = bytes.index(bytes.startIndex, offsetBy: stageEnd)
    return "\(text[..<place]),\"journal_head\":\"\(journalHead)\"\(text[place...])"
  }
  /// The event read back.
  package var json: JSONObject { (try? JSONValue(parsing: text))?.object ?? JSONObject() }

  /// Roles that an escalation tells besides the usual receivers.
  package let recipients: [String]
  /// When it goes out to people, with what was gathered until then; nil at once.
  package let gatheredUntil: Moment?
  /// Whether webhooks carry it.
  package var isSent: Bool { stage == "sent" || stage == "grouped" }
  package var isNote: Bool { type.hasPrefix("note.") }

  /// An event of an alert, in its full current state.
  init(
    type: String, alert: Alert, rule: Rule, state: EffectiveState, now: Moment, settings: EventSettings
  ) {
    self.type = type
    self.alert = alert.id
    time = now
    seq = alert.seq
    severity = alert.severity
    id = Identity.message(alert: alert.id, seq: alert.seq)
    stage = state.stage
    self.rule = rule.id
    key = alert.key
    recipients = state.telling.recipients
    gatheredUntil = state.group.flatMap { $0.until > now ? $0.until : nil }
    (text, stageEnd) = Event.envelope(id: id, type: type, time: now, subject: alert.id, settings: settings) { json in
      EventData.write(alert, rule, state, settings, into: &json)
    }
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
    rule = ""
    recipients = []
    gatheredUntil = nil
    key = Key([(String, String?)]())
    let hasStage = !stage.isEmpty
    (text, stageEnd) = Event.envelope(id: id, type: type, time: now, subject: nil, settings: settings) { json in
      json.value(.object(data))
      // It is the last member.
      return hasStage ? json.bytes.count - 1 : 0
    }
  }

  /// After its day of review a rule runs as `test`.
  static func effectiveStatus(_ rule: Rule, now: Moment) -> Rule.Status {
    guard let reviewBy = rule.reviewBy, rule.status == .stable || rule.status == .deprecated else {
      return rule.status
    }
    return (LocalTime(zone: rule.timezone) ?? .utc).date(of: now) > reviewBy ? .test : rule.status
  }

  private static func envelope(
    id: String, type: String, time: Moment, subject: String?, settings: EventSettings,
    data: (inout JSONBytes) -> Int
  ) -> (text: String, stageEnd: Int) {
    var json = JSONBytes(capacity: 2048)
    json.openObject()
    json.member("specversion", "1.0")
    json.member("id", id)
    json.member("source", settings.source)
    json.member("type", type)
    json.member("time", time)
    json.member("timestamp", time)
    if let subject { json.member("subject", subject) }
    json.member("datacontenttype", "application/json")
    json.name("data")
    let stageEnd = data(&json)
    json.closeObject()
    return (json.text, stageEnd)
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
