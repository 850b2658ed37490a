/// What a word of a text or a pattern may stand for.
package struct WordReading: Hashable, Sendable {
  /// The folded writing.
  package var text: String
  package var foldings: Foldings
  /// Lemmas as keys; a stem of an unknown word begins with `~`, so that it never equals a lemma.
  package var lemmas: [String]
}

/// Words → lemmas: the dictionary where it has the word, a stem elsewhere. Not Sendable: one owner, one thread.
package final class WordAnalyser {
  private let lexicon: Lexicon?
  private let stemmer = Stemmer()

  package init(lexicon: Lexicon?) { self.lexicon = lexicon }

  /// The readings of a raw token, each with the lemmas of the whole and, for a hyphenated compound, of its parts.
  package func readings(of raw: String) -> [WordReading] {
    Folding.readings(of: raw).map { folded in
      var lemmas = textLemmas(of: folded.text)
      if folded.text.utf8.contains(0x2D) {
        for part in folded.text.split(separator: "-") { lemmas += textLemmas(of: String(part)) }
      }
      return WordReading(text: folded.text, foldings: folded.foldings, lemmas: lemmas)
    }
  }

  /// What a word of a pattern stands for: itself where it is a dictionary form, else all its lemmas.
  package func patternLemmas(of word: String) -> [String] {
    let folded = Folding.fold(word).text
    guard let lexicon else { return [stemKey(folded)] }
    let lemmas = lexicon.readings(of: folded).map(\.lemma)
    if lemmas.contains(folded) { return [folded] }
    return lemmas.isEmpty ? [stemKey(folded)] : lemmas
  }

  /// Whether the dictionary has the word; true where there is no dictionary to ask.
  package func knows(_ word: String) -> Bool { lexicon?.knows(Folding.fold(word).text) ?? true }

  private func textLemmas(of word: String) -> [String] {
    let lemmas = lexicon?.likelyLemmas(of: word) ?? []
    return lemmas.isEmpty ? [stemKey(word)] : lemmas
  }

  private func stemKey(_ word: String) -> String { "~" + stemmer.stem(word) }
}
