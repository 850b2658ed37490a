package import Model
package import Rules
import Text

/// Matches texts against the compiled rules. One matcher, one thread: it owns a word cache and scratch space.
package final class Matcher {
  /// A phrase found in a text: token positions, inclusive.
  struct Hit: Hashable {
    var field: Int32
    var first: Int32
    var last: Int32
    var foldings: Foldings
  }

  private let claims: CompiledClaims
  private let words: WordTable
  private let hiddenWords: HiddenWords
  /// nil where no rule has a regular expression.
  private let scanner: ExpressionScanner?
  /// Hits by slot; only `touched` slots are not empty.
  private var slotHits: [[Hit]]
  private var touched: [Int32] = []
  private var isCandidate: [Bool]
  private var candidates: [Int32] = []
  private var tokens: [[Token]] = TextFields.names.map { _ in [] }
  /// Per token of a field: the range in the word table's hits.
  private var tokenHits: [[(start: Int32, count: Int32)]] = TextFields.names.map { _ in [] }

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
    slotHits = Array(repeating: [], count: claims.rulesBySlot.count)
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
    return title.withUTF8 { title in
      body.withUTF8 { body in
        let texts = [title, body]
        words.makeRoom()
        findHits(texts)
        defer { reset() }
        for rule in claims.always { addCandidate(rule) }
        candidates.sort()
        return candidates.compactMap { position in
          var evaluation = RuleEvaluation(
            rule: claims.rules[Int(position)], hits: self, texts: texts, tokens: tokens, at: at)
          return evaluation.match(keepsAll: keepsAll)
        }
      }
    }
  }

  /// The hits of a slot, from left to right, field by field; each span once.
  func hits(ofSlot slot: Int) -> [Hit] {
    let hits = slotHits[slot]
    guard hits.count > 1 else { return hits }
    let sorted = hits.sorted { ($0.field, $0.first, $0.last) < ($1.field, $1.first, $1.last) }
    var unique: [Hit] = []
    for hit in sorted {
      if let last = unique.last, last.field == hit.field, last.first == hit.first, last.last == hit.last { continue }
      unique.append(hit)
    }
    return unique
  }

  private func findHits(_ texts: [UnsafeBufferPointer<UInt8>]) {
    for field in texts.indices {
      let text = texts[field]
      tokens[field].removeAll(keepingCapacity: true)
      tokenHits[field].removeAll(keepingCapacity: true)
      Tokenizer.tokenize(text, into: &tokens[field])
      if HiddenWords.mayHide(in: tokens[field], text) {
        tokens[field] = hiddenWords.revealed(in: tokens[field], text)
      }
      var anyHit = false
      for token in tokens[field] {
        // A hashtag and the name of an account are known by the sign before them.
        let start = HiddenWords.hasSign(token, text) ? token.start - 1 : token.start
        let bytes = UnsafeBufferPointer(rebasing: text[Int(start)..<Int(token.end)])
        let range = words.lookUp(bytes)
        anyHit = anyHit || range.count > 0
        tokenHits[field].append((Int32(range.start), Int32(range.count)))
      }
      guard anyHit else { continue }
      for position in tokens[field].indices where tokenHits[field][position].count > 0 {
        findPhrases(field: field, position: position, text)
      }
    }
    findExpressions(texts)
  }

  private func findPhrases(field: Int, position: Int, _ text: UnsafeBufferPointer<UInt8>) {
    let range = tokenHits[field][position]
    for index in Int(range.start)..<Int(range.start + range.count) {
      let hit = words.hits[index]
      if hit.foldings.contains(.translit), !isRussian(field, position, text) { continue }
      for id in claims.phrasesByAnchor[Int(hit.word)] {
        let phrase = claims.phrases[Int(id)]
        if phrase.words.count == 1 {
          let found = Hit(field: Int32(field), first: Int32(position), last: Int32(position), foldings: hit.foldings)
          add(phrase, found)
        } else if let found = verify(phrase, field: field, anchorAt: position) {
          add(phrase, found)
        }
      }
    }
  }

  /// Whether Latin letters in this place may be read as Russian.
  private func isRussian(_ field: Int, _ position: Int, _ text: UnsafeBufferPointer<UInt8>) -> Bool {
    LatinContext(tokens: tokens[field], text: text).isRussian(position) { bytes in
      let range = words.lookUp(bytes)
      return words.isTransliterated(range)
    }
  }

  /// The whole phrase around its anchor: adjacent, in order, in one sentence.
  private func verify(_ phrase: CompiledClaims.Phrase, field: Int, anchorAt position: Int) -> Hit? {
    let first = position - phrase.anchor
    let last = first + phrase.words.count - 1
    guard first >= 0, last < tokens[field].count, tokens[field][first].sentence == tokens[field][last].sentence else {
      return nil
    }
    var foldings: Foldings = []
    for (offset, word) in phrase.words.enumerated() {
      let range = tokenHits[field][first + offset]
      guard
        let hit = words.hits[Int(range.start)..<Int(range.start + range.count)].first(where: { $0.word == word })
      else { return nil }
      foldings.formUnion(hit.foldings)
    }
    return Hit(field: Int32(field), first: Int32(first), last: Int32(last), foldings: foldings)
  }

  private func add(_ phrase: CompiledClaims.Phrase, _ hit: Hit) {
    for slot in phrase.slots where hit.foldings.isEmpty || isAllowed(hit, in: Int(slot)) { add(hit, to: slot) }
  }

  private func add(_ hit: Hit, to slot: Int32) {
    if slotHits[Int(slot)].isEmpty {
      touched.append(slot)
      for rule in claims.rulesBySlot[Int(slot)] { addCandidate(rule) }
    }
    slotHits[Int(slot)].append(hit)
  }

  /// Whether the slot's rule allows the foldings of the hit, and a masked word can be only one of its words.
  private func isAllowed(_ hit: Hit, in slot: Int) -> Bool {
    guard hit.foldings.isDisjoint(with: claims.foldsOffBySlot[slot]) else { return false }
    guard hit.foldings.contains(.masked) else { return true }
    let owner = claims.ownerBySlot[slot]
    for position in hit.first...hit.last {
      let range = tokenHits[Int(hit.field)][Int(position)]
      var variant: UInt8?
      for word in words.hits[Int(range.start)..<Int(range.start + range.count)] where word.variant > 0 {
        guard claims.rulesByWord[Int(word.word)].contains(owner) else { continue }
        if let variant, variant != word.variant { return false }
        variant = word.variant
      }
    }
    return true
  }

  private func findExpressions(_ texts: [UnsafeBufferPointer<UInt8>]) {
    guard let scanner else { return }
    for field in texts.indices where !tokens[field].isEmpty {
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

  private func reset() {
    for slot in touched { slotHits[Int(slot)].removeAll(keepingCapacity: true) }
    for rule in candidates { isCandidate[Int(rule)] = false }
    touched.removeAll(keepingCapacity: true)
    candidates.removeAll(keepingCapacity: true)
  }
}
