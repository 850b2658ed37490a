import Model
import YAML

/// Reads `routes` of `nabat.yaml`, and other lists of sinks.
struct RouteReading {
  /// The ids of the sinks there are.
  let sinks: [String]
  let complaints: Complaints

  static let keys = ["match", "to", "continue", "group_by", "group_wait"]

  func routes(_ nodes: [YAMLNode]) -> [RouteConfiguration] {
    nodes.compactMap { node in Fields(node, complaints).flatMap { route($0) } }
  }

  private func route(_ fields: Fields) -> RouteConfiguration? {
    fields.check(known: RouteReading.keys)
    fields.require("to")
    let groupBy = fields.strings("group_by")
    let groupWait = fields.span("group_wait", zero: true)
    let match = fields.mapping("match").map { self.match($0) } ?? [:]
    let continues = fields.flag("continue") ?? false
    guard let to = fields.value("to") else { return nil }
    var route = RouteConfiguration(match: match, to: sinkNames(to), continues: continues, place: fields.node.place)
    route.groupBy = groupBy
    route.groupWait = groupWait
    return route
  }

  /// What an alert's fields must be: a text or a list of them each.
  func match(_ fields: Fields) -> [RouteConfiguration.Field: [String]] {
    fields.check(known: RouteConfiguration.Field.allCases.map(\.rawValue))
    var match: [RouteConfiguration.Field: [String]] = [:]
    for entry in fields.entries {
      guard let field = RouteConfiguration.Field(rawValue: entry.name), let node = fields.value(entry.name) else {
        continue
      }
      if field == .severity {
        match[field] = (node.sequence ?? [node]).compactMap { complaints.choice($0, Severity.self)?.rawValue }
      } else {
        match[field] = complaints.strings(node)
      }
    }
    return match
  }

  /// A list of sinks, or one.
  func sinkNames(_ node: YAMLNode) -> [String] {
    let nodes = node.sequence ?? [node]
    if nodes.isEmpty { complaints.add(YAMLCause.value("the list names no sink"), at: node) }
    return nodes.compactMap { node in
      guard let name = complaints.string(node) else { return nil }
      if sinks.contains(name) { return name }
      let suggestion = Suggestion.nearest(to: name, among: sinks)
      complaints.add(ConfigurationCause.unknownName(kind: "sink", name: name, suggestion: suggestion), at: node)
      return nil
    }
  }
}
