import JSON

/// A message of a chat as JSON in whose texts `{name}` stands for something of the event: whatever an event says, what
/// comes out is JSON of the template's shape.
struct ChatTemplate: Sendable {
  private let json: JSONValue

  /// Why a text is no template.
  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  /// Throws where it is no JSON, or names what there is not.
  init(_ text: String, settings: Set<String> = ["chat"]) throws(Problem) {
    do throws(JSONError) { json = try JSONValue(parsing: text) } catch {
      throw Problem(description: "no JSON: \(error)")
    }
    for name in ChatTemplate.names(in: json) where !Notice.names.contains(name) && !settings.contains(name) {
      throw Problem(
        description: "{\(name)} is not known; there are \((Notice.names + settings.sorted()).joined(separator: ", "))")
    }
  }

  /// - Parameter settings: values of the names that are not the event's.
  func rendered(_ notice: Notice, settings: [String: String]) -> JSONValue {
    ChatTemplate.mapTexts(of: json) { text in
      ChatTemplate.replacing(in: text) { settings[$0] ?? notice.value($0) }
    }
  }

  /// The shipped ones, by name.
  static let shipped: [String: String] = [
    // Slack and what takes its messages.
    "slack": #"{"text": "{text}"}"#,
    "mattermost": #"{"text": "{text}", "username": "Набат"}"#,
    "telegram": #"{"chat_id": "{chat}", "text": "{text}", "disable_web_page_preview": true}"#,
  ]

  private static func mapTexts(of json: JSONValue, _ body: (String) -> String) -> JSONValue {
    switch json {
    case .string(let text): return .string(body(text))
    case .array(let elements): return .array(elements.map { mapTexts(of: $0, body) })
    case .object(let object):
      var mapped = JSONObject()
      for member in object.members { mapped.append(member.name, mapTexts(of: member.value, body)) }
      return .object(mapped)
    default: return json
    }
  }

  private static func names(in json: JSONValue) -> [String] {
    var names: [String] = []
    _ = mapTexts(of: json) { text in
      replacing(in: text) { name in
        names.append(name)
        return nil
      }
    }
    return names
  }

  /// Each `{name}` of letters, digits and `_`, by its value; one without a value stays.
  private static func replacing(in text: String, _ value: (String) -> String?) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let inside = rest[rest.index(after: open)...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
      let end = inside.endIndex
      if !inside.isEmpty, end < rest.endIndex, rest[end] == "}" {
        result += value(String(inside)) ?? String(rest[open...end])
        rest = rest[rest.index(after: end)...]
      } else {
        result.append("{")
        rest = rest[rest.index(after: open)...]
      }
    }
    return result + rest
  }
}
