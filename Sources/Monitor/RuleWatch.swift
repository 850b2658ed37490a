import Configuration
package import Model
import Rules

/// What a look at changed rule files came to.
package struct RuleReload: Sendable {
  package var at: Moment
  /// Files whose new version runs now, or which are gone, in the order of their paths.
  package var taken: [String]
  /// Files that run on in their last good version.
  package var rejected: [RuleKeeper.Rejection]
  /// How many rules run now.
  package var ruleCount: Int
}

/// Looks at the rule files again and again and has the pipeline take what is sound.
struct RuleWatch: Sendable {
  let setup: ServerSetup
  let pipeline: Pipeline
  let clock: any WallClock
  let interval: Span
  let onReload: @Sendable (RuleReload) async -> Void

  /// Runs until its task is cancelled.
  ///
  /// A change is judged when two looks in a row found the same: a file that is being written is not yet read.
  func run(_ start: RuleKeeper.Files, rejected: [String: [UInt8]]) async throws {
    var running = start
    var judged = setup.ruleFiles
    var seen = judged
    // A version that was refused is told once.
    var told = rejected
    while true {
      try await clock.sleep(until: clock.now + interval, tolerance: nil)
      guard let found = setup.foundRuleFiles() else { continue }
      let isSettled = found == seen
      seen = found
      guard isSettled, found != judged else { continue }
      judged = found
      let selection = await select(found, running: running)
      let taken = Set(selection.files.keys).union(running.keys).filter { selection.files[$0] != running[$0] }
        .sorted { Place(file: $0) < Place(file: $1) }
      if !taken.isEmpty {
        var setup = setup
        setup.rules = selection.rules
        try await pipeline.reload(
          rules: selection.rules, lexicon: setup.lexicon, router: setup.router, set: RuleKeeper.hash(selection.files),
          files: RuleKeeper.changes(from: running, to: selection.files), at: clock.now)
        running = selection.files
      }
      let news = selection.rejected.filter { told[$0.file] != found[$0.file] || found[$0.file] == nil }
      for rejection in news {
        told[rejection.file] = found[rejection.file]
        try await pipeline.meta(
          "rule_rejected", [("file", rejection.file), ("text", rejection.text)], at: clock.now)
      }
      guard !taken.isEmpty || !news.isEmpty else { continue }
      await onReload(RuleReload(at: clock.now, taken: taken, rejected: news, ruleCount: selection.rules.count))
    }
  }

  /// Checking and testing is work for another thread: the server goes on.
  @concurrent private func select(_ found: RuleKeeper.Files, running: RuleKeeper.Files) async -> RuleKeeper.Selection {
    setup.keeper.select(found, running: running)
  }
}

extension RuleKeeper {
  /// Under which a store keeps the running version of each file.
  static let recordKind = "rule_file"

  static func changes(from old: Files, to new: Files) -> [RecordChange] {
    Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted { Place(file: $0) < Place(file: $1) }
      .map { RecordChange(kind: recordKind, key: $0, value: new[$0]) }
  }
}

extension ServerSetup {
  var keeper: RuleKeeper {
    RuleKeeper(types: Registry.ruleTypes, timezone: configuration.instance.timezone, lexicon: lexicon)
  }

  /// The rule files as they lie there now; nil while they cannot be read.
  func foundRuleFiles() -> RuleKeeper.Files? {
    guard let texts = try? RuleLoader.texts(paths: [configuration.paths.rules]) else { return nil }
    return Dictionary(texts.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }

  /// What runs at the start: the sound files, and for a broken one its last good version where the store has it.
  mutating func chooseRules(from store: any Store) throws -> (files: RuleKeeper.Files, isStored: RuleKeeper.Files) {
    let stored = Dictionary(
      try store.records(kind: RuleKeeper.recordKind).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first }
    )
    var files = ruleFiles.filter { !brokenRuleFiles.contains($0.key) }
    let lastGood = stored.filter { brokenRuleFiles.contains($0.key) }
    guard !lastGood.isEmpty else { return (files, stored) }
    let selection = keeper.select(files.merging(lastGood) { first, _ in first }, running: files)
    files = selection.files
    rules = selection.rules
    return (files, stored)
  }
}
