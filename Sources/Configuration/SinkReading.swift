import Model
import YAML

/// Reads `sinks` of `nabat.yaml`.
struct SinkReading {
  let file: String
  let complaints: Complaints
  let shapes: [SinkShape]

  /// Of every sink; the others are those of its kind.
  static let keys = ["id", "type", "types", "fallback"]
  /// Of many types at once.
  static let typeGlobs = ["alert.*", "meta.*", "endpoint.*", "*"]
  /// What a sink may subscribe to.
  static let eventTypes: [String] =
    [
      "fired", "updated", "acknowledged", "answering", "responded", "cleared", "reopened", "closed", "overturned",
      "escalated", "sla_warning", "sla_breached",
    ].map { "alert.\($0)" }
    + [
      "heartbeat", "rule_rejected", "source_unreachable", "selector_broken", "lagging", "storage", "endpoint_degraded",
      "digest",
    ].map { "meta.\($0)" } + ["endpoint.test"]

  func sinks(_ nodes: [YAMLNode]) -> [SinkConfiguration] {
    let names = nodes.compactMap { $0["id"]?.scalar?.text }
    var places: [String: Place] = [:]
    return nodes.compactMap { node in
      guard let fields = Fields(node, complaints), let sink = sink(fields, names) else { return nil }
      if let first = places[sink.id] {
        complaints.add(
          ConfigurationCause.definedTwice(kind: "sink", name: sink.id, first: first.description),
          at: fields.node["id"] ?? node)
        return nil
      }
      places[sink.id] = sink.place
      return sink
    }
  }

  private func sink(_ fields: Fields, _ names: [String]) -> SinkConfiguration? {
    var all: [String] = []
    for key in shapes.flatMap(\.keys) where !all.contains(key.name) { all.append(key.name) }
    fields.check(known: SinkReading.keys + all)
    fields.require("id")
    fields.require("type")
    let id = fields.slug("id")
    let type = fields.choice("type", of: shapes.map(\.type), notSupported: ["log", "stix"])
    let types = fields.sequence("types").map { $0.compactMap { eventType($0) } }
    let fallback = fields.value("fallback").flatMap { self.fallback($0, of: id, names) }
    guard let shape = shapes.first(where: { $0.type == type }) else { return nil }
    refuse(all.filter { name in !shape.keys.contains { $0.name == name } }, in: fields)
    var sink = SinkConfiguration(
      id: id ?? "", type: shape.type, types: types, fallback: fallback, place: fields.node.place)
    for key in shape.keys {
      if key.isRequired { fields.require(key.name) }
      guard let node = fields.value(key.name) else { continue }
      if key.form == .secrets {
        sink.secrets = secrets(node)
      } else {
        sink.values[key.name] = values(node, key, fields)
      }
    }
    return id == nil ? nil : sink
  }

  private func values(_ node: YAMLNode, _ key: SinkKey, _ fields: Fields) -> [String]? {
    switch key.form {
    case .webAddress: return webAddress(key.name, fields).map { [$0] }
    case .mailAddresses:
      let addresses = complaints.strings(node)
      for address in addresses ?? [] where !SinkReading.isMailAddress(address) {
        complaints.add(YAMLCause.value("«\(address)» is no mail address"), at: node)
      }
      return addresses
    case .mailServer:
      guard let text = complaints.string(node) else { return nil }
      guard text.hasPrefix("smtps://") || text.hasPrefix("smtp://") else {
        complaints.add(YAMLCause.value("the mail server is written smtps://host or smtp://host"), at: node)
        return nil
      }
      guard !text.contains("@") else {
        // The value itself is not repeated: it holds a password.
        complaints.add(
          YAMLCause.value("an address may not hold a name and a password", hint: "write «user» and «secret»"), at: node)
        return nil
      }
      return [text]
    case .path: return complaints.string(node).map { [resolve($0, in: file)] }
    case .choice(let known): return complaints.choice(node, of: known).map { [$0] }
    case .choiceOrPath(let known):
      return complaints.string(node).map { [known.contains($0) ? $0 : resolve($0, in: file)] }
    case .text: return complaints.string(node).map { [$0] }
    case .secrets: return nil
    }
  }

  private func webAddress(_ name: String, _ fields: Fields) -> String? {
    guard let (address, node) = fields.webAddress(name) else { return nil }
    guard address.isSecure || address.isLoopback else {
      complaints.add(YAMLCause.value("a webhook needs https", hint: "http is for loopback only"), at: node)
      return nil
    }
    return address.text
  }

  private static func isMailAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
      && !text.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == 0x3C || $0 == 0x3E || $0 == 0x2C }
  }

  private func refuse(_ names: [String], in fields: Fields) {
    for name in names {
      guard let entry = fields.entry(name) else { continue }
      let owners = shapes.filter { $0.keys.contains { $0.name == name } }.map(\.type).joined(separator: ", ")
      complaints.add(YAMLCause.value("«\(name)» belongs to sinks of type \(owners)"), at: entry.key)
    }
  }

  /// One, or the new one and the old one while they are exchanged.
  private func secrets(_ node: YAMLNode) -> [SecretReference] {
    (node.sequence ?? [node]).compactMap { node in Fields(node, complaints).flatMap { secret($0) } }
  }

  /// `{ file: … }` or `{ env: … }`: a secret itself never stands in a configuration.
  private func secret(_ fields: Fields) -> SecretReference? {
    fields.check(known: ["file", "env"])
    switch (fields.string("file"), fields.string("env")) {
    case (let path?, nil): return .file(resolve(path, in: file))
    case (nil, let name?): return .environment(name)
    default:
      complaints.add(YAMLCause.value("a secret is { file: PATH } or { env: NAME }"), at: fields.node)
      return nil
    }
  }

  private func eventType(_ node: YAMLNode) -> String? {
    guard let text = complaints.string(node) else { return nil }
    let known = SinkReading.eventTypes + SinkReading.typeGlobs
    if known.contains(text) { return text }
    let suggestion = Suggestion.nearest(to: text, among: known)
    complaints.add(
      YAMLCause.value(
        "unknown event type «\(text)»",
        hint: suggestion.map { "did you mean «\($0)»?" } ?? "such as alert.* or meta.storage"),
      at: node)
    return nil
  }

  private func fallback(_ node: YAMLNode, of id: String?, _ names: [String]) -> String? {
    guard let name = complaints.string(node) else { return nil }
    guard name != id else {
      complaints.add(YAMLCause.value("a sink cannot be its own fallback"), at: node)
      return nil
    }
    guard names.contains(name) else {
      let suggestion = Suggestion.nearest(to: name, among: names)
      complaints.add(ConfigurationCause.unknownName(kind: "sink", name: name, suggestion: suggestion), at: node)
      return nil
    }
    return name
  }
}
