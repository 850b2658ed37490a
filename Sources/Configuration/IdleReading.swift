import Model
import YAML

/// Checks the sections of `nabat.yaml` that do nothing yet, and says so: a mistake in them is found now, not later.
struct IdleReading {
  let routing: RouteReading
  let complaints: Complaints

  func read(_ fields: Fields) {
    if let inhibit = fields.sequence("inhibit") { self.inhibit(inhibit) }
    fields.noEffect("inhibit")
  }

  private func inhibit(_ nodes: [YAMLNode]) {
    for node in nodes {
      guard let fields = Fields(node, complaints) else { continue }
      fields.check(known: ["source", "target", "equal"])
      fields.require("source")
      fields.require("target")
      if let source = fields.mapping("source") { _ = routing.match(source) }
      if let target = fields.mapping("target") { _ = routing.match(target) }
      for node in fields.sequence("equal") ?? [] { _ = complaints.choice(node, RouteConfiguration.Field.self) }
    }
  }
}
