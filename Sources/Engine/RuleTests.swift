package import Model
package import Rules
package import Text

/// All embedded tests of a rule set, each with the rules of its own file.
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
      let runner = RuleTestRunner(rules: rules, lexicon: lexicon)
      return rules.flatMap { rule in
        rule.tests.map { Outcome(rule: rule, test: $0, failures: runner.run($0, of: rule)) }
      }
    }
  }
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
