import Engine
import Model
import Monitor
import Rules
import Testing
import Text

@Suite("The examples of the rule language") struct ExampleRulesTests {
  private static let folder =
    "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/RulesTests/Fixtures"

  @Test("pass their own tests: a claim, a surge, both together, and the answer that is missing") func pass() throws {
    let lexicon = try #require(Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)), "run scripts/setup")
    let set = try RuleLoader.load(paths: [ExampleRulesTests.folder], types: Registry.ruleTypes)
    #expect(set.diagnostics.filter { $0.severity == .error } == [])
    let outcomes = RuleTests.run(set, lexicon: lexicon)
    #expect(outcomes.flatMap(\.failures) == [])
    let names = outcomes.filter { !["claim.dam-breach", "volume.comments-surge"].contains($0.rule.id) }.map(\.test.name)
    #expect(
      names == [
        "official denial", "answer at 2h59 keeps silence and marks responded", "no answer by 3h",
        "both within two hours", "two hours and one second is too late", "other region does not join",
      ])
  }

  @Test("pass them alone too: what a rule watches is found in the neighbouring files") func alone() throws {
    let lexicon = try #require(Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)), "run scripts/setup")
    for file in ["correlation.rules.yaml", "absence.rules.yaml"] {
      let set = try RuleLoader.load(paths: ["\(ExampleRulesTests.folder)/\(file)"], types: Registry.ruleTypes)
      #expect(!set.hasErrors)
      let outcomes = RuleTests.run(set, lexicon: lexicon)
      #expect(outcomes.count == 3)
      #expect(outcomes.flatMap(\.failures) == [], "\(file)")
    }
  }
}
