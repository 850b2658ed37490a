/// The phrases of all rules, in flat arrays: by anchor word, their words and the slots they feed.
struct PhraseIndex: Sendable {
  struct Phrase: Sendable {
    /// Range in `words`.
    var wordStart: Int32
    var wordCount: Int32
    var anchor: Int32
    /// Range in `slots`.
    var slotStart: Int32
    var slotEnd: Int32
  }

  private var phrases: [Phrase] = []
  private var words: [Int32] = []
  private var slots: [Int32] = []
  /// Ends of the phrases of each anchor word, from 0.
  private var ends: [Int32] = [0]

  init(_ phrases: [CompiledClaims.Phrase], wordCount: Int) {
    var byAnchor = [[Int32]](repeating: [], count: wordCount)
    for (id, phrase) in phrases.enumerated() {
      byAnchor[Int(phrase.words[phrase.anchor])].append(Int32(id))
    }
    for ids in byAnchor {
      for id in ids {
        let phrase = phrases[Int(id)]
        self.phrases.append(
          Phrase(
            wordStart: Int32(words.count), wordCount: Int32(phrase.words.count), anchor: Int32(phrase.anchor),
            slotStart: Int32(slots.count), slotEnd: Int32(slots.count + phrase.slots.count)))
        words += phrase.words
        slots += phrase.slots
      }
      ends.append(Int32(self.phrases.count))
    }
  }

  @inline(__always)
  func word(_ index: Int) -> Int32 { words[index] }

  @inline(__always)
  func slot(_ index: Int) -> Int32 { slots[index] }

  /// Hands out the phrases with that anchor.
  @inline(__always)
  func forEach(anchor word: Int32, _ body: (Phrase) -> Void) {
    for index in Int(ends[Int(word)])..<Int(ends[Int(word) + 1]) { body(phrases[index]) }
  }
}
