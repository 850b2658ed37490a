import Model
import YAML

/// Reads `sinks` of `nabat.yaml`.
struct SinkReading {
  let file: String
  let complaints: Complaints
  /// Types that deliver; `mail` is checked and delivers nothing yet.
  let types: [String]

  static let keys = ["id", "type", "url", "secret", "types", "fallback", "to", "smtp"]
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
    fields.check(known: SinkReading.keys)
    fields.require("id")
    fields.require("type")
    let id = fields.slug("id")
    let kind = fields.choice(
      "type", of: types + ["mail"], notSupported: ["log", "console", "chat", "alertmanager", "cap"])
    let secret = fields.mapping("secret").flatMap { self.secret($0) }
    let types = fields.sequence("types").map { $0.compactMap { eventType($0) } }
    let fallback = fields.value("fallback").flatMap { self.fallback($0, of: id, names) }
    fields.noEffect("fallback")
    var url: String?
    guard let kind else { return nil }
    if kind == "mail" {
      mail(fields)
      refuse(["url"], of: "webhook", in: fields)
    } else {
      fields.require("url")
      // An unsigned message is no message: the receiver could not tell it from anybody's.
      fields.require("secret")
      url = webhookAddress(fields)
      refuse(["to", "smtp"], of: "mail", in: fields)
    }
    guard let id else { return nil }
    return SinkConfiguration(
      id: id, type: kind, url: url, secret: secret, types: types, fallback: fallback, place: fields.node.place)
  }

  private func webhookAddress(_ fields: Fields) -> String? {
    guard let (address, node) = fields.webAddress("url") else { return nil }
    guard address.isSecure || address.isLoopback else {
      complaints.add(YAMLCause.value("a webhook needs https", hint: "http is for loopback only"), at: node)
      return nil
    }
    return address.text
  }

  private func mail(_ fields: Fields) {
    fields.require("to")
    fields.require("smtp")
    if let node = fields.value("to") {
      for address in complaints.strings(node) ?? [] where !address.contains("@") {
        complaints.add(YAMLCause.value("«\(address)» is no mail address"), at: node)
      }
    }
    if let node = fields.value("smtp"), let text = complaints.string(node),
      !text.hasPrefix("smtps://"), !text.hasPrefix("smtp://")
    {
      complaints.add(YAMLCause.value("the mail server is written smtps://host or smtp://host"), at: node)
    }
    if let type = fields.value("type") { complaints.add(ConfigurationCause.noEffect("type: mail"), at: type) }
  }

  private func refuse(_ names: [String], of kind: String, in fields: Fields) {
    for name in names {
      guard let entry = fields.entry(name) else { continue }
      complaints.add(YAMLCause.value("«\(name)» belongs to sinks of type \(kind)"), at: entry.key)
    }
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
