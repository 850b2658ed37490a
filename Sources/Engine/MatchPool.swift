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
    func matches(_ texts: ArraySlice<Text?>) -> [[Match]] {
      matcher.withLock { matcher in
        texts.map { text in text.map { matcher.matches(title: $0.title, body: $0.body, at: $0.at) } ?? [] }
      }
    }
  }

  /// What is matched of a line.
  struct Text: Sendable {
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
    let job = job(for: lines, commentsNeedMatching: commentsNeedMatching)
    if workers.count > 1, lines.count >= MatchPool.leastShared {
      DispatchQueue.concurrentPerform(iterations: workers.count) { job.work($0) }
    }
    return job.matches(0)
  }

  /// The same, to be worked at.
  func job(for lines: [TapeLine], commentsNeedMatching: (_ topic: String?) -> Bool) -> MatchJob {
    let hasNone = claims.isEmpty
    let texts = lines.indices.map { index -> Text? in
      switch lines[index] {
      case .item(let at, let item): hasNone ? nil : Text(title: item.title, body: item.body, at: at)
      case .comment(let at, let comment):
        hasNone || !commentsNeedMatching(comment.narrative) ? nil : Text(body: comment.text, at: at)
      default: nil
      }
    }
    // Many portions a worker: one that was held up leaves the rest of its work to the others.
    let isShared = workers.count > 1 && lines.count >= MatchPool.leastShared
    return MatchJob(texts, pool: self, portions: isShared ? workers.count * 8 : 1)
  }

  func matches(_ texts: ArraySlice<Text?>, worker: Int) -> [[Match]] { workers[worker].matches(texts) }

  /// Below this, handing work to threads costs more than it saves.
  private static let leastShared = 64
}
