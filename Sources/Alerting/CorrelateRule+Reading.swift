import JSON
import Model
package import Rules
import YAML

extension RuleType {
  /// Several rules that fire for the same thing.
  package static let correlate = RuleType(
    name: "correlate", summary: "several rules that fire for the same region or topic within a time",
    keys: ["all", "none", "same", "within", "order", "wait", "absorb"],
    shapes: CorrelateReader.shapes, read: { CorrelateReader($0).rule() })
}

/// Reads what only a correlate rule has.
private struct CorrelateReader {
  let reading: RuleReading
  private var fields: Fields { reading.fields }
  private var complaints: Complaints { reading.complaints }

  static var shapes: [String: JSONValue] {
    let text = JSONSchema.text
    return [
      "all": JSONSchema.list(
        JSONSchema.closed(["rule", "as"], ["rule": text, "as": text], required: ["rule"]), atLeast: 2),
      "none": JSONSchema.list(
        JSONSchema.closed(["rule", "after"], ["rule": text, "after": text], required: ["rule"])),
      "same": RuleSchema.sharedFields, "within": JSONSchema.span, "wait": JSONSchema.span,
      "order": JSONSchema.choice(CorrelateRule.Order.allCases.map(\.rawValue)), "absorb": JSONSchema.texts,
    ]
  }

  init(_ reading: RuleReading) { self.reading = reading }

  func rule() -> CorrelateRule? {
    for name in ["all", "within"] { fields.require(name) }
    let children = fields.sequence("all").map { $0.compactMap { child($0) } } ?? []
    if let node = fields.value("all"), let nodes = node.sequence, nodes.count < 2 {
      complaints.add(YAMLCause.value("it takes two rules to join", hint: "name at least two"), at: node)
    }
    let names = children.map(\.name)
    if let node = fields.value("all"), Set(names).count < names.count {
      complaints.add(YAMLCause.value("two entries have the same name", hint: "tell them apart by «as»"), at: node)
    }
    let none = fields.sequence("none")?.compactMap { exclusion($0, names) } ?? []
    let same = reading.sharedFields(fields, "same")
    let within = fields.span("within")
    let order = fields.choice("order", CorrelateRule.Order.self) ?? .any
    let wait = fields.span("wait", zero: true) ?? .zero
    let absorb = absorbed(names)
    guard let within, children.count >= 2 else { return nil }
    return CorrelateRule(
      all: children, none: none, same: same, within: within, order: order, wait: wait, absorb: absorb)
  }

  private func child(_ node: YAMLNode) -> CorrelateRule.Child? {
    guard let fields = Fields(node, complaints) else { return nil }
    fields.check(known: ["rule", "as"])
    let name = fields.string("as")
    return reading.otherRule(fields, "rule").map { CorrelateRule.Child(rule: $0, name: name ?? $0) }
  }

  private func exclusion(_ node: YAMLNode, _ names: [String]) -> CorrelateRule.Exclusion? {
    guard let fields = Fields(node, complaints) else { return nil }
    fields.check(known: ["rule", "after"])
    let after = fields.value("after").flatMap { index($0, names) }
    return reading.otherRule(fields, "rule").map { CorrelateRule.Exclusion(rule: $0, after: after) }
  }

  private func absorbed(_ names: [String]) -> [Int] {
    guard let node = fields.value("absorb"), node.mapping == nil else {
      _ = fields.strings("absorb")
      return []
    }
    return (node.sequence ?? [node]).compactMap { index($0, names) }
  }

  /// The place in `all` of the entry of that name.
  private func index(_ node: YAMLNode, _ names: [String]) -> Int? {
    guard let name = complaints.string(node) else { return nil }
    if let index = names.firstIndex(of: name) { return index }
    let suggestion = Suggestion.nearest(to: name, among: names)
    complaints.add(RuleCause.unknownName(kind: "name", name: name, suggestion: suggestion), at: node)
    return nil
  }
}
