import Model
package import Rules

extension CountRule {
  package func mutants(of rule: Rule) -> [BodyMutant] {
    var found: [BodyMutant] = []
    for shifted in [least - 1, least + 1] where shifted >= 1 {
      var body = self
      body.bounds = [Bound(.gte, Double(shifted))]
      found.append(
        BodyMutant(
          "fire: \(condition) → \(shifted)",
          advice: "\(least) within \(within) that alert, and \(least - 1) that do not",
          body: body))
    }
    return found
      + durationMutants(
        "within", \.within,
        advice: "as many as alert, spread just within \(within), and the same spread a little wider")
  }
}
