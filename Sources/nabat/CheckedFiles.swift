import Model
import Rules
import Text
import YAML

/// The files named to `check`, read and judged: rules by their ending, sources and configuration by their content.
struct CheckedFiles {
  var rules: RuleSet
  var diagnostics: [Diagnostic]
  var sources: [String: SourceText]
  var fileCount: Int

  init(_ paths: [String], lexicon: Lexicon?) throws(Stop) {
    rules = try RuleInput.load(paths, lexicon: lexicon)
    diagnostics = rules.diagnostics
    sources = rules.sources
    fileCount = rules.files.count
  }

  /// The closing line for a person.
  static func summary(_ diagnostics: [Diagnostic], files: Int) -> String {
    func count(_ severity: Diagnostic.Severity, _ one: String, _ many: String) -> String? {
      let count = diagnostics.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(count == 1 ? one : many)"
    }
    let found = [
      count(.error, "error", "errors"), count(.warning, "warning", "warnings"), count(.info, "note", "notes"),
    ].compactMap { $0 }
    return "\(files) file\(files == 1 ? "" : "s") checked: "
      + (found.isEmpty ? "nothing to say" : found.joined(separator: ", ")) + "\n"
  }
}
