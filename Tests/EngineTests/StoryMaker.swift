import Alerting
import Engine
import JSON
import Model
import Monitor
import Rules
import TestSupport
import Testing

/// Rules of both kinds and random tapes that use everything a tape can hold.
enum StoryMaker {
  static let start = Moment(milliseconds: 1_772_431_200_000)  // 2026-03-02T06:00:00Z

  static func rules() throws -> [Rule] {
    let set = RuleLoader.load(texts: [("t.rules.yaml", Array(file.utf8))], types: Registry.ruleTypes)
    try #require(!set.hasErrors, "\(set.diagnostics)")
    return set.rules
  }

  private static let file = """
    format: 1
    defaults: { sla: { acknowledge: 5m, respond: 20m, hard: 40m } }
    terms:
      debunk: { any: [фейк] }
    rules:
      - id: claim.dam
        type: claim
        status: deprecated
        narrative: dam
        key: [narrative, region]
        keep_firing: 30m
        reopen_within: 40m
        realert: { every: 3m, max: 10m, while: unanswered }
        escalate: [{ after: 4m, if: unacknowledged, to: lead }, { before_deadline: 6m, if: unanswered, to: head, level: siren }]
        severity_by: [{ when: { items: { gte: 2 } }, set: critical }]
        terms:
          breach: { near: [дамба, прорвать], within: 3, weight: 5 }
          panic: { any: [эвакуация], weight: 2 }
        match: breach and score >= 6
        unless: [{ term: debunk, then: refutation }]
      - id: claim.remark
        type: claim
        stream: comment
        narrative: water
        key: [source]
        status: deprecated
        active: { from: "06:10", to: "06:40" }
        terms: { water: { any: [вода], weight: 1 } }
        match: score >= 1
        sla: { acknowledge: 5m, respond: 10m, hard: 20m, from: published }
      - id: volume.comments
        type: spike
        stream: comment
        per: [narrative, region]
        window: 15m
        step: 5m
        baseline: { season: none, lookback: 2h, min_samples: 2, cold: previous-24h }
        fire: { count: { gte: 5 }, ratio: { gte: 2 }, authors: { gte: 3 } }
        clear: { ratio: { lt: 1.5 }, for: 10m }
        lateness: 10m
      - id: volume.items
        type: spike
        stream: item
        per: [region]
        window: 10m
        step: 5m
        baseline: { season: hour, lookback: 3d, min_samples: 3 }
        fire: { count: { gte: 4 } }
      - { id: often.water, type: frequency, stream: comment, per: [region], count: { gte: 5 }, within: 9m }
      - { id: voices.many, type: cardinality, stream: comment, of: author, per: [narrative], count: { gt: 3 }, within: 6m }
      - { id: tags.many, type: cardinality, of: hashtag, count: { gte: 2 }, within: 3m, key: [region] }
      - { id: denial, type: claim, key: [region], keep_firing: 5m, terms: { t: { any: [фейк] } }, match: t }
      - id: both
        type: correlate
        status: deprecated
        all: [{ rule: claim.dam, as: claim }, { rule: often.water, as: often }]
        none: [{ rule: denial, after: often }]
        same: [region]
        within: 50m
        wait: 1m
        absorb: [claim]
        keep_firing: 15m
        reopen_within: 20m
      - id: all
        type: correlate
        all: [{ rule: both }, { rule: missing }]
        same: [region]
        within: 1h
      - id: missing
        type: absence
        after: { alert: "claim.d*" }
        expect: { rule: denial, same: [region] }
        within: 7m
        when_met: { set: responded }
        keep_firing: 9m
      - id: silent
        type: absence
        per: [region]
        expect: { count: { gte: 2 } }
        within: 6m
        active: { from: "06:20", to: "08:30" }
        baseline_guard: { usual_per_window: { gte: 0.5 } }
        forget_after: 15m
      - id: silent.source
        type: absence
        per: [source]
        expect: { count: { gte: 1 } }
        within: 4m
      - { id: new.tag, type: new-term, of: hashtag, per: [region], learn: 10m, forget_after: 30m, keep_firing: 8m }
    """

  static let history = [
    HistoryLine(
      series: ["region": "R1"], bucket: .minutes(15), start: start - .days(3) - .hours(1),
      counts: Array(repeating: 2, count: 400)),
    HistoryLine(
      series: ["narrative": "dam", "region": "R1"], bucket: .minutes(15), start: start - .hours(3),
      counts: Array(repeating: 2, count: 12)),
  ]

  static func tape(seed: UInt64, count: Int) -> [TapeLine] {
    var random = SeededGenerator(seed: seed)
    let words = ["дамба", "дамбу", "прорвать", "эвакуация", "фейк", "вода", "город", "сегодня", "#город", "#вода"]
    let gaps: [Int64] = [0, 0, 1, 500, 30_000, 60_000, 137_000, 300_000]
    func text() -> String {
      (0..<Int.random(in: 2...6, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
        .joined(separator: " ")
    }
    var at = start
    var total = 0
    return (0..<count).map { number in
      at = at + Span(milliseconds: gaps.randomElement(using: &random) ?? 0)
      if Int.random(in: 0..<8, using: &random) == 0 {
        // Exactly on a step.
        at = at + Span(milliseconds: 300_000 - at.milliseconds % 300_000)
      }
      let late = Span(milliseconds: [0, 0, 0, 60_000, 400_000, 600_000, 600_001].randomElement(using: &random) ?? 0)
      let region = Bool.random(using: &random) ? "R1" : "R2"
      switch Int.random(in: 0..<26, using: &random) {
      case 0..<5:
        let id = "i\(Int.random(in: 0...number, using: &random))"
        return .item(
          at: at, Publication(id: id, source: "s", region: region, title: text(), body: text(), published: at - late))
      case 5..<18:
        let item = "i\(Int.random(in: 0...number, using: &random))"
        let narrative = [nil, "dam", "dam", "water"].randomElement(using: &random) ?? nil
        let author = AuthorKey(UInt64.random(in: 0...6, using: &random))
        return .comment(
          at: at,
          Comment(
            id: "c\(number)", source: "s", item: item, region: region, narrative: narrative, author: author,
            text: text(), published: at - late))
      case 18..<20:
        total += Int.random(in: -3...9, using: &random)
        total = max(0, total)
        return .total(at: at, Total(source: "s", item: "i0", comments: total))
      case 20: return .fetch(at: at, Fetch(source: "s", status: Bool.random(using: &random) ? 200 : 503))
      case 21:
        return .fire(
          at: at,
          Fire(rule: Bool.random(using: &random) ? "claim.dam" : "denial", key: ["region": region, "narrative": "dam"]))
      case 22..<25: return .act(at: at, act(region, using: &random))
      default: return .tick(at: at)
      }
    }
  }

  /// What an officer may do, refused or not.
  private static func act(_ region: String, using random: inout SeededGenerator) -> Act {
    let acts: [(verb: String, members: String)] = [
      ("acknowledge", #""for":"2m","by":"one""#), ("acknowledge", #""by":"two","note":"смотрю""#),
      ("answer", #""by":"one""#),
      ("respond", #""url":"https://a.example/1""#), ("respond", ""), ("close", #""reason":"noise""#),
      ("close", #""reason":"confirmed-fake""#), ("reopen", #""by":"two""#),
      ("silence", #""for":"5m","match":{"region":"\#(region)"},"unless":{"growth":{"gte":2}}"#),
      ("silence", #""until":"cleared","match":{"rule":"claim.*"},"unless":{"severity":"critical"}"#),
      ("silence", #""for":"9d","match":{"narrative":"dam"}"#), ("unsilence", #""match":{"region":"\#(region)"}"#),
    ]
    let (verb, members) = acts.randomElement(using: &random) ?? ("acknowledge", "")
    let alert = #""alert":{"rule":"claim.dam","key":{"narrative":"dam","region":"\#(region)"}}"#
    let more = [verb.hasSuffix("silence") ? "" : alert, members].filter { !$0.isEmpty }.map { "," + $0 }.joined()
    return Act(verb: verb, json: #"{"kind":"act","do":"\#(verb)"\#(more)}"#)
  }

  /// The events as they would be printed.
  static func lines(_ events: [Event]) -> [String] { events.map { JSONValue.object($0.json).serialized } }
}
