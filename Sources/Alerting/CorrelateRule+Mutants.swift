import Model
package import Rules

extension CorrelateRule {
  package func mutants(of rule: Rule) -> [BodyMutant] {
    var found = none.indices.map { index in
      var body = self
      body.none.remove(at: index)
      return BodyMutant(
        "none: drop «\(none[index].rule)»",
        advice: "firings of all with one of «\(none[index].rule)», and expect no alert",
        body: body)
    }
    found += durationMutants(
      "within", \.within, advice: "firings exactly \(within) apart that alert, and a little further apart that do not")
    if wait > .zero {
      found += durationMutants("wait", \.wait, advice: "an excluding firing just within \(wait), and just after it")
    }
    if order == .given {
      var body = self
      body.order = .any
      found.append(
        BodyMutant("order: given → any", advice: "firings the other way round, and expect no alert", body: body))
    }
    return found
  }
}
