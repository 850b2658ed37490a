package import Model

extension RuleBody {
  /// Mutants of one duration: a step shorter and a step longer.
  package func durationMutants(
    _ name: String, _ path: WritableKeyPath<Self, Span>, advice: String
  ) -> [BodyMutant] {
    let value = self[keyPath: path]
    return value.neighbours.map { shifted in
      var body = self
      body[keyPath: path] = shifted
      return BodyMutant("\(name): \(value) → \(shifted)", advice: advice, body: body)
    }
  }
}
