import Configuration
import Model
import Monitor
import Rules
import Text
import YAML

/// The files named to `check`, read and judged: rules by their ending, sources, regions and configuration by their
/// keys.
struct CheckedFiles {
  private(set) var rules = RuleSet()
  /// In the order of their places.
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var sources: [String: SourceText] = [:]
  private(set) var fileCount = 0

  init(_ paths: [String], lexicon: Lexicon?) throws(Stop) {
    var rulePaths: [String] = []
    var others: [(path: String, bytes: [UInt8])] = []
    for path in paths {
      let isFolder = FileInput.isFolder(path)
      if isFolder || path.hasSuffix(".rules.yaml") { rulePaths.append(path) }
      let files = isFolder ? try FileInput.yamlFiles(below: path) : [path]
      for file in files where !file.hasSuffix(".rules.yaml") { others.append((file, try FileInput.bytes(file))) }
    }
    if !rulePaths.isEmpty {
      rules = try RuleInput.load(rulePaths, lexicon: lexicon)
      diagnostics = rules.diagnostics
      sources = rules.sources
      fileCount = rules.files.count
    }
    readOthers(others)
    diagnostics.sort { $0.place == $1.place ? $0.code < $1.code : $0.place < $1.place }
  }

  private mutating func readOthers(_ files: [(path: String, bytes: [UInt8])]) {
    var byKind: [ConfigurationLoader.FileKind: [(path: String, bytes: [UInt8])]] = [:]
    for file in files {
      if let kind = ConfigurationLoader.kind(file: file.path, bytes: file.bytes) {
        byKind[kind, default: []].append(file)
      } else {
        // What it is cannot be told: YAML that is none says so itself.
        let document = YAMLDocument(file: file.path, bytes: file.bytes)
        let place = Place(file: file.path, line: 1, column: 1)
        let unknown = Diagnostic(
          "E102", "neither a rule file (*.rules.yaml) nor sources, a region or a configuration", at: place,
          hint: "a source file has «sources:», a region «code:», a configuration «instance:» or «paths:»")
        take(document.diagnostics.isEmpty ? [unknown] : document.diagnostics, [file.path: document.source], 1)
      }
    }
    for file in byKind[.server] ?? [] {
      let loaded = ConfigurationLoader.server(file: file.path, bytes: file.bytes, names: Registry.names)
      take(loaded.diagnostics, loaded.texts, 1)
    }
    if let files = byKind[.sources] {
      let loaded = ConfigurationLoader.sources(files: files, names: Registry.names)
      take(loaded.diagnostics, loaded.texts, files.count)
    }
    if let files = byKind[.region] {
      let loaded = ConfigurationLoader.regions(files: files)
      take(loaded.diagnostics, loaded.texts, files.count)
    }
  }

  private mutating func take(_ found: [Diagnostic], _ texts: [String: SourceText], _ count: Int) {
    diagnostics += found
    sources.merge(texts) { first, _ in first }
    fileCount += count
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
