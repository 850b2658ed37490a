import JSON
import Model
import Rules

/// How the rule and the alert stand at an event, besides what the alert says itself.
struct EffectiveState {
  var status: Rule.Status
  var stage: String
  var telling: Telling
  var group: GroupMark?
}

/// The `data` of an event of an alert, in its full current state. Alert and rule are handed on and never held: they are
/// large, and to copy one takes as long as to write it.
enum EventData {
  /// - Returns: after how many bytes of `json` the stage ends.
  static func write(
    _ alert: Alert, _ rule: Rule, _ state: EffectiveState, _ settings: EventSettings, into json: inout JSONBytes
  ) -> Int {
    json.openObject()
    let end = writeIdentity(alert, rule, state, into: &json)
    writeTexts(alert, rule, settings, into: &json)
    writeTimes(alert, into: &json)
    json.name("measure")
    json.value(alert.measure.json)
    json.name("why")
    json.openArray()
    for reason in alert.why { json.value(reason.json) }
    json.closeArray()
    json.name("evidence")
    writeEvidence(alert, settings, into: &json)
    json.name("registry")
    json.null()
    writeWork(alert, state.telling, into: &json)
    if let group = state.group {
      json.name("group")
      json.value(["id": .string(group.id), "size": JSONValue(group.size)])
    }
    if let base = settings.publicURL {
      let page = "\(base)/alerts/\(alert.id)"
      json.name("links")
      json.value(["self": .string(page), "ack": .string(page + "/ack")])
    }
    json.closeObject()
    return end
  }

  /// - Returns: where the stage ends.
  private static func writeIdentity(
    _ alert: Alert, _ rule: Rule, _ state: EffectiveState, into json: inout JSONBytes
  ) -> Int {
    json.member("schema", 1)
    json.member("alert", alert.id)
    json.member("seq", alert.seq)
    json.member("episode", alert.episode)
    json.member("fingerprint", alert.fingerprint)
    json.member("previous", alert.previous)
    json.name("key")
    alert.key.write(into: &json)
    json.member("stage", state.stage)
    let end = json.bytes.count
    let reasons = NoticeReason.ordered(state.telling.reasons).map(\.rawValue)
    json.member("reason", reasons.first)
    json.member("reasons", reasons)
    json.member("changed", state.telling.changed.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    json.name("rule")
    json.openObject()
    json.member("id", rule.id)
    json.member("version", rule.version)
    json.member("status", state.status.rawValue)
    json.closeObject()
    json.member("condition", alert.condition.rawValue)
    json.member("work", alert.work.rawValue)
    json.member("severity", alert.severity.rawValue)
    return end
  }

  /// Who has it in hand and, of an act, who did what. People stand here as their accounts.
  private static func writeWork(_ alert: Alert, _ telling: Telling, into json: inout JSONBytes) {
    if let owner = alert.owner { json.member("owner", owner) }
    if telling.reasons.contains(where: \.isAct) {
      if let by = alert.by { json.member("by", by) }
      if let note = alert.note { json.member("note", note) }
    }
    if alert.answers > 0 || alert.spreadAtAnswer != nil {
      json.name("spread")
      json.value(alert.spreadJSON)
    }
    if let answer = alert.answer { json.member("url", answer) }
    if let closing = alert.closing {
      json.name("closed")
      json.value(["reason": .string(closing.rawValue)])
    }
    if !telling.recipients.isEmpty { json.member("to", telling.recipients) }
    if let level = telling.level { json.member("level", level) }
  }

  private static func writeTexts(_ alert: Alert, _ rule: Rule, _ settings: EventSettings, into json: inout JSONBytes) {
    func render(_ template: Template) -> String {
      TemplateContext(alert: alert, rule: rule, settings: settings).render(template)
    }
    json.member("title", rule.title)
    json.member("summary", rule.summary.map(render) ?? rule.title)
    json.member("narrative", alert.key["narrative"] ?? (rule.type == "claim" ? rule.narrative : nil))
    json.name("region")
    if let region = alert.key["region"] {
      json.openObject()
      json.member("code", region)
      json.member("name", settings.regionNames[region] ?? region)
      json.closeObject()
    } else {
      json.null()
    }
    var labels = JSONObject()
    for (name, template) in rule.labels { labels[name] = .string(render(template)) }
    for label in alert.labels { labels[label] = "true" }
    json.name("labels")
    json.value(.object(labels))
  }

  private static func writeTimes(_ alert: Alert, into json: inout JSONBytes) {
    json.name("times")
    json.openObject()
    json.member("first_published", alert.firstPublished)
    json.member("detected", alert.detected)
    json.member("event_time", alert.eventTime)
    json.closeObject()
    json.name("sla")
    guard let deadlines = alert.deadlines else { return json.null() }
    json.openObject()
    json.member("acknowledge_by", deadlines.acknowledge)
    json.member("respond_by", deadlines.respond)
    json.member("hard_by", deadlines.hard)
    json.closeObject()
  }

  /// The count and the first five; the rest by link.
  private static func writeEvidence(_ alert: Alert, _ settings: EventSettings, into json: inout JSONBytes) {
    let shown = alert.evidence.prefix(5)
    json.openObject()
    json.member("count", alert.evidenceCount)
    if let base = settings.publicURL, alert.evidenceCount > shown.count, let last = shown.last {
      json.member("more", "\(base)/api/alerts/\(alert.id)/evidence?after=\(last.id)")
    }
    json.name("items")
    json.openArray()
    for content in shown {
      json.openObject()
      json.member("id", content.id)
      if let url = content.url { json.member("url", url) }
      json.member("source", content.source)
      json.member("published", content.published)
      if !content.sha256.isEmpty { json.member("sha256", content.sha256) }
      json.closeObject()
    }
    json.closeArray()
    json.closeObject()
  }
}
