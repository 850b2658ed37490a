import Model
import YAML

extension Complaints {
  /// The lines of `where`, in the order written.
  func filters(_ fields: Fields) -> [FieldFilter] {
    fields.entries.flatMap { filters($0, fields, known: FieldName.filters) }
  }

  /// The conditions of one field; `known` are the names that a suggestion may be one of.
  func filters(_ entry: YAMLEntry, _ fields: Fields, known: [String]) -> [FieldFilter] {
    guard FieldName.filters.contains(entry.name) else {
      if !entry.key.isDamaged { add(FieldName.unknown(entry.name, among: known), at: entry.key) }
      return []
    }
    guard let node = fields.value(entry.name) else { return [] }
    return tests(entry.name, node).map { FieldFilter(field: entry.name, test: $0) }
  }

  private func tests(_ field: String, _ node: YAMLNode) -> [FieldFilter.Test] {
    guard let map = node.mapping.flatMap({ _ in Fields(node, self) }) else {
      guard field != "age" else {
        add(YAMLCause.shape(expected: "a comparison like { lte: 24h }", found: node.kind), at: node)
        return []
      }
      return values(field, node).map { [.anyOf($0)] } ?? []
    }
    var tests: [FieldFilter.Test] = []
    if let exists = map.flag("exists") { tests.append(.exists(exists)) }
    if field == "age" {
      let hasBounds = map.entries.contains { $0.name != "exists" } || map.entries.isEmpty
      if hasBounds {
        let bounds = bounds(node, otherKeys: ["exists"]) { span($0, zero: true) }
        if !bounds.isEmpty { tests.append(.age(bounds)) }
      }
      return tests
    }
    let relations = Bound<FieldLimit>.Relation.allCases.map(\.rawValue)
    if map.entries.contains(where: { relations.contains($0.name) }) {
      let bounds = bounds(node, otherKeys: ["not", "exists"]) { node in string(node).map { FieldLimit($0) } }
      if !bounds.isEmpty { tests.append(.compared(bounds)) }
    } else {
      map.check(known: ["not", "exists"] + relations)
    }
    if map.entries.isEmpty { add(YAMLCause.value("a condition that asks for nothing"), at: node) }
    if let not = map.value("not"), let values = values(field, not) { tests.append(.noneOf(values)) }
    return tests
  }

  private func values(_ field: String, _ node: YAMLNode) -> [String]? {
    guard let texts = strings(node) else { return nil }
    if node.sequence?.isEmpty == true { add(YAMLCause.value("the list is empty"), at: node) }
    for element in node.sequence ?? [node] {
      adviseQuotes(element)
      guard field == "source_class", let text = element.scalar?.text, !element.isDamaged, !element.isEmpty,
        !FieldName.sourceClasses.contains(text)
      else { continue }
      let suggestion = Suggestion.nearest(to: text, among: FieldName.sourceClasses)
      let hint =
        suggestion.map { "did you mean «\($0)»?" } ?? "one of: \(FieldName.sourceClasses.joined(separator: ", "))"
      add(YAMLCause.value("«\(text)» is no class of sources", hint: hint), at: element)
    }
    return texts
  }
}
