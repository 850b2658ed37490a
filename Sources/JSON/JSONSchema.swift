/// Pieces of JSON Schemas, draft 2020-12, for files that people write in YAML.
package enum JSONSchema {
  package static let draft = "https://json-schema.org/draft/2020-12/schema"

  /// YAML reads some texts as numbers or truths; to Nabat they are texts.
  package static let text: JSONValue = ["type": ["string", "number", "boolean"]]
  package static let string: JSONValue = ["type": "string"]
  package static let flag: JSONValue = ["type": "boolean"]
  package static let texts = oneOrMany(text)
  /// `1h30m`, `15m`, `7d`; 0 where that is allowed.
  package static let span: JSONValue = [
    "anyOf": [["type": "string", "pattern": "^([0-9]+(ms|s|m|h|d|w))+$"], ["const": 0]]
  ]
  package static let date: JSONValue = ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"]
  /// RFC 3339 with a zone.
  package static let time: JSONValue = [
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$",
  ]

  package static func number(_ range: ClosedRange<Double>) -> JSONValue {
    ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
  }

  package static func integer(_ range: ClosedRange<Int64>) -> JSONValue {
    ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
  }

  package static func pattern(_ expression: String) -> JSONValue {
    ["type": "string", "pattern": .string(expression)]
  }

  /// One of the words.
  package static func choice(_ words: [String]) -> JSONValue { ["enum": .array(words.map(JSONValue.string))] }

  package static func list(_ items: JSONValue, atLeast count: Int64 = 0) -> JSONValue {
    count == 0 ? ["type": "array", "items": items] : ["type": "array", "minItems": .integer(count), "items": items]
  }

  /// A list, or a single value that stands for a list of one.
  package static func oneOrMany(_ item: JSONValue) -> JSONValue { anyOf([item, list(item, atLeast: 1)]) }

  package static func anyOf(_ schemas: [JSONValue]) -> JSONValue { ["anyOf": .array(schemas)] }

  /// A mapping from names that the author chooses.
  package static func map(_ values: JSONValue) -> JSONValue { ["type": "object", "additionalProperties": values] }

  /// A mapping with these keys and no other.
  ///
  /// - Parameters:
  ///   - keys: in the order in which editors show them.
  ///   - shapes: of the values; a key that is not here takes any.
  package static func closed(
    _ keys: [String], _ shapes: [String: JSONValue] = [:], required: [String] = [], atLeast count: Int64 = 0
  ) -> JSONValue {
    var properties = JSONObject()
    for key in keys { properties.append(key, shapes[key] ?? .bool(true)) }
    var schema = JSONObject(["type": "object"])
    if !required.isEmpty { schema.append("required", .array(required.map(JSONValue.string))) }
    if count > 0 { schema.append("minProperties", .integer(count)) }
    schema.append("properties", .object(properties))
    schema.append("additionalProperties", false)
    return .object(schema)
  }

  /// A schema of a whole file.
  package static func document(_ title: String, _ schema: JSONValue) -> JSONValue {
    var object = JSONObject(["$schema": .string(draft), "title": .string(title)])
    for member in schema.object?.members ?? [] { object.append(member.name, member.value) }
    return .object(object)
  }

  /// The schema with more members.
  package static func with(_ schema: JSONValue, _ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    guard var object = schema.object else { return schema }
    for (name, value) in members { object.append(name, value) }
    return .object(object)
  }
}
