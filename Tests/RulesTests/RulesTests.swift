import Alerting
import Counting
import Glibc
import Matching
import Model
import Rules
import Testing
import YAML

/// The rule types of this version.
let ruleTypes: [RuleType] = [.claim, .spike, .frequency, .cardinality, .newTerm, .absence, .correlate]

/// Loads one text as a file `t.rules.yaml`.
func load(_ text: String, knowsWord: (@Sendable (String) -> Bool)? = nil) -> RuleSet {
  RuleLoader.load(texts: [("t.rules.yaml", Array(text.utf8))], types: ruleTypes, knowsWord: knowsWord)
}

/// The path of a fixture beside this file.
func fixture(_ name: String) -> String {
  let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
  return "/\(folder)/Fixtures/\(name)"
}

@Suite("The examples of the rule language") struct ExampleTests {
  @Test("A claim rule with lists, weights and tests loads with advice only") func claim() throws {
    let set = try RuleLoader.load(paths: [fixture("dam.rules.yaml")], types: ruleTypes)
    #expect(!set.hasErrors)
    let rule = try #require(set.rules.first)
    #expect(rule.id == "claim.dam-breach")
  }

  @Test("A spike rule with a baseline and tests loads with advice only") func spike() throws {
    let set = try RuleLoader.load(paths: [fixture("comments.rules.yaml")], types: ruleTypes)
    #expect(!set.hasErrors)
    let rule = try #require(set.rules.first)
    #expect(rule.id == "volume.comments-surge")
    #expect(rule.body is SpikeRule)
  }
}

@Suite("A threshold out of reach") struct UnreachableThresholdTests {
  @Test("is named although a term has a misspelt key and a word that cannot be read") func besideErrors() {
    let set = load(
      """
      format: 1
      rules:
        - id: claim.x
          type: claim
          terms:
            breach: { near: [дамба, прорыв], witin: 6, weight: 5 }
            panic: { any: [*бег], weight: 2, cap: 2 }
          match: breach and score >= 20
      """)
    // then: 5 + 2×2 = 9 at most, below 20
    #expect(set.diagnostics.filter { $0.severity == .error }.map(\.code) == ["E101", "E003", "E205"])
    let place = Place(file: "t.rules.yaml", line: 8, column: 23)
    #expect(set.diagnostics.contains { $0.code == "E205" && $0.place == place })
  }

  @Test("is not claimed where a weight may be what was misspelt") func misspeltWeight() {
    let set = load(
      """
      format: 1
      rules:
        - id: claim.x
          type: claim
          terms:
            breach: { near: [дамба, прорыв], wieght: 25 }
          match: breach and score >= 20
      """)
    #expect(set.diagnostics.filter { $0.severity == .error }.map(\.code) == ["E101"])
  }
}
