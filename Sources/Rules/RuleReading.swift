import Model
package import YAML

/// What a rule type reads its own part from: the rule's mapping, the shared lists and terms, and where to complain.
package final class RuleReading {
  /// The rule's whole mapping. Unknown keys are already complained about.
  package let fields: Fields
  /// What all types have in common, as read so far; its body means nothing yet.
  package let rule: Rule
  /// Reads patterns and terms.
  package let patterns: PatternReading
  /// Filters whose exceptions are to be read after the rule's own.
  package let filters: [RuleFilter]
  package var complaints: Complaints { fields.complaints }
  package var vocabulary: Vocabulary { patterns.vocabulary }

  init(_ fields: Fields, _ rule: Rule, _ patterns: PatternReading, filters: [RuleFilter]) {
    self.filters = filters
    self.fields = fields
    self.rule = rule
    self.patterns = patterns
  }

  /// Says that a key was read and checked and does nothing yet.
  package func noEffectYet(_ name: String) {
    guard let entry = fields.entry(name) else { return }
    complaints.add(RuleCause.noEffect(name), at: entry.key)
  }

  /// A comparison map `{ gte: 4, lt: 9 }` of numbers, at least one.
  package func bounds(_ node: YAMLNode) -> [Bound<Double>] {
    complaints.bounds(node) { complaints.number($0, in: -1e12...1e12) }
  }
}

extension Complaints {
  /// A comparison map with at least one entry; `limit` reads one limit. `otherKeys` are left to the caller.
  package func bounds<Limit>(
    _ node: YAMLNode, otherKeys: [String] = [], limit: (YAMLNode) -> Limit?
  ) -> [Bound<Limit>] {
    guard node.mapping != nil, let fields = Fields(node, self) else {
      if !node.isDamaged, node.mapping == nil {
        add(YAMLCause.shape(expected: "a comparison like { gte: 4 }", found: node.kind), at: node)
      }
      return []
    }
    let relations = Bound<Limit>.Relation.allCases.map(\.rawValue)
    fields.check(known: relations + otherKeys)
    if fields.entries.isEmpty { add(YAMLCause.value("a comparison without a limit"), at: node) }
    return fields.entries.compactMap { entry in
      guard let relation = Bound<Limit>.Relation(rawValue: entry.name), let node = fields.value(entry.name) else {
        return nil
      }
      return limit(node).map { Bound(relation, $0) }
    }
  }
}
