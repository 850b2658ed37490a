package import Configuration
import Delivering
package import Engine
import HTTP
import JSON
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
  func makeSinks(client: HTTPClient, policy: AddressPolicy, store: any Store, clock: any WallClock) throws
    -> [String: any Sink]
  {
    let instance = configuration.instance
    let local = LocalTime(zone: instance.timezone) ?? .utc
    let context = SinkContext(
      client: client, userAgent: "nabat/\(version)", clock: clock, policy: policy,
      instance: (id: instance.id, name: instance.name), offset: { Span(milliseconds: local.offset(at: $0)) },
      earlier: { EarlierMessage.sent(of: $0, before: $1, in: store) })
    var sinks: [String: any Sink] = [
      Router.logID: try SinkKind.log.make(
        SinkSettings(id: Router.logID, values: ["path": [configuration.paths.log]]), context)
    ]
    for sink in configuration.sinks {
      guard let kind = Registry.sinks.first(where: { $0.name == sink.type }) else { continue }
      var settings = SinkSettings(id: sink.id, values: sink.values)
      settings.secrets = try sink.secrets.map { try $0.read() }
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
    Router(configuration: configuration, kinds: Registry.sinks, rules: rules)
  }
}

extension EarlierMessage {
  /// What the journal has of an alert's messages; what cannot be read is left out.
  fileprivate static func sent(of alert: String, before seq: Int, in store: any Store) -> [EarlierMessage] {
    var messages: [EarlierMessage] = []
    try? store.journal(alert: alert, from: nil) { row in
      guard let data = (try? JSONValue(parsing: row.json))?["data"], let number = data["seq"]?.integer, number < seq,
        ["sent", "grouped"].contains(data["stage"]?.string)
      else { return }
      messages.append(EarlierMessage(seq: Int(number), time: row.time))
    }
    return messages
  }
}
