import CStemmer

/// The Snowball stemmers, for words that the dictionary does not have. Not Sendable: one owner, one thread.
package final class Stemmer {
  private let russian: OpaquePointer?
  private let english: OpaquePointer?

  package init() {
    russian = sb_stemmer_new("russian", "UTF_8")
    english = sb_stemmer_new("english", "UTF_8")
  }

  deinit {
    sb_stemmer_delete(russian)
    sb_stemmer_delete(english)
  }

  /// The stem of a lower-case word: the Russian stemmer where it has a Cyrillic letter, else the English one.
  package func stem(_ word: String) -> String {
    let isCyrillic = word.unicodeScalars.contains { ("\u{400}"..."\u{4FF}").contains($0) }
    guard let stemmer = isCyrillic ? russian : english else { return word }
    let bytes = Array(word.utf8)
    guard let stem = sb_stemmer_stem(stemmer, bytes, Int32(bytes.count)) else { return word }
    return String(
      decoding: UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(stemmer))), as: UTF8.self)
  }
}
