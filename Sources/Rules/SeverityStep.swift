package import Model

/// One entry of `severity_by`: a severity that an alert is raised to when every condition holds.
package struct SeverityStep: Hashable, Sendable {
  package enum Condition: Hashable, Sendable {
    /// Of the text that fires, or of the alert's key where no text does.
    case field(FieldFilter)
    case measure(String, [Bound<Double>])
  }
  package var conditions: [Condition]
  package var severity: Severity

  package init(conditions: [Condition], severity: Severity) {
    self.conditions = conditions
    self.severity = severity
  }

  /// - Parameter age: arrival − publication of the text.
  package func holds(for fields: EventFields, age: Span, measure: Measure) -> Bool {
    conditions.allSatisfy { condition in
      switch condition {
      case .field(let filter): filter.holds(for: fields, age: age)
      case .measure(let name, let bounds):
        measure[name].map { value in bounds.allSatisfy { $0.holds(for: value) } } ?? false
      }
    }
  }
}

extension Rule {
  /// The severity of an alert: what the firing says, raised by every step that holds.
  package func severity(_ base: Severity, for fields: EventFields, age: Span, measure: Measure) -> Severity {
    severitySteps.reduce(base) { severity, step in
      step.severity > severity && step.holds(for: fields, age: age, measure: measure) ? step.severity : severity
    }
  }
}

extension Measure {
  /// Figures that conditions may compare.
  package static let comparable = ["score", "items", "reposts", "sources", "count", "authors", "ratio", "z", "rarity"]

  /// A figure by its name; nil where it has no meaning for the rule, or is unknown.
  package subscript(_ name: String) -> Double? {
    switch name {
    case "score": score
    case "items": items.map(Double.init)
    case "reposts": reposts.map(Double.init)
    case "sources": sources.map(Double.init)
    case "count": count.map(Double.init)
    case "authors": authors.map(Double.init)
    case "ratio": ratio
    case "z": z
    case "rarity": rarity
    default: nil
    }
  }
}
