package import Rules

extension ClaimRule {
  package func mutants(of rule: Rule) -> [BodyMutant] {
    let scoreMatters = match.mentionsScore || rule.raisesSeverityByScore
    return matchMutants + terms.indices.flatMap { termMutants(at: $0, scoreMatters) } + exceptionMutants
      + (scoreMatters ? factorMutants : [])
  }

  private func changed(_ change: (inout ClaimRule) -> Void) -> ClaimRule {
    var rule = self
    change(&rule)
    return rule
  }

  private var matchMutants: [BodyMutant] {
    match.variants { names($0).count }.map { variant in
      BodyMutant("match: \(variant.name)", advice: variant.advice, body: changed { $0.match = variant.expression })
    }
  }

  private func termMutants(at index: Int, _ scoreMatters: Bool) -> [BodyMutant] {
    let term = terms[index]
    var found: [BodyMutant] = []
    func add(_ name: String, _ advice: String, _ change: (inout Term) -> Void) {
      let body = changed { change(&$0.terms[index]) }
      found.append(BodyMutant("terms: \(name)", advice: advice, place: term.place, body: body))
    }
    func bound(_ name: String, _ value: Int, in range: ClosedRange<Int>, _ change: (inout Term, Int) -> Void) {
      for shifted in [value - 1, value + 1] where range.contains(shifted) {
        add(
          "\(term.name) \(name): \(value) → \(shifted)",
          "texts just on and just beyond «\(name): \(value)» of «\(term.name)»"
        ) { change(&$0, shifted) }
      }
    }
    // What only an exception names is dropped with the exception.
    let servesExceptionOnly = exceptionTerms.contains(term.name) && !match.names.contains(term.name)
    if !servesExceptionOnly {
      add("drop «\(term.name)»", "a text whose outcome hangs on «\(term.name)»") { $0.body = .any([]) }
    }
    switch term.body {
    case .any: break
    case .all(let entries):
      for entry in entries.indices where entries.count > 1 {
        var rest = entries
        rest.remove(at: entry)
        add(
          "\(term.name) all: drop entry \(entry + 1)",
          "a text with all of «\(term.name)» but entry \(entry + 1), and expect no hit"
        ) { $0.body = .all(rest) }
      }
    case .near(let first, let second, let within, let order, let span):
      for (side, rest) in [("first", second), ("second", first)] {
        add(
          "\(term.name) near: drop the \(side) side",
          "a text without the \(side) side of «\(term.name)», and expect no hit"
        ) { $0.body = .any(rest) }
      }
      bound("within", within, in: 1...50) { $0.body = .near(first, second, within: $1, order: order, span: span) }
      if order == .given {
        add("\(term.name) order: given → any", "a text with the sides of «\(term.name)» the other way round") {
          $0.body = .near(first, second, within: within, order: .any, span: span)
        }
      }
    }
    if let cue = term.notAfter {
      add("\(term.name) not_after: drop", "a text where a word of not_after stands before «\(term.name)»") {
        $0.notAfter = nil
      }
      bound("not_after within", cue.within, in: 1...50) { $0.notAfter?.within = $1 }
    }
    guard scoreMatters, term.weight != 0 else { return found }
    for shifted in [term.weight - 1, term.weight + 1] where abs(shifted) <= 100 {
      let (old, new) = (MatchExpression.written(term.weight), MatchExpression.written(shifted))
      add(
        "\(term.name) weight: \(old) → \(new)",
        "the exact «score» of a text with «\(term.name)», or a text that it takes over the bound by \(old) and no less"
      ) { $0.weight = shifted }
    }
    bound("cap", term.cap, in: 1...10) { $0.cap = $1 }
    return found
  }

  private var exceptionMutants: [BodyMutant] {
    unless.indices.flatMap { index in
      let exception = unless[index]
      var found = [
        BodyMutant(
          "unless: drop «\(exception.written)»",
          advice: "a text that would alert but for «\(exception.written)»",
          body: changed { $0.unless.remove(at: index) })
      ]
      guard case .near(let within) = exception.scope else { return found }
      for shifted in [within - 1, within + 1] where (1...50).contains(shifted) {
        found.append(
          BodyMutant(
            "unless: «\(exception.written)» near: \(within) → \(shifted)",
            advice: "texts with the exception's words \(within) and \(within + 1) words away",
            body: changed { $0.unless[index].scope = .near(within: shifted) }))
      }
      return found
    }
  }

  private var factorMutants: [BodyMutant] {
    fields.sorted { $0.key < $1.key }.filter { $0.value != 1 }.map { field, factor in
      BodyMutant(
        "fields: drop «\(field): \(MatchExpression.written(factor))»",
        advice: "a text whose outcome or «score» hangs on words in its \(field)",
        body: changed { $0.fields[field] = nil })
    }
  }
}
