import Alerting
import Engine
import Model
import Rules
import Storage
import TestSupport
import Testing

@Suite("What must not change the output of the engine") struct PropertyTests {
  private let seeds: [UInt64] = [1, 2, 3, 4, 5, 6]

  private func engine(threads: Int = 1, keepsEveryMatch: Bool = false) throws -> Engine {
    var settings = EngineSettings()
    settings.keepsEveryMatch = keepsEveryMatch
    settings.threads = threads
    settings.events.groupings = [Grouping(match: [.rule: ["claim.*", "volume.*"]], by: ["region"], wait: .minutes(2))]
    let engine = Engine(rules: try StoryMaker.rules(), lexicon: nil, settings: settings)
    engine.preload(StoryMaker.history)
    return engine
  }

  private func end(_ tape: [TapeLine]) -> Moment { (tape.map(\.at).max() ?? StoryMaker.start) + .hours(2) }

  private func play(
    _ batches: [[TapeLine]], threads: Int = 1, keepsEveryMatch: Bool = false
  ) throws -> [String] {
    let engine = try engine(threads: threads, keepsEveryMatch: keepsEveryMatch)
    var output: [String] = []
    for batch in batches {
      engine.handle(batch)
      output += StoryMaker.lines(engine.takeEvents())
    }
    engine.advance(through: end(batches.flatMap { $0 }))
    return output + StoryMaker.lines(engine.takeEvents())
  }

  @Test("the tapes say enough to prove anything") func tapes() throws {
    let output = try (seeds + [7, 8, 9, 10, 11, 12, 13, 14]).flatMap {
      try play([StoryMaker.tape(seed: $0, count: 250)])
    }.joined(separator: "\n")
    for type in [
      "alert.fired", "alert.cleared", "alert.reopened", "alert.sla_warning", "alert.sla_breached", "note.near_miss",
      "note.refutation", "note.too_late", "note.learning", "meta.source_unreachable", "authors-unknown",
      "alert.responded", "\"stage\":\"absorbed\"", "\"id\":\"both\"", "\"id\":\"all\"", "\"id\":\"missing\"",
      "alert.acknowledged", "alert.answering", "alert.closed", "alert.overturned", "alert.escalated", "alert.updated",
      "\"ack-expired\"", "\"repeat\"", "\"new-evidence-milestone\"", "\"silence-ended\"", "\"digest\"",
      "\"severity-raised\"", "\"level\":\"quiet\"", "\"stage\":\"silenced\"", "\"stage\":\"calendar\"",
      "note.refused", "\"stage\":\"grouped\"", "\"new-in-group\"", "\"id\":\"silent\"", "\"id\":\"silent.source\"",
      "\"id\":\"new.tag\"", "\"id\":\"often.water\"",
    ] {
      #expect(output.contains(type), "\(type)")
    }
  }

  @Test("how lines are cut into batches, and on how many threads texts are matched") func batching() throws {
    for seed in seeds {
      let tape = StoryMaker.tape(seed: seed, count: 150)
      let whole = try play([tape])
      #expect(try play(tape.map { [$0] }) == whole)
      #expect(try play([Array(tape.prefix(40)), Array(tape.dropFirst(40))], threads: 3) == whole)
    }
  }

  @Test("working out also what nothing can come of") func working() throws {
    for seed in seeds {
      let tape = StoryMaker.tape(seed: seed, count: 150)
      #expect(try play([tape], keepsEveryMatch: true) == play([tape]))
    }
  }

  @Test("extra ticks between the lines") func ticks() throws {
    for seed in seeds {
      let tape = StoryMaker.tape(seed: seed, count: 150)
      var random = SeededGenerator(seed: seed)
      var ticked: [TapeLine] = []
      for (line, next) in zip(tape, tape.dropFirst().map(\.at) + [tape[tape.count - 1].at]) {
        ticked.append(line)
        for _ in 0..<Int.random(in: 0...2, using: &random) {
          let gap = max(0, (next - line.at).milliseconds)
          ticked.append(.tick(at: line.at + Span(milliseconds: Int64.random(in: 0...gap, using: &random))))
        }
      }
      #expect(try play([ticked]) == play([tape]))
    }
  }

  @Test("a restart after any line") func restart() throws {
    for seed in seeds.prefix(2) {
      let tape = StoryMaker.tape(seed: seed, count: 80)
      let whole = try play([tape])
      for split in 1..<tape.count {
        let store = MemoryStore()
        let first = try engine()
        var output: [String] = []
        // Every line is a step, so that what one step forgets to write is missing later.
        for line in tape.prefix(split) {
          first.handle([line])
          output += StoryMaker.lines(first.takeEvents())
          var step = Step(now: line.at)
          step.tape = [StoryMaker.row(line)]
          step.records = first.takeChanges()
          try store.commit(step)
        }
        let second = try engine()
        try second.restore(from: store)
        second.handle(Array(tape.dropFirst(split)))
        second.advance(through: end(tape))
        output += StoryMaker.lines(second.takeEvents())
        if output != whole {
          let index = zip(output, whole).prefix { $0 == $1 }.count
          Issue.record(
            """
            seed \(seed), after line \(split): \(output.count) events for \(whole.count)
            \(output.dropFirst(index).first ?? "nothing")
            \(whole.dropFirst(index).first ?? "nothing")
            """)
          break
        }
      }
    }
  }
}

extension StoryMaker {
  fileprivate static func row(_ line: TapeLine) -> TapeRow {
    switch line {
    case .item(let at, let item): TapeRow(at: at, kind: "item", source: item.source, id: item.id, json: "{}")
    case .comment(let at, let comment):
      TapeRow(at: at, kind: "comment", source: comment.source, id: comment.id, json: "{}")
    default: TapeRow(at: line.at, kind: "tick", source: "", id: "", json: "{}")
    }
  }
}
