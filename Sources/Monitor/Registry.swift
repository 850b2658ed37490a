package import Configuration
import Counting
package import Delivering
import Matching
import Model
package import Parsing
package import Rules
package import Storage

/// Everything that is registered by one line: what the program knows is listed here and nowhere else.
package enum Registry {
  package static let sourceKinds: [SourceKind] = [.feed, .page, .article]
  package static let ruleTypes: [RuleType] = [.claim, .spike]
  package static let sinks: [SinkKind] = [.log, .webhook]
  package static let stores: [StoreKind] = [.memory, .sqlite]

  /// What configuration and source files may name. The log is always on and has no entry of its own there.
  package static let names = KnownNames(
    sourceKinds: sourceKinds.map(\.name), sinkTypes: sinks.map(\.name).filter { $0 != SinkKind.log.name }
  ) { text in
    Selector(text).problem.map { ($0.message, $0.column) }
  }
}
