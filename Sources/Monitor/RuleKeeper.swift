import Engine
package import Model
package import Rules
package import Text

/// Decides which version of each rule file runs: the newest one that is sound together with all others.
///
/// A set is sound when no file has an error and every embedded test passes. Where the newest set is not, each changed
/// file is taken or left by itself, in the order of the paths, until nothing more can be taken.
package struct RuleKeeper: Sendable {
  /// By path, the bytes.
  package typealias Files = [String: [UInt8]]

  package struct Selection: Sendable {
    package var rules: [Rule]
    package var files: Files
    /// Changed files that were left as they were, with why, in the order of their paths.
    package var rejected: [Rejection]
  }

  package struct Rejection: Sendable, Hashable {
    package var file: String
    /// The first problem, with its place.
    package var text: String
    package var diagnostics: [Diagnostic]
  }

  private let types: [RuleType]
  private let timezone: String
  private let lexicon: Lexicon?

  /// - Parameter timezone: the instance's, for files that give none.
  package init(types: [RuleType], timezone: String, lexicon: Lexicon?) {
    self.types = types
    self.timezone = timezone
    self.lexicon = lexicon
  }

  /// What of `found` may run, where `running` runs now. A file that is not in `found` was deleted.
  package func select(_ found: Files, running: Files) -> Selection {
    let current = judge(running)
    // What was wrong before, in a file that is the same, hinders nothing else.
    let known = Set(current.problems.map(\.place.file))
    func isSound(_ problems: [Diagnostic], _ files: Files) -> Bool {
      problems.allSatisfy { known.contains($0.place.file) && files[$0.place.file] == running[$0.place.file] }
    }
    let whole = judge(found)
    if isSound(whole.problems, found) { return Selection(rules: whole.rules, files: found, rejected: []) }
    let broken = Set(whole.problems.map(\.place.file))
    var waiting = Set(found.keys).union(running.keys).filter { found[$0] != running[$0] }
      .sorted { (broken.contains($0) ? 1 : 0, Place(file: $0)) < (broken.contains($1) ? 1 : 0, Place(file: $1)) }
    var files = running
    var rules = current.rules
    var problems: [String: [Diagnostic]] = [:]
    var tookOne = true
    while tookOne {
      tookOne = false
      for file in waiting {
        var candidate = files
        candidate[file] = found[file]
        let judged = judge(candidate)
        problems[file] = judged.problems
        guard isSound(judged.problems, candidate) else { continue }
        files = candidate
        rules = judged.rules
        waiting.removeAll { $0 == file }
        tookOne = true
      }
    }
    let rejected = waiting.sorted { Place(file: $0) < Place(file: $1) }.map { file in
      rejection(of: file, isGone: found[file] == nil, problems[file] ?? [])
    }
    return Selection(rules: rules, files: files, rejected: rejected)
  }

  private func rejection(of file: String, isGone: Bool, _ problems: [Diagnostic]) -> Rejection {
    let own = problems.filter { $0.place.file == file }
    let shown = own.isEmpty ? problems : own
    let first = shown.first.map { "\($0.place): \($0.message)" } ?? "\(file): not sound together with the other files"
    return Rejection(
      file: file, text: isGone ? "\(file): is gone, but other files need it: \(first)" : first, diagnostics: shown)
  }

  private func judge(_ files: Files) -> (rules: [Rule], problems: [Diagnostic]) {
    let texts = files.sorted { Place(file: $0.key) < Place(file: $1.key) }.map { (path: $0.key, bytes: $0.value) }
    let set = RuleLoader.load(
      texts: texts, types: types, timezone: timezone, knowsWord: Lexicon.knowing(lexicon))
    let errors = set.diagnostics.filter { $0.severity == .error }
    guard errors.isEmpty else { return (set.rules, errors) }
    return (set.rules, RuleTests.run(set, lexicon: lexicon).compactMap(\.diagnostic))
  }
}

extension RuleKeeper {
  /// `sha256:` and the hash of the names and contents, in the order of the paths.
  package static func hash(_ files: Files) -> String {
    let lines = files.sorted { Place(file: $0.key) < Place(file: $1.key) }
      .map { "\(Digest.sha256Hex($0.value))  \($0.key)\n" }
    return "sha256:" + Digest.sha256Hex(Array(lines.joined().utf8))
  }
}
