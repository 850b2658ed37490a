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
  /// nil without a dictionary.
  private let reader: FormReader?
  private var folded: [UInt8] = []
  private let limit: Int
  private var entries: [Entry]
  private var count = 0
  private var arena: [UInt8] = []
  /// First those of the forms that the sieve knows, then those of the words in the table.
  private(set) var hits: [Hit]
  private let seed: UInt64

  /// - Parameter limit: how many words are kept.
  init(claims: CompiledClaims, limit: Int) {
    self.claims = claims
    self.limit = limit
    analyser = WordAnalyser(lexicon: claims.lexicon)
    reader = claims.lexicon.map { FormReader(lexicon: $0) }
    entries = Array(repeating: Entry(), count: 1 << 12)
    hits = claims.formHits.hits
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

  @inline(__always)
  func hit(_ number: Int) -> Hit { hits[number] }

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
    hits.removeLast(hits.count - claims.formHits.hits.count)
    count = 0
  }

  /// Appends what a plain Cyrillic word satisfies; false where that takes more than the dictionary.
  private func findPlainHits(_ raw: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let reader else { return false }
    folded.removeAll(keepingCapacity: true)
    guard Folding.foldPlainCyrillic(raw, into: &folded) else { return false }
    return folded.withUnsafeBufferPointer { claims.plainForms.find($0, reader, into: &hits) }
  }

  /// Appends what the word satisfies, each pattern word once, with the fewest foldings it needs; a masked word that can
  /// be read in several ways once for each of them.
  private func findHits(_ raw: String) {
    var found: [Hit] = []
    func note(_ words: [Int32]?, _ reading: WordReading) {
      for word in words ?? [] {
        let hit = Hit(word: word, foldings: reading.foldings, variant: reading.variant)
        if !found.contains(where: { $0.word == word && ($0.variant == hit.variant || $0.variant == 0) }) {
          found.append(hit)
        }
      }
    }
    let (word, isHashtag, isMention) = WordTable.unsigned(raw)
    if isHashtag || isMention {
      let plain = Folding.fold(word)
      let reading = WordReading(text: plain.text, foldings: plain.foldings, lemmas: [])
      note((isHashtag ? claims.hashtagWords : claims.mentionWords)[plain.text], reading)
    }
    // A name of an account is no word of the text; «@втобус» is one.
    if !isMention || word.unicodeScalars.first.map({ (0x400...0x52F).contains($0.value) }) ?? false {
      if !claims.casedWords.isEmpty { noteCased(word, note) }
      let readings = analyser.readings(of: word)
      for reading in readings { noteWords(reading, note) }
      if isMention { for reading in analyser.readings(of: "а" + word) { noteMasked(reading, note) } }
      if !claims.fuzzyWords.isEmpty, let plain = readings.first, !analyser.knows(plain.text) {
        for reading in readings where reading.variant == 0 && !reading.foldings.contains(.translit) {
          note(claims.fuzzyWords.ids(for: reading.text), reading)
        }
      }
    }
    hits.append(contentsOf: found.sorted { ($0.word, $0.variant) < ($1.word, $1.variant) })
  }

  private func noteWords(_ reading: WordReading, _ note: ([Int32]?, WordReading) -> Void) {
    if reading.foldings.contains(.translit), !claims.initials.contains(CompiledClaims.initial(of: reading.text)) {
      return
    }
    note(claims.plainForms.exactWords[reading.text], reading)
    for lemma in reading.lemmas { note(claims.plainForms.lemmaWords[lemma], reading) }
    for part in [reading.text[...]] + (reading.text.utf8.contains(0x2D) ? reading.text.split(separator: "-") : []) {
      if part.utf8.count != reading.text.utf8.count { note(claims.plainForms.exactWords[String(part)], reading) }
      for length in claims.plainForms.prefixLengths where part.utf8.count >= length {
        note(claims.plainForms.prefixWords[String(decoding: part.utf8.prefix(length), as: UTF8.self)], reading)
      }
    }
  }

  /// A leading `@` stands for а.
  private func noteMasked(_ reading: WordReading, _ note: ([Int32]?, WordReading) -> Void) {
    var reading = reading
    reading.foldings.insert(.masked)
    reading.variant = 1
    noteWords(reading, note)
  }

  /// The form as written, without what cannot be seen; and the parts of a compound.
  private func noteCased(_ raw: String, _ note: ([Int32]?, WordReading) -> Void) {
    let scalars = String.UnicodeScalarView(raw.unicodeScalars.filter { !Folding.isInvisible($0) })
    let visible = Folding.withoutHeaps(scalars).precomposedStringWithCanonicalMapping
    let foldings: Foldings = visible.unicodeScalars.count == raw.unicodeScalars.count ? [] : .invisible
    let reading = WordReading(text: visible, foldings: foldings, lemmas: [])
    note(claims.casedWords[visible], reading)
    if visible.utf8.contains(0x2D) {
      for part in visible.split(separator: "-") { note(claims.casedWords[String(part)], reading) }
    }
  }

  /// The word without the sign of a hashtag or a mention before it.
  private static func unsigned(_ raw: String) -> (word: String, isHashtag: Bool, isMention: Bool) {
    switch raw.utf8.first {
    case 0x23: (String(raw.dropFirst()), true, false)
    case 0x40: (String(raw.dropFirst()), false, true)
    default: (raw, false, false)
    }
  }
}
