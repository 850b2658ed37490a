import Engine
import Model
import Rules
import Text

/// All embedded tests of a rule set, each with the rules of its own file.
enum RuleTests {
  struct Outcome {
    var rule: Rule
    var test: RuleTest
    var failures: [RuleTestRunner.Failure]
  }

  static func run(_ set: RuleSet, lexicon: Lexicon?) -> [Outcome] {
    set.files.flatMap { file -> [Outcome] in
      let rules = set.rules.filter { $0.place.file == file }
      let runner = RuleTestRunner(rules: rules, lexicon: lexicon)
      return rules.flatMap { rule in
        rule.tests.map { Outcome(rule: rule, test: $0, failures: runner.run($0, of: rule)) }
      }
    }
  }
}
