package import JSON
package import Model
import Rules

/// What the reading verbs and the API print of alerts and silences.
extension Alert {
  package var publicJSON: JSONValue {
    var object = JSONObject([
      "alert": .string(id), "rule": .string(rule), "key": key.json, "fingerprint": .string(fingerprint),
      "episode": JSONValue(episode), "previous": JSONValue(previous), "condition": .string(condition.rawValue),
      "work": .string(work.rawValue), "owner": JSONValue(owner), "severity": .string(severity.rawValue),
      "seq": JSONValue(seq),
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
    object.append("acknowledged_until", JSONValue(acknowledgedUntil?.rfc3339))
    object.append("by", JSONValue(by))
    object.append("note", JSONValue(note))
    object.append("url", JSONValue(answer))
    object.append("closed", closing.map { ["reason": .string($0.rawValue)] } ?? .null)
    object.append("spread", spreadJSON)
    object.append("absorbed_by", JSONValue(absorbedBy))
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

  /// The claim beside its answer: how often each was told, and from how many sources.
  var spreadJSON: JSONValue {
    [
      "claim": ["texts": JSONValue(spread), "sources": JSONValue(sources.count)],
      "answer": ["texts": JSONValue(answers), "sources": JSONValue(answerSources.count)],
      "claim_since_answer": JSONValue(spreadAtAnswer.map { max(0, spread - $0) }),
    ]
  }

  /// The deadline that is next to be met; nil where none is left.
  package var nextDeadline: Moment? {
    guard isOpen, let deadlines else { return nil }
    return work == .new ? min(deadlines.acknowledge, deadlines.respond) : deadlines.respond
  }
}

extension Silence {
  package var publicJSON: JSONValue {
    var object = JSONObject(["silence": .string(id), "match": json["match"] ?? .null])
    object.append("reason", JSONValue(reason))
    object.append("by", JSONValue(by))
    object.append("since", .string(since.rfc3339))
    object.append("until", .string(until?.rfc3339 ?? "cleared"))
    var unless = JSONObject()
    unless.append("growth", ifPresent: self.unless.growth.map { ["gte": .number($0)] })
    unless.append("severity", ifPresent: self.unless.severity.map { .string($0.rawValue) })
    object.append("unless", unless.members.isEmpty ? .null : .object(unless))
    object.append("held", JSONValue(held.count))
    return .object(object)
  }
}
