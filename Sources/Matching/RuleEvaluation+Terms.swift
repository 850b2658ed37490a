import Rules

// Where the terms of a rule hit: their spans, written into the matcher's room one term behind the other.
extension RuleEvaluation {
  func termSpans(_ index: Int) -> SortedHits {
    if states[index].count >= 0 { return SortedHits(spans, states[index].range) }
    var found: SortedHits
    switch rule.bodies[index] {
    case .any(let slot): found = slotHits(slot)
    case .all(let slots): found = first(ofAll: slots)
    case .near(let left, let right, let within, let inOrder, let span):
      found = pairs(
        slotHits(left), slotHits(right), within: Int32(within), inOrder: inOrder, span: span, term: index)
    }
    if !found.range.isEmpty, let notAfter = rule.notAfter[index] {
      found = uncancelled(found, by: slotHits(notAfter.slot, ofAllFields: true), within: Int32(notAfter.within))
    }
    states[index].start = Int32(found.range.lowerBound)
    states[index].count = Int32(found.range.count)
    return found
  }

  /// The slot's hits, each span once, in fields that are not switched off.
  func slotHits(_ slot: Int, ofAllFields: Bool = false) -> SortedHits {
    let start = spans.count
    var isSorted = true
    matcher.forEachHit(ofSlot: slot) { hit in
      guard ofAllFields || rule.factors[Int(hit.field)] != 0 else { return }
      if spans.count > start, !RuleEvaluation.precedes(spans[spans.count - 1], hit) { isSorted = false }
      spans.append(hit)
    }
    if !isSorted {
      spans.sort(start..<spans.count, by: RuleEvaluation.precedes)
      var kept = start
      for index in start..<spans.count where kept == start || RuleEvaluation.precedes(spans[kept - 1], spans[index]) {
        spans[kept] = spans[index]
        kept += 1
      }
      spans.removeAll(from: kept)
    }
    return SortedHits(spans, start..<spans.count)
  }

  private static func precedes(_ one: Span, _ other: Span) -> Bool {
    (one.field, one.first, one.last) < (other.field, other.first, other.last)
  }

  /// In each field where every entry stands, the first hit of the first entry: fields never join.
  private func first(ofAll slots: [Int]) -> SortedHits {
    let entries = slots.map { slotHits($0) }
    let start = spans.count
    for field in TextFields.names.indices.map(Int32.init) {
      var leading: Span?
      let isComplete = entries.allSatisfy { hits in
        guard let index = hits.range.first(where: { hits[$0].field == field }) else { return false }
        leading = leading ?? hits[index]
        return true
      }
      if isComplete, let leading { spans.append(leading) }
    }
    return SortedHits(spans, start..<spans.count)
  }

  /// The hits before which no word that cancels them stands in the same sentence.
  private func uncancelled(_ hits: SortedHits, by cancelling: SortedHits, within: Int32) -> SortedHits {
    let start = spans.count
    let reach = cancelling.reach
    for index in hits.range {
      let span = hits[index]
      let near = cancelling.range(field: span.field, from: span.first - within, through: span.first, reach: reach)
      let isCancelled = near.contains { index in
        let cue = cancelling[index]
        return cue.field == span.field && cue.last < span.first && span.first - cue.last <= within
          && matcher.areInOneSentence(cue.field, cue.last, span.first)
      }
      if !isCancelled { spans.append(span) }
    }
    return SortedHits(spans, start..<spans.count)
  }

  /// Pairs from left to right; a token used once is not used again.
  private func pairs(
    _ left: SortedHits, _ right: SortedHits, within: Int32, inOrder: Bool, span: Term.NearSpan, term: Int
  ) -> SortedHits {
    let start = spans.count
    var used = UsedTokens()
    guard !left.range.isEmpty, !right.range.isEmpty else { return SortedHits(spans, start..<start) }
    let reach = right.reach
    for leftIndex in left.range {
      let one = left[leftIndex]
      let near = right.range(field: one.field, from: one.first - within, through: one.last + within, reach: reach)
      if right.has(near.upperBound, in: one.field) || !inOrder && right.has(near.lowerBound - 1, in: one.field) {
        note(.tooFar, one, term)
      }
      for rightIndex in near {
        let other = right[rightIndex]
        guard other.field == one.field else { continue }
        // One token cannot be both sides.
        guard one.last < other.first || other.last < one.first else { continue }
        if inOrder, other.first < one.first { continue }
        let distance = one.last < other.first ? other.first - one.last : one.first - other.last
        guard distance <= within else {
          note(.tooFar, one, term)
          continue
        }
        guard isTogether(one, other, span) else {
          note(.otherSentence, one, term)
          continue
        }
        guard used.areFree(one, other) else { continue }
        used.add(one, other)
        spans.append(
          Span(
            field: one.field, first: min(one.first, other.first), last: max(one.last, other.last),
            foldings: one.foldings.union(other.foldings)))
      }
    }
    if spans.count > start {
      states[term].nearly = .not
      if spans.count > start + 1 {
        spans.sort(start..<spans.count) { ($0.field, $0.first) < ($1.field, $1.first) }
      }
    }
    return SortedHits(spans, start..<spans.count)
  }

  /// The nearer miss is the one to name: another sentence rather than too far.
  private func note(_ reason: Nearly, _ one: Span, _ term: Int) {
    states[term].factor = max(states[term].nearly == .not ? 0 : states[term].factor, rule.factors[Int(one.field)])
    if states[term].nearly != .otherSentence { states[term].nearly = reason }
  }

  /// Whether two hits of one field stand in one sentence, or in what else `span` asks for.
  private func isTogether(_ one: Span, _ other: Span, _ span: Term.NearSpan) -> Bool {
    let (first, last) = (min(one.first, other.first), max(one.first, other.first))
    switch span {
    case .document: return true
    case .sentence: return matcher.areInOneSentence(one.field, first, last)
    case .paragraph:
      return !RuleEvaluation.hasBlankLine(matcher.bytes(between: first, and: last, of: one.field))
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
}

/// The tokens that pairs have used. Most texts have one pair, which no set is made for.
private struct UsedTokens {
  private var last: (one: RuleEvaluation.Span, other: RuleEvaluation.Span)?
  private var places: Set<Int64> = []

  mutating func add(_ one: RuleEvaluation.Span, _ other: RuleEvaluation.Span) { last = (one, other) }

  mutating func areFree(_ one: RuleEvaluation.Span, _ other: RuleEvaluation.Span) -> Bool {
    if let last {
      insert(last.one)
      insert(last.other)
      self.last = nil
    }
    return isFree(one) && isFree(other)
  }

  private mutating func insert(_ span: RuleEvaluation.Span) {
    for token in span.first...span.last { places.insert(UsedTokens.place(span.field, token)) }
  }

  private func isFree(_ span: RuleEvaluation.Span) -> Bool {
    places.isEmpty || (span.first...span.last).allSatisfy { !places.contains(UsedTokens.place(span.field, $0)) }
  }

  private static func place(_ field: Int32, _ token: Int32) -> Int64 { Int64(field) << 32 | Int64(token) }
}
