import Model
import YAML

/// Why no rules could be read at all: nothing that stands in a file.
package enum RuleLoadError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(path: String, reason: String)

  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): \(reason)"
    }
  }
}

/// Reads rule files into a set: every problem of every file in one run.
package enum RuleLoader {
  /// Loads files, and folders with all `*.rules.yaml` below.
  ///
  /// A file named by itself is loaded with the other `*.rules.yaml` of its folder, of which only the lists and terms
  /// are visible. `timezone` is the instance's, for files that give none. `knowsWord` asks the dictionary.
  package static func load(
    paths: [String], types: [RuleType], timezone: String = "UTC", knowsWord: (@Sendable (String) -> Bool)? = nil
  ) throws(RuleLoadError) -> RuleSet {
    load(try RuleFiles.find(paths), types, timezone, knowsWord)
  }

  /// Loads texts as if they were files of these paths, each named.
  package static func load(
    texts: [(path: String, bytes: [UInt8])], types: [RuleType], timezone: String = "UTC",
    knowsWord: (@Sendable (String) -> Bool)? = nil
  ) -> RuleSet {
    load(texts.map { RuleFiles.Found(path: $0.path, bytes: $0.bytes, isNamed: true) }, types, timezone, knowsWord)
  }

  /// The rule files that the paths stand for, as they lie there now: for loading them as `texts`.
  package static func texts(paths: [String]) throws(RuleLoadError) -> [(path: String, bytes: [UInt8])] {
    try RuleFiles.find(paths).filter(\.isNamed).map { ($0.path, $0.bytes) }
  }

  /// The bytes of a file that a rule names, whole; at most one byte more than a YAML file may have.
  package static func bytes(ofFile path: String) throws(RuleLoadError) -> [UInt8] { try RuleFiles.read(path) }

  private static func load(
    _ found: [RuleFiles.Found], _ types: [RuleType], _ timezone: String, _ knowsWord: (@Sendable (String) -> Bool)?
  ) -> RuleSet {
    let vocabulary = Vocabulary()
    let files =
      found
      .map { RuleFile(path: $0.path, bytes: $0.bytes, isNamed: $0.isNamed, timezone: timezone) }
      .sorted { Place(file: $0.path) < Place(file: $1.path) }
    // What a named file defines is its own: the same name in a neighbour is the second definition.
    let inOrder = files.filter(\.isNamed) + files.filter { !$0.isNamed }
    let desk = ComplaintDesk(files.filter(\.isNamed).map(\.complaints))
    defer { desk.close() }
    // The last file wins, in the order of paths.
    let overrides = files.flatMap(\.overrides)
    let filters = files.flatMap(\.filters)
    for file in inOrder { file.readLists(into: vocabulary, overrides, knowsWord) }
    for file in inOrder { file.readTerms(into: vocabulary, overrides, knowsWord) }
    for file in inOrder { file.defineRules(in: vocabulary) }
    for file in inOrder { file.defineFormerIDs(in: vocabulary) }
    var set = RuleSet(files: files.filter(\.isNamed).map(\.path))
    for file in files {
      let rules = file.readRules(types, vocabulary, overrides, filters, knowsWord)
      if file.isNamed { set.rules += rules } else { set.neighbours += rules }
    }
    let ruleIDs = vocabulary.ruleIDs.sorted()
    for file in files where !file.overrides.isEmpty {
      file.checkOverrides(lists: files.flatMap(\.listNames), terms: files.flatMap(\.termNames), rules: ruleIDs)
    }
    for file in files { file.checkFilters(rules: ruleIDs) }
    var complaints: [String: [Diagnostic]] = [:]
    for file in files where file.isNamed {
      set.sources[file.path] = file.document.source
      complaints[file.path] = file.complaints.diagnostics
    }
    for finding in types.flatMap({ $0.compare?(set.rules) ?? [] }) {
      complaints[finding.rule.place.file]?.append(finding.diagnostic)
    }
    // A rule that could not be read may have named what seems unused.
    let unused = files.contains { $0.complaints.hasErrors } ? [] : vocabulary.unused
    for unused in unused where complaints[unused.place.file] != nil {
      let cause = RuleCause.unused(kind: unused.kind, name: unused.name)
      complaints[unused.place.file]?.append(
        Diagnostic(cause.code, cause.message, at: unused.place, width: unused.width, hint: cause.hint))
    }
    // Equal places keep the order in which they were found.
    set.diagnostics = set.files.flatMap { complaints[$0] ?? [] }.enumerated().sorted { left, right in
      if left.element.place != right.element.place { return left.element.place < right.element.place }
      if left.element.code != right.element.code { return left.element.code < right.element.code }
      return left.offset < right.offset
    }.map(\.element)
    return set
  }
}
