package import JSON
import Model

/// A JSON Schema of events, draft 2020-12: what the journal, webhooks, `replay` and the event stream speak.
///
/// Types, reasons and stages are the closed lists of the contract; some come with later versions.
package enum EventSchema {
  package static func json() -> JSONValue {
    JSONSchema.document(
      "Events of Nabat",
      JSONSchema.with(
        JSONSchema.closed(
          [
            "specversion", "id", "source", "type", "time", "timestamp", "subject", "datacontenttype", "data",
          ],
          [
            "specversion": ["const": "1.0"], "id": JSONSchema.pattern("^msg_[a-z2-7]{1,52}$"),
            "source": JSONSchema.pattern("^/monitor/.+$"), "type": JSONSchema.choice(types), "time": moment,
            "timestamp": moment, "subject": alertID, "datacontenttype": ["const": "application/json"],
            "data": ["type": "object"],
          ],
          required: ["specversion", "id", "source", "type", "time", "timestamp", "datacontenttype", "data"]),
        [
          "allOf": [
            ofType("^alert\\.", data: alert, required: ["subject"]),
            ofType("^(meta|endpoint)\\.", data: ["required": ["stage"], "properties": ["stage": stage]]),
            ofType("^note\\.", data: note),
          ]
        ]))
  }

  private static func ofType(_ pattern: String, data: JSONValue, required: [String] = []) -> JSONValue {
    [
      "if": ["properties": ["type": ["pattern": .string(pattern)]]],
      "then": ["required": .array(required.map(JSONValue.string)), "properties": ["data": data]],
    ]
  }

  private static let types: [String] =
    [
      "fired", "updated", "acknowledged", "answering", "responded", "cleared", "reopened", "closed", "overturned",
      "escalated", "sla_warning", "sla_breached",
    ].map { "alert.\($0)" }
    + [
      "heartbeat", "rule_rejected", "source_unreachable", "selector_broken", "lagging", "storage",
      "endpoint_degraded", "digest",
    ].map { "meta.\($0)" } + ["endpoint.test"]
    + ["near_miss", "refutation", "repost", "too_late", "learning", "refused", "held_back"].map { "note.\($0)" }

  private static let reason = JSONSchema.choice([
    "first", "new-in-group", "new-evidence-milestone", "new-region", "new-source-class", "severity-raised", "repeat",
    "cleared", "reopened", "silence-ended", "sla-warning", "sla-breach", "ack-expired", "escalated", "digest",
    "acknowledged", "answering", "responded", "closed", "overturned",
  ])
  private static let stage = JSONSchema.choice([
    "sent", "draft", "test", "dedup", "absorbed", "inhibited", "silenced", "calendar", "grouped",
  ])
  private static let work = JSONSchema.choice(["new", "acknowledged", "answering", "responded", "closed"])
  private static let severity = JSONSchema.choice(Severity.allCases.map(\.rawValue))

  private static let string = JSONSchema.string
  /// UTC, with milliseconds only where it is not a whole second.
  private static let moment = JSONSchema.pattern(
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?Z$")
  private static let alertID = JSONSchema.pattern("^al_.+$")
  private static let count: JSONValue = ["type": "integer", "minimum": 0]
  private static let key = JSONSchema.map(string)

  private static func orNull(_ schema: JSONValue) -> JSONValue { JSONSchema.anyOf([["type": "null"], schema]) }

  /// A mapping with all of these keys and no other.
  private static func exact(_ shapes: KeyValuePairs<String, JSONValue>) -> JSONValue {
    let keys = shapes.map(\.key)
    return JSONSchema.closed(keys, Dictionary(uniqueKeysWithValues: shapes.map { ($0, $1) }), required: keys)
  }
}

extension EventSchema {
  private static var alert: JSONValue {
    let shapes: KeyValuePairs<String, JSONValue> = [
      "schema": ["const": 1], "alert": alertID, "seq": ["type": "integer", "minimum": 1],
      "episode": ["type": "integer", "minimum": 1], "fingerprint": JSONSchema.pattern("^[0-9a-f]{32}$"),
      "previous": orNull(alertID), "key": key, "stage": stage, "journal_head": string, "reason": reason,
      "reasons": JSONSchema.list(reason, atLeast: 1), "changed": JSONSchema.list(string),
      "rule": exact(["id": string, "version": JSONSchema.pattern("^sha256:"), "status": status]),
      "condition": JSONSchema.choice(["pending", "firing", "cleared"]), "work": work, "severity": severity,
      "title": string, "summary": string, "narrative": orNull(string),
      "region": orNull(exact(["code": string, "name": string])), "labels": JSONSchema.map(string),
      "times": exact(["first_published": moment, "detected": moment, "event_time": moment]),
      "sla": orNull(exact(["acknowledge_by": moment, "respond_by": moment, "hard_by": moment])),
      "measure": measure, "why": JSONSchema.list(why), "evidence": evidence, "registry": orNull(registry),
      "owner": string, "by": string, "note": string, "url": string,
      "spread": exact([
        "claim": exact(["texts": count, "sources": count]), "answer": exact(["texts": count, "sources": count]),
        "claim_since_answer": ["type": ["integer", "null"], "minimum": 0],
      ]),
      "closed": exact(["reason": JSONSchema.choice(Alert.Closing.allCases.map(\.rawValue))]),
      "to": JSONSchema.list(string),
      "level": string,
      "group": exact(["id": string, "size": count]), "links": exact(["self": string, "ack": string]),
    ]
    return JSONSchema.closed(
      shapes.map(\.key), Dictionary(uniqueKeysWithValues: shapes.map { ($0, $1) }),
      required: [
        "schema", "alert", "seq", "episode", "fingerprint", "reason", "reasons", "changed", "rule", "key",
        "condition", "work", "severity", "stage",
      ])
  }

  private static let status = JSONSchema.choice(["draft", "test", "stable", "deprecated"])

  private static var measure: JSONValue {
    let number: JSONValue = ["type": ["number", "null"]]
    let whole: JSONValue = ["type": ["integer", "null"], "minimum": 0]
    return exact([
      "score": number, "threshold": number, "items": whole, "reposts": whole, "sources": whole, "count": whole,
      "authors": whole, "ratio": number, "z": number,
      "peak": orNull(exact(["count": count, "ratio": ["type": "number"], "z": ["type": "number"], "authors": whole])),
    ])
  }

  private static var why: JSONValue {
    let folds = ["homoglyph", "invisible", "stress", "repeat", "spaced", "masked", "translit", "digit"]
    return JSONSchema.closed(
      ["term", "weight", "field", "text", "fold"],
      [
        "term": string, "weight": ["type": "number"], "field": string, "text": string,
        "fold": JSONSchema.list(JSONSchema.choice(folds), atLeast: 1),
      ], required: ["term", "weight", "field", "text"])
  }

  private static var evidence: JSONValue {
    let item = JSONSchema.closed(
      ["id", "url", "source", "published", "sha256", "copy"],
      [
        "id": string, "url": string, "source": string, "published": moment, "sha256": JSONSchema.pattern("^[0-9a-f]+$"),
        "copy": string,
      ], required: ["id", "source", "published"])
    return JSONSchema.closed(
      ["count", "more", "items"],
      ["count": count, "more": string, "items": JSONSchema.with(JSONSchema.list(item), ["maxItems": 5])],
      required: ["count", "items"])
  }

  private static var registry: JSONValue {
    exact([
      "id": string, "url": orNull(string), "verdict": orNull(string), "kind": JSONSchema.choice(["repeat", "variant"]),
      "score": ["type": "number"],
    ])
  }

  private static var note: JSONValue {
    JSONSchema.with(
      JSONSchema.closed(
        ["rule", "item", "key", "score", "missing", "count", "do", "why"],
        [
          "rule": string, "item": string, "key": key, "score": ["type": ["number", "null"]], "missing": string,
          "count": count, "do": string, "why": string,
        ]),
      ["anyOf": [["required": ["rule"]], ["required": ["do", "why"]]]])
  }
}
