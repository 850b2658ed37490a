import Engine
import JSON
package import Model
package import Rules
package import Text

extension Pipeline {
  /// Puts other rules into force between two steps. Alerts, items and counts live on; see `Engine.continued`.
  ///
  /// - Parameters:
  ///   - set: `sha256:` and the hash of the files, for the mark on the tape.
  ///   - files: what the running rules were read from, kept so that a bad file can fall back on it after a restart.
  package func reload(
    rules: [Rule], lexicon: Lexicon?, router: Router, set: String, files: [RecordChange], at now: Moment
  ) async throws {
    let mark = TapeLine.rules(at: max(now, engine.now ?? now), set: set)
    engine.handle([mark])
    try await commit([mark], events: engine.takeEvents(), sources: [])
    let stored = try store.records(kind: "rule")
    var records: [String: [(key: String, value: [UInt8])]] = [:]
    for record in stored {
      guard let (rule, key) = Pipeline.parts(of: record.key) else { continue }
      records[rule, default: []].append((key, record.value))
    }
    let store = store
    let settings = engine.settings
    let next = try engine.continued(rules: rules, lexicon: lexicon, records: records) { rule, since in
      try Pipeline.counts(of: rule, among: rules, lexicon, settings, in: store, since: since)
    }
    // What the old rules counted by is replaced as a whole by what the new ones go on from.
    let continuing = Set(
      rules.filter { rule in engine.rules.contains { $0.id == rule.id && rule.continues($0) } }.map(\.id))
    let gone = stored.filter { !continuing.contains(Pipeline.parts(of: $0.key)?.rule ?? "") }
      .map { RecordChange(kind: "rule", key: $0.key, value: nil) }
    engine = next
    self.router = router
    try await commit([], events: engine.takeEvents(), sources: [], records: gone + files)
  }

  private static func parts(of key: String) -> (rule: String, key: String)? {
    guard let separator = key.firstIndex(of: "\n") else { return nil }
    return (String(key[..<separator]), String(key[key.index(after: separator)...]))
  }

  /// The state of one rule after everything stored since a moment: comments count under topics, so claims run with it.
  private static func counts(
    of rule: Rule, among rules: [Rule], _ lexicon: Lexicon?, _ settings: EngineSettings, in store: any Store,
    since: Moment
  ) throws -> [(key: String, value: [UInt8])] {
    let others = rules.filter { $0.body.memory == nil && $0.id != rule.id }
    let engine = Engine(rules: others + [rule], lexicon: lexicon, settings: settings)
    var reader = TapeReader(authorKey: AuthorHash().key)
    var state: [String: [UInt8]] = [:]
    func take() {
      _ = engine.takeEvents()
      for change in engine.takeChanges() where change.kind == "rule" { state[change.key] = change.value }
    }
    var batch: [TapeLine] = []
    try store.tape(from: since, to: nil) { row in
      guard let line = try? reader.read(line: Array(row.json.utf8)) else { return }
      batch.append(line)
      guard batch.count == 5000 else { return }
      engine.handle(batch)
      batch = []
      take()
    }
    engine.handle(batch)
    take()
    return state.compactMap { key, value in
      guard let (owner, key) = parts(of: key), owner == rule.id else { return nil }
      return (key, value)
    }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  }
}
