package import Alerting
import JSON
package import Model

/// Decides which sinks an event goes to.
package struct Router: Sendable {
  /// A way for alerts: the first that matches is taken, unless it says `continue`.
  package struct Route: Sendable {
    /// Field → values, any of which will do: `severity`, `region`, `narrative`, `rule`, `source`.
    package var match: [String: [String]]
    package var to: [String]
    package var goesOn: Bool

    package init(match: [String: [String]] = [:], to: [String], goesOn: Bool = false) {
      self.match = match
      self.to = to
      self.goesOn = goesOn
    }
  }

  package struct Target: Sendable {
    package var id: String
    /// `alert.*`, `meta.lagging` …; empty means all.
    package var types: [String]
    /// The log: it gets every alert and meta event, whatever its stage and route.
    package var takesEverything: Bool

    package init(id: String, types: [String] = [], takesEverything: Bool = false) {
      self.id = id
      self.types = types
      self.takesEverything = takesEverything
    }
  }

  private let routes: [Route]
  private let targets: [Target]

  package init(routes: [Route], targets: [Target]) {
    self.routes = routes
    self.targets = targets
  }

  /// The messages of one event, one for each sink, with the same id and body.
  package func messages(for event: Event) -> [OutboxRow] {
    guard !event.isNote else { return [] }
    let sinks = event.alert.isEmpty ? Set(targets.map(\.id)) : sinks(for: event)
    return targets.compactMap { target in
      guard target.takesEverything || event.isSent && sinks.contains(target.id) && target.allows(event.type) else {
        return nil
      }
      return OutboxRow(
        sink: target.id, message: event.id, alert: event.alert, seq: event.seq, type: event.type,
        severity: event.severity, body: JSONValue.object(event.json).serialized, created: event.time)
    }
  }

  private func sinks(for event: Event) -> Set<String> {
    guard !routes.isEmpty else { return Set(targets.map(\.id)) }
    var sinks: Set<String> = []
    for route in routes where route.match.allSatisfy({ holds($0.key, $0.value, event) }) {
      sinks.formUnion(route.to)
      if !route.goesOn { break }
    }
    return sinks
  }

  private func holds(_ field: String, _ values: [String], _ event: Event) -> Bool {
    let data = event.json["data"]
    let value: String? =
      switch field {
      case "severity": event.severity.rawValue
      case "rule": data?["rule"]?["id"]?.string
      default: data?["key"]?[field]?.string ?? data?["labels"]?[field]?.string
      }
    return value.map(values.contains) ?? false
  }
}

extension Router.Target {
  /// Whether one of `types` fits; a star at the end stands for any rest.
  fileprivate func allows(_ type: String) -> Bool {
    types.isEmpty || types.contains { $0.hasSuffix("*") ? type.hasPrefix($0.dropLast()) : type == $0 }
  }
}
