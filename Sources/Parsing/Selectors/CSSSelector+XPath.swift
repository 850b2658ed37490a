extension CSSSelector {
  /// The selector in XPath 1.0, relative to a context node.
  ///
  /// - Parameter dropsTableBodies: leaves out bare `tbody` steps: browsers add them, documents often lack them.
  func xpath(dropsTableBodies: Bool = false) -> String {
    alternatives.map { CSSSelector.path($0, dropsTableBodies) }.joined(separator: " | ")
  }

  private static func path(_ steps: [Step], _ dropsTableBodies: Bool) -> String {
    var path = "."
    for (index, step) in steps.enumerated() {
      if dropsTableBodies, index < steps.count - 1, step.compound == Compound(type: "tbody") { continue }
      switch step.combinator {
      case .descendant: path += "/descendant::"
      case .child: path += "/child::"
      case .next: path += "/following-sibling::*[1]/self::"
      case .later: path += "/following-sibling::"
      }
      path += step.compound.type ?? "*"
      path += step.compound.conditions.map { "[\(test($0, type: step.compound.type))]" }.joined()
    }
    return path
  }

  private static func test(_ condition: Condition, type: String?) -> String {
    let position = "count(preceding-sibling::*) + 1"
    switch condition {
    case .attribute(let name): return "@\(name)"
    case .compare(let name, let comparison, let value): return compare("@\(name)", comparison, value)
    case .firstChild: return "not(preceding-sibling::*)"
    case .lastChild: return "not(following-sibling::*)"
    case .firstOfType: return "not(preceding-sibling::\(type ?? "*"))"
    case .lastOfType: return "not(following-sibling::\(type ?? "*"))"
    case .nthChild(let a, let b):
      if a == 0 { return "\(position) = \(b)" }
      return "(\(position) - \(b)) mod \(abs(a)) = 0 and \(position) \(a > 0 ? ">=" : "<=") \(b)"
    case .not(let compound):
      var tests = compound.type.map { ["self::\($0)"] } ?? []
      tests += compound.conditions.map { "(\(test($0, type: compound.type)))" }
      return tests.isEmpty ? "false()" : "not(\(tests.joined(separator: " and ")))"
    case .has(let alternatives): return alternatives.map { path($0, false) }.joined(separator: " | ")
    case .contains(let text): return "contains(., \(literal(text)))"
    }
  }

  private static func compare(_ attribute: String, _ comparison: Comparison, _ value: String) -> String {
    let quoted = literal(value)
    // An empty value matches nothing, as in CSS, where XPath would match everything.
    if value.isEmpty, comparison != .equals, comparison != .dashed { return "false()" }
    switch comparison {
    case .equals: return "\(attribute) = \(quoted)"
    case .hasWord: return "contains(concat(' ', normalize-space(\(attribute)), ' '), \(literal(" \(value) ")))"
    case .startsWith: return "starts-with(\(attribute), \(quoted))"
    case .endsWith:
      let length = value.unicodeScalars.count
      return "substring(\(attribute), string-length(\(attribute)) - \(length - 1)) = \(quoted)"
    case .contains: return "contains(\(attribute), \(quoted))"
    case .dashed: return "\(attribute) = \(quoted) or starts-with(\(attribute), \(literal(value + "-")))"
    }
  }

  /// A string of XPath 1.0, which has no escapes.
  private static func literal(_ text: String) -> String {
    if !text.contains("'") { return "'\(text)'" }
    if !text.contains("\"") { return "\"\(text)\"" }
    let parts = text.split(separator: "'", omittingEmptySubsequences: false).map { "'\($0)'" }
    return "concat(\(parts.joined(separator: ", \"'\", ")))"
  }
}
