import Model
import YAML

extension Complaints {
  /// `severity_by`: entries of `{ when: { … }, set: high }`.
  func severitySteps(_ nodes: [YAMLNode], above base: Severity) -> [SeverityStep] {
    nodes.compactMap { node in
      guard let fields = Fields(node, self) else { return nil }
      fields.check(known: ["when", "set"])
      for name in ["when", "set"] { fields.require(name) }
      let conditions = fields.mapping("when").map { when in
        if when.entries.isEmpty { add(YAMLCause.value("a condition that asks for nothing"), at: when.node) }
        return when.entries.flatMap { condition($0, when) }
      }
      guard let severity = fields.choice("set", Severity.self) else { return nil }
      if severity <= base, let set = fields.value("set") {
        let hint = "the rule's own severity is \(base.rawValue)"
        add(YAMLCause.value("«\(severity.rawValue)» raises nothing", hint: hint), at: set)
      }
      return conditions.map { SeverityStep(conditions: $0, severity: severity) }
    }
  }

  private func condition(_ entry: YAMLEntry, _ fields: Fields) -> [SeverityStep.Condition] {
    if Measure.comparable.contains(entry.name) {
      guard let node = fields.value(entry.name) else { return [] }
      let bounds: [Bound<Double>] = bounds(node) { number($0, in: -1e12...1e12) }
      return bounds.isEmpty ? [] : [.measure(entry.name, bounds)]
    }
    return filters(entry, fields, known: FieldName.filters + Measure.comparable).map { .field($0) }
  }
}
