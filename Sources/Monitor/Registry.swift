import Counting
import Matching
package import Rules

/// Everything that is registered by one line: what the program knows is listed here and nowhere else.
package enum Registry {
  package static let ruleTypes: [RuleType] = [.claim, .spike]
}
