import Model
package import Rules

extension NewTermRule {
  package func mutants(of rule: Rule) -> [BodyMutant] {
    durationMutants(
      "forget_after", \.forgetAfter, advice: "a value that comes again just within \(forgetAfter), and just after it")
      + durationMutants("learn", \.learn, advice: "a first value just before and just after \(learn)")
  }
}
