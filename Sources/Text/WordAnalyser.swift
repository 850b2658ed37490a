/// What a word of a text or a pattern may stand for.
package struct WordReading: Hashable, Sendable {
  /// The folded writing.
  package var text: String
  package var foldings: Foldings
  /// Lemmas as keys; a stem of an unknown word begins with `~`, so that it never equals a lemma.
  package var lemmas: [String]
  /// Which letter a mask was read as, from 1; 0 where none was guessed. Readings of one word that differ in it compete.
  package var variant: UInt8 = 0

  package init(text: String, foldings: Foldings, lemmas: [String], variant: UInt8 = 0) {
    self.text = text
    self.foldings = foldings
    self.lemmas = lemmas
    self.variant = variant
  }
}

/// Words → lemmas: the dictionary where it has the word, a stem elsewhere. Not Sendable: one owner, one thread.
package final class WordAnalyser {
  private let lexicon: Lexicon?
  private let stemmer = Stemmer()
  /// Bytes of the longest token in which a word is looked for.
  private static let longestHidden = 160

  package init(lexicon: Lexicon?) { self.lexicon = lexicon }

  /// The readings of a raw token, each with the lemmas of the whole and, for a hyphenated compound, of its parts.
  ///
  /// The plain one comes first. Further ones undo what hides a word, and only where the plain one is no word of the
  /// dictionary; they say so in their foldings. Whether a masked or transliterated reading is meant is the rules' to say.
  package func readings(of raw: String) -> [WordReading] {
    if let joined = HiddenLetters.joined(raw) {
      return readings(of: joined).map { reading in
        var reading = reading
        reading.foldings.insert(.spaced)
        return reading
      }
    }
    let folded = Folding.readings(of: raw)
    var readings = folded.map { reading($0, variant: 0) }
    let plain = folded[0]
    if HiddenLetters.isPlain(plain.text) || isKnown(plain.text) { return readings }
    // Nobody reads a word in so many letters.
    guard plain.text.utf8.count <= WordAnalyser.longestHidden else { return readings }
    if let apart = HiddenLetters.withoutHyphens(plain.text), knows(apart) || lexicon == nil {
      readings.append(reading(FoldedWord(text: apart, foldings: plain.foldings.union(.spaced)), variant: 0))
    }
    for word in folded {
      for text in Folding.withoutRuns(word.text) where isCyrillic(text) {
        readings.append(reading(FoldedWord(text: text, foldings: word.foldings.union(.repeat)), variant: 0))
      }
    }
    for (variant, text) in HiddenLetters.unmasked(plain.text) {
      var word = FoldedWord(text: text, foldings: plain.foldings.union(.masked))
      if let (replaced, foldings) = Folding.replacingLookAlikes(text) {
        word = FoldedWord(text: replaced, foldings: word.foldings.union(foldings))
      }
      readings.append(reading(word, variant: variant))
    }
    for text in Transliteration.readings(of: plain.text) {
      readings.append(reading(FoldedWord(text: text, foldings: plain.foldings.union(.translit)), variant: 0))
    }
    return readings
  }

  private func reading(_ folded: FoldedWord, variant: UInt8) -> WordReading {
    var lemmas = textLemmas(of: folded.text)
    if folded.text.utf8.contains(0x2D) {
      for part in folded.text.split(separator: "-") { lemmas += textLemmas(of: String(part)) }
    }
    return WordReading(text: folded.text, foldings: folded.foldings, lemmas: lemmas, variant: variant)
  }

  /// Whether the dictionary itself has the folded word.
  private func isKnown(_ folded: String) -> Bool { lexicon?.knows(folded) ?? false }

  private func isCyrillic(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x400...0x52F).contains($0.value) }
  }

  /// Words of the dictionary in letters that stood apart: from which letter on they make up the rest, and how many
  /// letters each has; nil where they are none.
  ///
  /// The fewest words win; at least one has four letters or more. Without a dictionary all are one word. Takes a time
  /// that grows with the number of letters.
  package func words(in letters: String) -> (start: Int, lengths: [Int])? {
    let count = letters.unicodeScalars.count
    guard let folded = Folding.readings(of: letters).last, let lexicon else { return (0, [count]) }
    let scalars = Array(folded.text.unicodeScalars)
    guard scalars.count == count else { return nil }
    /// By the first letter: the least cost of words from it to the end, how long the first is, whether one is long.
    var best = [(cost: Int, length: Int, hasLong: Bool)?](repeating: nil, count: count)
    for start in scalars.indices.reversed() {
      var lengths = lexicon.wordLengths(beginning: scalars[start..<min(count, start + 24)]).filter { $0 >= 3 }
      if WordAnalyser.oneLetterWords.contains(scalars[start]) { lengths.insert(1, at: 0) }
      for length in lengths {
        guard let rest = start + length == count ? (0, 0, false) : best[start + length] else { continue }
        let cost = rest.0 + (length >= 4 ? 2 : 3)
        if cost <= best[start]?.cost ?? cost { best[start] = (cost, length, rest.2 || length >= 4) }
      }
    }
    guard var next = best.firstIndex(where: { $0?.hasLong ?? false }) else { return nil }
    let start = next
    var lengths: [Int] = []
    while next < count, let step = best[next] {
      lengths.append(step.length)
      next += step.length
    }
    return (start, lengths)
  }

  private static let oneLetterWords: Set<Unicode.Scalar> = ["а", "и", "о", "у", "я", "в", "к", "с"]

  /// What a word of a pattern stands for: itself where it is a dictionary form, else all its lemmas.
  package func patternLemmas(of word: String) -> [String] {
    let folded = Folding.fold(word).text
    guard let lexicon else { return [stemKey(folded)] }
    let lemmas = lexicon.readings(of: folded).map(\.lemma)
    if lemmas.contains(folded) { return [folded] }
    return lemmas.isEmpty ? [stemKey(folded)] : lemmas
  }

  /// Every form of the lemmas that a word of a pattern stands for; the word itself where the dictionary has it not.
  package func patternForms(of word: String) -> [String] {
    let folded = Folding.fold(word).text
    let forms = lexicon?.forms(of: folded, lemmas: Set(patternLemmas(of: word))) ?? []
    return forms.isEmpty ? [folded] : forms
  }

  /// Whether the dictionary has the word; true where there is no dictionary to ask.
  package func knows(_ word: String) -> Bool { lexicon?.knows(Folding.fold(word).text) ?? true }

  /// Whether a word of Latin letters, in any case, reads as a word of the dictionary; without a dictionary none does.
  package func readsAsRussian(_ word: String) -> Bool {
    guard let lexicon else { return false }
    let plain = Folding.fold(word).text
    return !lexicon.knows(plain) && Transliteration.readings(of: plain).contains { lexicon.knows($0) }
  }

  private func textLemmas(of word: String) -> [String] {
    let lemmas = lexicon?.likelyLemmas(of: word) ?? []
    return lemmas.isEmpty ? [stemKey(word)] : lemmas
  }

  private func stemKey(_ word: String) -> String { "~" + stemmer.stem(word) }
}
