package import JSON

/// A kind of rule, as a stage registers it: its name, its own keys, and how they are read.
package struct RuleType: Sendable {
  /// The value of `type:`.
  package var name: String
  /// One line for help and documentation.
  package var summary: String
  /// Keys that only rules of this type may have.
  package var keys: Set<String>
  /// JSON Schemas of the values of such keys, for editors; a key that is not here takes any.
  package var shapes: [String: JSONValue]
  /// Reads the own part; reports what is wrong to the reading, and then returns nil.
  package var read: @Sendable (RuleReading) -> (any RuleBody)?

  /// What there is to say about rules of this type when all are read; rules of other types are among them.
  package var compare: (@Sendable ([Rule]) -> [RuleFinding])?

  package init(
    name: String, summary: String, keys: Set<String>, shapes: [String: JSONValue] = [:],
    read: @escaping @Sendable (RuleReading) -> (any RuleBody)?, compare: (@Sendable ([Rule]) -> [RuleFinding])? = nil
  ) {
    self.compare = compare
    self.name = name
    self.summary = summary
    self.keys = keys
    self.shapes = shapes
    self.read = read
  }
}
