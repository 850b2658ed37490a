import Text

/// The words of a bench: those that texts are made of, and others that only rules and texts about them use.
struct Vocabulary {
  /// A lemma with forms that the dictionary leads back to it alone.
  struct Word {
    var lemma: String
    var forms: [String]
  }

  /// Surface forms by rank, the most usual first; short words tend to be usual, as in a language.
  let forms: [String]
  let ruleWords: [Word]

  /// How many surface forms texts are made of.
  static let size = 250_000

  init(lexicon: Lexicon, seed: UInt64) {
    var texts: [(order: UInt64, form: String)] = []
    var rules: [(order: UInt64, form: String)] = []
    lexicon.forEachForm { form in
      guard form.count >= 2, form.allSatisfy({ $0 >= 0x80 }) else { return }
      let order = SplitMix64.hash(form, seed: seed)
      // A whole family of words, by its first five letters, belongs to the rules or to the texts.
      if SplitMix64.hash(form.prefix(10), seed: ~seed) % 8 == 0 {
        if form.count >= 10 { rules.append((order, String(decoding: form, as: UTF8.self))) }
      } else if order < UInt64.max / 8 {
        texts.append((order, String(decoding: form, as: UTF8.self)))
      }
    }
    ruleWords = Vocabulary.words(rules.map(\.form), lexicon, seed)
    let taken = Set(ruleWords.map(\.lemma))
    texts.sort { ($0.order, $0.form) < ($1.order, $1.form) }
    var ranked: [(rank: Double, form: String)] = []
    for (order, form) in texts where ranked.count < Vocabulary.size {
      let folded = Folding.fold(form).text
      if lexicon.readings(of: folded).contains(where: { taken.contains($0.lemma) }) { continue }
      ranked.append((Double(form.utf8.count) + 12 * Double(SplitMix64.mix(order) >> 11) * 0x1p-53, form))
    }
    forms = ranked.sorted { ($0.rank, $0.form) < ($1.rank, $1.form) }.map(\.form)
  }

  /// Groups forms that have one lemma only; a word needs three.
  private static func words(_ forms: [String], _ lexicon: Lexicon, _ seed: UInt64) -> [Word] {
    var groups: [String: [String]] = [:]
    for form in forms {
      let lemmas = lexicon.readings(of: Folding.fold(form).text)
      if lemmas.count == 1 { groups[lemmas[0].lemma, default: []].append(form) }
    }
    return groups.filter { lemma, forms in
      forms.count >= 3 && lexicon.readings(of: lemma).map(\.lemma) == [lemma]
    }
    .map { (order: SplitMix64.hash($0.key.utf8, seed: seed), word: Word(lemma: $0.key, forms: $0.value.sorted())) }
    .sorted { ($0.order, $0.word.lemma) < ($1.order, $1.word.lemma) }
    .map(\.word)
  }
}
