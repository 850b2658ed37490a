import JSON
import Model
package import Rules
import YAML

extension RuleType {
  /// So many events within a time.
  package static let frequency = RuleType(
    name: "frequency", summary: "so many items or comments within a time", keys: ["per", "count", "within"],
    shapes: CountReader.shapes,
    read: { CountReader($0).rule(ofValues: false) })

  /// So many different values within a time.
  package static let cardinality = RuleType(
    name: "cardinality", summary: "so many different authors, sources or regions within a time",
    keys: ["of", "per", "count", "within"],
    shapes: CountReader.shapes.merging(["of": JSONSchema.choice(EventValue.allCases.map(\.rawValue))]) { $1 },
    read: { CountReader($0).rule(ofValues: true) })
}

/// Reads what only a frequency or cardinality rule has.
private struct CountReader {
  let reading: RuleReading
  private var fields: Fields { reading.fields }

  static var shapes: [String: JSONValue] {
    [
      "per": RuleSchema.fieldNames, "within": JSONSchema.span,
      "count": JSONSchema.closed(
        ["gte", "gt"], ["gte": ["type": "number"], "gt": ["type": "number"]], atLeast: 1),
    ]
  }

  init(_ reading: RuleReading) { self.reading = reading }

  func rule(ofValues: Bool) -> CountRule? {
    for name in (ofValues ? ["of"] : []) + ["count", "within"] { fields.require(name) }
    let value = ofValues ? reading.eventValue("of", among: EventValue.allCases) : nil
    let per = fields.value("per").flatMap { reading.complaints.fieldNames($0) } ?? []
    let bounds = fields.value("count").map { reading.lowerBounds($0) } ?? []
    guard let within = fields.span("within"), !bounds.isEmpty, !ofValues || value != nil else { return nil }
    return CountRule(value: value, per: per, bounds: bounds, within: within)
  }
}

extension RuleReading {
  /// `{ gte: 10 }` or `{ gt: 9 }`: a count to reach.
  func lowerBounds(_ node: YAMLNode) -> [Bound<Double>] {
    let bounds = complaints.bounds(node) { complaints.number($0, in: 0...1e9) }
    for name in ["lte", "lt"] {
      guard let entry = node.mapping?.first(where: { $0.name == name }) else { continue }
      complaints.add(YAMLCause.value("«\(name)» does not count up to anything", hint: "use gte or gt"), at: entry.key)
    }
    return bounds
  }

  /// What an event has to show, by its name in rule files.
  func eventValue(_ name: String, among known: [EventValue]) -> EventValue? {
    guard let node = fields.value(name), let text = complaints.string(node) else { return nil }
    if let value = EventValue(rawValue: text), known.contains(value) { return value }
    let isPerson = EventValue(rawValue: text) == .author || FieldName.people.contains(text)
    let suggestion = Suggestion.nearest(to: text, among: known.map(\.rawValue))
    complaints.add(
      isPerson ? RuleCause.person(text) : RuleCause.unknownField(text, suggestion: suggestion), at: node)
    return nil
  }
}
