import Counting
package import Delivering
import Matching
package import Rules
package import Storage

/// Everything that is registered by one line: what the program knows is listed here and nowhere else.
package enum Registry {
  package static let ruleTypes: [RuleType] = [.claim, .spike]
  package static let sinks: [SinkKind] = [.log, .webhook]
  package static let stores: [StoreKind] = [.memory, .sqlite]
}
