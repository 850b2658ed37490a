package import JSON
import Model
import Rules

extension MutationTrial {
  /// For a person: what survived and what a test must show, then the sum.
  package var lines: [String] {
    var lines: [String] = []
    for rule in untested { lines.append("\(rule.place): \(rule.id) has no test: nothing holds it fast") }
    for survivor in unexplained {
      let mutant = survivor.mutant
      lines.append("\(mutant.place): \(mutant.rule.id): every test passes with «\(mutant.name)»")
      lines.append("      test \(mutant.advice); or explain it under «equivalent»")
    }
    for survivor in explained {
      let mutant = survivor.mutant
      lines.append("\(mutant.place): \(mutant.rule.id): explained: «\(mutant.name)»: \(survivor.because ?? "")")
    }
    for (rule, entry) in idle {
      lines.append(
        "\(entry.place): warning: \(rule): no mutant «\(entry.mutant)» survives; remove the entry of «equivalent»")
    }
    if explainsTooMuch {
      lines.append(
        "\(explained.count) of \(count) mutants are explained; at most \(MutationTrial.explainedPercent) in a hundred may be: "
          + "write tests for some of them")
    }
    let killed = count - survivors.count
    lines.append(
      "\(count) mutants: \(killed) killed, \(unexplained.count) survived, \(explained.count) explained")
    return lines
  }

  package var json: JSONValue {
    func object(_ place: Place, _ members: [(String, JSONValue)]) -> JSONValue {
      var object = JSONObject([
        "file": .string(place.file), "line": JSONValue(place.line), "column": JSONValue(place.column),
      ])
      for (name, value) in members { object.append(name, value) }
      return .object(object)
    }
    return [
      "mutants": JSONValue(count), "killed": JSONValue(count - survivors.count),
      "explained": JSONValue(explained.count), "clean": .bool(isClean),
      "survivors": .array(
        survivors.map { survivor in
          object(
            survivor.mutant.place,
            [
              ("rule", .string(survivor.mutant.rule.id)), ("mutant", .string(survivor.mutant.name)),
              ("advice", .string(survivor.mutant.advice)), ("because", JSONValue(survivor.because)),
            ])
        }),
      "untested": .array(untested.map { .string($0.id) }),
      "idle": .array(
        idle.map { object($0.entry.place, [("rule", .string($0.rule)), ("mutant", .string($0.entry.mutant))]) }),
    ]
  }
}
