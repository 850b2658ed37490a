import JSON
import Rules

extension Alert {
  /// What the decision rests on, in words, a line each; empty where words of a text are the reason.
  package var basisWords: [String] {
    guard let basis else { return [] }
    func text(_ name: String) -> String { basis[name]?.string ?? basis[name]?.serialized ?? "—" }
    let group = (basis["per"]?.object?.members ?? []).map { "\($0.name) \($0.value.string ?? "")" }
    let place = group.isEmpty ? "" : " (\(group.joined(separator: ", ")))"
    if basis["condition"] != nil {
      let of = text("of") == "events" ? "" : " different values of \(text("of"))"
      return [
        "\(text("condition"))\(of) within \(text("within")): \(text("count")) from \(text("from")) to \(text("to"))\(place)"
      ]
    }
    if let joined = basis["joined"]?.array { return Alert.words(joined: joined, of: basis) }
    if basis["by"] != nil {
      return [
        "\(text("rule")) fired at \(text("since")) (\(text("alert")))",
        "no answer by \(text("expected")) within \(text("within")), that is by \(text("by"))",
      ]
    }
    if basis["due"] != nil {
      let active = basis["active"]?.bool == true ? " of active time" : ""
      return [
        "\(text("expected")) is expected within \(text("within"))\(active)\(place): \(text("count")) until \(text("due"))",
        "the last came at \(text("last")); usual are \(text("usual")) in such a time",
      ]
    }
    if basis["unseen_for"] != nil {
      return ["\(text("of")) «\(text("value"))»\(place) at \(text("first")), not seen for \(text("unseen_for")) before"]
    }
    let samples = (basis["samples"]?.array ?? []).prefix(8).map(\.serialized).joined(separator: ", ")
    return [
      "usual at this hour: \(text("ref")) in \(text("window")) (\(text("season")): \(samples)), scale \(text("scale"))"
    ]
  }

  private static func words(joined: [JSONValue], of basis: JSONObject) -> [String] {
    func list(_ name: String) -> String { (basis[name]?.array ?? []).compactMap(\.string).joined(separator: ", ") }
    var lines = joined.map { child in
      let (name, rule) = (child["as"]?.string ?? "", child["rule"]?.string ?? "")
      return
        "\(name == rule ? "" : "\(name): ")\(rule) fired at \(child["at"]?.string ?? "") (\(child["alert"]?.string ?? ""))"
    }
    lines.append("together within \(basis["within"]?.string ?? "")" + (list("same").isEmpty ? "" : ", \(list("same"))"))
    if !list("none").isEmpty { lines.append("and no \(list("none"))") }
    return lines
  }
}
