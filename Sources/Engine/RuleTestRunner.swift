import Alerting
import JSON
package import Model
package import Rules
package import Text

/// Runs the tests embedded in rules: the same engine, on a virtual clock.
package struct RuleTestRunner {
  /// One thing that an expectation wanted otherwise.
  package struct Failure: Sendable, Hashable {
    package var place: Place
    /// The offset from the test's start.
    package var at: Span
    /// `alerts`, `score`, `near_miss.missing` …
    package var name: String
    package var expected: String
    package var actual: String
  }

  private let rules: [Rule]
  private let lexicon: Lexicon?
  private let settings: EngineSettings
  /// Whether a rule joins or answers alerts of others.
  private let rulesMeet: Bool
  private let prepared = Prepared()

  /// What the tests of one rule run with, compiled once for all of them.
  private final class Prepared {
    var all: MatchPool?
    var alone: (rule: Rule, pool: MatchPool)?
  }

  /// - Parameter rules: those that run together: the rules of the tested rule's file.
  package init(rules: [Rule], lexicon: Lexicon?, settings: EngineSettings = EngineSettings()) {
    self.rules = rules
    rulesMeet = rules.contains { !["claim", "spike"].contains($0.type) }
    self.lexicon = lexicon
    var settings = settings
    settings.keepsEveryMatch = true
    self.settings = settings
  }

  /// What the test wanted otherwise; empty when it passes.
  package func run(_ test: RuleTest, of rule: Rule) -> [Failure] { run(test, of: rule) { _ in } }

  /// The figures of a rule that counts, as they stood after each line and at each expectation of a test.
  func measures(_ test: RuleTest, of rule: Rule) -> [Measure] {
    var measures: [Measure] = []
    _ = run(test, of: rule) { engine in if let measure = engine.lastMeasure(of: rule.id) { measures.append(measure) } }
    return measures
  }

  private func run(_ test: RuleTest, of rule: Rule, look: (Engine) -> Void) -> [Failure] {
    let engine = engine(for: test, of: rule)
    let start = test.now ?? RuleTestRunner.usualStart(zone: rule.timezone)
    if let history = test.history {
      let series = Key(history.series.map { ($0.key, $0.value) })
      for evaluator in engine.evaluators { evaluator.preload(sameSlot: history.counts, series: series) }
    }
    var lines = RuleTestRunner.lines(test.given, start: start)[...]
    var record = Record(rule: rule)
    var failures: [Failure] = []
    for expectation in test.expect.sorted(by: { $0.at < $1.at }) {
      let until = start + expectation.at
      let due = lines.prefix { $0.at <= until }
      lines = lines.dropFirst(due.count)
      for line in due {
        if case .item = line { record.sawText = true }
        engine.handle([line])
        record.note(engine.takeEvents())
        look(engine)
      }
      engine.advance(through: until)
      record.note(engine.takeEvents())
      look(engine)
      failures += compare(expectation, engine, record)
    }
    return failures
  }

  /// An engine with the rules that can bear on the test.
  ///
  /// What a claim makes of a text is its own business as long as no rule joins or answers alerts of others.
  private func engine(for test: RuleTest, of rule: Rule) -> Engine {
    let isAlone =
      rule.type == "claim" && !rulesMeet
      && test.given.allSatisfy { given in if case .fire(_, let fire) = given { fire.rule == rule.id } else { true } }
    guard isAlone else {
      let pool = prepared.all ?? pool(for: rules)
      prepared.all = pool
      return Engine(rules: rules, settings: settings, pool: pool)
    }
    if let alone = prepared.alone, alone.rule.id == rule.id {
      return Engine(rules: [alone.rule], settings: settings, pool: alone.pool)
    }
    let rule = rules.first { $0.id == rule.id } ?? rule
    let pool = pool(for: [rule])
    prepared.alone = (rule, pool)
    return Engine(rules: [rule], settings: settings, pool: pool)
  }

  private func pool(for rules: [Rule]) -> MatchPool {
    MatchPool(rules: rules, lexicon: lexicon, threads: max(1, settings.threads), keepsAll: settings.keepsEveryMatch)
  }

  /// Monday 2026-03-02T09:00 by the clocks of the zone.
  private static func usualStart(zone: String) -> Moment {
    let wall = CivilDate(year: 2026, month: 3, day: 2).daysSinceEpoch * 86_400_000 + 9 * 3_600_000
    return (LocalTime(zone: zone) ?? .utc).moment(atWall: wall)
  }

  /// What the tests compare with, gathered from events.
  private struct Record {
    let rule: Rule
    var sawText = false
    var fired = 0
    var refutations = 0
    var nearMisses: [(score: Double?, missing: String)] = []

    init(rule: Rule) { self.rule = rule }

    mutating func note(_ events: [Event]) {
      for event in events {
        guard let data = event.json["data"] else { continue }
        switch event.type {
        case "alert.fired": fired += data["rule"]?["id"]?.string == rule.id ? 1 : 0
        case "note.refutation": refutations += data["rule"]?.string == rule.id ? 1 : 0
        case "note.near_miss" where data["rule"]?.string == rule.id:
          nearMisses.append((data["score"]?.number, data["missing"]?.string ?? ""))
        default: break
        }
      }
    }
  }

  private func compare(_ wanted: RuleTest.Expectation, _ engine: Engine, _ record: Record) -> [Failure] {
    var failures: [Failure] = []
    func check(_ name: String, _ expected: String?, _ actual: String) {
      guard let expected, expected != actual else { return }
      failures.append(
        Failure(place: wanted.place, at: wanted.at, name: name, expected: expected, actual: actual))
    }
    let alert = engine.latestAlert { $0 == record.rule.id }
    let measure = engine.lastMeasure(of: record.rule.id)
    check("alerts", wanted.alerts.map(String.init), String(record.fired))
    check("refutations", wanted.refutations.map(String.init), String(record.refutations))
    check("state", wanted.state, alert?.condition.rawValue ?? "no alert")
    check("work", wanted.work, alert?.work.rawValue ?? "no alert")
    let parent = wanted.parentWork.flatMap { _ in engine.latestAlert { record.rule.body.isParent($0) } }
    check("parent_work", wanted.parentWork, parent?.work.rawValue ?? "no alert")
    check("severity", wanted.severity, alert?.severity.rawValue ?? "no alert")
    check("evidence", wanted.evidence.map(list), alert.map { list($0.evidence.map(\.id)) } ?? "no alert")
    for (name, value) in (wanted.key ?? [:]).sorted(by: { $0.key < $1.key }) {
      check("key.\(name)", value, alert.map { $0.key[name] ?? "absent" } ?? "no alert")
    }
    let score = measure?.score ?? (record.sawText ? 0 : nil)
    for (name, number, actual) in [
      ("score", wanted.score, score), ("ratio", wanted.ratio, measure?.ratio), ("z", wanted.z, measure?.z),
    ] {
      check(name, number, RuleTestRunner.rounded(actual, as: number))
    }
    if let nearMiss = wanted.nearMiss {
      let isMet = record.nearMisses.contains { miss in
        (nearMiss.missing.map { miss.missing.contains($0) } ?? true)
          && (nearMiss.score.map { $0 == RuleTestRunner.rounded(miss.score, as: $0) } ?? true)
      }
      let expected = [nearMiss.score.map { "score \($0)" }, nearMiss.missing].compactMap { $0 }.joined(separator: ", ")
      let actual = record.nearMisses.map { miss in
        [miss.score.map { "score \(RuleTestRunner.rounded($0, as: nil))" }, miss.missing].compactMap { $0 }
          .joined(separator: ", ")
      }
      if !isMet {
        check("near_miss", expected.isEmpty ? "any" : expected, actual.isEmpty ? "none" : list(actual))
      }
    }
    return failures
  }

  private func list(_ values: [String]) -> String { "[\(values.joined(separator: ", "))]" }

  /// The number with as many decimals as the pattern has; `-` without a number.
  static func rounded(_ value: Double?, as pattern: String?) -> String {
    guard let value else { return "—" }
    guard let pattern else { return JSONValue.number(value).serialized }
    let decimals = pattern.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first?.count ?? 0
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let whole = (abs(value) * scale).rounded()
    guard whole < 9e15 else { return JSONValue.number(value).serialized }
    let digits = Int64(whole)
    let sign = value < 0 && digits > 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(digits)" }
    let fraction = String(digits % Int64(scale))
    return "\(sign)\(digits / Int64(scale))." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// The given events as tape lines, in the order of their arrival.
  private static func lines(_ given: [RuleTest.Given], start: Moment) -> [TapeLine] {
    var lines: [TapeLine] = []
    for (index, entry) in given.enumerated() {
      switch entry {
      case .item(let at, let published, var item):
        item.published = start + (published ?? at)
        lines.append(.item(at: start + at, item))
      case .comment(let at, let published, var comment):
        comment.published = start + (published ?? at)
        lines.append(.comment(at: start + at, comment))
      case .comments(let from, let to, let count, let authors, let template):
        for number in 0..<count {
          let offset = (to.milliseconds - from.milliseconds) * Int64(2 * number + 1) / Int64(2 * count)
          let at = start + from + Span(milliseconds: offset)
          var comment = template
          comment.id = "\(index)-\(number)"
          comment.author = AuthorKey(UInt64(number % max(1, authors)))
          comment.published = at
          lines.append(.comment(at: at, comment))
        }
      case .total(let at, let total): lines.append(.total(at: start + at, total))
      case .fetch(let at, let fetch): lines.append(.fetch(at: start + at, fetch))
      case .fire(let at, let fire): lines.append(.fire(at: start + at, fire))
      case .act(let at, let act): lines.append(.act(at: start + at, act))
      case .tick(let at): lines.append(.tick(at: start + at))
      case .rules(let at, let set): lines.append(.rules(at: start + at, set: set))
      }
    }
    // Sorting must keep the order of lines of one instant.
    return lines.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }
}

extension Engine {
  /// The alert raised last by one of the rules with such ids.
  func latestAlert(ofRule isMeant: (String) -> Bool) -> Alert? {
    book.alerts.values.filter { isMeant($0.rule) }
      .max { ($0.detected, $0.episode, $0.id) < ($1.detected, $1.episode, $1.id) }
  }

  func lastMeasure(of rule: String) -> Measure? {
    rules.firstIndex { $0.id == rule }.flatMap { evaluators[$0].lastMeasure }
  }
}
