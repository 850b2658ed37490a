package import YAML

/// The fields of the tape that a rule may name.
package enum FieldName {
  /// Fields that may tell one series or alert from another.
  package static let keys = ["narrative", "region", "source", "source_class", "lang", "item"]
  /// Fields that `where` may ask for.
  package static let filters = [
    "id", "source", "source_class", "region", "lang", "url", "item", "narrative", "age", "title", "body",
  ]
  package static let sourceClasses = ["official", "media", "community", "satire"]
  package static let people = ["author", "authors", "author_id", "user", "name"]

  /// The cause for a name that is none of `known`.
  static func unknown(_ name: String, among known: [String]) -> any Cause {
    if people.contains(name) { return RuleCause.person(name) }
    if name.hasPrefix("registry.") { return YAMLCause.notSupported("«\(name)»") }
    if name.hasSuffix("@parent"), known.contains(String(name.dropLast("@parent".count))) {
      return YAMLCause.notSupported("«\(name)»")
    }
    return RuleCause.unknownField(name, suggestion: Suggestion.nearest(to: name, among: known))
  }
}

extension Complaints {
  /// A list of field names that may tell series apart; the unknown ones are complained about and left out.
  package func fieldNames(_ node: YAMLNode) -> [String]? {
    let nodes = node.sequence ?? [node]
    if node.mapping != nil {
      add(YAMLCause.shape(expected: "a list of field names", found: node.kind), at: node)
      return nil
    }
    var names: [String] = []
    for node in nodes {
      guard let name = string(node) else { continue }
      if !FieldName.keys.contains(name) {
        add(FieldName.unknown(name, among: FieldName.keys), at: node)
      } else if names.contains(name) {
        add(YAMLCause.value("«\(name)» is here a second time"), at: node)
      } else {
        names.append(name)
      }
    }
    return names
  }
}
