/// Lets through the words that a set of rules may know, and few others, at the cost of a hash: a Bloom filter over every
/// form of every lemma of the rules.
///
/// A word that is let through must be looked up in full; one that is not concerns no rule. Words that are not plain
/// (`PlainWord`) are always let through, and so are Latin words that may be transliterated and words behind `#` or `@`.
package struct WordSieve: Sendable {
  /// A token that was let through.
  package struct Suspect: Sendable {
    package var start: Int32
    package var end: Int32
    /// Which token of the text it is, from 0.
    package var position: Int32
  }

  /// Set bits by block.
  private let blocks: [UInt64]
  /// Bit n: some word is known by its first n letters, 1…4.
  private let prefixes: Int
  private let passesASCII: Bool
  private let passesAll: Bool

  /// Collects what the rules know.
  package struct Builder {
    private let lexicon: Lexicon?
    private let reader: FormReader?
    private var hashes: [UInt64] = []
    private var prefixes = 0
    private var passesASCII = false
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
      if let key = PlainWord.key(of: form) { hashes.append(key.hash) }
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
        return
      }
      bytes.withUnsafeBufferPointer { bytes in
        guard let key = PlainWord.key(of: bytes) else { return }
        let letters = min(bytes.count / 2, 4)
        prefixes |= 1 << letters
        hashes.append(PlainWord.prefixHash(key.head, letters: letters))
      }
    }

    package mutating func sieve() -> WordSieve {
      // Five keys a block: about one foreign word in 60 passes, and the whole stays in the cache nearest to the core.
      hashes.sort()
      var count = 0
      for index in hashes.indices where index == 0 || hashes[index] != hashes[index - 1] { count += 1 }
      var blocks = [UInt64](repeating: 0, count: max(64, count / 5))
      for hash in hashes { blocks[WordSieve.block(hash, of: UInt64(blocks.count))] |= WordSieve.bits(hash) }
      return WordSieve(
        blocks: blocks, prefixes: prefixes, passesASCII: passesASCII, passesAll: passesAll)
    }
  }

  /// Which of `count` blocks a key has its bits in: by its highest ones.
  @inline(__always)
  private static func block(_ hash: UInt64, of count: UInt64) -> Int {
    Int(truncatingIfNeeded: hash.multipliedFullWidth(by: count).high)
  }

  @inline(__always)
  private static func bits(_ hash: UInt64) -> UInt64 {
    1 << (hash & 63) | 1 << (hash >> 6 & 63) | 1 << (hash >> 12 & 63) | 1 << (hash >> 18 & 63)
  }

  /// Appends the suspects of a text of valid UTF-8, in order.
  ///
  /// - Returns: false where the text may hide words that its tokens do not show, letters set apart or masked: then the
  ///   suspects are worth nothing.
  package func sift(_ text: UnsafeBufferPointer<UInt8>, into suspects: inout [Suspect]) -> Bool {
    blocks.withUnsafeBufferPointer { blocks in
      guard let bytes = text.baseAddress, let blocks = blocks.baseAddress else { return true }
      return sift(text, bytes, blocks, &suspects)
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

  private func sift(
    _ text: UnsafeBufferPointer<UInt8>, _ bytes: UnsafePointer<UInt8>, _ blocks: UnsafePointer<UInt64>,
    _ suspects: inout [Suspect]
  ) -> Bool {
    let count = text.count
    let passesAll = passesAll
    let hasPrefixes = prefixes != 0
    let passesASCII = passesASCII || passesAll
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
      var passes: Bool
      if byte & 0xFE == 0xD0 {
        let isPlain = PlainWord.readCyrillic(bytes, count, &position, &key)
        if isPlain, WordSieve.endsWord(bytes, count, position) {
          passes = passesAll || knows(key, blocks) || hasPrefixes && knowsPrefix(key, blocks)
        } else {
          position = Tokenizer.end(of: text, from: start)
          passes = true
        }
      } else if byte < 0x80 {
        guard WordSieve.isASCIIWord(byte) else {
          position &+= 1
          if byte == 0x23 || byte == 0x40 { behindSign = position }
          continue
        }
        let isLatin = PlainWord.readASCII(bytes, count, &position, &key)
        if WordSieve.endsWord(bytes, count, position) {
          // Four Latin letters or more may be Russian written in them.
          passes = passesASCII || isLatin && position &- start >= 4 || knows(key, blocks)
        } else {
          position = Tokenizer.end(of: text, from: start)
          passes = true
        }
      } else {
        let (isWord, length) = Tokenizer.begins(text, at: position)
        guard isWord else {
          position &+= length
          continue
        }
        position = Tokenizer.end(of: text, from: start)
        passes = true
      }
      if position < count, bytes[position] == 0x2A || bytes[position] == 0x40 { return false }
      if position &- start <= 2 {
        single &+= 1
        if single == 3 { return false }
      } else {
        single = 0
      }
      var first = start
      if behindSign == start, start == 1 || !WordSieve.isWordByte(bytes[start &- 2]) {
        // A hashtag and the name of an account are known by the sign before them.
        first = start &- 1
        passes = true
      }
      if passes {
        suspects.append(Suspect(start: Int32(first), end: Int32(position), position: number))
      }
      number &+= 1
    }
    return true
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
