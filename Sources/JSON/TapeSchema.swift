/// A JSON Schema of one line of a tape, draft 2020-12. Reading ignores members that it does not know; the schema names
/// them, for whoever writes tapes.
package enum TapeSchema {
  package static func json() -> JSONValue {
    let kinds = shapes.map(\.kind)
    return JSONSchema.document(
      "A line of a tape of Nabat",
      [
        "type": "object", "required": ["kind", "at"],
        "properties": ["kind": JSONSchema.choice(kinds), "at": JSONSchema.time],
        "allOf": .array(
          shapes.map { shape in
            [
              "if": ["properties": ["kind": ["const": .string(shape.kind)]], "required": ["kind"]],
              "then": JSONSchema.closed(
                ["kind", "at"] + shape.members.map(\.key),
                Dictionary(shape.members.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }),
                required: shape.required),
            ]
          }),
      ])
  }

  private static let text = JSONSchema.string
  private static let texts = JSONSchema.anyOf([text, JSONSchema.list(text)])
  private static let sourceClass = JSONSchema.choice(["official", "media", "community", "satire"])
  private static let language: JSONValue = ["type": ["string", "null"]]
  private static let count: JSONValue = ["type": "integer", "minimum": 0, "maximum": 1_000_000_000_000]

  private static let shapes: [(kind: String, members: KeyValuePairs<String, JSONValue>, required: [String])] = [
    (
      "item",
      [
        "id": text, "source": text, "source_class": sourceClass, "region": text, "lang": language, "url": text,
        "title": text, "body": text, "author": text, "published": JSONSchema.time,
      ], ["id"]
    ),
    (
      "comment",
      [
        "id": text, "source": text, "source_class": sourceClass, "item": text, "region": text, "lang": language,
        "url": text, "narrative": text, "author": text, "text": text, "body": text, "published": JSONSchema.time,
      ], ["id"]
    ),
    ("total", ["source": text, "item": text, "comments": count], ["item", "comments"]),
    ("fetch", ["source": text, "status": ["type": "integer", "minimum": 0, "maximum": 599]], ["source", "status"]),
    (
      "act",
      [
        "do": JSONSchema.choice([
          "acknowledge", "answer", "respond", "close", "reopen", "silence", "unsilence",
        ]),
        "alert": JSONSchema.anyOf([
          text,
          JSONSchema.closed(
            ["rule", "key"], ["rule": text, "key": JSONSchema.map(text)], required: ["rule", "key"]),
        ]), "silence": text, "until": text,
        "by": text, "note": text, "url": text, "reason": text, "for": JSONSchema.span,
        "match": JSONSchema.closed(
          ["rule", "region", "narrative", "severity", "source", "tag"],
          [
            "rule": texts, "region": texts, "narrative": texts, "severity": texts, "source": texts, "tag": texts,
          ]),
        "unless": ["type": "object"],
      ], ["do"]
    ),
    (
      "fire",
      [
        "rule": text, "narrative": text, "region": text, "source": text, "source_class": text, "lang": text,
        "item": text,
      ], ["rule"]
    ),
    ("tick", [:], []),
    ("rules", ["set": text], ["set"]),
  ]
}
