package import JSON
import Model
import Text

/// A JSON Schema of rule files, draft 2020-12, made from the tables that the reader of rules uses.
///
/// It knows keys, shapes and choices; what hangs on other parts of the files (names, reachable thresholds) only
/// `check` knows.
package enum RuleSchema {
  package static func json(types: [RuleType]) -> JSONValue {
    let rule = ruleSchema(types)
    let file = JSONSchema.closed(
      RuleKeys.ofFile,
      [
        "format": ["const": 1], "defaults": JSONSchema.closed(RuleKeys.ofDefaults, common),
        "lists": JSONSchema.map(patterns), "terms": JSONSchema.map(term), "rules": JSONSchema.list(rule),
        "filters": JSONSchema.list(
          JSONSchema.closed(
            ["rules", "unless", "until"],
            ["rules": JSONSchema.texts, "unless": JSONSchema.list(exception, atLeast: 1), "until": JSONSchema.date],
            required: ["rules", "unless"])),
        "override": JSONSchema.list(override(types)),
      ], required: ["format"])
    return JSONSchema.document("Rules of Nabat", file)
  }

  private static func ruleSchema(_ types: [RuleType]) -> JSONValue {
    let rule = closedRule(types, required: ["id", "type"])
    return JSONSchema.with(
      rule,
      [
        // A key of one type is none of another's, and may have another shape there.
        "allOf": .array(
          types.map { type in
            var properties = JSONObject()
            for key in ordered(Set(type.shapes.keys)) { properties.append(key, type.shapes[key] ?? true) }
            return [
              "if": ["properties": ["type": ["const": .string(type.name)]], "required": ["type"]],
              "then": [
                "propertyNames": JSONSchema.choice(ordered(RuleKeys.common.union(type.keys))),
                "properties": .object(properties),
              ],
            ]
          })
      ])
  }

  private static func closedRule(_ types: [RuleType], required: [String]) -> JSONValue {
    let ofTypes = types.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    return JSONSchema.closed(
      ordered(RuleKeys.common.union(ofTypes)),
      common.merging(["type": JSONSchema.choice(types.map(\.name))]) { _, own in own }, required: required)
  }

  /// `{ list, term or rule: name, append or replace: … }`; of what is put in place only the keys are known.
  private static func override(_ types: [RuleType]) -> JSONValue {
    let kinds = RuleOverride.Kind.allCases.map(\.rawValue)
    let modes = RuleOverride.Mode.allCases.map(\.rawValue)
    let shapes = Dictionary(uniqueKeysWithValues: kinds.map { ($0, JSONSchema.text) })
    func changing(_ kind: RuleOverride.Kind, _ value: JSONValue) -> JSONValue {
      [
        "if": ["required": [.string(kind.rawValue)]],
        "then": ["properties": .object(JSONObject(["append": value, "replace": value]))],
      ]
    }
    let ofTypes = types.reduce(into: Set<String>()) { $0.formUnion($1.keys) }
    let ruleKeys = ordered(RuleKeys.common.union(ofTypes).subtracting(["id", "type"]))
    return JSONSchema.with(
      JSONSchema.closed(kinds + modes, shapes),
      [
        "allOf": [
          ["oneOf": .array(kinds.map { ["required": [.string($0)]] })],
          ["oneOf": .array(modes.map { ["required": [.string($0)]] })],
          changing(.list, patterns),
          changing(.term, JSONSchema.closed(PatternReading.termKeys)), changing(.rule, JSONSchema.closed(ruleKeys)),
        ]
      ])
  }

  private static func ordered(_ keys: Set<String>) -> [String] {
    keys.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  }

  /// What is known of the values of keys that all types have.
  private static var common: [String: JSONValue] {
    let severities = Severity.allCases.map(\.rawValue)
    let conditions = Escalation.Condition.allCases.map(\.rawValue)
    let name = JSONSchema.text
    return [
      "id": name, "title": name, "claim": name, "narrative": name, "owner": name, "guide": name, "summary": name,
      "lang": name, "timezone": name, "formerly": JSONSchema.texts, "tags": JSONSchema.texts,
      "references": JSONSchema.texts, "false_positives": JSONSchema.texts, "attach": JSONSchema.texts,
      "key": JSONSchema.oneOrMany(JSONSchema.choice(FieldName.keys)), "review_by": JSONSchema.date,
      "status": JSONSchema.choice(Rule.Status.allCases.map(\.rawValue)), "severity": JSONSchema.choice(severities),
      "stream": JSONSchema.choice(Rule.Stream.allCases.map(\.rawValue)),
      "missing_key": JSONSchema.choice(Rule.MissingKey.allCases.map(\.rawValue)), "where": filters,
      "labels": JSONSchema.map(name),
      "fold": JSONSchema.closed(
        Foldings.names.map(\.name),
        Dictionary(uniqueKeysWithValues: Foldings.names.map { ($0.name, ["enum": ["on", "off", true, false]]) })),
      "sla": JSONSchema.closed(
        ["acknowledge", "respond", "hard", "from"],
        [
          "acknowledge": JSONSchema.span, "respond": JSONSchema.span, "hard": JSONSchema.span,
          "from": JSONSchema.choice(Deadlines.Origin.allCases.map(\.rawValue)),
        ]),
      "four_eyes": ["type": "boolean"], "keep_firing": JSONSchema.span, "reopen_within": JSONSchema.span,
      "realert": JSONSchema.closed(
        ["every", "backoff", "max", "while"],
        [
          "every": JSONSchema.span, "max": JSONSchema.span, "backoff": JSONSchema.number(1...100),
          "while": JSONSchema.choice(conditions),
        ]),
      "escalate": JSONSchema.list(
        JSONSchema.closed(
          ["after", "before_deadline", "if", "to", "level"],
          [
            "after": JSONSchema.span, "before_deadline": JSONSchema.span, "if": JSONSchema.choice(conditions),
            "to": name, "level": name,
          ], required: ["if", "to"])),
      "active": JSONSchema.closed(
        ["days", "from", "to", "timezone"],
        [
          "days": JSONSchema.texts, "from": JSONSchema.pattern("^[0-9]{2}:[0-9]{2}$"),
          "to": JSONSchema.pattern("^[0-9]{2}:[0-9]{2}$"), "timezone": name,
        ]),
      "severity_by": JSONSchema.list(
        JSONSchema.closed(
          ["when", "set"], ["when": conditionsOfAlerts, "set": JSONSchema.choice(severities)],
          required: ["when", "set"])),
      "equivalent": JSONSchema.list(
        JSONSchema.closed(["mutant", "because"], ["mutant": name, "because": name], required: ["mutant", "because"])),
      "tests": JSONSchema.list(test),
    ]
  }
}
