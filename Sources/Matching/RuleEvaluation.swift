import Model
import Rules
import Text

/// One rule over the hits of one text.
struct RuleEvaluation {
  /// A hit of a term: the span from its first to its last token.
  private typealias Span = Matcher.Hit

  /// Why a `near` term did not hit though both sides stand in one field.
  private enum Nearly {
    case tooFar(within: Int)
    case otherSentence

    func written(_ term: String) -> String {
      switch self {
      case .tooFar(let within): "\(term) within: \(within)"
      case .otherSentence: "\(term) sentence"
      }
    }
  }

  private let rule: CompiledClaims.CompiledRule
  private let matcher: Matcher
  private let at: Moment?
  private var spans: [[Span]?]
  private var nearly: [Int: (reason: Nearly, factor: Double)] = [:]

  init(rule: CompiledClaims.CompiledRule, matcher: Matcher, at: Moment?) {
    self.at = at
    self.rule = rule
    self.matcher = matcher
    spans = Array(repeating: nil, count: rule.terms.count)
  }

  /// nil where there is nothing to say: `match` does not hold, with or without the score, and nothing came near.
  mutating func match(keepsAll: Bool) -> Match? {
    var score = 0.0
    for index in rule.terms.indices where rule.scores[index] {
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

  private mutating func account(score: Double) -> MatchAccount {
    let positive = rule.positive.map { SortedHits(spans[$0] ?? []) }
    let sentences = sentences(of: positive)
    return MatchAccount(
      clauses: rule.clauses.map { .init(text: $0.written.written, holds: holds(score: score, $0.compiled)) },
      terms: rule.terms.indices.map { index in
        let found = termSpans(index)
        let name = rule.terms[index].term.name
        return .init(
          name: name, hits: found.count, adds: rule.scores[index] ? contribution(of: index, spans: found) : 0,
          nearly: found.isEmpty ? nearly[index]?.reason.written(name) : nil)
      },
      exceptions: rule.exceptions.map { applies($0, positive, sentences) })
  }

  static func quantised(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

  /// weight × min(hits, cap) × the largest factor among the fields where the term hit.
  private func contribution(of index: Int, spans: [Span]) -> Double {
    guard let factor = spans.map({ rule.factors[Int($0.field)] }).max() else { return 0 }
    let term = rule.terms[index].term
    return term.weight * Double(min(spans.count, term.cap)) * factor
  }

  private func holds(
    score: Double, scoreHolds: Bool? = nil, pretendHit pretended: Int? = nil, _ condition: CompiledMatch? = nil
  ) -> Bool {
    (condition ?? rule.match).holds(
      score: score, hits: { $0 == pretended ? 1 : spans[$0]?.count ?? 0 }, scoreHolds: scoreHolds)
  }

  private mutating func termSpans(_ index: Int) -> [Span] {
    if let known = spans[index] { return known }
    let term = rule.terms[index]
    var found: [Span]
    switch term.body {
    case .any(let slot): found = slotHits(slot)
    case .all(let slots): found = first(ofAll: slots)
    case .near(let left, let right, let within, let inOrder, let span):
      found = pairs(
        slotHits(left), slotHits(right), within: within, inOrder: inOrder, span: span, term: index)
    }
    if let notAfter = term.notAfter, !found.isEmpty {
      let cancelling = SortedHits(matcher.hits(ofSlot: notAfter.slot))
      let within = Int32(notAfter.within)
      found.removeAll { span in
        cancelling.around(field: span.field, from: span.first - within, through: span.first).contains { cue in
          cue.field == span.field && cue.last < span.first && span.first - cue.last <= within
            && sentence(cue.field, cue.last) == sentence(span.field, span.first)
        }
      }
    }
    spans[index] = found
    return found
  }

  /// In each field where every entry stands, the first hit of the first entry: fields never join.
  private func first(ofAll slots: [Int]) -> [Span] {
    let entries = slots.map(slotHits)
    guard let leading = entries.first else { return [] }
    return TextFields.names.indices.compactMap { field in
      let isComplete = entries.allSatisfy { hits in hits.contains { $0.field == Int32(field) } }
      return isComplete ? leading.first { $0.field == Int32(field) } : nil
    }
  }

  /// The slot's hits in fields that are not switched off.
  private func slotHits(_ slot: Int) -> [Span] {
    matcher.hits(ofSlot: slot).filter { rule.factors[Int($0.field)] != 0 }
  }

  private func sentence(_ field: Int32, _ token: Int32) -> Int32 { matcher.token(field, token).sentence }

  /// Pairs from left to right; a token used once is not used again.
  private mutating func pairs(
    _ left: [Span], _ right: [Span], within: Int, inOrder: Bool, span: Term.NearSpan, term: Int
  ) -> [Span] {
    var pairs: [Span] = []
    var used: Set<[Int32]> = []
    var failure: (reason: Nearly, factor: Double)?
    func isFree(_ span: Span) -> Bool { (span.first...span.last).allSatisfy { !used.contains([span.field, $0]) } }
    let within = Int32(within)
    let partners = SortedHits(right)
    func fail(_ one: Span, _ reason: Nearly) {
      // The nearer miss is the one to name: another sentence rather than too far.
      let factor = max(failure?.factor ?? 0, rule.factors[Int(one.field)])
      if case .otherSentence? = failure?.reason {
        failure = (.otherSentence, factor)
      } else {
        failure = (reason, factor)
      }
    }
    for one in left {
      let near = partners.range(field: one.field, from: one.first - within, through: one.last + within)
      if partners.has(near.upperBound, in: one.field) || !inOrder && partners.has(near.lowerBound - 1, in: one.field) {
        fail(one, .tooFar(within: Int(within)))
      }
      for other in partners.hits[near] {
        // One token cannot be both sides.
        guard one.last < other.first || other.last < one.first else { continue }
        if inOrder, other.first < one.first { continue }
        let distance = one.last < other.first ? other.first - one.last : one.first - other.last
        let sameSentence = isTogether(one, other, span)
        guard distance <= within, sameSentence else {
          fail(one, distance <= within ? .otherSentence : .tooFar(within: Int(within)))
          continue
        }
        guard isFree(one), isFree(other) else { continue }
        for span in [one, other] { for token in span.first...span.last { used.insert([span.field, token]) } }
        pairs.append(
          Span(
            field: one.field, first: min(one.first, other.first), last: max(one.last, other.last),
            foldings: one.foldings.union(other.foldings)))
      }
    }
    if pairs.isEmpty { nearly[term] = failure }
    return pairs.sorted { ($0.field, $0.first) < ($1.field, $1.first) }
  }

  /// Whether two hits of one field stand in one sentence, or in what else `span` asks for.
  private func isTogether(_ one: Span, _ other: Span, _ span: Term.NearSpan) -> Bool {
    let (first, last) = (min(one.first, other.first), max(one.first, other.first))
    switch span {
    case .document: return true
    case .sentence: return sentence(one.field, first) == sentence(one.field, last)
    case .paragraph:
      let between = matcher.bytes(between: first, and: last, of: one.field)
      return !RuleEvaluation.hasBlankLine(between)
    }
  }

  private static func hasBlankLine(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    var isAtLineStart = false
    for byte in bytes {
      if byte == 0x0A {
        if isAtLineStart { return true }
        isAtLineStart = true
      } else if byte != 0x20, byte != 0x09, byte != 0x0D {
        isAtLineStart = false
      }
    }
    return false
  }

  private func nearMiss(score: Double) -> String? {
    let failing = rule.clauses.filter { !holds(score: score, $0.compiled) }
    if rule.clauses.count > 1, failing.count == 1 {
      switch failing[0].written {
      case .score, .hits: return failing[0].written.written
      default: break
      }
    }
    for index in rule.terms.indices where rule.scores[index] {
      guard let (reason, factor) = nearly[index] else { continue }
      let raised = RuleEvaluation.quantised(score + rule.terms[index].term.weight * factor)
      if holds(score: raised, pretendHit: index) { return reason.written(rule.terms[index].term.name) }
    }
    if let threshold = rule.threshold, threshold > 0, score >= RuleEvaluation.quantised(0.6 * threshold) {
      return failing.first?.written.written
    }
    return nil
  }

  /// What the exceptions, tried in order, make of a match.
  private mutating func outcome() -> (Match.Outcome, labels: [String]) {
    guard !rule.exceptions.isEmpty else { return (.fire, []) }
    let positive = rule.positive.map { SortedHits(spans[$0] ?? []) }
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

  /// The sentences that hold what matched; empty where no exception asks for them.
  private func sentences(of positive: [SortedHits]) -> Set<[Int32]> {
    var sentences: Set<[Int32]> = []
    guard rule.exceptions.contains(where: { $0.scope == .sentence }) else { return sentences }
    for span in positive.flatMap(\.hits) {
      for number in sentence(span.field, span.first)...sentence(span.field, span.last) {
        sentences.insert([span.field, number])
      }
    }
    return sentences
  }

  private mutating func applies(
    _ exception: CompiledClaims.CompiledException, _ positive: [SortedHits], _ sentences: Set<[Int32]>
  ) -> Bool {
    if let until = exception.until, let at, until.clocks.date(of: at) > until.date { return false }
    let cues: [Span]
    if let term = exception.term {
      cues = termSpans(term)
    } else if let slot = exception.slot {
      cues = slotHits(slot)
    } else {
      return false
    }
    return cues.contains { cue in
      switch exception.scope {
      case .document: true
      case .title: cue.field == 0
      case .sentence: sentences.contains([cue.field, sentence(cue.field, cue.first)])
      case .near(let within): isNear(cue, positive, within: Int32(within))
      }
    }
  }

  private func isNear(_ cue: Span, _ positive: [SortedHits], within: Int32) -> Bool {
    positive.contains { hits in
      hits.around(field: cue.field, from: cue.first - within, through: cue.last + within).contains { span in
        let distance = cue.first > span.last ? cue.first - span.last : max(0, span.first - cue.last)
        return distance <= within
      }
    }
  }

  private func reasons() -> [Reason] {
    rule.terms.indices.compactMap { index in
      guard rule.scores[index], let span = spans[index]?.first else { return nil }
      let term = rule.terms[index].term
      return Reason(
        term: term.name, weight: term.weight, field: TextFields.names[Int(span.field)], text: matcher.text(span),
        folds: Foldings.names.filter { span.foldings.contains($0.folding) }.map(\.name))
    }
  }
}
