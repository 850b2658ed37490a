import Counting
import Glibc
import Model
import Rules
import YAML

/// What series cost: a step of many with an event in each, and the memory of one.
struct SeriesBench {
  private struct Row {
    var series: Int
    var detectorStep: Double
    var evaluatorStep: Double
    var detectorBytes: Double
    var evaluatorBytes: Double
    var stored: Int
  }

  static func run() throws {
    print(
      "| series | a step of all, detectors | an event | a step through the rule, an event each | an event | memory, detector | with its counts and texts | record |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for count in [1000, 10_000, 100_000] {
      let row = try measured(count)
      func micro(_ seconds: Double) -> String { SeriesBench.fixed(seconds / Double(row.series) * 1e6, 2) + " µs" }
      print(
        "| \(row.series) | \(fixed(row.detectorStep, 3)) s | \(micro(row.detectorStep)) | \(fixed(row.evaluatorStep, 3)) s "
          + "| \(micro(row.evaluatorStep)) | \(Int(row.detectorBytes)) B | \(Int(row.evaluatorBytes)) B | \(row.stored) B |"
      )
    }
  }

  private static func measured(_ count: Int) throws -> Row {
    // Detectors alone, each with a day behind it.
    let empty = Machine.resident
    var detectors = [VolumeDetector](repeating: VolumeDetector(), count: count)
    var random: UInt64 = 42
    func next() -> UInt64 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return random >> 33
    }
    for bucket in 0..<4 {
      for index in detectors.indices {
        detectors[index].take(Double(next() % 4), hour: Double(bucket) / 12, weekday: 0)
      }
    }
    let detectorBytes = Double(Machine.resident - empty) / Double(count)
    var sum = 0.0
    let detectorStep = best {
      for index in detectors.indices { sum += detectors[index].take(Double(next() % 4), hour: 0.5, weekday: 0).rarity }
    }
    let stored = detectors[0].bytes
    guard VolumeDetector(bytes: stored)?.bytes == stored, sum.isFinite else {
      throw BenchError.failed("a detector does not go on from its bytes")
    }
    detectors = []

    // The same through a rule: an event in each series, then the step that judges all of them.
    let rule = try SeriesBench.rule()
    let before = Machine.resident
    let evaluator = rule.body.makeEvaluator(for: rule)
    let start = Moment(milliseconds: 1_772_438_400_000)
    evaluator.coverageBegins(at: start)
    var effects = Effects()
    var evaluatorStep = Double.infinity
    let keys = (0..<count).map { "t\($0)" }
    for step in 0..<6 {
      let seconds = elapsed {
        let at = start + .minutes(Int64(step) * 5 + 2)
        for key in keys {
          var fields = EventFields()
          fields.narrative = key
          fields.region = "R1"
          fields.source = "s"
          let content = Content(id: key, source: "s", url: nil, published: at)
          evaluator.observe(
            Observation(
              subject: .comment, now: at, eventTime: at, fields: fields, narratives: [key], author: AuthorKey(next()),
              content: content), &effects)
        }
        let due = start + .minutes(Int64(step + 1) * 5)
        let wakes = effects.list
        effects.removeAll()
        for case .wake(let key, let moment) in wakes where moment <= due {
          evaluator.wake(key: key, at: moment, &effects)
        }
      }
      if step > 0 { evaluatorStep = min(evaluatorStep, seconds) }
    }
    let evaluatorBytes = Double(Machine.resident - before) / Double(count)
    _ = evaluator.takeChanges()
    return Row(
      series: count, detectorStep: detectorStep, evaluatorStep: evaluatorStep, detectorBytes: detectorBytes,
      evaluatorBytes: evaluatorBytes, stored: stored.count)
  }

  private static func rule() throws -> Rule {
    let text = """
      format: 1
      rules:
        - id: v
          type: spike
          stream: comment
          per: [narrative, region]
          window: 1h
          fire: { rarity: { gte: 2.4 }, count: { gte: 10 }, authors: { gte: 5 } }
          clear: { count: { lt: 10 } }
      """
    let set = RuleLoader.load(texts: [("bench.rules.yaml", Array(text.utf8))], types: [.spike])
    guard let rule = set.rules.first else { throw BenchError.failed("\(set.diagnostics)") }
    return rule
  }

  private static func best(_ body: () -> Void) -> Double { (0..<5).map { _ in elapsed(body) }.min() ?? 0 }

  private static func elapsed(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  static func fixed(_ value: Double, _ places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let whole = Int((value * scale).rounded())
    let digits = String(whole % Int(scale))
    return "\(whole / Int(scale))." + String(repeating: "0", count: places - digits.count) + digits
  }
}
