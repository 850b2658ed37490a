import Rules

/// What a claim rule says about texts, for comparing rules with one another.
struct ClaimProfile {
  let rule: Rule
  let claim: ClaimRule
  let terms: [Term]
  let match: CompiledMatch
  /// What holds whenever `match` does.
  let bounds: HitBounds
  /// How many of `terms` count towards the score.
  private let scored: [Int]

  init?(_ rule: Rule) {
    guard let claim = rule.body as? ClaimRule else { return nil }
    self.rule = rule
    self.claim = claim
    terms = claim.terms + claim.sharedTerms
    match = claim.compiledMatch
    var bounds = HitBounds(terms: terms.count)
    bounds.assume(match)
    self.bounds = bounds
    let named = claim.match.names
    scored = terms.indices.filter {
      $0 < claim.terms.count || named.contains(claim.sharedTerms[$0 - claim.terms.count].name)
    }
  }

  /// Whether every text that fires this rule can be seen to fire the other one too, at least as loudly.
  func implies(_ other: ClaimProfile) -> Bool {
    rule.stream == other.rule.stream && rule.foldsOff.isSuperset(of: other.rule.foldsOff)
      && claim.fields == other.claim.fields && other.rule.severity >= rule.severity
      && other.loudness >= loudness && !hasOtherTopic(than: other)
      && other.rule.filters.allSatisfy { rule.filters.contains($0) }
      && other.claim.unless.allSatisfy { exception in exceptionsHold(exception, of: other) }
      && holds(other.match, of: other) == true
  }

  private var loudness: Int {
    switch rule.status {
    case .draft: 0
    case .test: 1
    case .deprecated, .stable: 2
    }
  }

  /// Both say under which topic they count, and it is not the same.
  private func hasOtherTopic(than other: ClaimProfile) -> Bool {
    rule.narrative != rule.id && other.rule.narrative != other.rule.id && rule.narrative != other.rule.narrative
  }

  /// An exception of the other rule takes no text from it that this one keeps.
  private func exceptionsHold(_ exception: ClaimRule.Exception, of other: ClaimProfile) -> Bool {
    if case .label = exception.outcome { return true }
    return claim.unless.contains { own in
      if case .label = own.outcome { return false }
      return own.scope == exception.scope && own.until == exception.until
        && isSameCue(own.cue, exception.cue, of: other)
    }
  }

  private func isSameCue(
    _ own: ClaimRule.Exception.Cue, _ cue: ClaimRule.Exception.Cue, of other: ClaimProfile
  ) -> Bool {
    switch (own, cue) {
    case (.any(let left), .any(let right)): Set(left.map(\.wording)) == Set(right.map(\.wording))
    case (.term(let left), .term(let right)):
      if let left = term(left), let right = other.term(right) {
        left.covers(right) && right.covers(left)
      } else {
        false
      }
    default: false
    }
  }

  private func term(_ name: String) -> Term? { claim.termIndex[name].map { terms[$0] } }

  /// Whether a condition of the other rule holds wherever this rule's `match` does; nil where that cannot be told.
  private func holds(_ condition: CompiledMatch, of other: ClaimProfile) -> Bool? {
    switch condition {
    case .term(let term): return hits(of: other.terms[term]).flatMap { $0 > 0 ? true : $0 == 0 ? false : nil }
    case .not(let inner): return holds(inner, of: other).map { !$0 }
    case .and(let parts):
      let known = parts.map { holds($0, of: other) }
      return known.contains(false) ? false : known.contains(nil) ? nil : true
    case .or(let parts):
      let known = parts.map { holds($0, of: other) }
      return known.contains(true) ? true : known.contains(nil) ? nil : false
    case .count(let needed, let terms):
      let known = terms.map { hits(of: other.terms[$0]) }
      if known.count(where: { ($0 ?? 0) > 0 }) >= needed { return true }
      return known.count(where: { $0 != 0 }) < needed ? false : nil
    case .hits(let term, .atLeast, let limit):
      return hits(of: other.terms[term]).flatMap { $0 > 0 && Double($0) >= limit ? true : nil }
    case .hits(let term, .above, let limit):
      return hits(of: other.terms[term]).flatMap { $0 > 0 && Double($0) > limit ? true : nil }
    case .score(let comparison, let limit): return scoreHolds(comparison, limit, of: other)
    case .hits, .never: return nil
    }
  }

  /// How often a term of another rule hits at least where this rule's `match` holds; 0 where it cannot hit at all, nil
  /// where nothing is known.
  private func hits(of term: Term) -> Int? {
    let least = terms.indices.filter { bounds.least[$0] > 0 && term.covers(terms[$0]) }.map { bounds.least[$0] }.max()
    if let least { return least }
    return terms.indices.contains { bounds.most[$0] == 0 && terms[$0].covers(term) } ? 0 : nil
  }

  /// Whether the other rule's score is above a limit wherever this rule's `match` holds.
  private func scoreHolds(
    _ comparison: MatchExpression.Comparison, _ limit: Double, of other: ClaimProfile
  ) -> Bool? {
    guard comparison == .atLeast || comparison == .above else { return nil }
    let own = claim.match.clauses.compactMap { clause -> (MatchExpression.Comparison, Double)? in
      if case .score(let comparison, let limit) = clause { (comparison, limit) } else { nil }
    }
    let isAsHigh = own.contains { own in
      switch own.0 {
      case .atLeast: own.1 > limit || own.1 == limit && comparison == .atLeast
      case .above: own.1 >= limit
      default: false
      }
    }
    return isAsHigh && scoresNoMore(than: other) ? true : nil
  }

  /// Whether the other rule's score of any text is at least this one's.
  private func scoresNoMore(than other: ClaimProfile) -> Bool {
    let gains = scored.map { terms[$0] }.filter { $0.weight > 0 }
    let losses = other.scored.map { other.terms[$0] }.filter { $0.weight < 0 }
    return ClaimProfile.matches(gains, among: other.scored.map { other.terms[$0] }) { own, other in
      other.covers(own) && other.weight >= own.weight && other.cap >= own.cap
    }
      && ClaimProfile.matches(losses, among: scored.map { terms[$0] }) { other, own in
        own.covers(other) && own.weight <= other.weight && own.cap >= other.cap
      }
  }

  /// Whether each term finds a partner of its own.
  private static func matches(_ terms: [Term], among others: [Term], _ fits: (Term, Term) -> Bool) -> Bool {
    var free = others
    return terms.allSatisfy { term in
      guard let index = free.firstIndex(where: { fits(term, $0) }) else { return false }
      free.remove(at: index)
      return true
    }
  }
}

extension Pattern {
  /// What it matches, wherever it was written.
  struct Wording: Hashable {
    var words: [Word]
    var regex: String?
  }
  var wording: Wording { Wording(words: words, regex: regex) }
}

extension Term {
  /// Whether this term hits wherever the other one does, as far as their words show.
  func covers(_ other: Term) -> Bool {
    let isCancelledLess =
      notAfter == nil
      || notAfter?.within == other.notAfter?.within
        && Set(notAfter?.words.map(\.wording) ?? []) == Set(other.notAfter?.words.map(\.wording) ?? [])
    return isCancelledLess && Term.covers(body, other.body)
  }

  private static func covers(_ body: Body, _ other: Body) -> Bool {
    switch (body, other) {
    case (.any(let wide), .any(let narrow)): covers(wide, narrow)
    case (.any(let wide), .near(let left, let right, _, _, _)): covers(wide, left) || covers(wide, right)
    case (.any(let wide), .all(let entries)): entries.contains { covers(wide, $0) }
    case (.all(let wide), .all(let narrow)): wide.allSatisfy { entry in narrow.contains { covers(entry, $0) } }
    case (
      .near(let left, let right, let within, let order, let span), .near(let a, let b, let less, let strict, let in_)
    ):
      within >= less && reach(span) >= reach(in_) && (order == .any || strict == .given)
        && (covers(left, a) && covers(right, b) || order == .any && covers(left, b) && covers(right, a))
    default: false
    }
  }

  private static func covers(_ wide: [Pattern], _ narrow: [Pattern]) -> Bool {
    guard !narrow.isEmpty else { return false }
    // Most terms have a few words, and most pairs differ in the first: a set would cost more than it saves.
    if wide.count <= 16 {
      return narrow.allSatisfy { pattern in
        wide.contains { $0.words == pattern.words && $0.regex == pattern.regex }
      }
    }
    let wordings = Set(wide.map(\.wording))
    return narrow.allSatisfy { wordings.contains($0.wording) }
  }

  private static func reach(_ span: NearSpan) -> Int {
    switch span {
    case .sentence: 0
    case .paragraph: 1
    case .document: 2
    }
  }
}

/// Finds the rules of a set that say no more than another one does.
enum ImpliedRules {
  /// Pairs that are compared at most: beyond it nothing more is said.
  private static let comparisons = 500_000

  static func complaints(_ rules: [Rule]) -> [RuleFinding] {
    let profiles = rules.compactMap { ClaimProfile($0) }
    // A rule that is implied shares a wording with the rule that implies it, in a term that is there in any case.
    var byWording: [Pattern.Wording: [Int]] = [:]
    for (index, profile) in profiles.enumerated() {
      for wording in Set(profile.bounds.present.compactMap { profile.terms[$0].leadingWording }) {
        byWording[wording, default: []].append(index)
      }
    }
    var left = comparisons
    var findings: [Int: RuleFinding] = [:]
    for (wide, other) in profiles.enumerated() {
      let wordings = Set(other.terms.flatMap(\.wordings))
      let narrower = Set(wordings.flatMap { byWording[$0] ?? [] }).sorted()
      for narrow in narrower where narrow != wide && findings[narrow] == nil {
        left -= 1
        guard left > 0 else { return findings.sorted { $0.key < $1.key }.map(\.value) }
        guard profiles[narrow].implies(other) else { continue }
        // Of two that say the same the later one is too much.
        if narrow < wide, other.implies(profiles[narrow]) { continue }
        findings[narrow] = RuleFinding(rule: profiles[narrow].rule, cause: .implied(by: other.rule.id))
      }
    }
    return findings.sorted { $0.key < $1.key }.map(\.value)
  }
}

extension Term {
  /// One wording that any term covering this one must have.
  fileprivate var leadingWording: Pattern.Wording? {
    switch body {
    case .any(let patterns): patterns.first?.wording
    case .all(let entries): entries.first?.first?.wording
    case .near(let left, _, _, _, _): left.first?.wording
    }
  }

  fileprivate var wordings: [Pattern.Wording] {
    switch body {
    case .any(let patterns): patterns.map(\.wording)
    case .all(let entries): entries.flatMap { $0.map(\.wording) }
    case .near(let left, let right, _, _, _): (left + right).map(\.wording)
    }
  }
}
