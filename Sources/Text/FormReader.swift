/// Reads words from the dictionary in bytes, without allocating. Not Sendable: one owner, one thread.
package final class FormReader {
  /// No word of the dictionary is nearly as long, in bytes.
  private static let longest = 240

  /// Keeps alive what `graph` looks into.
  private let lexicon: Lexicon
  private let graph: Dawg.View
  private let paradigmStarts: [Int]
  private let forms: [UInt16]
  private let suffixes: AffixTable
  private let prefixes: AffixTable

  /// The form at hand, with its own ё; behind it the lemma that was found first, and the one at hand, with е for ё.
  private let form: UnsafeMutablePointer<UInt8>
  private let first: UnsafeMutablePointer<UInt8>
  private let other: UnsafeMutablePointer<UInt8>
  private var firstCount = 0
  /// Of the entry at hand.
  private var records: [UInt32] = []
  private var isAmbiguous = false

  package init(lexicon: Lexicon) {
    self.lexicon = lexicon
    graph = lexicon.words.view
    paradigmStarts = lexicon.paradigmStarts
    forms = lexicon.forms
    suffixes = lexicon.suffixTable
    prefixes = lexicon.prefixTable
    // A lemma may be longer than its form by its own affixes.
    let room = 2 * FormReader.longest + suffixes.longest + prefixes.longest
    form = .allocate(capacity: 3 * room)
    first = form + room
    other = first + room
  }

  deinit { form.deallocate() }

  /// Hands out what `likelyLemmas` has for a folded word.
  ///
  /// - Returns: whether the dictionary has the word.
  package func forEachLikelyLemma(
    of word: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) -> Bool {
    guard let bytes = word.baseAddress, word.count <= FormReader.longest else { return false }
    firstCount = 0
    isAmbiguous = false
    visit(bytes, word.count, 0, at: Dawg.root) { length, paradigm, index in noteLemma(length, paradigm, index) }
    guard firstCount > 0 else { return false }
    if isAmbiguous {
      // Several lemmas: how often each is meant decides.
      for lemma in lexicon.likelyLemmas(of: String(decoding: word, as: UTF8.self)) {
        var lemma = lemma
        lemma.withUTF8(body)
      }
    } else {
      body(UnsafeBufferPointer(start: first, count: firstCount))
    }
    return true
  }

  /// Hands out every form of a lemma, folded.
  package func forEachForm(ofLemma lemma: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var lemma = lemma
    lemma.withUTF8 { lemma in
      guard let bytes = lemma.baseAddress, lemma.count <= FormReader.longest else { return }
      visit(bytes, lemma.count, 0, at: Dawg.root) { length, paradigm, index in
        if index == 0 { forEachForm(length, paradigm, body) }
      }
    }
  }

  /// Goes along the word from `position` on, trying ё for every е; `form` holds what was gone so far.
  private func visit(
    _ word: UnsafePointer<UInt8>, _ count: Int, _ position: Int, at node: Int, _ found: (Int, Int, Int) -> Void
  ) {
    var node = node
    var position = position
    while position < count {
      let byte = word[position]
      if byte == 0xD0, position + 1 < count, word[position + 1] == 0xB5 {
        let half = graph.follow(0xD1, from: node)
        let next = half < 0 ? -1 : graph.follow(0x91, from: half)
        if next >= 0 {
          form[position] = 0xD1
          form[position + 1] = 0x91
          visit(word, count, position + 2, at: next, found)
        }
        node = graph.follow(0xD0, from: node)
        if node >= 0 { node = graph.follow(0xB5, from: node) }
        guard node >= 0 else { return }
        form[position] = 0xD0
        form[position + 1] = 0xB5
        position += 2
      } else {
        node = graph.follow(byte, from: node)
        guard node >= 0 else { return }
        form[position] = byte
        position += 1
      }
    }
    let values = graph.follow(0x01, from: node)
    guard values >= 0 else { return }
    records.removeAll(keepingCapacity: true)
    graph.readRecords(from: values, into: &records)
    for record in records { found(count, Int(record >> 16), Int(record & 0xFFFF)) }
  }

  private func noteLemma(_ length: Int, _ paradigm: Int, _ index: Int) {
    if isAmbiguous { return }
    let isFirst = firstCount == 0
    let count = write(into: isFirst ? first : other, length, paradigm, from: index, to: 0)
    if count == 0 { return }
    if isFirst {
      firstCount = count
    } else if count != firstCount || !(0..<count).allSatisfy({ first[$0] == other[$0] }) {
      isAmbiguous = true
    }
  }

  private func forEachForm(_ length: Int, _ paradigm: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    guard paradigm < paradigmStarts.count else { return }
    for index in 0..<Int(forms[paradigmStarts[paradigm]]) / 3 {
      let count = write(into: other, length, paradigm, from: 0, to: index)
      if count > 0 { body(UnsafeBufferPointer(start: other, count: count)) }
    }
  }

  /// Writes the form `to` of a paradigm of which `form` is the form `from`, with е for ё.
  ///
  /// - Returns: its length; 0 where the entry is damaged.
  private func write(
    into target: UnsafeMutablePointer<UInt8>, _ length: Int, _ paradigm: Int, from: Int, to: Int
  ) -> Int {
    guard paradigm < paradigmStarts.count else { return 0 }
    let start = paradigmStarts[paradigm] + 1
    let size = Int(forms[start - 1]) / 3
    guard from < size, to < size else { return 0 }
    let oldSuffix = suffixes.range(forms[start + from])
    let oldPrefix = prefixes.range(forms[start + 2 * size + from])
    guard length >= oldSuffix.count + oldPrefix.count else { return 0 }
    var count = 0
    for index in prefixes.range(forms[start + 2 * size + to]) {
      target[count] = prefixes.bytes[index]
      count += 1
    }
    for index in oldPrefix.count..<length - oldSuffix.count {
      target[count] = form[index]
      count += 1
    }
    for index in suffixes.range(forms[start + to]) {
      target[count] = suffixes.bytes[index]
      count += 1
    }
    var index = 0
    while index + 1 < count {
      if target[index] == 0xD1, target[index + 1] == 0x91 {
        target[index] = 0xD0
        target[index + 1] = 0xB5
      }
      index += 1
    }
    return count
  }
}

/// Beginnings or endings of words, one behind the other.
struct AffixTable: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var longest = 0
  private var ends: [Int32] = [0]

  init(_ affixes: [[UInt8]]) {
    for affix in affixes {
      bytes += affix
      ends.append(Int32(bytes.count))
      longest = max(longest, affix.count)
    }
  }

  /// Where the affix lies in `bytes`; empty for a number that is none.
  func range(_ id: UInt16) -> Range<Int> {
    Int(id) + 1 < ends.count ? Int(ends[Int(id)])..<Int(ends[Int(id) + 1]) : 0..<0
  }
}
