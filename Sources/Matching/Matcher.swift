package import Model
package import Rules
import Text

/// Matches texts against the compiled rules. One matcher, one thread: it owns a word cache and scratch space.
///
/// Nearly every word of a stream concerns no rule, and most texts none: the sieve of the rules passes over them at the
/// cost of a hash a word. Only words that it lets through are looked up; only rules that have what they need are
/// evaluated; only where something asks for it is a text cut into tokens and sentences.
package final class Matcher {
  /// A phrase found in a text: token positions, inclusive.
  struct Hit: Hashable, BitwiseCopyable {
    var field: Int32
    var first: Int32
    var last: Int32
    var foldings: Foldings
  }

  /// A token that some pattern word is satisfied by.
  struct Found: BitwiseCopyable {
    var position: Int32
    /// Its bytes in the field.
    var start: Int32
    var end: Int32
    /// Range in the word table's hits.
    var firstHit: Int32
    var hitCount: Int32
    /// What was undone in the token beside what the hits say.
    var foldings: Foldings

    var hits: Range<Int> { Int(firstHit)..<Int(firstHit) + Int(hitCount) }
  }

  /// A hit of a slot, and where the slot's next one lies; −1 behind the last.
  private struct SlotHit: BitwiseCopyable {
    var hit: Hit
    var next: Int32
  }

  /// Where the hits of a slot begin and end; worth something only where `hitCounts` has some.
  private struct Ends: BitwiseCopyable {
    var first: Int32
    var last: Int32
  }

  let claims: CompiledClaims
  let words: WordTable
  private let hiddenWords: HiddenWords
  let latinWords: LatinWords
  /// nil where no rule has a regular expression.
  private let scanner: ExpressionScanner?

  private let hits = Scratch<SlotHit>()
  /// By slot.
  private let hitCounts: UnsafeMutablePointer<Int32>
  private let ends: UnsafeMutablePointer<Ends>
  private let touched = Scratch<Int32>()
  private let isCandidate: UnsafeMutablePointer<Bool>
  private let candidates = Scratch<Int32>()
  private let suspects = Scratch<WordSieve.Suspect>()
  /// By field.
  let found: [Scratch<Found>]
  /// The fields of the text at hand.
  let texts = Scratch<UnsafeBufferPointer<UInt8>>(capacity: 2)
  /// Their tokens where something asked for them.
  var tokens: [[Token]] = TextFields.names.map { _ in [] }
  let isCut = Scratch<Bool>(capacity: 2)
  /// The word in Latin letters that was judged last, of the text at hand.
  var judgedLatin: (field: Int, position: Int32, verdict: LatinContext.Verdict)?
  /// The room of the rule that is evaluated.
  let spans = Scratch<Hit>()
  let states = Scratch<RuleEvaluation.TermState>()

  private let keepsAll: Bool

  /// - Parameters:
  ///   - keepsAll: also report rules that the text concerns and that have nothing to say, for tests of rules and
  ///     explanations.
  ///   - wordLimit: how many different words it remembers.
  package init(_ claims: CompiledClaims, keepsAll: Bool = false, wordLimit: Int = 1_000_000) {
    self.claims = claims
    self.keepsAll = keepsAll
    words = WordTable(claims: claims, limit: wordLimit)
    scanner = claims.expressions.flatMap(ExpressionScanner.init)
    let analyser = WordAnalyser(lexicon: claims.lexicon)
    hiddenWords = HiddenWords(analyser: analyser)
    latinWords = LatinWords(analyser: analyser)
    found = TextFields.names.map { _ in Scratch<Found>() }
    let slots = claims.ruleBySlot.count
    hitCounts = .allocate(capacity: slots)
    hitCounts.initialize(repeating: 0, count: slots)
    ends = .allocate(capacity: slots)
    ends.initialize(repeating: Ends(first: -1, last: -1), count: slots)
    isCandidate = .allocate(capacity: claims.rules.count)
    isCandidate.initialize(repeating: false, count: claims.rules.count)
  }

  deinit {
    hits.deallocate()
    hitCounts.deallocate()
    ends.deallocate()
    touched.deallocate()
    isCandidate.deallocate()
    candidates.deallocate()
    for found in found { found.deallocate() }
    texts.deallocate()
    isCut.deallocate()
    suspects.deallocate()
    spans.deallocate()
    states.deallocate()
  }

  /// What each rule that the text concerns makes of it, in the order of the rule set.
  ///
  /// A rule no word of which occurs is left out: its `match` does not hold and nothing came near.
  ///
  /// - Parameter at: when the text arrived: an exception that has run out by then is none. nil: none has run out.
  package func matches(title: String?, body: String?, at: Moment? = nil) -> [Match] {
    guard !claims.isEmpty else { return [] }
    guard let title else { return Matcher.withBytes(of: body ?? "") { matches(Matcher.noBytes, $0, at: at) } }
    return Matcher.withBytes(of: title) { title in
      Matcher.withBytes(of: body ?? "") { matches(title, $0, at: at) }
    }
  }

  private static var noBytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: nil, count: 0) }

  @inline(__always)
  private static func withBytes<Result>(
    of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
  ) -> Result {
    if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
    var text = text
    return text.withUTF8(body)
  }

  private func matches(
    _ title: UnsafeBufferPointer<UInt8>, _ body: UnsafeBufferPointer<UInt8>, at: Moment?
  ) -> [Match] {
    texts.removeAll()
    texts.append(title)
    texts.append(body)
    isCut.removeAll()
    isCut.append(false)
    isCut.append(false)
    judgedLatin = nil
    words.makeRoom()
    if !title.isEmpty { findHits(field: 0, title) }
    if !body.isEmpty { findHits(field: 1, body) }
    if scanner != nil { findExpressions() }
    for rule in claims.always { addCandidate(rule) }
    var matches: [Match] = []
    if !candidates.isEmpty {
      if !keepsAll { dropHopeless() }
      if candidates.count > 1 { candidates.sort(0..<candidates.count, by: <) }
      for index in 0..<candidates.count {
        let evaluation = RuleEvaluation(rule: claims.rules[Int(candidates[index])], matcher: self, at: at)
        if let match = evaluation.match(keepsAll: keepsAll) { matches.append(match) }
      }
    }
    reset()
    return matches
  }

  /// Hands out the hits of a slot in the order in which they were found.
  @inline(__always)
  func forEachHit(ofSlot slot: Int, _ body: (Hit) -> Void) {
    guard hitCounts[slot] > 0 else { return }
    var index = ends[slot].first
    while index >= 0 {
      let place = hits[Int(index)]
      body(place.hit)
      index = place.next
    }
  }

  func hasHits(slot: Int) -> Bool { hitCounts[slot] > 0 }

  private func findHits(field: Int, _ text: UnsafeBufferPointer<UInt8>) {
    suspects.removeAll()
    found[field].removeAll()
    if claims.sieve.sift(text, { suspects.append($0) }) || !revealTokens(field: field) {
      guard !suspects.isEmpty else { return }
      lookUpSuspects(field: field, text)
    }
    for index in 0..<found[field].count { findPhrases(field: field, at: index) }
  }

  private func lookUpSuspects(field: Int, _ text: UnsafeBufferPointer<UInt8>) {
    for index in 0..<suspects.count {
      let suspect = suspects[index]
      let place = suspect.form >= 0 ? claims.formHits[suspect.form] : FormHits.Place(start: 0, count: -1)
      if place.count > 0 {
        found[field].append(
          Found(
            position: suspect.position, start: suspect.start, end: suspect.end, firstHit: place.start,
            hitCount: place.count, foldings: suspect.foldings))
      } else if place.count < 0 {
        lookUp(suspect.start, suspect.end, field: field, position: suspect.position)
      }
    }
  }

  /// Looks all words up where some of them were cut, with those put together; false where none was.
  private func revealTokens(field: Int) -> Bool {
    cut(field)
    let text = texts[field]
    guard HiddenWords.mayHide(in: tokens[field], text) else { return false }
    let revealed = hiddenWords.revealed(in: tokens[field], text)
    guard revealed != tokens[field] else { return false }
    tokens[field] = revealed
    for (position, token) in revealed.enumerated() {
      let start = HiddenWords.hasSign(token, text) ? token.start - 1 : token.start
      lookUp(start, token.end, field: field, position: Int32(position))
    }
    return true
  }

  private func lookUp(_ start: Int32, _ end: Int32, field: Int, position: Int32) {
    let text = texts[field]
    let range = words.lookUp(UnsafeBufferPointer(rebasing: text[Int(start)..<Int(end)]))
    guard range.count > 0 else { return }
    // The sign of a hashtag or of an account is no part of the token.
    let first = text[Int(start)] == 0x23 || text[Int(start)] == 0x40 ? start + 1 : start
    found[field].append(
      Found(
        position: position, start: first, end: end, firstHit: Int32(range.start), hitCount: Int32(range.count),
        foldings: []))
  }

  private func findPhrases(field: Int, at index: Int) {
    let place = found[field][index]
    for number in place.hits {
      var word = words.hit(number)
      word.foldings.formUnion(place.foldings)
      if word.foldings.contains(.translit), latinVerdict(field, place.position) == .foreign { continue }
      claims.phrases.forEach(anchor: word.word) { phrase in
        if phrase.wordCount == 1 {
          let position = place.position
          add(phrase, Hit(field: Int32(field), first: position, last: position, foldings: word.foldings))
        } else if let hit = verify(phrase, field: field, anchorAt: index) {
          add(phrase, hit)
        }
      }
    }
  }

  /// The whole phrase around its anchor: adjacent, in order, in one sentence.
  private func verify(_ phrase: PhraseIndex.Phrase, field: Int, anchorAt index: Int) -> Hit? {
    let found = found[field]
    let first = index - Int(phrase.anchor)
    let last = first + Int(phrase.wordCount) - 1
    // Every word of a phrase is one that was found: neighbours in the text are neighbours in the list.
    guard first >= 0, last < found.count,
      found[last].position - found[first].position == phrase.wordCount - 1
    else { return nil }
    var foldings: Foldings = []
    for offset in 0..<Int(phrase.wordCount) {
      let word = claims.phrases.word(Int(phrase.wordStart) + offset)
      let place = found[first + offset]
      guard let number = place.hits.first(where: { words.hit($0).word == word }) else { return nil }
      foldings.formUnion(words.hit(number).foldings.union(place.foldings))
    }
    let hit = Hit(
      field: Int32(field), first: found[first].position, last: found[last].position, foldings: foldings)
    return areInOneSentence(hit.field, hit.first, hit.last) ? hit : nil
  }

  private func add(_ phrase: PhraseIndex.Phrase, _ hit: Hit) {
    for index in Int(phrase.slotStart)..<Int(phrase.slotEnd) {
      let slot = claims.phrases.slot(index)
      if hit.foldings.isEmpty || isAllowed(hit, in: Int(slot)) { add(hit, to: slot) }
    }
  }

  private func add(_ hit: Hit, to slot: Int32) {
    let slot = Int(slot)
    let index = Int32(hits.count)
    hits.append(SlotHit(hit: hit, next: -1))
    if hitCounts[slot] == 0 {
      touched.append(Int32(slot))
      ends[slot].first = index
      let rule = claims.ruleBySlot[slot]
      if rule >= 0 { addCandidate(rule) }
    } else {
      hits[Int(ends[slot].last)].next = index
    }
    ends[slot].last = index
    hitCounts[slot] += 1
  }

  /// Whether the slot's rule allows the foldings of the hit, and a masked word can be only one of its words.
  private func isAllowed(_ hit: Hit, in slot: Int) -> Bool {
    guard hit.foldings.isDisjoint(with: claims.foldsOffBySlot[slot]) else { return false }
    let owner = claims.ownerBySlot[slot]
    if hit.foldings.contains(.translit), !isRussian(hit, for: owner) { return false }
    guard hit.foldings.contains(.masked) else { return true }
    let found = found[Int(hit.field)]
    var index = firstFound(field: hit.field, from: hit.first)
    while index < found.count, found[index].position <= hit.last {
      defer { index += 1 }
      let fitting = words.hits[found[index].hits].filter {
        $0.variant > 0 && claims.rulesByWord[Int($0.word)].contains(owner)
      }
      if !MaskedWord.isOne(fitting) { return false }
    }
    return true
  }

  private func findExpressions() {
    guard let scanner else { return }
    for field in 0..<texts.count where !texts[field].isEmpty {
      cut(field)
      let folded = FoldedText(texts[field], tokens[field])
      for found in scanner.find(in: folded.bytes) {
        guard let span = folded.tokens(from: found.from, to: found.to) else { continue }
        let hit = Hit(field: Int32(field), first: Int32(span.first), last: Int32(span.last), foldings: span.foldings)
        for slot in claims.slotsByExpression[found.index]
        where span.foldings.isDisjoint(with: claims.foldsOffBySlot[Int(slot)]) {
          add(hit, to: slot)
        }
      }
    }
  }

  private func addCandidate(_ rule: Int32) {
    guard !isCandidate[Int(rule)] else { return }
    isCandidate[Int(rule)] = true
    candidates.append(rule)
  }

  /// Leaves the candidates that may match or come near.
  private func dropHopeless() {
    var kept = 0
    for index in 0..<candidates.count {
      let rule = candidates[index]
      if claims.gate.admits(Int(rule), hits: hitCounts) {
        candidates[kept] = rule
        kept += 1
      } else {
        isCandidate[Int(rule)] = false
      }
    }
    candidates.removeAll(from: kept)
  }

  private func reset() {
    for index in 0..<touched.count { hitCounts[Int(touched[index])] = 0 }
    for index in 0..<candidates.count { isCandidate[Int(candidates[index])] = false }
    touched.removeAll()
    hits.removeAll()
    candidates.removeAll()
  }
}
