import Model
import YAML

/// Checks the sections of `nabat.yaml` that do nothing yet, and says so: a mistake in them is found now, not later.
struct IdleReading {
  let routing: RouteReading
  let complaints: Complaints

  func read(_ fields: Fields) {
    if let retention = fields.mapping("retention") { self.retention(retention) }
    if let people = fields.mapping("people") { self.people(people) }
    if let inhibit = fields.sequence("inhibit") { self.inhibit(inhibit) }
    if let desk = fields.mapping("desk") { self.desk(desk) }
    fields.noEffect("people", "inhibit", "desk")
  }

  private func retention(_ fields: Fields) {
    let idle = ["texts", "evidence", "journal"]
    fields.check(known: idle + ["near_misses"])
    for name in idle {
      guard let node = fields.value(name), let text = complaints.string(node) else { continue }
      // Years are written here only: 5y.
      let isYears = text.hasSuffix("y") && Int(text.dropLast()).map { (1...100).contains($0) } ?? false
      if !isYears { _ = complaints.span(node) }
    }
    for name in idle where fields.has(name) { fields.noEffect(name) }
  }

  private func people(_ fields: Fields) {
    for entry in fields.entries {
      guard let person = fields.mapping(entry.name) else { continue }
      person.check(known: ["sinks"])
      person.require("sinks")
      if let node = person.value("sinks") { _ = routing.sinkNames(node) }
    }
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

  private func desk(_ fields: Fields) {
    fields.check(known: ["listen"])
    guard let node = fields.value("listen"), let text = complaints.string(node) else { return }
    let isAddress = text.lastIndex(of: ":").map { colon in
      ServerReading.isBlock(text[..<colon].trimmingBrackets) && UInt16(text[text.index(after: colon)...]) != nil
    }
    if isAddress == true { return }
    complaints.add(YAMLCause.value("«\(text)» is no address to listen at", hint: "such as 127.0.0.1:8787"), at: node)
  }
}

extension Substring {
  /// `::1` of `[::1]`.
  fileprivate var trimmingBrackets: String {
    hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : String(self)
  }
}
