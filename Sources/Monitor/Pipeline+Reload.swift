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
    let records = RuleRecords(try store.records(kind: RuleRecords.kind))
    let store = store
    let settings = engine.settings
    let next = try engine.continued(rules: rules, lexicon: lexicon, records: records) { rule, since in
      try Pipeline.counts(of: rule, among: rules, lexicon, settings, in: store, since: since)
    }
    // What the old rules counted by is replaced as a whole by what the new ones go on from.
    let continuing = rules.filter { engine.earlierVersion(of: $0) != nil }
    let gone = records.keys(exceptOf: continuing).map { RecordChange(kind: RuleRecords.kind, key: $0, value: nil) }
    engine = next
    self.router = router
    try await commit([], events: engine.takeEvents(), sources: [], records: gone + files)
  }

  /// The state of one rule after everything stored since a moment: comments count under topics, so claims run with it.
  private static func counts(
    of rule: Rule, among rules: [Rule], _ lexicon: Lexicon?, _ settings: EngineSettings, in store: any Store,
    since: Moment
  ) throws -> [(key: String, value: [UInt8])] {
    let others = rules.filter { $0.body.memory == nil && $0.id != rule.id }
    let engine = Engine(rules: others + [rule], lexicon: lexicon, settings: settings)
    var state: [String: [UInt8]] = [:]
    try store.batches(from: since) { batch in
      engine.handle(batch)
      _ = engine.takeEvents()
      for change in engine.takeChanges() where change.kind == RuleRecords.kind { state[change.key] = change.value }
    }
    let records = state.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    return RuleRecords(records).records(under: rule.id)
  }
}
