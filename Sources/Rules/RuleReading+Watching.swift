package import YAML

/// What rules name that watch the firings of others.
extension RuleReading {
  /// The id of another rule; E203 where none that is loaded has it, E104 where it is this rule's own.
  package func otherRule(_ fields: Fields, _ name: String) -> String? {
    fields.require(name)
    guard let node = fields.value(name), let id = complaints.string(node) else { return nil }
    guard id != rule.id else {
      complaints.add(YAMLCause.value("a rule cannot wait for itself"), at: node)
      return nil
    }
    guard vocabulary.ruleIDs.contains(id) else {
      let suggestion = Suggestion.nearest(to: id, among: vocabulary.ruleIDs.sorted())
      complaints.add(RuleCause.unknownName(kind: "rule", name: id, suggestion: suggestion), at: node)
      return nil
    }
    return id
  }

  /// The id of another rule, or a pattern like `claim.*` that fits at least one.
  package func otherRules(_ fields: Fields, _ name: String) -> String? {
    guard fields.value(name)?.scalar?.text.contains("*") == true else {
      return otherRule(fields, name)
    }
    guard let node = fields.value(name), let text = complaints.string(node) else { return nil }
    guard vocabulary.ruleIDs.contains(where: { $0 != rule.id && Glob.fits($0, text) }) else {
      complaints.add(RuleCause.unknownName(kind: "rule", name: text, suggestion: nil), at: node)
      return nil
    }
    return text
  }

  /// `same: [narrative, region@parent]`.
  package func sharedFields(_ fields: Fields, _ name: String) -> [SharedField] {
    guard let node = fields.value(name) else { return [] }
    if node.mapping != nil {
      complaints.add(YAMLCause.shape(expected: "a list of field names", found: node.kind), at: node)
      return []
    }
    var shared: [SharedField] = []
    for node in node.sequence ?? [node] {
      guard let text = complaints.string(node) else { continue }
      let field = text == "region@parent" ? SharedField(name: "region", isParent: true) : SharedField(name: text)
      if !field.isParent, !FieldName.keys.contains(text) {
        let known = FieldName.keys + ["region@parent"]
        let isPerson = FieldName.people.contains(text)
        let suggestion = Suggestion.nearest(to: text, among: known)
        complaints.add(
          isPerson ? RuleCause.person(text) : RuleCause.unknownField(text, suggestion: suggestion), at: node)
      } else if shared.contains(where: { $0.name == field.name }) {
        complaints.add(YAMLCause.value("«\(field.name)» is here a second time"), at: node)
      } else {
        shared.append(field)
      }
    }
    return shared
  }
}
