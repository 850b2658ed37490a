/// Reads words from the dictionary in bytes, without strings. Not Sendable: one owner, one thread.
package final class FormReader {
  private let lexicon: Lexicon
  private var path: [UInt8] = []

  package init(lexicon: Lexicon) { self.lexicon = lexicon }

  /// Hands out what `likelyLemmas` has for a folded word.
  ///
  /// - Returns: whether the dictionary has the word.
  package func forEachLikelyLemma(of word: [UInt8], _ body: ([UInt8]) -> Void) -> Bool {
    var entries: Entries = []
    lexicon.collect(word, &path, &entries)
    guard let first = entries.first else { return false }
    let only = lexicon.lemma(first)
    var isOnly = true
    for entry in entries.dropFirst() where !lexicon.isLemma(only, of: entry) {
      isOnly = false
      break
    }
    if isOnly {
      guard let only else { return false }
      body(only)
    } else {
      // Several lemmas: how often each is meant decides.
      for lemma in lexicon.likelyLemmas(of: String(decoding: word, as: UTF8.self)) { body(Array(lemma.utf8)) }
    }
    return true
  }

  /// Hands out every form of a lemma, folded.
  package func forEachForm(ofLemma lemma: String, _ body: ([UInt8]) -> Void) {
    let wanted = Array(lemma.utf8)
    var entries: Entries = []
    lexicon.collect(wanted, &path, &entries)
    for entry in entries where entry.index == 0 { lexicon.forEachForm(of: entry, body) }
  }

  /// What the graph says of a form.
  struct Entry: Hashable {
    var paradigm: Int
    var index: Int
    /// With its own ё.
    var form: [UInt8]
  }

  typealias Entries = [Entry]
}

extension Lexicon {
  /// Every entry of a folded word.
  func collect(_ word: [UInt8], _ path: inout [UInt8], _ entries: inout FormReader.Entries) {
    path.removeAll(keepingCapacity: true)
    collect(word, 0, at: Dawg.root, &path, &entries)
  }

  private func collect(
    _ word: [UInt8], _ position: Int, at node: Int, _ path: inout [UInt8], _ entries: inout FormReader.Entries
  ) {
    var node = node
    var position = position
    let length = path.count
    defer { path.removeLast(path.count - length) }
    while position < word.count {
      if word[position] == 0xD0, position + 1 < word.count, word[position + 1] == 0xB5 {
        if let half = words.follow(0xD1, from: node), let next = words.follow(0x91, from: half) {
          path.append(0xD1)
          path.append(0x91)
          collect(word, position + 2, at: next, &path, &entries)
          path.removeLast(2)
        }
        guard let half = words.follow(0xD0, from: node), let next = words.follow(0xB5, from: half) else { return }
        path.append(0xD0)
        path.append(0xB5)
        node = next
        position += 2
      } else {
        guard let next = words.follow(word[position], from: node) else { return }
        path.append(word[position])
        node = next
        position += 1
      }
    }
    guard let values = words.follow(0x01, from: node) else { return }
    let form = path
    words.forEachRecord(from: values) { record in
      entries.append(.init(paradigm: Int(record >> 16), index: Int(record & 0xFFFF), form: form))
    }
  }

  /// The folded lemma of an entry; nil where the entry is damaged.
  func lemma(_ entry: FormReader.Entry) -> [UInt8]? {
    analyse(entry.form, paradigm: entry.paradigm, index: entry.index)?.lemma
  }

  func isLemma(_ lemma: [UInt8]?, of entry: FormReader.Entry) -> Bool { self.lemma(entry) == lemma }

  /// Every form of the paradigm to which a lemma belongs, folded.
  func forEachForm(of lemma: FormReader.Entry, _ body: ([UInt8]) -> Void) {
    guard lemma.paradigm < paradigmStarts.count else { return }
    let start = paradigmStarts[lemma.paradigm] + 1
    let count = Int(forms[start - 1]) / 3
    guard let ending = affix(suffixes, forms[start]), let beginning = affix(prefixes, forms[start + 2 * count]),
      lemma.form.count >= ending.count + beginning.count
    else { return }
    let stem = lemma.form[beginning.count..<(lemma.form.count - ending.count)]
    var form: [UInt8] = []
    for index in 0..<count {
      guard let suffix = affix(suffixes, forms[start + index]),
        let prefix = affix(prefixes, forms[start + 2 * count + index])
      else { continue }
      form.removeAll(keepingCapacity: true)
      form.append(contentsOf: prefix)
      form.append(contentsOf: stem)
      form.append(contentsOf: suffix)
      form.replaceYo()
      body(form)
    }
  }
}
