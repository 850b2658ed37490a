import Text

/// Which pattern words a plain Cyrillic word satisfies: the dictionary is all that has to be asked.
struct PlainForms: Sendable {
  let lemmaWords: WordIndex
  let exactWords: WordIndex
  let prefixWords: WordIndex
  let prefixLengths: [Int]
  /// Whether a word that the dictionary does not have can be one of a rule by its stem.
  let hasStems: Bool
  /// Whether such a word can be a slip of one of a rule.
  let hasFuzzyWords: Bool
  /// Folded forms of which the writing counts.
  let casedForms: Set<[UInt8]>

  /// Appends what the folded word satisfies, ordered by pattern word.
  ///
  /// - Returns: false, with nothing appended, where that takes more than the dictionary.
  func find(
    _ folded: UnsafeBufferPointer<UInt8>, _ reader: FormReader, into hits: inout [WordTable.Hit]
  ) -> Bool {
    let start = hits.count
    if !casedForms.isEmpty, casedForms.contains(Array(folded)) { return false }
    let isKnown = reader.forEachLikelyLemma(of: folded) { note($0, in: lemmaWords, from: start, &hits) }
    if !isKnown, hasStems || hasFuzzyWords { return false }
    note(folded, in: exactWords, from: start, &hits)
    for length in prefixLengths where folded.count >= length {
      note(UnsafeBufferPointer(rebasing: folded[..<length]), in: prefixWords, from: start, &hits)
    }
    if hits.count - start > 1 { hits[start...].sort { $0.word < $1.word } }
    return true
  }

  private func note(
    _ key: UnsafeBufferPointer<UInt8>, in index: WordIndex, from start: Int, _ hits: inout [WordTable.Hit]
  ) {
    for number in index.words(key) {
      let word = index.ids[number]
      if !hits[start...].contains(where: { $0.word == word }) {
        hits.append(WordTable.Hit(word: word, foldings: [], variant: 0))
      }
    }
  }
}

/// What every form that the sieve knows by its number satisfies, worked out once for all texts and threads.
struct FormHits: Sendable {
  struct Place: Sendable {
    /// Range in `hits`.
    var start: Int32
    /// −1: the form must be looked up as it is written.
    var count: Int32
  }

  private let places: [Place]
  let hits: [WordTable.Hit]

  init(_ sieve: WordSieve, _ forms: PlainForms, lexicon: Lexicon?) {
    let reader = lexicon.map { FormReader(lexicon: $0) }
    var hits: [WordTable.Hit] = []
    var places: [Place] = []
    sieve.forEachForm { folded in
      let start = hits.count
      let isFound = reader.map { forms.find(folded, $0, into: &hits) } ?? false
      places.append(Place(start: Int32(start), count: isFound ? Int32(hits.count - start) : -1))
    }
    self.hits = hits
    self.places = places
  }

  @inline(__always)
  subscript(form: Int32) -> Place { places[Int(form)] }
}
