import Alerting
package import Configuration
import Counting
package import Delivering
import Matching
package import Model
package import Parsing
package import Rules
package import Storage

/// Everything that is registered by one line: what the program knows is listed here and nowhere else.
package enum Registry {
  package static let sourceKinds: [SourceKind] = [.feed, .page, .article, .spool]
  package static let ruleTypes: [RuleType] = [
    .claim, .spike, .frequency, .cardinality, .newTerm, .absence, .correlate,
  ]
  package static let sinks: [SinkKind] = [.log, .webhook, .mail, .alertmanager, .cap, .chat, .console]
  package static let stores: [StoreKind] = [.memory, .sqlite]

  /// Opens a database: a path, or `kind:` and what that kind of store is opened by; without a kind, SQLite.
  package static func openStore(_ address: String, _ access: StoreAccess) throws -> any Store {
    let parts = address.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    if parts.count == 2, let kind = stores.first(where: { $0.name == parts[0] }) {
      return try kind.open(parts[1], access)
    }
    return try StoreKind.sqlite.open(address, access)
  }

  /// What configuration and source files may name. The log is always on and has no entry of its own there.
  package static let names = KnownNames(
    sourceKinds: sourceKinds.map(\.name), sinks: sinks.filter { $0.name != SinkKind.log.name }.map(\.shape),
    presets: SourcePreset.all.map { ($0.name, $0.list) }, formatProblem: DateFormat.problem
  ) { text in
    Selector(text).problem.map { ($0.message, $0.column) }
  }
}
