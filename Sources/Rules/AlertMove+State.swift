package import JSON
import Model

/// How watching rules store what they saw.
extension AlertMove {
  package var json: JSONValue {
    var object = JSONObject([
      "kind": .string(kind.rawValue), "alert": .string(alert), "rule": .string(rule), "key": key.json,
      "at": .integer(at.milliseconds),
    ])
    object.append("parent_region", ifPresent: parentRegion.map(JSONValue.string))
    return .object(object)
  }

  package init?(json: JSONValue?) {
    guard let kind = json?["kind"]?.string.flatMap(Kind.init), let alert = json?["alert"]?.string,
      let rule = json?["rule"]?.string, let key = Key(json: json?["key"]), let at = json?["at"]?.integer
    else { return nil }
    self.init(
      kind: kind, alert: alert, rule: rule, key: key, at: Moment(milliseconds: at),
      parentRegion: json?["parent_region"]?.string)
  }
}
