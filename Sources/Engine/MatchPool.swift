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

    /// What the rules make of each text, under one lock.
    func matches(_ jobs: ArraySlice<Job?>) -> [[Match]] {
      matcher.withLock { matcher in
        jobs.map { job in job.map { matcher.matches(title: $0.title, body: $0.body, at: $0.at) } ?? [] }
      }
    }
  }

  /// What is matched of a line.
  private struct Job: Sendable {
    var title: String?
    var body: String?
    var at: Moment
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
    let jobs = lines.map { line -> Job? in
      switch line {
      case .item(let at, let item): Job(title: item.title, body: item.body, at: at)
      case .comment(let at, let comment):
        commentsNeedMatching(comment.narrative) ? Job(body: comment.text, at: at) : nil
      default: nil
      }
    }
    let workers = workers
    // Below this, handing work to threads costs more than it saves.
    guard workers.count > 1, lines.count >= 64 else { return workers[0].matches(jobs[...]) }
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
        let part = workers[worker].matches(jobs[number * portion..<min((number + 1) * portion, jobs.count)])
        results.withLock { $0[number] = part }
      }
    }
    return results.withLock { $0.flatMap { $0 } }
  }
}
