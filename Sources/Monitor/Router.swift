import Alerting
package import Configuration
package import Delivering
import Model
package import Rules

/// Decides which sinks an event goes to.
package struct Router: Sendable {
  /// The id under which the alert log stands in the outbox.
  package static let logID = "log"

  private let configuration: ServerConfiguration
  /// Ids of the sinks that deliver.
  private let delivering: Set<String>
  private let tags: [String: [String]]
  /// Ids of the sinks that people read.
  private let people: Set<String>

  /// - Parameter kinds: the kinds of sinks that deliver.
  package init(configuration: ServerConfiguration, kinds: [SinkKind], rules: [Rule]) {
    self.configuration = configuration
    func ids(of kinds: [SinkKind]) -> Set<String> {
      let types = Set(kinds.map(\.name))
      return Set(configuration.sinks.filter { types.contains($0.type) }.map(\.id))
    }
    delivering = ids(of: kinds)
    people = ids(of: kinds.filter(\.isForPeople))
    tags = Dictionary(rules.map { ($0.id, $0.tags) }, uniquingKeysWith: { first, _ in first })
  }

  /// The messages of one event, one for each sink, with the same id and body.
  ///
  /// The log gets every alert and meta event, whatever its stage; others what is sent, alerts by the routes, meta
  /// events by their types alone; heartbeats where the configuration says.
  ///
  /// - Parameter body: the event written out.
  func messages(for event: Event, body: String) -> [OutboxRow] {
    guard !event.isNote else { return [] }
    var sinks = [Router.logID]
    if event.type == "meta.heartbeat" {
      sinks += configuration.heartbeat?.to.filter(delivering.contains) ?? []
    } else if event.isSent, !delivering.isEmpty {
      let chosen = event.alert.isEmpty ? configuration.ordinarySinks : configuration.sinks(for: fields(of: event))
      sinks += chosen.filter { delivering.contains($0.id) && $0.takes(type: event.type) }.map(\.id)
      // Whoever an escalation names hears of it, whatever the routes say.
      let roles = event.recipients.flatMap { configuration.people[$0] ?? [] }
      for sink in roles where delivering.contains(sink) && !sinks.contains(sink) { sinks.append(sink) }
    }
    return sinks.map { sink in
      var row = OutboxRow(
        sink: sink, message: event.id, alert: event.alert, seq: event.seq, type: event.type,
        severity: event.severity, body: body, created: event.time)
      // What is gathered for people waits; programs hear of each alert at once.
      if let until = event.gatheredUntil, people.contains(sink) { row.next = until }
      return row
    }
  }

  /// What routes may ask of an alert.
  private func fields(of event: Event) -> [RouteConfiguration.Field: [String]] {
    var fields: [RouteConfiguration.Field: [String]] = [
      .rule: [event.rule], .severity: [event.severity.rawValue], .tag: tags[event.rule] ?? [],
    ]
    for (field, name) in [(RouteConfiguration.Field.region, "region"), (.narrative, "narrative"), (.source, "source")] {
      if let value = event.key[name] { fields[field] = [value] }
    }
    return fields
  }
}
