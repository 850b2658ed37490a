import Dispatch
package import Rules
import Synchronization

/// The texts of a batch on their way through matching: threads take portions of it until none is left, whoever comes.
///
/// Which thread took which text changes nothing. It may run ahead of the engine, since matching has no memory.
package final class MatchJob: Sendable {
  private let pool: MatchPool
  private let texts: [MatchPool.Text?]
  private let portion: Int
  private let progress: Mutex<Progress>
  private let isDone = DispatchSemaphore(value: 0)

  private struct Progress {
    var next = 0
    var open: Int
    var results: [[[Match]]]
  }

  init(_ texts: [MatchPool.Text?], pool: MatchPool, portions: Int) {
    self.texts = texts
    self.pool = pool
    portion = max(1, (texts.count + portions - 1) / max(1, portions))
    let count = (texts.count + portion - 1) / portion
    progress = Mutex(Progress(open: count, results: Array(repeating: [], count: count)))
  }

  /// Takes portions until none is left; those that others took may not be done yet.
  ///
  /// - Parameter worker: below the number of threads; two threads of one number wait for each other.
  package func work(_ worker: Int) {
    while let number = take() {
      let range = number * portion..<min((number + 1) * portion, texts.count)
      let found = pool.matches(texts[range], worker: worker)
      let isLast = progress.withLock { progress in
        progress.results[number] = found
        progress.open -= 1
        return progress.open == 0
      }
      if isLast { isDone.signal() }
    }
  }

  /// Works along, then waits for the others. Gives for each line what the claim rules make of its text. Call once.
  package func matches(_ worker: Int) -> [[Match]] {
    work(worker)
    if !texts.isEmpty { isDone.wait() }
    return progress.withLock { progress in
      defer { progress.results = [] }
      return progress.results.count == 1 ? progress.results[0] : progress.results.flatMap { $0 }
    }
  }

  private func take() -> Int? {
    progress.withLock { progress in
      guard progress.next < progress.results.count else { return nil }
      defer { progress.next += 1 }
      return progress.next
    }
  }
}
