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
  /// Every rule file that was found, sound or not.
  var ruleFiles: RuleKeeper.Files = [:]
  var brokenRuleFiles: Set<String> = []
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
      Router.logID: try SinkKind.log.make(
        SinkSettings(id: Router.logID, path: configuration.paths.log), context)
    ]
    for sink in configuration.sinks {
      guard let kind = Registry.sinks.first(where: { $0.name == sink.type }) else { continue }
      var settings = SinkSettings(id: sink.id, url: sink.url)
      if let secret = sink.secret { settings.secrets = [try secret.read()] }
      sinks[sink.id] = try kind.make(settings, context)
    }
    return sinks
  }

  /// By which names the desk may be called: its own, and that of the public address before it.
  func deskHosts(port: UInt16) -> Set<String> {
    var hosts: Set<String> = ["127.0.0.1:\(port)", "localhost:\(port)"]
    let address = configuration.instance.publicURL?.split(
      separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    if let host = address?.dropFirst(2).first?.split(separator: "/").first { hosts.insert(host.lowercased()) }
    return hosts
  }

  var router: Router {
    Router(configuration: configuration, types: Registry.names.sinkTypes, rules: rules)
  }
}
