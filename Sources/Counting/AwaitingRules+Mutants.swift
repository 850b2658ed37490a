import Model
package import Rules

extension AnswerRule {
  package func mutants(of rule: Rule) -> [BodyMutant] {
    durationMutants("within", \.within, advice: "no answer just before \(within), and an alert at it")
  }
}

extension SilenceRule {
  package func mutants(of rule: Rule) -> [BodyMutant] {
    durationMutants("within", \.within, advice: "silence for just less than \(within), and an alert at it")
  }
}
