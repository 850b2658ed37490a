package import Model
package import YAML

/// Rules that may run together, and what there is to say about their files.
package struct RuleSet: Sendable {
  /// In the order of (path bytes, position in the file).
  package var rules: [Rule]
  /// Rules of neighbouring files that were not named: tests may fire them.
  package var neighbours: [Rule] = []
  /// In the order of their places.
  package var diagnostics: [Diagnostic]
  /// Files that were read, in the order of their paths' bytes; without those that only lent lists and terms.
  package var files: [String]
  /// The texts of `files`, for showing lines.
  package var sources: [String: SourceText] = [:]

  package init(rules: [Rule] = [], diagnostics: [Diagnostic] = [], files: [String] = []) {
    self.rules = rules
    self.diagnostics = diagnostics
    self.files = files
  }

  /// Files with at least one error.
  package var brokenFiles: [String] {
    let broken = Set(diagnostics.filter { $0.severity == .error }.map(\.place.file))
    return files.filter { broken.contains($0) }
  }

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
