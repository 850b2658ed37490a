import Dispatch
import Matching
import Model
import Rules
import Synchronization
import Text

/// Matches the texts of a batch on a number of threads. Which thread took which text changes nothing.
final class MatchPool: Sendable {
  private let claims: CompiledClaims
  private let isClaim: [Bool]
  private let workers: [Worker]

  /// A matcher with the lock that makes it one thread's at a time.
  private final class Worker: Sendable {
    private let matcher: Mutex<Matcher>
    init(_ claims: CompiledClaims, keepsAll: Bool) { matcher = Mutex(Matcher(claims, keepsAll: keepsAll)) }

    /// What the rules make of each text that is wanted, under one lock.
    func matches(_ lines: [TapeLine], _ range: Range<Int>, isWanted: [Bool]) -> [[Match]] {
      matcher.withLock { matcher in
        range.map { index in
          guard isWanted[index] else { return [] }
          return switch lines[index] {
          case .item(let at, let item): matcher.matches(title: item.title, body: item.body, at: at)
          case .comment(let at, let comment): matcher.matches(title: nil, body: comment.text, at: at)
          default: []
          }
        }
      }
    }
  }

  init(rules: [Rule], lexicon: Lexicon?, threads: Int, keepsAll: Bool) {
    let claims = CompiledClaims(rules, lexicon: lexicon)
    self.claims = claims
    isClaim = rules.map { $0.body is ClaimRule }
    workers = (0..<threads).map { _ in Worker(claims, keepsAll: keepsAll) }
  }

  /// Whether the rule is one that matches texts.
  func matchesRule(_ index: Int) -> Bool { isClaim[index] }

  /// For each line what the claim rules make of its text.
  ///
  /// - Parameter commentsNeedMatching: of a comment with or without a topic of its own.
  func matches(for lines: [TapeLine], commentsNeedMatching: (_ topic: String?) -> Bool) -> [[Match]] {
    guard !claims.isEmpty else { return Array(repeating: [], count: lines.count) }
    let isWanted = lines.map { line in
      switch line {
      case .item: true
      case .comment(_, let comment): commentsNeedMatching(comment.narrative)
      default: false
      }
    }
    let workers = workers
    // Below this, handing work to threads costs more than it saves.
    guard workers.count > 1, lines.count >= 64 else {
      return workers[0].matches(lines, lines.indices, isWanted: isWanted)
    }
    // Four portions a worker: one that was held up leaves the rest of its work to the others.
    let portion = (lines.count + workers.count * 4 - 1) / (workers.count * 4)
    let count = (lines.count + portion - 1) / portion
    let next = Mutex(0)
    let results = Mutex([[[Match]]](repeating: [], count: count))
    DispatchQueue.concurrentPerform(iterations: workers.count) { worker in
      while true {
        let number = next.withLock { next in
          defer { next += 1 }
          return next
        }
        guard number < count else { return }
        let part = workers[worker].matches(
          lines, number * portion..<min((number + 1) * portion, lines.count), isWanted: isWanted)
        results.withLock { $0[number] = part }
      }
    }
    return results.withLock { $0.flatMap { $0 } }
  }
}
