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

    func matches(_ line: TapeLine) -> [Match] {
      matcher.withLock { matcher in
        switch line {
        case .item(let at, let item): matcher.matches(title: item.title, body: item.body, at: at)
        case .comment(let at, let comment): matcher.matches(title: nil, body: comment.text, at: at)
        default: []
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
  func matches(for lines: [TapeLine], commentsNeedMatching: (Comment) -> Bool) -> [[Match]] {
    guard !claims.isEmpty else { return Array(repeating: [], count: lines.count) }
    let wanted = lines.map { line in
      switch line {
      case .item: true
      case .comment(_, let comment): commentsNeedMatching(comment)
      default: false
      }
    }
    let workers = workers
    // Below this, handing work to threads costs more than it saves.
    guard workers.count > 1, lines.count >= 64 else {
      return zip(lines, wanted).map { $1 ? workers[0].matches($0) : [] }
    }
    let chunk = (lines.count + workers.count - 1) / workers.count
    let results = Mutex([[[Match]]](repeating: [], count: workers.count))
    DispatchQueue.concurrentPerform(iterations: workers.count) { index in
      let range = min(index * chunk, lines.count)..<min((index + 1) * chunk, lines.count)
      let part = range.map { wanted[$0] ? workers[index].matches(lines[$0]) : [] }
      results.withLock { $0[index] = part }
    }
    return results.withLock { $0.flatMap { $0 } }
  }
}
