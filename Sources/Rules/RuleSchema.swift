package import JSON
import Model

/// A JSON Schema of rule files, draft 2020-12, made from the tables that the reader of rules uses.
///
/// It knows keys, shapes and choices; what hangs on other parts of the files (names, reachable thresholds) only
/// `check` knows.
package enum RuleSchema {
  package static func json(types: [RuleType]) -> JSONValue {
    let rule = ruleSchema(types)
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "Rules of Nabat",
      "type": "object",
      "required": ["format"],
      "properties": properties(
        RuleKeys.ofFile,
        [
          "format": ["const": 1], "defaults": closed(RuleKeys.ofDefaults, common),
          "lists": ["type": "object"], "terms": ["type": "object", "additionalProperties": term],
          "rules": list(rule), "filters": list(closed(["rules", "unless", "until"], [:], ["rules", "unless"])),
          "override": list(["type": "object"]),
        ]),
      "additionalProperties": false,
    ]
  }

  private static func ruleSchema(_ types: [RuleType]) -> JSONValue {
    let ofTypes = types.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    return [
      "type": "object",
      "required": ["id", "type"],
      "properties": properties(
        ordered(RuleKeys.common.union(ofTypes)),
        common.merging(["type": choice(types.map(\.name))]) { _, own in own }),
      // A key of one type is none of another's.
      "allOf": .array(
        types.map { type in
          [
            "if": ["properties": ["type": ["const": .string(type.name)]], "required": ["type"]],
            "then": ["propertyNames": ["enum": strings(ordered(RuleKeys.common.union(type.keys)))]],
          ]
        }),
      "additionalProperties": false,
    ]
  }

  /// What is known of the values of keys; a key that is not here takes any.
  private static var common: [String: JSONValue] {
    [
      "id": text, "title": text, "claim": text, "narrative": text, "owner": text, "guide": text, "summary": text,
      "match": text, "lang": text, "timezone": text,
      "review_by": ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"],
      "status": choice(Rule.Status.allCases.map(\.rawValue)), "severity": choice(Severity.allCases.map(\.rawValue)),
      "stream": choice(Rule.Stream.allCases.map(\.rawValue)),
      "missing_key": choice(Rule.MissingKey.allCases.map(\.rawValue)),
      "where": ["type": "object", "propertyNames": ["enum": strings(FieldName.filters)]],
      "labels": ["type": "object"],
      "sla": closed(
        ["acknowledge", "respond", "hard", "from"],
        [
          "acknowledge": span, "respond": span, "hard": span,
          "from": choice(Deadlines.Origin.allCases.map(\.rawValue)),
        ]),
      "keep_firing": span, "reopen_within": span, "window": span, "step": span, "wait": span, "learn": span,
      "terms": ["type": "object", "additionalProperties": term],
      "fields": ["type": "object", "additionalProperties": ["type": "number", "minimum": 0, "maximum": 5]],
      "unless": list(["type": "object"]),
      "severity_by": list(
        closed(
          ["when", "set"], ["when": ["type": "object"], "set": choice(Severity.allCases.map(\.rawValue))],
          ["when", "set"])),
      "equivalent": list(
        closed(["mutant", "because"], ["mutant": text, "because": text], ["mutant", "because"])),
      "tests": list(test),
    ]
  }

  private static var term: JSONValue {
    let open = closed(
      PatternReading.termKeys,
      [
        "within": ["type": "integer", "minimum": 1, "maximum": 50],
        "order": choice(Term.Order.allCases.map(\.rawValue)), "span": choice(Term.NearSpan.allCases.map(\.rawValue)),
        "weight": ["type": "number", "minimum": -100, "maximum": 100],
        "cap": ["type": "integer", "minimum": 1, "maximum": 10],
        "not_after": closed(["words", "within"], [:]),
      ])
    guard var object = open.object else { return open }
    object.append("oneOf", .array(PatternReading.bodies.map { ["required": [.string($0)]] }))
    return .object(object)
  }

  private static var test: JSONValue {
    closed(
      RuleKeys.ofTest,
      [
        "name": text, "covers": choice(RuleTest.kinds), "history": ["type": "object"],
        "given": list(
          [
            "type": "object", "minProperties": 1, "maxProperties": 1,
            "propertyNames": ["enum": strings(RuleTestReader.kinds)],
          ]),
        "expect": list(closed(RuleKeys.ofExpectation, [:], ["at"])),
      ], ["name", "given", "expect"])
  }
}

extension RuleSchema {
  /// YAML reads some texts as numbers or truths; to Nabat they are texts.
  private static var text: JSONValue { ["type": ["string", "number", "boolean"]] }
  private static var span: JSONValue {
    ["anyOf": [["type": "string", "pattern": "^([0-9]+(ms|s|m|h|d|w))+$"], ["const": 0]]]
  }

  private static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
  private static func choice(_ values: [String]) -> JSONValue { ["enum": strings(values)] }
  private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }

  private static func ordered(_ keys: Set<String>) -> [String] {
    keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  private static func properties(_ keys: [String], _ known: [String: JSONValue]) -> JSONValue {
    var object = JSONObject()
    for key in keys { object.append(key, known[key] ?? .bool(true)) }
    return .object(object)
  }

  /// A mapping with these keys and no other.
  private static func closed(_ keys: [String], _ known: [String: JSONValue], _ required: [String] = []) -> JSONValue {
    [
      "type": "object", "required": strings(required), "properties": properties(keys, known),
      "additionalProperties": false,
    ]
  }
}
