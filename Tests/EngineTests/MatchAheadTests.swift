import Engine
import Model
import Rules
import Synchronization
import Testing

/// Work beside the engine's thread.
@Suite("A second thread") struct MatchAheadTests {
  private struct Refusal: Error {}

  @Test("does one thing after another, in the order given") func order() throws {
    let lane = Lane(limit: 2)
    let done = Mutex<[Int]>([])
    for number in 0..<100 { try lane.add { done.withLock { $0.append(number) } } }
    try lane.finish()
    #expect(done.withLock { $0 } == Array(0..<100))
  }

  @Test("stops at a failure, and says so to whoever waits for it or gives more") func failure() throws {
    let lane = Lane()
    let done = Mutex(0)
    try lane.add { throw Refusal() }
    #expect(throws: Refusal.self) { try lane.finish() }
    #expect(throws: Refusal.self) { try lane.add { done.withLock { $0 += 1 } } }
    #expect(done.withLock { $0 } == 0)
  }

  @Test("matches ahead what one thread matches, and hands lines on in their order", arguments: [1, 2, 4])
  func ahead(threads: Int) throws {
    var settings = EngineSettings()
    settings.threads = threads
    let engine = try Replaying.engine(
      """
      format: 1
      rules:
        - { id: c, type: claim, severity: low, stream: comment, terms: { t: { any: [мост], weight: 1 } } }
      """, settings: settings)
    // Every seventh comment names the bridge.
    let lines = try Replaying.lines(
      (0..<1000).map { Replaying.comment("c\($0)", at: "06:00:00", text: $0 % 7 == 0 ? "упал мост" : "тихо") })
    var ahead = MatchAhead(engine, on: threads > 1 ? Lane() : nil)
    var taken: [TapeLine] = []
    var hits: [Int] = []
    func take(_ lines: [TapeLine], _ matches: [[Match]]) {
      for (place, match) in matches.enumerated() where match.contains(where: \.holds) {
        hits.append(taken.count + place)
      }
      taken += lines
    }
    for start in stride(from: 0, to: 1000, by: 300) {
      try ahead.add(Array(lines[start..<min(start + 300, 1000)]), take)
    }
    try ahead.finish(take)
    #expect(taken == lines)
    #expect(hits == Array(stride(from: 0, to: 1000, by: 7)))
  }
}
