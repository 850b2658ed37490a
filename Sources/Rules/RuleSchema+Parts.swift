package import JSON
import Model

// The shapes that several keys share.
extension RuleSchema {
  private static let relations = Bound<Double>.Relation.allCases.map(\.rawValue)

  /// `{ gte: 4, lt: 9 }`.
  package static func bounds(_ limit: JSONValue, otherKeys: [String: JSONValue] = [:]) -> JSONValue {
    var shapes = otherKeys
    for relation in relations { shapes[relation] = limit }
    return JSONSchema.closed(relations + otherKeys.keys.sorted(), shapes, atLeast: 1)
  }

  package static var numberBounds: JSONValue { bounds(["type": "number"]) }

  /// Names of fields that tell series and alerts apart.
  package static var fieldNames: JSONValue { JSONSchema.oneOrMany(JSONSchema.choice(FieldName.keys)) }

  /// The same, and the region above.
  package static var sharedFields: JSONValue {
    JSONSchema.oneOrMany(JSONSchema.choice(FieldName.keys + ["region@parent"]))
  }

  /// A word or phrase, `{ list: … }` or `{ regex: … }`, or a list of them.
  package static var patterns: JSONValue {
    JSONSchema.oneOrMany(
      JSONSchema.anyOf([
        JSONSchema.text,
        JSONSchema.closed(["list", "regex"], ["list": JSONSchema.texts, "regex": JSONSchema.text], atLeast: 1),
      ]))
  }

  /// One side of `near`, or one entry of `all`.
  private static var side: JSONValue {
    JSONSchema.anyOf([
      JSONSchema.text,
      JSONSchema.closed(
        ["list", "any", "regex"], ["list": JSONSchema.texts, "any": patterns, "regex": JSONSchema.text], atLeast: 1),
    ])
  }

  package static var term: JSONValue {
    let words = JSONSchema.integer(1...50)
    let open = JSONSchema.closed(
      PatternReading.termKeys,
      [
        "any": patterns, "all": JSONSchema.oneOrMany(side), "list": JSONSchema.texts, "regex": JSONSchema.text,
        "near": ["type": "array", "minItems": 2, "maxItems": 2, "items": side], "within": words,
        "order": JSONSchema.choice(Term.Order.allCases.map(\.rawValue)),
        "span": JSONSchema.choice(Term.NearSpan.allCases.map(\.rawValue)), "weight": JSONSchema.number(-100...100),
        "cap": JSONSchema.integer(1...10),
        "not_after": JSONSchema.closed(
          ["words", "within"], ["words": patterns, "within": words], required: ["words"]),
      ])
    return JSONSchema.with(
      open, ["oneOf": .array(PatternReading.bodies.map { ["required": [.string($0)]] })])
  }

  /// An entry of `unless`.
  package static var exception: JSONValue {
    JSONSchema.closed(
      ["term", "any", "scope", "within", "then", "label"],
      [
        "term": JSONSchema.text, "any": patterns,
        "scope": JSONSchema.choice(["near", "sentence", "title", "document"]), "within": JSONSchema.integer(1...50),
        "then": JSONSchema.choice(["drop", "refutation", "label"]), "label": JSONSchema.text,
      ])
  }

  /// `where`.
  static var filters: JSONValue {
    JSONSchema.closed(
      FieldName.filters, Dictionary(uniqueKeysWithValues: FieldName.filters.map { ($0, condition(of: $0)) }))
  }

  /// `when` of `severity_by`: fields and figures.
  static var conditionsOfAlerts: JSONValue {
    var shapes = Dictionary(uniqueKeysWithValues: FieldName.filters.map { ($0, condition(of: $0)) })
    for name in Measure.comparable { shapes[name] = numberBounds }
    return JSONSchema.closed(FieldName.filters + Measure.comparable, shapes, atLeast: 1)
  }

  private static func condition(of field: String) -> JSONValue {
    if field == "age" { return bounds(JSONSchema.span, otherKeys: ["exists": JSONSchema.flag]) }
    let value = field == "source_class" ? JSONSchema.choice(FieldName.sourceClasses) : JSONSchema.text
    let values = JSONSchema.oneOrMany(value)
    return JSONSchema.anyOf([
      value, JSONSchema.list(value, atLeast: 1),
      bounds(JSONSchema.text, otherKeys: ["not": values, "exists": JSONSchema.flag]),
    ])
  }
}

// Tests of rules.
extension RuleSchema {
  static var test: JSONValue {
    JSONSchema.closed(
      RuleKeys.ofTest,
      [
        "name": JSONSchema.text, "covers": JSONSchema.choice(RuleTest.kinds), "now": JSONSchema.time,
        "history": JSONSchema.closed(
          FieldName.keys + ["same_slot"],
          keyShapes.merging(["same_slot": JSONSchema.list(JSONSchema.number(0...1e9))]) { _, own in own },
          required: ["same_slot"]),
        "given": JSONSchema.list(given), "expect": JSONSchema.list(expectation, atLeast: 1),
      ], required: ["name", "given", "expect"])
  }

  private static var keyShapes: [String: JSONValue] {
    Dictionary(uniqueKeysWithValues: FieldName.keys.map { ($0, JSONSchema.text) })
  }

  private static let offset = JSONSchema.pattern("^[+]([0-9]+(ms|s|m|h|d|w))+$")

  private static var given: JSONValue {
    let count = JSONSchema.integer(1...100_000)
    var shapes: [String: JSONValue] = [
      "at": offset, "from": offset, "to": offset, "count": count, "authors": count,
      "published": JSONSchema.pattern("^[+-]([0-9]+(ms|s|m|h|d|w))+$"),
      "source_class": JSONSchema.choice(FieldName.sourceClasses), "lang": ["type": ["string", "null"]],
      "alert": JSONSchema.anyOf([JSONSchema.text, ["type": "object"]]), "match": ["type": "object"],
      "unless": ["type": "object"], "for": JSONSchema.span, "comments": JSONSchema.integer(0...1_000_000_000),
      "status": JSONSchema.integer(0...599),
    ]
    for keys in RuleTestReader.keysOfEvents.values {
      for key in keys where shapes[key] == nil { shapes[key] = JSONSchema.text }
    }
    let events = RuleTestReader.kinds.map { kind in
      (
        kind,
        JSONSchema.closed(
          RuleTestReader.keysOfEvents[kind] ?? [], shapes, required: RuleTestReader.requiredKeys[kind] ?? [])
      )
    }
    return JSONSchema.with(
      JSONSchema.closed(RuleTestReader.kinds, Dictionary(uniqueKeysWithValues: events), atLeast: 1),
      ["maxProperties": 1])
  }

  private static var expectation: JSONValue {
    let count = JSONSchema.integer(0...1_000_000)
    let number: JSONValue = ["type": "number"]
    let work = JSONSchema.choice(RuleTestReader.works)
    return JSONSchema.closed(
      RuleKeys.ofExpectation,
      [
        "at": offset, "alerts": count, "refutations": count,
        "state": JSONSchema.choice(RuleTestReader.State.allCases.map(\.rawValue)),
        "severity": JSONSchema.choice(Severity.allCases.map(\.rawValue)),
        "key": JSONSchema.closed(FieldName.keys, keyShapes), "evidence": JSONSchema.oneOrMany(JSONSchema.text),
        "score": number, "ratio": number, "z": number, "work": work, "parent_work": work,
        "near_miss": JSONSchema.closed(["score", "missing"], ["score": number, "missing": JSONSchema.text]),
      ], required: ["at"])
  }
}
