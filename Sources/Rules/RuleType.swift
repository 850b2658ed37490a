package import Model

/// A kind of rule, as a stage registers it: its name, its own keys, and how they are read.
package struct RuleType: Sendable {
  /// The value of `type:`.
  package var name: String
  /// One line for help and documentation.
  package var summary: String
  /// Keys that only rules of this type may have.
  package var keys: Set<String>
  /// Reads the own part; reports what is wrong to the reading, and then returns nil.
  package var read: @Sendable (RuleReading) -> (any RuleBody)?

  package init(
    name: String, summary: String, keys: Set<String>,
    read: @escaping @Sendable (RuleReading) -> (any RuleBody)?
  ) {
    self.name = name
    self.summary = summary
    self.keys = keys
    self.read = read
  }
}

/// Rules that may run together, and what there is to say about their files.
package struct RuleSet: Sendable {
  /// In the order of (path bytes, position in the file).
  package var rules: [Rule]
  package var diagnostics: [Diagnostic]
  /// Files that were read, in the order of their paths' bytes.
  package var files: [String]

  package init(rules: [Rule] = [], diagnostics: [Diagnostic] = [], files: [String] = []) {
    self.rules = rules
    self.diagnostics = diagnostics
    self.files = files
  }
}

/// What a rule type reads its own part from: the rule's mapping, the shared lists and terms, and where to complain.
package final class RuleReading {
  init() {}
}
