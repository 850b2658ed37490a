package import Configuration
import Delivering
package import Engine
import HTTP
package import Model
package import Rules
package import Text
package import YAML

/// Everything a server needs to know before it starts: configuration, sources, rules, and what was wrong with them.
package struct ServerSetup: Sendable {
  package var configuration: ServerConfiguration
  package var sources: [Source]
  package var rules: [Rule]
  /// Files that were left out, with why.
  package var rejected: [(file: String, text: String)] = []
  package var history: [HistoryLine] = []
  package var lexicon: Lexicon?
  package var version: String
  package var engineSettings = EngineSettings()
  /// What there is to say about the files, and their texts.
  package var diagnostics: [Diagnostic] = []
  package var texts: [String: SourceText] = [:]

  /// Sinks by id: the log, which is always there, and those of the configuration.
  func makeSinks(client: HTTPClient, clock: any WallClock) throws -> [String: any Sink] {
    let context = SinkContext(client: client, userAgent: "nabat/\(version)", clock: clock)
    var sinks: [String: any Sink] = [
      ServerSetup.logID: try SinkKind.log.make(
        SinkSettings(id: ServerSetup.logID, path: configuration.paths.log), context)
    ]
    for sink in configuration.sinks {
      guard let kind = Registry.sinks.first(where: { $0.name == sink.type }) else { continue }
      var settings = SinkSettings(id: sink.id, url: sink.url)
      if let secret = sink.secret { settings.secrets = [try secret.read()] }
      sinks[sink.id] = try kind.make(settings, context)
    }
    return sinks
  }

  /// The id under which the alert log stands in the outbox.
  static let logID = "log"

  var router: Router {
    let routes = configuration.routes.map { route in
      Router.Route(
        match: Dictionary(route.match.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first }),
        to: route.to, goesOn: route.continues)
    }
    let known = Set(Registry.sinks.map(\.name))
    let targets = configuration.ordinarySinks.filter { known.contains($0.type) }.map {
      Router.Target(id: $0.id, types: $0.types ?? [])
    }
    return Router(routes: routes, targets: [Router.Target(id: ServerSetup.logID, takesEverything: true)] + targets)
  }
}
