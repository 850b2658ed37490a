package import Configuration
import Counting
package import Delivering
import Matching
import Model
import Parsing
package import Rules
package import Storage

/// Everything that is registered by one line: what the program knows is listed here and nowhere else.
package enum Registry {
  package static let ruleTypes: [RuleType] = [.claim, .spike]
  package static let sinks: [SinkKind] = [.log, .webhook]
  /// Parsing knows the languages of selectors.
  package static let selectorProblem: SelectorProblem = { text in
    Selector(text).problem.map { ($0.message, $0.column) }
  }
  package static let stores: [StoreKind] = [.memory, .sqlite]
}
