package import Rules

/// What is stored of the evaluators: records of their rules, each under the rule's id at the time.
package struct RuleRecords {
  /// Under which a store keeps them.
  package static let kind = "rule"

  /// In the order of the keys' bytes, without the id.
  private var byRule: [String: [(key: String, value: [UInt8])]] = [:]

  /// - Parameter stored: in the order of the keys' bytes.
  package init(_ stored: [(key: String, value: [UInt8])]) {
    for record in stored {
      guard let separator = record.key.firstIndex(of: "\n") else { continue }
      byRule[String(record.key[..<separator]), default: []]
        .append((String(record.key[record.key.index(after: separator)...]), record.value))
    }
  }

  static func key(_ rule: String, _ record: String) -> String { "\(rule)\n\(record)" }

  package func records(under id: String) -> [(key: String, value: [UInt8])] { byRule[id] ?? [] }

  /// All that is stored of a rule, under its id and those it had before; nil where nothing is.
  func records(of rule: Rule) -> [(key: String, value: [UInt8])]? {
    let ids = (rule.formerly + [rule.id]).filter { byRule[$0] != nil }
    guard ids.count > 1 else { return ids.first.map(records(under:)) }
    // What was written under the later id is the newer.
    var merged: [String: [UInt8]] = [:]
    for id in ids { for record in records(under: id) { merged[record.key] = record.value } }
    return merged.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
  }

  /// The keys of what is stored of other rules than these, in the order of the bytes.
  package func keys(exceptOf rules: [Rule]) -> [String] {
    let kept = Set(rules.flatMap { [$0.id] + $0.formerly })
    return byRule.filter { !kept.contains($0.key) }
      .flatMap { rule, records in records.map { RuleRecords.key(rule, $0.key) } }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
