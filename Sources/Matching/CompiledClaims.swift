import Foundation
import Model
package import Rules
package import Text

/// All claim rules of a set, compiled for matching by word ids. Immutable; shared by the workers.
///
/// Every distinct word of the rules' patterns is a *pattern word* with an id. Every distinct sequence of them is a
/// *phrase*; a phrase feeds *slots*, the places where a term, one side of `near`, or an exception waits for hits.
package final class CompiledClaims: Sendable {
  struct Phrase: Sendable {
    /// Ids of pattern words, in order.
    var words: [Int32]
    /// Which of the words the phrase is looked up by: the least usual one.
    var anchor: Int
    /// Where a hit goes.
    var slots: [Int32]
  }

  struct CompiledTerm: Sendable {
    enum Body: Sendable {
      case any(slot: Int)
      case all(slots: [Int])
      case near(left: Int, right: Int, within: Int, inOrder: Bool, span: Term.NearSpan)
    }
    var term: Term
    var body: Body
    /// Slot of the words that cancel a hit.
    var notAfter: (slot: Int, within: Int)?
  }

  struct CompiledException: Sendable {
    /// Index among the rule's terms, or a slot of its own words.
    var term: Int?
    var slot: Int?
    var scope: ClaimRule.Exception.Scope
    var outcome: ClaimRule.Exception.Outcome
    /// The last day on which it holds, by these clocks; nil for ever.
    var until: (date: CivilDate, clocks: LocalTime)?
  }

  /// A class, so that a rule is handed on without copying its arrays.
  final class CompiledRule: Sendable {
    /// Index in the rule set.
    let index: Int
    // Of each term, the own ones first, in order, then the shared ones it names: side by side, to be read without
    // copying a term.
    let bodies: [CompiledTerm.Body]
    let notAfter: [(slot: Int, within: Int)?]
    let weights: [Double]
    let caps: [Int]
    let names: [String]
    /// Which of the terms count towards the score: the own ones and the shared ones that `match` names.
    let scores: [Bool]
    let condition: CompiledCondition
    /// What the author wrote of each clause of the condition.
    let writtenClauses: [String]
    /// Whether the clause is a comparison of the score or of hits.
    let isComparison: [Bool]
    /// Terms without which `match` does not hold.
    let needed: [Int]
    /// Terms that `match` names positively, or `them` where it names none.
    let positive: [Int]
    let exceptions: [CompiledException]
    /// Where the words of each exception are: its own slot, or −1 and the index of a term.
    let cues: [(slot: Int, term: Int)]
    /// Factors of title and body.
    let factors: [Double]
    let threshold: Double?

    init(
      index: Int, terms: [CompiledTerm], scores: [Bool], match: CompiledMatch, written: MatchExpression,
      positive: [Int], exceptions: [CompiledException], factors: [Double], threshold: Double?
    ) {
      self.index = index
      bodies = terms.map(\.body)
      notAfter = terms.map(\.notAfter)
      weights = terms.map(\.term.weight)
      caps = terms.map(\.term.cap)
      names = terms.map(\.term.name)
      self.scores = scores
      condition = CompiledCondition(match)
      writtenClauses = written.clauses.map(\.written)
      isComparison = written.clauses.map { clause in
        switch clause {
        case .score, .hits: true
        default: false
        }
      }
      needed = match.clauses.compactMap { if case .term(let index) = $0 { index } else { nil } }
      self.positive = positive
      self.exceptions = exceptions
      cues = exceptions.map { ($0.slot ?? -1, $0.term ?? -1) }
      self.factors = factors
      self.threshold = threshold
    }
  }

  /// The rules that a set has, in its order.
  let rules: [CompiledRule]
  let phrases: PhraseIndex
  /// The rule (position in `rules`) that each slot is of.
  let ownerBySlot: [Int32]
  /// Foldings that the slot's rule does not allow.
  let foldsOffBySlot: [Foldings]
  /// Rules that have the word in some pattern, each once, ascending.
  let rulesByWord: [[Int32]]
  /// The rule (position in `rules`) that a hit in the slot makes worth evaluating; −1 for exceptions' slots.
  let ruleBySlot: [Int32]
  let plainForms: PlainForms
  let formHits: FormHits
  let casedWords: [String: [Int32]]
  let hashtagWords: [String: [Int32]]
  let mentionWords: [String: [Int32]]
  let fuzzyWords: FuzzyWords
  /// nil where no rule has a regular expression.
  let expressions: ExpressionSet?
  /// By the index of the expression.
  let slotsByExpression: [[Int32]]
  /// The first two letters of every word of the rules: a transliteration that begins otherwise is none of theirs.
  let initials: Set<String>
  let sieve: WordSieve
  let gate: RuleGate
  /// Position in `rules` of rules whose `match` may hold though no term hits at all.
  let always: [Int32]
  let lexicon: Lexicon?

  package init(_ set: [Rule], lexicon: Lexicon?) {
    var builder = Builder(lexicon: lexicon)
    for (index, rule) in set.enumerated() {
      guard let claim = rule.body as? ClaimRule else { continue }
      builder.add(claim, index: index, foldsOff: rule.foldsOff)
    }
    ownerBySlot = builder.ownerBySlot
    foldsOffBySlot = builder.foldsOffBySlot
    rulesByWord = builder.rulesByWord
    casedWords = builder.casedWords
    hashtagWords = builder.hashtagWords
    mentionWords = builder.mentionWords
    builder.fuzzyWords.seal()
    fuzzyWords = builder.fuzzyWords
    // The folded text has no ё.
    expressions = ExpressionSet(builder.expressions.map { $0.replacing("ё", with: "е").replacing("Ё", with: "Е") })
    slotsByExpression = builder.slotsByExpression
    initials = Set(
      [builder.lemmaWords, builder.exactWords, builder.prefixWords].flatMap(\.keys).map {
        CompiledClaims.initial(of: $0)
      })
    rules = builder.rules
    phrases = PhraseIndex(builder.phrases, wordCount: builder.wordCount)
    ruleBySlot = builder.ruleBySlot
    plainForms = PlainForms(
      lemmaWords: WordIndex(builder.lemmaWords), exactWords: WordIndex(builder.exactWords),
      prefixWords: WordIndex(builder.prefixWords),
      prefixLengths: Set(builder.prefixWords.keys.map { $0.utf8.count }).sorted(),
      hasStems: builder.lemmaWords.keys.contains { $0.utf8.first == 0x7E }, hasFuzzyWords: !fuzzyWords.isEmpty,
      casedForms: Set(builder.casedWords.keys.map { Array(Folding.fold($0).text.utf8) }))
    sieve = builder.sieve.sieve()
    formHits = FormHits(sieve, plainForms, lexicon: lexicon)
    gate = RuleGate(builder.rules)
    always = builder.always
    self.lexicon = lexicon
  }

  /// The first two letters of a word or of a stem.
  static func initial(of word: String) -> String {
    String((word.hasPrefix("~") ? word.dropFirst() : word[...]).prefix(2))
  }

  /// Whether there is any rule to match.
  package var isEmpty: Bool { rules.isEmpty }
}

private struct Builder {
  let analyser: WordAnalyser
  var rules: [CompiledClaims.CompiledRule] = []
  var phrases: [CompiledClaims.Phrase] = []
  var ruleBySlot: [Int32] = []
  var lemmaWords: [String: [Int32]] = [:]
  var exactWords: [String: [Int32]] = [:]
  var prefixWords: [String: [Int32]] = [:]
  var always: [Int32] = []
  var ownerBySlot: [Int32] = []
  var foldsOffBySlot: [Foldings] = []
  var rulesByWord: [[Int32]] = []
  var casedWords: [String: [Int32]] = [:]
  var hashtagWords: [String: [Int32]] = [:]
  var mentionWords: [String: [Int32]] = [:]
  var fuzzyWords = FuzzyWords()
  /// Each once, with the slots where its hits go.
  var expressions: [String] = []
  var slotsByExpression: [[Int32]] = []
  private var expressionIDs: [String: Int] = [:]
  private var owner: Int32 = 0
  private var foldsOff: Foldings = []
  private var wordIDs: [Pattern.Word: Int32] = [:]
  private var wordLengths: [Int] = []
  private var phraseIDs: [[Int32]: Int] = [:]

  var sieve: WordSieve.Builder
  var wordCount: Int { wordLengths.count }

  init(lexicon: Lexicon?) {
    analyser = WordAnalyser(lexicon: lexicon)
    sieve = WordSieve.Builder(lexicon: lexicon)
  }

  mutating func add(_ claim: ClaimRule, index: Int, foldsOff: Foldings) {
    let position = Int32(rules.count)
    owner = position
    self.foldsOff = foldsOff
    let named = claim.match.names
    var terms: [CompiledClaims.CompiledTerm] = []
    var scores: [Bool] = []
    for (term, isOwn) in claim.terms.map({ ($0, true) }) + claim.sharedTerms.map({ ($0, false) }) {
      let counts = isOwn || named.contains(term.name)
      terms.append(compile(term, rule: counts ? position : nil))
      scores.append(counts)
    }
    let termIndex = claim.termIndex
    let match = claim.compiledMatch
    let them = claim.them.compactMap { termIndex[$0.name] }
    let positive = match.positive
    let exceptions = claim.unless.map { exception -> CompiledClaims.CompiledException in
      var compiled = CompiledClaims.CompiledException(scope: exception.scope, outcome: exception.outcome)
      switch exception.cue {
      case .term(let name): compiled.term = termIndex[name]
      case .any(let patterns): compiled.slot = slot(patterns, rule: nil)
      }
      compiled.until = exception.until.map { ($0.date, LocalTime(zone: $0.timezone) ?? .utc) }
      return compiled
    }
    let rule = CompiledClaims.CompiledRule(
      index: index, terms: terms, scores: scores, match: match, written: claim.match,
      positive: positive.isEmpty ? them : positive, exceptions: exceptions,
      factors: TextFields.names.map { claim.fields[$0] ?? 1 }, threshold: claim.match.threshold)
    if match.holdsForNothing { always.append(position) }
    rules.append(rule)
  }

  private mutating func compile(_ term: Term, rule: Int32?) -> CompiledClaims.CompiledTerm {
    let body: CompiledClaims.CompiledTerm.Body
    switch term.body {
    case .any(let patterns):
      body = .any(slot: slot(patterns, rule: rule))
    case .all(let entries):
      body = .all(slots: entries.map { slot($0, rule: rule) })
    case .near(let left, let right, let within, let order, let span):
      body = .near(
        left: slot(left, rule: rule), right: slot(right, rule: rule), within: within, inOrder: order == .given,
        span: span)
    }
    let notAfter = term.notAfter.map { (slot: slot($0.words, rule: nil), within: $0.within) }
    return .init(term: term, body: body, notAfter: notAfter)
  }

  private mutating func slot(_ patterns: [Pattern], rule: Int32?) -> Int {
    let slot = ruleBySlot.count
    ruleBySlot.append(rule ?? -1)
    ownerBySlot.append(owner)
    foldsOffBySlot.append(foldsOff)
    for pattern in patterns {
      if let regex = pattern.regex {
        add(regex, slot: Int32(slot))
        continue
      }
      let words = pattern.words.map { wordID($0) }
      for word in words where rulesByWord[Int(word)].last != owner { rulesByWord[Int(word)].append(owner) }
      let phrase = phraseIDs[words] ?? addPhrase(words)
      phrases[phrase].slots.append(Int32(slot))
    }
    return slot
  }

  private mutating func add(_ regex: String, slot: Int32) {
    if let known = expressionIDs[regex] {
      slotsByExpression[known].append(slot)
    } else {
      expressionIDs[regex] = expressions.count
      expressions.append(regex)
      slotsByExpression.append([slot])
    }
  }

  private mutating func addPhrase(_ words: [Int32]) -> Int {
    // The longest word is the least usual one, near enough.
    let anchor = words.indices.max { wordLengths[Int(words[$0])] < wordLengths[Int(words[$1])] } ?? 0
    phrases.append(.init(words: words, anchor: anchor, slots: []))
    phraseIDs[words] = phrases.count - 1
    return phrases.count - 1
  }

  private mutating func wordID(_ word: Pattern.Word) -> Int32 {
    if let known = wordIDs[word] { return known }
    let id = Int32(wordLengths.count)
    wordIDs[word] = id
    rulesByWord.append([])
    switch word {
    case .lemma(let text):
      addLemmas(of: text, id)
      wordLengths.append(text.utf8.count)
    case .exact(let text):
      let folded = Folding.fold(text).text
      exactWords[folded, default: []].append(id)
      sieve.add(form: folded)
      wordLengths.append(text.utf8.count)
    case .prefix(let text):
      let folded = Folding.fold(text).text
      prefixWords[folded, default: []].append(id)
      sieve.add(prefix: folded)
      wordLengths.append(text.utf8.count)
    case .cased(let text):
      sieve.add(form: Folding.fold(text).text)
      casedWords[text.precomposedStringWithCanonicalMapping, default: []].append(id)
      wordLengths.append(text.utf8.count)
    case .fuzzy(let text):
      fuzzyWords.add(analyser.patternForms(of: text), id: id)
      // No key tells the slips of a word.
      sieve.passesAll = true
      addLemmas(of: text, id)
      wordLengths.append(text.utf8.count)
    case .hashtag(let text):
      hashtagWords[Folding.fold(text).text, default: []].append(id)
      wordLengths.append(text.utf8.count)
    case .mention(let text):
      mentionWords[Folding.fold(text).text, default: []].append(id)
      wordLengths.append(text.utf8.count)
    }
    return id
  }

  private mutating func addLemmas(of text: String, _ id: Int32) {
    for lemma in analyser.patternLemmas(of: text) {
      if lemmaWords[lemma] == nil { sieve.add(lemma: lemma) }
      lemmaWords[lemma, default: []].append(id)
    }
  }
}

/// The fields of a text that are matched, in order.
package enum TextFields {
  package static let names = ["title", "body"]
}
