import Model
import YAML

extension Complaints {
  /// `escalate`: entries of `{ after or before_deadline, if, to, level }`.
  func escalations(_ nodes: [YAMLNode]) -> [Escalation] {
    nodes.compactMap { node in
      guard let fields = Fields(node, self) else { return nil }
      fields.check(known: ["after", "before_deadline", "if", "to", "level"])
      for name in ["if", "to"] { fields.require(name) }
      let after = fields.span("after").map { Escalation.Due.after($0) }
      let before = fields.span("before_deadline").map { Escalation.Due.beforeDeadline($0) }
      if !fields.has("after"), !fields.has("before_deadline") { fields.require("after") }
      if fields.has("after"), let second = fields.entry("before_deadline") {
        add(YAMLCause.value("either «after» or «before_deadline», not both"), at: second.key)
      }
      let condition = escalationCondition(fields, "if")
      let level = fields.string("level")
      guard let due = after ?? before, let condition, let recipient = fields.string("to") else { return nil }
      return Escalation(due: due, condition: condition, recipient: recipient, level: level)
    }
  }

  private func escalationCondition(_ fields: Fields, _ name: String) -> Escalation.Condition? {
    guard let node = fields.value(name), let text = string(node) else { return nil }
    if let condition = Escalation.Condition(rawValue: text) { return condition }
    let suggestion = Suggestion.nearest(to: text, among: Escalation.Condition.allCases.map(\.rawValue))
    add(RuleCause.unknownState(text, suggestion: suggestion), at: node)
    return nil
  }

  /// `realert`: what it does not say is taken from `base`.
  func realert(_ fields: Fields, under base: Realert) -> Realert {
    guard let own = fields.mapping("realert") else { return base }
    own.check(known: ["every", "backoff", "max", "while"])
    var realert = base
    if let every = own.span("every") { realert.every = every }
    if let longest = own.span("max") { realert.longest = longest }
    if let backoff = own.number("backoff", in: 1...100) { realert.backoff = backoff }
    if let condition = own.choice("while", Escalation.Condition.self) { realert.condition = condition }
    if realert.longest < realert.every, let node = own.value("max") ?? own.value("every") {
      add(YAMLCause.value("«max» \(realert.longest) is shorter than «every» \(realert.every)"), at: node)
    }
    return realert
  }

  /// `equivalent`: entries of `{ mutant, because }`.
  func equivalentMutants(_ nodes: [YAMLNode]) -> [EquivalentMutant] {
    var known: Set<String> = []
    return nodes.compactMap { node in
      guard let fields = Fields(node, self) else { return nil }
      fields.check(known: ["mutant", "because"])
      for name in ["mutant", "because"] { fields.require(name) }
      let texts = ["mutant", "because"].map { name -> String? in
        guard let node = fields.value(name), let text = string(node) else { return nil }
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if trimmed.isEmpty { add(YAMLCause.value("«\(name)» says nothing"), at: node) }
        return trimmed.isEmpty ? nil : trimmed
      }
      guard let mutant = texts[0], let because = texts[1], let place = fields.value("mutant") else { return nil }
      guard known.insert(mutant).inserted else {
        add(YAMLCause.value("«\(mutant)» is here a second time"), at: place)
        return nil
      }
      return EquivalentMutant(mutant: mutant, because: because, place: place.place)
    }
  }

  /// `attach`: names of what an alert carries to its receivers.
  func attachments(_ node: YAMLNode) -> [String] {
    var names: [String] = []
    let known = Template.names + FieldName.filters.filter { !Template.names.contains($0) && $0 != "age" }
    for element in node.sequence ?? [node] {
      guard let name = string(element) else { continue }
      if names.contains(name) {
        add(YAMLCause.value("«\(name)» is here a second time"), at: element)
      } else if known.contains(name) {
        names.append(name)
      } else {
        add(FieldName.unknown(name, among: known), at: element)
      }
    }
    return names
  }
}
