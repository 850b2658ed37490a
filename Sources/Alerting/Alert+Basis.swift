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
    return usualWords(basis) + rarityWords(basis)
  }

  private func usualWords(_ basis: JSONObject) -> [String] {
    guard basis["samples"] != nil else { return [] }
    func text(_ name: String) -> String { basis[name]?.string ?? basis[name]?.serialized ?? "—" }
    let samples = (basis["samples"]?.array ?? []).prefix(8).map(\.serialized).joined(separator: ", ")
    return [
      "usual at this hour: \(text("ref")) in \(text("window")) (\(text("season")): \(samples)), scale \(text("scale"))"
    ]
  }

  /// What the series' own detector expected, what came, since when, and how rare that is.
  private func rarityWords(_ basis: JSONObject) -> [String] {
    var lines: [String] = []
    if let rarity = basis["rarity"]?.object {
      func text(_ name: String) -> String { rarity[name]?.string ?? rarity[name]?.serialized ?? "—" }
      lines.append(
        "expected \(text("expected")) in \(text("window")), came \(text("count")): \(text("ratio")) times as many, "
          + "\(text("surprise")) deviations above what is usual at this hour")
      if let count = basis["count"]?.integer {
        let authors = basis["authors"]?.integer.map { $0 < 5 ? "fewer than 5" : String($0) } ?? "an unknown number of"
        lines.append("in the window of \(basis["window"]?.string ?? "—") there were \(count), by \(authors) authors")
      }
      let steps = rarity["rarity"]?.number ?? 0
      lines.append(
        "above the usual since \(text("since")); rarity \(text("rarity")): by chance about once in \(Alert.chance(steps))"
      )
      if rarity["learning"]?.bool == true { lines.append("learning: less than a week of this series is known") }
    }
    if let share = basis["same_text_share"]?.number {
      lines.append("the most frequent text makes \(Int((share * 100).rounded())) % of it")
    }
    return lines
  }

  /// 10^rarity steps of 5 minutes, in a unit that a person reads.
  private static func chance(_ rarity: Double) -> String {
    var amount = 5.0
    for _ in 0..<Int(rarity) { amount *= 10 }
    // The broken part of the power, to the half of a power of ten.
    if rarity - rarity.rounded(.down) >= 0.5 { amount *= 3 }
    let units: [(name: String, minutes: Double)] = [("years", 525_600), ("days", 1440), ("hours", 60), ("minutes", 1)]
    for unit in units where amount >= unit.minutes * 2 || unit.minutes == 1 {
      return "\(Int((amount / unit.minutes).rounded())) \(unit.name)"
    }
    return "5 minutes"
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
