import Dispatch
import Model
package import Rules
import Synchronization
package import Text

/// Runs each rule's own tests against the rule's mutants: what every test survives, no test holds fast.
package struct MutationTrial: Sendable {
  package struct Survivor: Sendable {
    package var mutant: RuleMutant
    /// The author's explanation; nil where there is none.
    package var because: String?
  }

  /// How many of a hundred mutants may be explained rather than tested.
  package static let explainedPercent = 5

  /// How many mutants were tried.
  package private(set) var count = 0
  /// In the order of the rules.
  package private(set) var survivors: [Survivor] = []
  /// Entries of `equivalent` that name no surviving mutant.
  package private(set) var idle: [(rule: String, entry: EquivalentMutant)] = []
  /// Rules without a test: their mutants are not tried.
  package private(set) var untested: [Rule] = []

  package var explained: [Survivor] { survivors.filter { $0.because != nil } }
  package var unexplained: [Survivor] { survivors.filter { $0.because == nil } }
  package var explainsTooMuch: Bool { explained.count * 100 > count * MutationTrial.explainedPercent }
  package var isClean: Bool { unexplained.isEmpty && untested.isEmpty && !explainsTooMuch }

  /// Tries the mutants of every rule on all processors.
  ///
  /// - Parameters:
  ///   - set: rules whose tests pass.
  ///   - progress: told, from any thread, how many more mutants were tried.
  package init(_ set: RuleSet, lexicon: Lexicon?, progress: @escaping @Sendable (Int) -> Void = { _ in }) {
    let rulesOfFile = Dictionary(grouping: set.rules, by: \.place.file)
    let rules = set.files.flatMap { rulesOfFile[$0] ?? [] }
    let tested = rules.filter { !$0.tests.isEmpty }
    untested = rules.filter { $0.tests.isEmpty && !$0.mutants.isEmpty }
    let results = Mutex([RuleResult?](repeating: nil, count: tested.count))
    DispatchQueue.concurrentPerform(iterations: tested.count) { index in
      let rule = tested[index]
      let result = RuleResult(rule, among: rulesOfFile[rule.place.file] ?? [], lexicon, progress)
      results.withLock { $0[index] = result }
    }
    for (rule, result) in zip(tested, results.withLock { $0 }) {
      guard let result else { continue }
      count += result.count
      var named: Set<String> = []
      for mutant in result.survivors {
        let name = MutationTrial.normalised(mutant.name)
        let entry = rule.equivalent.first { $0.mutant == name }
        if entry != nil { named.insert(name) }
        survivors.append(Survivor(mutant: mutant, because: entry?.because))
      }
      idle += rule.equivalent.filter { !named.contains($0.mutant) }.map { (rule.id, $0) }
    }
  }

  private struct RuleResult: Sendable {
    var count = 0
    var survivors: [RuleMutant] = []

    init(_ rule: Rule, among rules: [Rule], _ lexicon: Lexicon?, _ progress: (Int) -> Void) {
      for mutant in rule.mutants {
        let changed = rules.map { $0.id == rule.id ? mutant.rule : $0 }
        let runner = RuleTestRunner(rules: changed, lexicon: lexicon)
        count += 1
        if rule.tests.allSatisfy({ runner.run($0, of: mutant.rule).isEmpty }) { survivors.append(mutant) }
        progress(1)
      }
    }
  }

  /// As `equivalent` is read: runs of white space are one blank.
  private static func normalised(_ name: String) -> String {
    name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
