/// Lets through the words that a set of rules may know, and few others, at the cost of a hash: a Bloom filter over every
/// form of every lemma of the rules, and behind it the table of these forms.
///
/// A word that is let through without a form's number must be looked up in full; one that is not let through concerns no
/// rule. Words that are not plain (`PlainWord`) are always let through, and so are Latin words that may be transliterated
/// and words behind `#` or `@`. A Cyrillic word with Latin letters that look like its own is known by its form.
package final class WordSieve: Sendable {
  /// A token that was let through.
  package struct Suspect: Sendable, BitwiseCopyable {
    package var start: Int32
    package var end: Int32
    /// Which token of the text it is, from 0.
    package var position: Int32
    /// The number of its form; −1 where it must be looked up.
    package var form: Int32
    /// What was undone to find the form.
    package var foldings: Foldings
  }

  /// Set bits by block.
  private let blocks: [UInt64]
  /// Bit n: some word is known by its first n letters, 1…4.
  private let prefixes: Int
  private let passesASCII: Bool
  private let passesAll: Bool
  /// Whether a form in two scripts is known: then such words are looked up.
  private let knowsMixed: Bool
  private let forms: FormTable

  private init(
    blocks: [UInt64], prefixes: Int, passesASCII: Bool, passesAll: Bool, knowsMixed: Bool, forms: FormTable
  ) {
    self.blocks = blocks
    self.prefixes = prefixes
    self.passesASCII = passesASCII
    self.passesAll = passesAll
    self.knowsMixed = knowsMixed
    self.forms = forms
  }

  /// Collects what the rules know.
  package struct Builder {
    private let lexicon: Lexicon?
    private let reader: FormReader?
    private var forms = FormTable()
    /// Keys of forms and of beginnings.
    private var hashes: [UInt64] = []
    private var prefixes = 0
    private var passesASCII = false
    private var knowsMixed = false
    /// Set where the rules know words in a way that no key can tell.
    package var passesAll = false

    package init(lexicon: Lexicon?) {
      self.lexicon = lexicon
      reader = lexicon.map { FormReader(lexicon: $0) }
    }

    /// A word in this folded writing.
    package mutating func add(form: String) {
      var form = form
      form.withUTF8 { add($0) }
    }

    private mutating func add(_ form: UnsafeBufferPointer<UInt8>) {
      guard let key = PlainWord.key(of: form) else { return noteMixed(form) }
      if let first = form.first, first >= 0x80 {
        let known = forms.count
        forms.insert(form, hash: key.hash)
        // Many lemmas share a form.
        if forms.count == known { return }
      }
      hashes.append(key.hash)
    }

    private mutating func noteMixed(_ form: UnsafeBufferPointer<UInt8>) {
      if form.contains(where: { ($0 | 0x20) &- 0x61 < 26 }), form.contains(where: { $0 >= 0x80 }) { knowsMixed = true }
    }

    /// Every form of a lemma, a key of `WordReading.lemmas`.
    package mutating func add(lemma: String) {
      if lemma.utf8.first == 0x7E { return add(prefix: String(lemma.dropFirst())) }
      add(form: lemma)
      reader?.forEachForm(ofLemma: lemma) { add($0) }
    }

    /// Every word that begins so: a stem always begins its word, at least a Russian one.
    package mutating func add(prefix: String) {
      let bytes = Array(prefix.utf8)
      guard let first = bytes.first else {
        passesAll = true
        return
      }
      guard first >= 0x80 else {
        passesASCII = true
        // «maxом» begins as «max*», in whatever letters it goes on.
        knowsMixed = true
        return
      }
      bytes.withUnsafeBufferPointer { bytes in
        guard let key = PlainWord.key(of: bytes) else { return noteMixed(bytes) }
        let letters = min(bytes.count / 2, 4)
        prefixes |= 1 << letters
        hashes.append(PlainWord.prefixHash(key.head, letters: letters))
      }
    }

    package mutating func sieve() -> WordSieve {
      // Five keys a block: about one foreign word in 60 passes, and the whole stays in the cache nearest to the core.
      var blocks = [UInt64](repeating: 0, count: max(64, hashes.count / 5))
      func set(_ hash: UInt64) { blocks[WordSieve.block(hash, of: UInt64(blocks.count))] |= WordSieve.bits(hash) }
      hashes.forEach(set)
      return WordSieve(
        blocks: blocks, prefixes: prefixes, passesASCII: passesASCII, passesAll: passesAll, knowsMixed: knowsMixed,
        forms: forms)
    }
  }

  /// Hands out every form that has a number, folded, in the order of the numbers, from 0.
  package func forEachForm(_ body: (UnsafeBufferPointer<UInt8>) -> Void) { forms.forEachForm(body) }

  /// Which of `count` blocks a key has its bits in: by its highest ones.
  @inline(__always)
  private static func block(_ hash: UInt64, of count: UInt64) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: count).high)
  }

  @inline(__always)
  private static func bits(_ hash: UInt64) -> UInt64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63)
  }

  /// Hands out the suspects of a text of valid UTF-8, in order.
  ///
  /// - Returns: false where the text may hide words that its tokens do not show, letters set apart or masked: the
  ///   suspects are right only if it hides none.
  package func sift(_ text: UnsafeBufferPointer<UInt8>, _ body: (Suspect) -> Void) -> Bool {
    guard text.count > 0 else { return true }
    return withUnsafeTemporaryAllocation(of: AskedWord.self, capacity: AskedWords.most) { room in
      blocks.withUnsafeBufferPointer { blocks in
        guard let bytes = text.baseAddress, let blocks = blocks.baseAddress, let room = room.baseAddress else {
          return true
        }
        return sift(text, bytes, AskedWords(room: room, blocks: blocks), body)
      }
    }
  }

  @inline(__always)
  private func knows(_ key: PlainWord.Key, _ blocks: UnsafePointer<UInt64>) -> Bool {
    let bits = WordSieve.bits(key.hash)
    return blocks[WordSieve.block(key.hash, of: UInt64(self.blocks.count))] & bits == bits
  }

  private func knowsPrefix(_ key: PlainWord.Key, _ blocks: UnsafePointer<UInt64>) -> Bool {
    for letters in 1...4 where prefixes & (1 << letters) != 0 {
      if key.head >> UInt64((letters - 1) * 16) == 0 { return false }
      let hash = PlainWord.prefixHash(key.head, letters: letters)
      let bits = WordSieve.bits(hash)
      if blocks[WordSieve.block(hash, of: UInt64(self.blocks.count))] & bits == bits { return true }
    }
    return false
  }

  /// What becomes of a word from `position` on that is not plain, and its form where it is one in two scripts; `position`
  /// is left behind the word.
  private func mixedForm(
    _ text: UnsafeBufferPointer<UInt8>, _ bytes: UnsafePointer<UInt8>, _ position: inout Int,
    _ blocks: UnsafePointer<UInt64>
  ) -> (Fate, form: Int) {
    let start = position
    let result = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: PlainWord.longestMixed) {
      letters -> (Fate, form: Int)? in
      // Where every word must be looked up, so must what this one is as it is written.
      guard !knowsMixed, !passesAll, let room = letters.baseAddress else { return nil }
      var key = PlainWord.Key()
      let length = PlainWord.readMixed(bytes, text.count, &position, into: room, &key)
      // Its plain writing may begin as some word that is known by its beginning.
      guard length > 0, WordSieve.endsWord(bytes, text.count, position), !knowsPrefix(key, blocks) else { return nil }
      let form =
        knows(key, blocks) ? forms.find(letters: UnsafeBufferPointer(start: room, count: length), key.hash) : -1
      return form >= 0 ? (.passes, form) : (.dropped, -1)
    }
    if let result { return result }
    position = Tokenizer.end(of: text, from: start)
    return (.passes, -1)
  }

  private func sift(
    _ text: UnsafeBufferPointer<UInt8>, _ bytes: UnsafePointer<UInt8>, _ words: AskedWords, _ body: (Suspect) -> Void
  ) -> Bool {
    let count = text.count
    let passesASCII = passesASCII || passesAll
    var words = words
    var mayHide = false
    var position = 0
    var number: Int32 = 0
    /// How many tokens in a row have one letter.
    var single = 0
    /// Behind the last `#` or `@`.
    var behindSign = -1
    while position < count {
      let start = position
      let byte = bytes[position]
      var key = PlainWord.Key()
      var fate = Fate.asked
      var form = -1
      if byte & 0xFE == 0xD0 {
        let isPlain = PlainWord.readCyrillic(bytes, count, &position, &key)
        if !isPlain || !WordSieve.endsWord(bytes, count, position) {
          position = start
          (fate, form) = mixedForm(text, bytes, &position, words.blocks)
        }
      } else if byte < 0x80 {
        guard WordSieve.isASCIIWord(byte) else {
          position &+= 1
          if byte == 0x23 || byte == 0x40 { behindSign = position }
          continue
        }
        let isLatin = PlainWord.readASCII(bytes, count, &position, &key)
        if !WordSieve.endsWord(bytes, count, position) {
          position = start
          (fate, form) = mixedForm(text, bytes, &position, words.blocks)
        } else if passesASCII || isLatin && position &- start >= 4 {
          // Four Latin letters or more may be Russian written in them.
          fate = .passes
        } else {
          fate = .askedOther
        }
      } else {
        let (isWord, length) = Tokenizer.begins(text, at: position)
        guard isWord else {
          position &+= length
          continue
        }
        position = Tokenizer.end(of: text, from: start)
        fate = .passes
      }
      if position < count, bytes[position] == 0x2A || bytes[position] == 0x40 { mayHide = true }
      if position &- start <= 2 {
        single &+= 1
        if single == 3 { mayHide = true }
      } else {
        single = 0
      }
      var first = start
      if behindSign == start, start == 1 || !WordSieve.isWordByte(bytes[start &- 2]) {
        // A hashtag and the name of an account are known by the sign before them.
        first = start &- 1
        fate = .passes
        form = -1
      }
      if fate != .dropped {
        let word = AskedWord(
          key: key, start: Int32(first), end: Int32(position), position: number, form: Int32(form))
        if words.add(word, fate) { answer(&words, bytes, body) }
      }
      number &+= 1
      if position < count, bytes[position] == 0x20 { position &+= 1 }
    }
    answer(&words, bytes, body)
    return !mayHide
  }

  /// What is known of a word before the filter is asked.
  private enum Fate { case asked, askedOther, passes, dropped }

  /// A word that the filter is asked about.
  private struct AskedWord {
    var key: PlainWord.Key
    var start: Int32
    var end: Int32
    var position: Int32
    var form: Int32
  }

  /// Words are asked about together, so that the processor fetches the blocks of all of them at once: most lie outside of
  /// the cache nearest to the core.
  private struct AskedWords {
    static let most = 64
    let room: UnsafeMutablePointer<AskedWord>
    let blocks: UnsafePointer<UInt64>
    var count = 0
    // By the bits of the words: plain Cyrillic ones, and those that pass whatever the filter says.
    var cyrillic: UInt64 = 0
    var passing: UInt64 = 0

    /// - Returns: whether there is no more room.
    @inline(__always)
    mutating func add(_ word: AskedWord, _ fate: Fate) -> Bool {
      (room + count).initialize(to: word)
      let bit: UInt64 = 1 << UInt64(count)
      if fate == .asked { cyrillic |= bit }
      if fate == .passes { passing |= bit }
      count &+= 1
      return count == AskedWords.most
    }
  }

  private func answer(_ words: inout AskedWords, _ bytes: UnsafePointer<UInt8>, _ body: (Suspect) -> Void) {
    let count = UInt64(blocks.count)
    var known: UInt64 = 0
    for index in 0..<words.count {
      let hash = words.room[index].key.hash
      let bits = WordSieve.bits(hash)
      if words.blocks[WordSieve.block(hash, of: count)] & bits == bits { known |= 1 << UInt64(index) }
    }
    var rest = known | words.passing | (passesAll || prefixes != 0 ? words.cyrillic : 0)
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      let bit: UInt64 = 1 << UInt64(index)
      rest &= rest &- 1
      let word = words.room[index]
      var form = Int(word.form)
      if words.cyrillic & bit != 0 {
        if known & bit != 0 { form = forms.find(bytes + Int(word.start), Int(word.end &- word.start), word.key.hash) }
        guard form >= 0 || passesAll || knowsPrefix(word.key, words.blocks) else { continue }
      }
      body(
        Suspect(
          start: word.start, end: word.end, position: word.position, form: Int32(form),
          foldings: words.cyrillic & bit == 0 && form >= 0 ? .homoglyph : []))
    }
    words.count = 0
    words.cyrillic = 0
    words.passing = 0
  }

  @inline(__always)
  private static func isASCIIWord(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 }

  private static func isWordByte(_ byte: UInt8) -> Bool { byte >= 0x80 || isASCIIWord(byte) || byte == 0x5F }

  /// Whether no word can go on at the position; false where that takes more than a look.
  @inline(__always)
  private static func endsWord(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ position: Int) -> Bool {
    guard position < count else { return true }
    let byte = bytes[position]
    if byte <= 0x20 { return true }
    // Letters, digits, `_`, `-` and `'` go on; all other ASCII ends.
    if byte < 0x80 { return !(isASCIIWord(byte) || byte == 0x5F || byte == 0x2D || byte == 0x27) }
    // «…» and dashes: U+2012–U+2015, U+2026; quotation marks U+00AB, U+00BB.
    if byte == 0xE2, position &+ 2 < count, bytes[position &+ 1] == 0x80 {
      let last = bytes[position &+ 2]
      return last == 0xA6 || last &- 0x92 < 4
    }
    return byte == 0xC2 && position &+ 1 < count && (bytes[position &+ 1] == 0xAB || bytes[position &+ 1] == 0xBB)
  }
}
