import Foundation
import Glibc
import Rules
import Text

/// Which pattern words a raw word of a text satisfies, worked out once a word and kept.
///
/// Bounded: at 1 M words or 64 MB it is emptied and filled anew. It caches a pure function, so that changes nothing.
final class WordTable {
  /// A pattern word that the raw word satisfies, and what had to be folded for that.
  struct Hit {
    var word: Int32
    var foldings: Foldings
    /// Which letter a mask was read as; 0 where none was guessed.
    var variant: UInt8
  }

  private struct Entry {
    var hash: UInt64 = 0
    var start: UInt32 = 0
    var length: UInt32 = 0
    /// Range in `hits`; an empty entry of the table has length 0.
    var hitStart: Int32 = 0
    var hitCount: Int32 = 0
  }

  private let claims: CompiledClaims
  private let analyser: WordAnalyser
  private let reader: FormReader?
  private var folded: [UInt8] = []
  private let limit: Int
  private var entries: [Entry]
  private var count = 0
  private var arena: [UInt8] = []
  private(set) var hits: [Hit] = []
  private let seed: UInt64

  /// - Parameter limit: how many words are kept.
  init(claims: CompiledClaims, limit: Int = 1_000_000) {
    self.claims = claims
    self.limit = limit
    analyser = WordAnalyser(lexicon: claims.lexicon)
    reader = claims.lexicon.map { FormReader(lexicon: $0) }
    entries = Array(repeating: Entry(), count: 1 << 12)
    // A secret start value, so that nobody can send texts whose words all fall into one chain.
    seed = UInt64.random(in: .min ... .max)
  }

  /// Empties the table where it is full. Between texts only: ranges of words found before are worthless afterwards.
  func makeRoom() {
    if count >= limit || arena.count > 64 << 20 { reset() }
  }

  /// The range in `hits` of what the word satisfies; valid until the next `makeRoom`.
  func lookUp(_ word: UnsafeBufferPointer<UInt8>) -> (start: Int, count: Int) {
    let hash = hash(word)
    let mask = entries.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while entries[slot].length != 0 {
      let entry = entries[slot]
      if entry.hash == hash, Int(entry.length) == word.count, isEqual(entry, word) {
        return (Int(entry.hitStart), Int(entry.hitCount))
      }
      slot = (slot + 1) & mask
    }
    return insert(word, hash)
  }

  /// Whether a range holds a word read from Latin letters.
  func isTransliterated(_ range: (start: Int, count: Int)) -> Bool {
    hits[range.start..<range.start + range.count].contains { $0.foldings.contains(.translit) }
  }

  private func isEqual(_ entry: Entry, _ word: UnsafeBufferPointer<UInt8>) -> Bool {
    arena.withUnsafeBufferPointer { arena in
      guard let stored = arena.baseAddress, let other = word.baseAddress else { return false }
      return memcmp(stored + Int(entry.start), other, word.count) == 0
    }
  }

  /// A multiply-rotate hash over eight bytes at a time, started from a secret.
  private func hash(_ word: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var value = seed ^ UInt64(word.count)
    var rest = UnsafeRawBufferPointer(word)
    while rest.count >= 8 {
      value = mix(value ^ rest.loadUnaligned(as: UInt64.self))
      rest = UnsafeRawBufferPointer(rebasing: rest[8...])
    }
    var tail: UInt64 = 0
    for byte in rest { tail = tail << 8 | UInt64(byte) }
    return mix(value ^ tail)
  }

  private func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }

  private func insert(_ word: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> (start: Int, count: Int) {
    if count * 2 >= entries.count { grow() }
    let hitStart = hits.count
    if !findPlainHits(word) { findHits(String(decoding: word, as: UTF8.self)) }
    let entry = Entry(
      hash: hash, start: UInt32(arena.count), length: UInt32(word.count), hitStart: Int32(hitStart),
      hitCount: Int32(hits.count - hitStart))
    arena.append(contentsOf: word)
    place(entry)
    count += 1
    return (hitStart, hits.count - hitStart)
  }

  private func place(_ entry: Entry) {
    let mask = entries.count - 1
    var slot = Int(truncatingIfNeeded: entry.hash) & mask
    while entries[slot].length != 0 { slot = (slot + 1) & mask }
    entries[slot] = entry
  }

  private func grow() {
    let old = entries
    entries = Array(repeating: Entry(), count: old.count * 2)
    for entry in old where entry.length != 0 { place(entry) }
  }

  private func reset() {
    entries = Array(repeating: Entry(), count: 1 << 12)
    arena.removeAll(keepingCapacity: true)
    hits.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Appends what a plain word satisfies that the dictionary has or that no stem can be; false for any other.
  private func findPlainHits(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
    folded.removeAll(keepingCapacity: true)
    guard let reader, Folding.foldPlainly(raw, into: &folded) else { return false }
    let start = hits.count
    let isKnown = reader.forEachLikelyLemma(of: folded) { lemma in
      note(lemma.withUnsafeBufferPointer { claims.lemmaWords.words($0) }, [], from: start)
    }
    if !isKnown, claims.hasStems { return false }
    folded.withUnsafeBufferPointer { folded in
      note(claims.exactWords.words(folded), [], from: start)
      for length in claims.prefixLengths where folded.count >= length {
        note(claims.prefixWords.words(UnsafeBufferPointer(rebasing: folded[..<length])), [], from: start)
      }
    }
    hits[start...].sort { $0.word < $1.word }
    return true
  }

  private func note(_ words: [Int32], _ foldings: Foldings, from start: Int) {
    for word in words where !hits[start...].contains(where: { $0.word == word }) {
      hits.append(Hit(word: word, foldings: foldings))
    }
  }

  /// Appends what the word satisfies, each pattern word once, with the fewest foldings it needs.
  private func findHits(_ raw: String) {
    let start = hits.count
    func note(_ index: WordIndex, _ key: some StringProtocol, _ foldings: Foldings) {
      self.note(Array(key.utf8).withUnsafeBufferPointer { index.words($0) }, foldings, from: start)
    }
    for reading in analyser.readings(of: raw) {
      note(claims.exactWords, reading.text, reading.foldings)
      for lemma in reading.lemmas { note(claims.lemmaWords, lemma, reading.foldings) }
      for part in [reading.text[...]] + (reading.text.utf8.contains(0x2D) ? reading.text.split(separator: "-") : []) {
        if part.utf8.count != reading.text.utf8.count { note(claims.exactWords, part, reading.foldings) }
        for length in claims.prefixLengths where part.utf8.count >= length {
          note(claims.prefixWords, String(decoding: part.utf8.prefix(length), as: UTF8.self), reading.foldings)
        }
      }
    }
    hits[start...].sort { $0.word < $1.word }
  }
}
