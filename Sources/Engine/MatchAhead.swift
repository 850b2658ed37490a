import Dispatch
package import Model
package import Rules

/// Has the texts of the next lines matched on further threads while the engine takes in the lines before them.
///
/// With one thread, lines are matched and handed on at once. Lines come out in the order in which they went in.
package struct MatchAhead {
  private let engine: Engine
  private let lane: Lane?
  private let helpers: Int
  private var ready: (lines: [TapeLine], matches: [[Match]])?

  package typealias Taking = (_ lines: [TapeLine], _ matches: [[Match]]) throws -> Void

  /// - Parameter lane: where the others work; nil for one thread.
  package init(_ engine: Engine, on lane: Lane?) {
    self.engine = engine
    self.lane = lane
    helpers = max(1, engine.settings.threads) - 1
  }

  /// Has the lines matched; hands on those that were given before.
  package mutating func add(_ lines: [TapeLine], _ take: Taking) throws {
    guard let lane, helpers > 0 else { return try take(lines, engine.matches(for: lines)) }
    let job = engine.matchJob(for: lines)
    let helpers = helpers
    try lane.add { DispatchQueue.concurrentPerform(iterations: helpers) { job.work($0 + 1) } }
    try finish(take)
    ready = (lines, job.matches(0))
  }

  /// Hands on what is left. Call at the end, also after an error of the lines' source.
  package mutating func finish(_ take: Taking) throws {
    guard let (lines, matches) = ready else { return }
    ready = nil
    try take(lines, matches)
  }
}
