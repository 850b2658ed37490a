package import Model
package import Rules
package import Text

/// All embedded tests of a rule set, each with the rules of its own file and those that these name.
package enum RuleTests {
  package struct Outcome: Sendable {
    package var rule: Rule
    package var test: RuleTest
    package var failures: [RuleTestRunner.Failure]
  }

  package static func run(_ set: RuleSet, lexicon: Lexicon?) -> [Outcome] {
    let rulesOfFile = Dictionary(grouping: set.rules, by: \.place.file)
    return set.files.flatMap { file -> [Outcome] in
      let rules = rulesOfFile[file] ?? []
      let runner = RuleTestRunner(rules: rules + companions(of: rules, in: set), lexicon: lexicon)
      return rules.flatMap { rule in
        rule.tests.map { Outcome(rule: rule, test: $0, failures: runner.run($0, of: rule)) }
      }
    }
  }

  /// Rules of other files whose firings concern the given ones, or that their tests fire.
  package static func companions(of rules: [Rule], in set: RuleSet) -> [Rule] {
    var known = Set(rules.map(\.id))
    var companions: [Rule] = []
    var added = rules
    while !added.isEmpty {
      let fired = Set(added.flatMap(\.tests).flatMap(\.given).compactMap(\.firedRule))
      let watching = added.filter(\.body.watchesRules)
      if fired.isEmpty, watching.isEmpty { break }
      added = (set.rules + set.neighbours).filter { rule in
        !known.contains(rule.id) && (fired.contains(rule.id) || watching.contains { $0.body.watches(rule.id) })
      }
      known.formUnion(added.map(\.id))
      companions += added
    }
    return companions
  }
}

extension RuleTest.Given {
  fileprivate var firedRule: String? { if case .fire(_, let fire) = self { fire.rule } else { nil } }
}

extension RuleTests.Outcome {
  /// E301 at the first thing that was otherwise; nil when the test passed.
  package var diagnostic: Diagnostic? {
    guard let failure = failures.first else { return nil }
    return Diagnostic(
      "E301",
      "test «\(test.name)» of \(rule.id) fails at +\(failure.at): \(failure.name) is \(failure.actual), "
        + "expected \(failure.expected)", at: failure.place)
  }
}
