package import JSON
import Model
import Rules

/// How alerts are stored between runs, and what `alerts` and `explain` read.
extension Alert {
  package var json: JSONObject {
    func time(_ moment: Moment?) -> JSONValue { moment.map { .integer($0.milliseconds) } ?? .null }
    func sorted(_ values: Set<String>) -> JSONValue {
      .array(values.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(JSONValue.string))
    }
    var object = JSONObject([
      "id": .string(id), "rule": .string(rule), "key": key.json, "fingerprint": .string(fingerprint),
      "episode": JSONValue(episode), "previous": JSONValue(previous), "condition": .string(condition.rawValue),
      "work": .string(work.rawValue), "severity": .string(severity.rawValue), "seq": JSONValue(seq),
      "first_published": time(firstPublished), "detected": time(detected), "event_time": time(eventTime),
    ])
    if let deadlines {
      object.append(
        "deadlines",
        [
          "acknowledge": time(deadlines.acknowledge), "respond": time(deadlines.respond),
          "hard": time(deadlines.hard), "warnings": .array(deadlines.warnings.map { time($0) }),
        ])
    }
    object.append("measure", measure.state)
    object.append("why", .array(why.map(\.json)))
    object.append("labels", .array(labels.map(JSONValue.string)))
    object.append("basis", ifPresent: basis.map(JSONValue.object))
    object.append("evidence", .array(evidence.map(\.json)))
    object.append("evidence_count", JSONValue(evidenceCount))
    object.append("likenesses", sorted(likenesses))
    object.append("sources", sorted(sources))
    object.append("parts", sorted(parts))
    object.append("expires", time(expires))
    object.append("stays_for", staysFor.map { .integer($0.milliseconds) } ?? .null)
    object.append("ended", time(ended))
    object.append("absorbed_by", ifPresent: absorbedBy.map(JSONValue.string))
    func put(_ name: String, _ text: String?) { object.append(name, ifPresent: text.map(JSONValue.string)) }
    put("owner", owner)
    if answers > 0 { object.append("answers", JSONValue(answers)) }
    if !answerSources.isEmpty { object.append("answer_sources", sorted(answerSources)) }
    object.append("spread_at_answer", ifPresent: spreadAtAnswer.map { JSONValue($0) })
    put("by", by)
    put("note", note)
    put("answer", answer)
    put("closing", closing?.rawValue)
    object.append("acknowledged_until", ifPresent: acknowledgedUntil.map { .integer($0.milliseconds) })
    object.append("repeat_at", ifPresent: repeatAt.map { .integer($0.milliseconds) })
    object.append("repeat_gap", .integer(repeatGap.milliseconds))
    object.append("first_texts", JSONValue(firstTexts))
    object.append("milestones", JSONValue(milestones))
    object.append("regions", sorted(regions))
    object.append("source_classes", sorted(sourceClasses))
    if isHeldByCalendar { object.append("held_by_calendar", true) }
    return object
  }

  /// nil when the bytes are not an alert of this version.
  package init?(json value: JSONValue) {
    func time(_ value: JSONValue?) -> Moment? { value?.integer.map { Moment(milliseconds: $0) } }
    func strings(_ name: String) -> [String] { (value[name]?.array ?? []).compactMap(\.string) }
    guard let id = value["id"]?.string, let rule = value["rule"]?.string, let key = Key(json: value["key"]),
      let fingerprint = value["fingerprint"]?.string, let episode = value["episode"]?.integer,
      let condition = value["condition"]?.string.flatMap(Condition.init), let seq = value["seq"]?.integer,
      let work = value["work"]?.string.flatMap(Work.init),
      let severity = value["severity"]?.string.flatMap(Severity.init),
      let firstPublished = time(value["first_published"]), let detected = time(value["detected"]),
      let eventTime = time(value["event_time"]), let count = value["evidence_count"]?.integer
    else { return nil }
    self.init(
      id: id, rule: rule, key: key, fingerprint: fingerprint, episode: Int(episode),
      previous: value["previous"]?.string, severity: severity, firstPublished: firstPublished, detected: detected,
      eventTime: eventTime, measure: Measure(state: value["measure"] ?? .null),
      why: (value["why"]?.array ?? []).compactMap(Reason.init(json:)), labels: strings("labels"),
      basis: value["basis"]?.object, evidence: (value["evidence"]?.array ?? []).compactMap(Content.init(json:)),
      evidenceCount: Int(count))
    self.condition = condition
    self.work = work
    self.seq = Int(seq)
    if let due = value["deadlines"], let acknowledge = time(due["acknowledge"]), let respond = time(due["respond"]),
      let hard = time(due["hard"])
    {
      deadlines = Due(
        acknowledge: acknowledge, respond: respond, hard: hard,
        warnings: (due["warnings"]?.array ?? []).compactMap { time($0) })
    }
    likenesses = Set(strings("likenesses"))
    sources = Set(strings("sources"))
    parts = Set(strings("parts"))
    expires = time(value["expires"])
    staysFor = value["stays_for"]?.integer.map { Span(milliseconds: $0) }
    ended = time(value["ended"])
    absorbedBy = value["absorbed_by"]?.string
    owner = value["owner"]?.string
    answers = Int(value["answers"]?.integer ?? 0)
    answerSources = Set(strings("answer_sources"))
    spreadAtAnswer = value["spread_at_answer"]?.integer.map(Int.init)
    by = value["by"]?.string
    note = value["note"]?.string
    answer = value["answer"]?.string
    closing = value["closing"]?.string.flatMap(Closing.init)
    acknowledgedUntil = time(value["acknowledged_until"])
    repeatAt = time(value["repeat_at"])
    repeatGap = Span(milliseconds: value["repeat_gap"]?.integer ?? 0)
    firstTexts = Int(value["first_texts"]?.integer ?? 0)
    milestones = Int(value["milestones"]?.integer ?? 0)
    regions = Set(strings("regions"))
    sourceClasses = Set(strings("source_classes"))
    isHeldByCalendar = value["held_by_calendar"]?.bool ?? false
  }
}

extension Measure {
  /// Unlike the figures of events, not rounded.
  fileprivate var state: JSONValue {
    var object = JSONObject()
    func put(_ name: String, _ value: Double?) { object.append(name, ifPresent: value.map(JSONValue.number)) }
    put("score", score)
    put("threshold", threshold)
    put("items", items.map(Double.init))
    put("reposts", reposts.map(Double.init))
    put("sources", sources.map(Double.init))
    put("count", count.map(Double.init))
    put("authors", authors.map(Double.init))
    put("ratio", ratio)
    put("z", z)
    if let peak {
      object.append(
        "peak",
        [
          "count": JSONValue(peak.count), "ratio": .number(peak.ratio), "z": .number(peak.z),
          "authors": JSONValue(peak.authors),
        ])
    }
    return .object(object)
  }

  fileprivate init(state: JSONValue) {
    self.init()
    func count(_ name: String) -> Int? { state[name]?.integer.map(Int.init) }
    score = state["score"]?.number
    threshold = state["threshold"]?.number
    items = count("items")
    reposts = count("reposts")
    sources = count("sources")
    self.count = count("count")
    authors = count("authors")
    ratio = state["ratio"]?.number
    z = state["z"]?.number
    if let stored = state["peak"], let largest = stored["count"]?.integer, let ratio = stored["ratio"]?.number,
      let z = stored["z"]?.number
    {
      peak = Peak(count: Int(largest), ratio: ratio, z: z, authors: stored["authors"]?.integer.map(Int.init))
    }
  }
}

extension Reason {
  fileprivate init?(json: JSONValue) {
    guard let term = json["term"]?.string, let weight = json["weight"]?.number, let field = json["field"]?.string,
      let text = json["text"]?.string
    else { return nil }
    self.init(
      term: term, weight: weight, field: field, text: text,
      folds: (json["fold"]?.array ?? []).compactMap(\.string))
  }
}
