import Model
import Rules
import Text

/// One rule over the hits of one text.
struct RuleEvaluation {
  /// A hit of a term: the span from its first to its last token.
  typealias Span = Matcher.Hit

  /// What is known of one term in the text at hand.
  struct TermState: BitwiseCopyable {
    /// Range in the matcher's spans; −1 hits are not looked for yet.
    var start: Int32 = 0
    var count: Int32 = -1
    /// Why a `near` term did not hit though both sides stand in one field.
    var nearly = Nearly.not
    /// The largest factor among the fields where it nearly hit.
    var factor = 0.0

    var range: Range<Int> { Int(start)..<Int(start) + max(0, Int(count)) }
  }

  enum Nearly: UInt8, BitwiseCopyable { case not, tooFar, otherSentence }

  let rule: CompiledClaims.CompiledRule
  let matcher: Matcher
  private let at: Moment?
  /// The matcher's rooms: what earlier rules left in them is overwritten.
  let spans: Scratch<Span>
  let states: Scratch<TermState>

  init(rule: CompiledClaims.CompiledRule, matcher: Matcher, at: Moment?) {
    self.at = at
    self.rule = rule
    self.matcher = matcher
    spans = matcher.spans
    states = matcher.states
    spans.removeAll()
    states.removeAll()
    for _ in 0..<rule.names.count { states.append(TermState()) }
  }

  /// nil where there is nothing to say: `match` does not hold, with or without the score, and nothing came near.
  func match(keepsAll: Bool) -> Match? {
    var score = 0.0
    for index in rule.scores.indices where rule.scores[index] {
      score += contribution(of: index, spans: termSpans(index))
    }
    score = RuleEvaluation.quantised(score)
    let holdsWithoutScore = holds(score: score, scoreHolds: true)
    if holds(score: score) {
      let (outcome, labels) = outcome()
      var match = Match(
        rule: rule.index, score: score, threshold: rule.threshold, outcome: outcome,
        holdsWithoutScore: holdsWithoutScore, nearMiss: nil, why: reasons())
      match.labels = labels
      if keepsAll { match.account = account(score: score) }
      return match
    }
    let missing = nearMiss(score: score)
    guard missing != nil || holdsWithoutScore || keepsAll else { return nil }
    var match = Match(
      rule: rule.index, score: score, threshold: rule.threshold, outcome: .none,
      holdsWithoutScore: holdsWithoutScore, nearMiss: missing, why: missing == nil && !keepsAll ? [] : reasons())
    if keepsAll { match.account = account(score: score) }
    return match
  }

  private func account(score: Double) -> MatchAccount {
    let positive = positive
    let sentences = sentences(of: positive)
    return MatchAccount(
      clauses: zip(rule.writtenClauses, rule.condition.clauses).map {
        .init(text: $0, holds: holds(score: score, clause: $1))
      },
      terms: rule.names.indices.map { index in
        let found = termSpans(index)
        return .init(
          name: rule.names[index], hits: found.range.count,
          adds: rule.scores[index] ? contribution(of: index, spans: found) : 0,
          nearly: found.range.isEmpty ? missing(index) : nil)
      },
      exceptions: rule.exceptions.map { applies($0, positive, sentences) })
  }

  static func quantised(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

  /// weight × min(hits, cap) × the largest factor among the fields where the term hit.
  private func contribution(of index: Int, spans: SortedHits) -> Double {
    guard let first = spans.first else { return 0 }
    var factor = rule.factors[Int(first.field)]
    for index in spans.range.dropFirst() { factor = max(factor, rule.factors[Int(spans[index].field)]) }
    return rule.weights[index] * Double(min(spans.range.count, rule.caps[index])) * factor
  }

  private func holds(score: Double, scoreHolds: Bool? = nil, clause: Int = 0, pretendHit pretended: Int = -1) -> Bool {
    let states = states
    return rule.condition.holds(score: score, scoreHolds: scoreHolds, clause: clause) { term in
      term == pretended ? 1 : max(0, Int(states[term].count))
    }
  }

  /// Which clause a `near` term breaks by a little; nil where it does not.
  private func missing(_ term: Int) -> String? {
    switch states[term].nearly {
    case .not: nil
    case .otherSentence: "\(rule.names[term]) sentence"
    case .tooFar:
      if case .near(_, _, let within, _, _) = rule.bodies[term] { "\(rule.names[term]) within: \(within)" } else { nil }
    }
  }

  private func nearMiss(score: Double) -> String? {
    let clauses = rule.condition.clauses
    var failing = -1
    var count = 0
    for index in clauses.indices where !holds(score: score, clause: clauses[index]) {
      if count == 0 { failing = index }
      count += 1
    }
    if clauses.count > 1, count == 1, rule.isComparison[failing] { return rule.writtenClauses[failing] }
    for index in rule.scores.indices where rule.scores[index] && states[index].nearly != .not {
      let raised = RuleEvaluation.quantised(score + rule.weights[index] * states[index].factor)
      if holds(score: raised, pretendHit: index) { return missing(index) }
    }
    if let threshold = rule.threshold, threshold > 0, score >= RuleEvaluation.quantised(0.6 * threshold) {
      return failing < 0 ? nil : rule.writtenClauses[failing]
    }
    return nil
  }

  private var positive: [SortedHits] { rule.positive.map { SortedHits(spans, states[$0].range) } }

  /// What the exceptions, tried in order, make of a match.
  private func outcome() -> (Match.Outcome, labels: [String]) {
    guard rule.cues.contains(where: { mayApply($0) }) else { return (.fire, []) }
    let positive = positive
    var labels: [String] = []
    let sentences = sentences(of: positive)
    for exception in rule.exceptions where applies(exception, positive, sentences) {
      switch exception.outcome {
      case .drop: return (.drop, [])
      case .refutation: return (.refutation, [])
      case .label(let name): if !labels.contains(name) { labels.append(name) }
      }
    }
    return (.fire, labels)
  }

  /// Whether the exception's words stand in the text at all.
  private func mayApply(_ cue: (slot: Int, term: Int)) -> Bool {
    if cue.slot >= 0 { return matcher.hasHits(slot: cue.slot) }
    return cue.term >= 0 && !termSpans(cue.term).range.isEmpty
  }

  /// The sentences that hold what matched; empty where no exception asks for them.
  private func sentences(of positive: [SortedHits]) -> Set<[Int32]> {
    var sentences: Set<[Int32]> = []
    guard rule.exceptions.contains(where: { $0.scope == .sentence }) else { return sentences }
    for hits in positive {
      for index in hits.range {
        let span = hits[index]
        for number in matcher.sentence(span.field, span.first)...matcher.sentence(span.field, span.last) {
          sentences.insert([span.field, number])
        }
      }
    }
    return sentences
  }

  private func applies(
    _ exception: CompiledClaims.CompiledException, _ positive: [SortedHits], _ sentences: Set<[Int32]>
  ) -> Bool {
    if let until = exception.until, let at, until.clocks.date(of: at) > until.date { return false }
    let cues: SortedHits
    if let term = exception.term {
      cues = termSpans(term)
    } else if let slot = exception.slot {
      cues = slotHits(slot)
    } else {
      return false
    }
    return cues.range.contains { index in
      let cue = cues[index]
      return switch exception.scope {
      case .document: true
      case .title: cue.field == 0
      case .sentence: sentences.contains([cue.field, matcher.sentence(cue.field, cue.first)])
      case .near(let within): isNear(cue, positive, within: Int32(within))
      }
    }
  }

  private func isNear(_ cue: Span, _ positive: [SortedHits], within: Int32) -> Bool {
    positive.contains { hits in
      let range = hits.range(
        field: cue.field, from: cue.first - within, through: cue.last + within, reach: hits.reach)
      return range.contains { index in
        let span = hits[index]
        guard span.field == cue.field else { return false }
        let distance = cue.first > span.last ? cue.first - span.last : max(0, span.first - cue.last)
        return distance <= within
      }
    }
  }

  private func reasons() -> [Reason] {
    var reasons: [Reason] = []
    reasons.reserveCapacity(rule.names.count)
    for index in rule.names.indices where rule.scores[index] && states[index].count > 0 {
      let span = spans[Int(states[index].start)]
      reasons.append(
        Reason(
          term: rule.names[index], weight: rule.weights[index], field: TextFields.names[Int(span.field)],
          text: matcher.text(span),
          folds: span.foldings.isEmpty
            ? [] : Foldings.names.filter { span.foldings.contains($0.folding) }.map(\.name)))
    }
    return reasons
  }
}
