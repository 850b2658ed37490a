/// Whether it is clear which word of a rule a masked one is.
enum MaskedWord {
  /// Whatever the masked letter is, one and the same word of the rule fits: «смы*о» is смыть, be it «смыло» or «смыто».
  ///
  /// - Parameter hits: what the readings of the masked word satisfy of the words of one rule, each once.
  static func isOne(_ hits: some Collection<WordTable.Hit>) -> Bool {
    let letters = Set(hits.lazy.map(\.variant)).count
    return letters <= 1 || hits.contains { hit in hits.count { $0.word == hit.word } == letters }
  }
}
