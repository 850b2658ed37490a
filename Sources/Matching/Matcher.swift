package import Model
package import Rules
import Text

/// Matches texts against the compiled rules. One matcher, one thread: it owns a word cache and scratch space.
///
/// Nearly every word of a stream concerns no rule, and most texts none: the sieve of the rules passes over them at the
/// cost of a hash a word. Only words that it lets through are looked up; only rules that have what they need are
/// evaluated; only then is a text cut into tokens and sentences.
package final class Matcher {
  /// A phrase found in a text: token positions, inclusive.
  struct Hit: Hashable {
    var field: Int32
    var first: Int32
    var last: Int32
    var foldings: Foldings
  }

  /// A token that some pattern word is satisfied by.
  private struct Found {
    var position: Int32
    /// Range in the word table's hits.
    var start: Int32
    var count: Int32
  }

  private let claims: CompiledClaims
  private let words: WordTable
  private let hiddenWords: HiddenWords
  /// nil where no rule has a regular expression.
  private let scanner: ExpressionScanner?
  /// Hits by slot; only `touched` slots are not empty.
  private var slotHits: [[Hit]]
  private var hitCounts: [Int32]
  private var touched: [Int32] = []
  private var isCandidate: [Bool]
  private var candidates: [Int32] = []
  private var suspects: [WordSieve.Suspect] = []
  private var found: [[Found]] = TextFields.names.map { _ in [] }
  /// The fields of the text at hand, and their tokens where something asked for them.
  private var texts: [UnsafeBufferPointer<UInt8>] = []
  private var tokens: [[Token]] = TextFields.names.map { _ in [] }
  private var isCut = TextFields.names.map { _ in false }

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
    hiddenWords = HiddenWords(analyser: WordAnalyser(lexicon: claims.lexicon))
    slotHits = Array(repeating: [], count: claims.ruleBySlot.count)
    hitCounts = Array(repeating: 0, count: claims.ruleBySlot.count)
    isCandidate = Array(repeating: false, count: claims.rules.count)
  }

  /// What each rule that the text concerns makes of it, in the order of the rule set.
  ///
  /// A rule no word of which occurs is left out: its `match` does not hold and nothing came near.
  ///
  /// - Parameter at: when the text arrived: an exception that has run out by then is none. nil: none has run out.
  package func matches(title: String?, body: String?, at: Moment? = nil) -> [Match] {
    guard !claims.isEmpty else { return [] }
    var title = title ?? ""
    var body = body ?? ""
    return title.withUTF8 { title in body.withUTF8 { body in matches(title, body, at: at) } }
  }

  private func matches(
    _ title: UnsafeBufferPointer<UInt8>, _ body: UnsafeBufferPointer<UInt8>, at: Moment?
  ) -> [Match] {
    texts.append(title)
    texts.append(body)
    defer { reset() }
    words.makeRoom()
    for field in texts.indices where !texts[field].isEmpty { findHits(field: field) }
    findExpressions()
    for rule in claims.always { addCandidate(rule) }
    guard !candidates.isEmpty else { return [] }
    if !keepsAll { dropHopeless() }
    candidates.sort()
    var matches: [Match] = []
    for position in candidates {
      var evaluation = RuleEvaluation(rule: claims.rules[Int(position)], matcher: self, at: at)
      if let match = evaluation.match(keepsAll: keepsAll) { matches.append(match) }
    }
    return matches
  }

  /// The hits of a slot, from left to right, field by field; each span once.
  func hits(ofSlot slot: Int) -> [Hit] {
    let hits = slotHits[slot]
    guard hits.count > 1 else { return hits }
    func precedes(_ one: Hit, _ other: Hit) -> Bool {
      (one.field, one.first, one.last) < (other.field, other.first, other.last)
    }
    if zip(hits, hits.dropFirst()).allSatisfy(precedes) { return hits }
    let sorted = hits.sorted(by: precedes)
    var unique: [Hit] = []
    for hit in sorted {
      if let last = unique.last, last.field == hit.field, last.first == hit.first, last.last == hit.last { continue }
      unique.append(hit)
    }
    return unique
  }

  func hasHits(slot: Int) -> Bool { hitCounts[slot] > 0 }

  /// The token of a field: the text is cut when the first one is asked for.
  func token(_ field: Int32, _ position: Int32) -> Token {
    cut(Int(field))
    return tokens[Int(field)][Int(position)]
  }

  private func cut(_ field: Int) {
    guard !isCut[field] else { return }
    tokens[field].removeAll(keepingCapacity: true)
    Tokenizer.tokenize(texts[field], into: &tokens[field])
    isCut[field] = true
  }

  /// The text from the first token of a hit to its last.
  func text(_ hit: Hit) -> String {
    let range = Int(token(hit.field, hit.first).start)..<Int(token(hit.field, hit.last).end)
    return String(decoding: texts[Int(hit.field)][range], as: UTF8.self)
  }

  /// What stands between two tokens of a field.
  func bytes(between first: Int32, and last: Int32, of field: Int32) -> Slice<UnsafeBufferPointer<UInt8>> {
    texts[Int(field)][Int(token(field, first).end)..<Int(token(field, last).start)]
  }

  private func findHits(field: Int) {
    suspects.removeAll(keepingCapacity: true)
    found[field].removeAll(keepingCapacity: true)
    if claims.sieve.sift(texts[field], into: &suspects) {
      for suspect in suspects { lookUp(suspect.start, suspect.end, field: field, position: suspect.position) }
    } else {
      revealTokens(field: field)
    }
    for index in found[field].indices { findPhrases(field: field, at: index) }
  }

  /// Looks all words up, with those put together that were cut.
  private func revealTokens(field: Int) {
    cut(field)
    let text = texts[field]
    if HiddenWords.mayHide(in: tokens[field], text) {
      tokens[field] = hiddenWords.revealed(in: tokens[field], text)
    }
    for (position, token) in tokens[field].enumerated() {
      let start = HiddenWords.hasSign(token, text) ? token.start - 1 : token.start
      lookUp(start, token.end, field: field, position: Int32(position))
    }
  }

  private func lookUp(_ start: Int32, _ end: Int32, field: Int, position: Int32) {
    let range = words.lookUp(UnsafeBufferPointer(rebasing: texts[field][Int(start)..<Int(end)]))
    if range.count > 0 {
      found[field].append(Found(position: position, start: Int32(range.start), count: Int32(range.count)))
    }
  }

  private func findPhrases(field: Int, at index: Int) {
    let place = found[field][index]
    for number in Int(place.start)..<Int(place.start + place.count) {
      let hit = words.hits[number]
      if hit.foldings.contains(.translit), !isRussian(field, Int(place.position)) { continue }
      for id in claims.phrases.range(anchor: hit.word) {
        let phrase = claims.phrases.phrases[id]
        if phrase.wordCount == 1 {
          let position = place.position
          add(phrase, Hit(field: Int32(field), first: position, last: position, foldings: hit.foldings))
        } else if let hit = verify(phrase, field: field, anchorAt: index) {
          add(phrase, hit)
        }
      }
    }
  }

  /// Whether Latin letters in this place may be read as Russian.
  private func isRussian(_ field: Int, _ position: Int) -> Bool {
    cut(field)
    return LatinContext(tokens: tokens[field], text: texts[field]).isRussian(position) { bytes in
      words.isTransliterated(words.lookUp(bytes))
    }
  }

  /// The whole phrase around its anchor: adjacent, in order, in one sentence.
  private func verify(_ phrase: PhraseIndex.Phrase, field: Int, anchorAt index: Int) -> Hit? {
    let first = index - Int(phrase.anchor)
    let last = first + Int(phrase.wordCount) - 1
    // Every word of a phrase is one that was found: neighbours in the text are neighbours in the list.
    guard first >= 0, last < found[field].count,
      found[field][last].position - found[field][first].position == phrase.wordCount - 1
    else { return nil }
    var foldings: Foldings = []
    for offset in 0..<Int(phrase.wordCount) {
      let word = claims.phrases.words[Int(phrase.wordStart) + offset]
      let place = found[field][first + offset]
      var number = Int(place.start)
      let end = Int(place.start + place.count)
      while number < end, words.hits[number].word != word { number += 1 }
      guard number < end else { return nil }
      foldings.formUnion(words.hits[number].foldings)
    }
    let hit = Hit(
      field: Int32(field), first: found[field][first].position, last: found[field][last].position, foldings: foldings)
    return token(hit.field, hit.first).sentence == token(hit.field, hit.last).sentence ? hit : nil
  }

  private func add(_ phrase: PhraseIndex.Phrase, _ hit: Hit) {
    for index in Int(phrase.slotStart)..<Int(phrase.slotEnd) {
      let slot = claims.phrases.slots[index]
      if hit.foldings.isEmpty || isAllowed(hit, in: Int(slot)) { add(hit, to: slot) }
    }
  }

  private func add(_ hit: Hit, to slot: Int32) {
    if hitCounts[Int(slot)] == 0 {
      touched.append(slot)
      let rule = claims.ruleBySlot[Int(slot)]
      if rule >= 0 { addCandidate(rule) }
    }
    hitCounts[Int(slot)] += 1
    slotHits[Int(slot)].append(hit)
  }

  /// Whether the slot's rule allows the foldings of the hit, and a masked word can be only one of its words.
  private func isAllowed(_ hit: Hit, in slot: Int) -> Bool {
    guard hit.foldings.isDisjoint(with: claims.foldsOffBySlot[slot]) else { return false }
    guard hit.foldings.contains(.masked) else { return true }
    let owner = claims.ownerBySlot[slot]
    for place in found[Int(hit.field)] where place.position >= hit.first && place.position <= hit.last {
      let fitting = words.hits[Int(place.start)..<Int(place.start + place.count)].filter {
        $0.variant > 0 && claims.rulesByWord[Int($0.word)].contains(owner)
      }
      if !MaskedWord.isOne(fitting) { return false }
    }
    return true
  }

  private func findExpressions() {
    guard let scanner else { return }
    for field in texts.indices {
      cut(field)
      guard !tokens[field].isEmpty else { continue }
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
    hitCounts.withUnsafeBufferPointer { counts in
      guard let counts = counts.baseAddress else { return }
      for rule in candidates {
        if claims.gate.admits(Int(rule), hits: counts) {
          candidates[kept] = rule
          kept += 1
        } else {
          isCandidate[Int(rule)] = false
        }
      }
      candidates.removeLast(candidates.count - kept)
    }
  }

  private func reset() {
    for slot in touched {
      slotHits[Int(slot)].removeAll(keepingCapacity: true)
      hitCounts[Int(slot)] = 0
    }
    for rule in candidates { isCandidate[Int(rule)] = false }
    touched.removeAll(keepingCapacity: true)
    candidates.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    for field in isCut.indices { isCut[field] = false }
  }
}
