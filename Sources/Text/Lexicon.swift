import Glibc
import JSON

/// The OpenCorpora dictionary of Russian, read in place from the files of `pymorphy3-dicts-ru`.
///
/// Words go in lower case with ё written as е; lemmas come out the same way. Data: OpenCorpora, CC BY-SA 3.0.
package final class Lexicon: Sendable {
  let words: Dawg
  private let probabilities: Dawg
  let suffixes: [[UInt8]]
  let prefixes: [[UInt8]]
  /// The same, end to end: made once, for readers come and go with every set of rules.
  let suffixTable: AffixTable
  let prefixTable: AffixTable
  private let tags: [[UInt8]]
  /// Offsets of paradigms in `forms`; paradigm i holds a third each of suffix, tag and prefix ids.
  let paradigmStarts: [Int]
  let forms: [UInt16]

  /// A lemma and the share of the word's uses that are its, as far as the dictionary's corpus counted any.
  package struct Reading: Hashable, Sendable {
    package var lemma: String
    /// 0…1; the readings of a word the corpus never saw are all 0.
    package var share: Double
  }

  /// The folder where set-up puts the dictionary: `NABAT_DICTIONARY`, else the user's cache, else the system's.
  package static func defaultFolder() -> String? {
    func environment(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let version = "2.4.417150.4580142"
    let cache = environment("XDG_CACHE_HOME") ?? environment("HOME").map { $0 + "/.cache" }
    let candidates = [
      environment("NABAT_DICTIONARY"), cache.map { "\($0)/nabat/dictionary/\(version)" },
      "/usr/share/nabat/dictionary/\(version)",
    ]
    return candidates.compactMap { $0 }.first { access($0 + "/words.dawg", R_OK) == 0 }
  }

  /// nil when a file is missing or damaged: the caller then works with stems only, and must say so.
  package init?(folder: String) {
    guard let words = Dawg(path: folder + "/words.dawg", hasGuide: true),
      let probabilities = Dawg(path: folder + "/p_t_given_w.intdawg", hasGuide: false),
      let suffixes = Lexicon.strings(folder + "/suffixes.json"),
      let tags = Lexicon.strings(folder + "/gramtab-opencorpora-int.json"),
      let paradigms = MappedFile(path: folder + "/paradigms.array")
    else { return nil }
    self.words = words
    self.probabilities = probabilities
    self.suffixes = suffixes
    self.tags = tags
    // meta.json of the pinned version: compile_options.paradigm_prefixes.
    prefixes = ["", "по", "наи"].map { Array($0.utf8) }
    let numbers = stride(from: 0, to: paradigms.bytes.count - 1, by: 2).map {
      paradigms.bytes.loadUnaligned(fromByteOffset: $0, as: UInt16.self)
    }
    var starts: [Int] = []
    var position = 1
    while position < numbers.count {
      starts.append(position)
      position += 1 + Int(numbers[position])
    }
    guard position == numbers.count, starts.count == Int(numbers[0]) else { return nil }
    forms = numbers
    paradigmStarts = starts
    suffixTable = AffixTable(suffixes)
    prefixTable = AffixTable(prefixes)
  }

  /// Asks a dictionary, where there is one, for a word.
  package static func knowing(_ lexicon: Lexicon?) -> (@Sendable (String) -> Bool)? {
    guard let lexicon else { return nil }
    return { lexicon.knows($0) }
  }

  /// Whether the dictionary has the word, е standing for ё too.
  package func knows(_ word: String) -> Bool { !readings(of: word).isEmpty }

  /// Lengths in letters, ascending, of all words of the dictionary that the letters begin with.
  package func wordLengths(beginning letters: ArraySlice<Unicode.Scalar>) -> [Int] {
    var nodes = [Dawg.root]
    var lengths: [Int] = []
    for (index, letter) in letters.enumerated() {
      let spellings = (letter == "е" ? ["е", "ё"] : [letter]).map { (scalar: Unicode.Scalar) in Array(scalar.utf8) }
      nodes = nodes.flatMap { node in spellings.compactMap { words.follow($0, from: node) } }
      if nodes.isEmpty { break }
      // What a form means stands behind this byte.
      if nodes.contains(where: { words.follow(0x01, from: $0) != nil }) { lengths.append(index + 1) }
    }
    return lengths
  }

  /// Every lemma the form may belong to, in the order of the lemmas' bytes; empty for a word it does not have.
  package func readings(of word: String) -> [Reading] {
    var found = Found()
    var path: [UInt8] = []
    path.reserveCapacity(64)
    visit(Array(word.utf8), 0, at: Dawg.root, path: &path, &found)
    return zip(found.lemmas, found.shares)
      .sorted { $0.0.lexicographicallyPrecedes($1.0) }
      .map { Reading(lemma: String(decoding: $0.0, as: UTF8.self), share: $0.1) }
  }

  /// Lemmas as they are found, few for any word.
  private struct Found {
    var lemmas: [[UInt8]] = []
    var shares: [Double] = []
    /// Two paradigms may give one lemma with one tag: the corpus counted that pair once.
    var counted: [(lemma: Int, tag: Int)] = []
    /// Where in the paradigms the form stands; kept where `keepsEntries`.
    var entries: [(form: [UInt8], paradigm: Int, index: Int, lemma: [UInt8])] = []
    var keepsEntries = false
  }

  /// Every form of the word's lemmas that `wanted` lets through, with е for ё, each once, in the order of the bytes.
  package func forms(of word: String, lemmas wanted: Set<String>) -> [String] {
    var found = Found()
    found.keepsEntries = true
    var path: [UInt8] = []
    visit(Array(word.utf8), 0, at: Dawg.root, path: &path, &found)
    var forms: Set<String> = []
    for entry in found.entries where wanted.contains(String(decoding: entry.lemma, as: UTF8.self)) {
      for form in paradigm(of: entry.form, entry.paradigm, entry.index) {
        forms.insert(String(decoding: form, as: UTF8.self).replacingYo())
      }
    }
    return forms.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// All forms of a paradigm, of which one is known.
  private func paradigm(of form: [UInt8], _ paradigm: Int, _ index: Int) -> [[UInt8]] {
    let start = paradigmStarts[paradigm] + 1
    let count = Int(forms[start - 1]) / 3
    guard let suffix = affix(suffixes, forms[start + index]),
      let prefix = affix(prefixes, forms[start + 2 * count + index]),
      form.count >= prefix.count + suffix.count
    else { return [] }
    let stem = form[prefix.count..<form.count - suffix.count]
    return (0..<count).compactMap { other in
      guard let suffix = affix(suffixes, forms[start + other]),
        let prefix = affix(prefixes, forms[start + 2 * count + other])
      else { return nil }
      return prefix + stem + suffix
    }
  }

  /// The lemmas of a form in a text: a reading under 5 % is dropped where another has half or more.
  package func likelyLemmas(of word: String) -> [String] {
    let readings = readings(of: word)
    let hasClearWinner = readings.contains { $0.share >= 0.5 }
    return readings.filter { !hasClearWinner || $0.share >= 0.05 }.map(\.lemma)
  }

  /// Hands out every form of the dictionary, with its own ё, in the order of the graph.
  package func forEachForm(_ body: (_ form: [UInt8]) -> Void) { words.forEachKey(endingBefore: 0x01, body) }

  /// Walks the word graph along the word from `position` on, trying ё for every е.
  private func visit(
    _ word: [UInt8], _ position: Int, at node: Int, path: inout [UInt8], _ found: inout Found
  ) {
    var node = node
    var position = position
    let length = path.count
    defer { path.removeLast(path.count - length) }
    while position < word.count {
      if word[position] == 0xD0, position + 1 < word.count, word[position + 1] == 0xB5 {
        if let half = words.follow(0xD0, from: node), let next = words.follow(0xB5, from: half) {
          path.append(0xD0)
          path.append(0xB5)
          visit(word, position + 2, at: next, path: &path, &found)
          path.removeLast(2)
        }
        guard let half = words.follow(0xD1, from: node), let next = words.follow(0x91, from: half) else { return }
        path.append(0xD1)
        path.append(0x91)
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
    let counts = probabilities.follow(form, from: Dawg.root).flatMap { probabilities.follow(0x3A, from: $0) }
    var records: [UInt32] = []
    words.view.readRecords(from: values, into: &records)
    for record in records { note(form, paradigm: Int(record >> 16), index: Int(record & 0xFFFF), counts, &found) }
  }

  /// Adds what one entry of the graph says of the form. `counts` is where its counts begin, nil where there are none.
  private func note(_ form: [UInt8], paradigm: Int, index: Int, _ counts: Int?, _ found: inout Found) {
    guard let (lemma, tag) = analyse(form, paradigm: paradigm, index: index) else { return }
    if found.keepsEntries { found.entries.append((form, paradigm, index, lemma)) }
    let known = found.lemmas.firstIndex(of: lemma) ?? found.lemmas.count
    if known == found.lemmas.count {
      found.lemmas.append(lemma)
      found.shares.append(0)
    }
    guard let counts, !found.counted.contains(where: { $0 == (known, tag) }) else { return }
    found.counted.append((known, tag))
    if let node = probabilities.follow(tags[tag], from: counts), let millionths = probabilities.value(at: node) {
      found.shares[known] += Double(millionths) / 1_000_000
    }
  }

  private func analyse(_ form: [UInt8], paradigm: Int, index: Int) -> (lemma: [UInt8], tag: Int)? {
    guard paradigm < paradigmStarts.count else { return nil }
    let start = paradigmStarts[paradigm] + 1
    let count = Int(forms[start - 1]) / 3
    guard index < count else { return nil }
    let tag = Int(forms[start + count + index])
    guard let suffix = affix(suffixes, forms[start + index]), tag < tags.count,
      let prefix = affix(prefixes, forms[start + 2 * count + index]),
      let lemmaSuffix = affix(suffixes, forms[start]), let lemmaPrefix = affix(prefixes, forms[start + 2 * count]),
      form.count >= prefix.count + suffix.count
    else { return nil }
    var lemma = form
    if index != 0 {
      lemma.replaceSubrange((form.count - suffix.count)..., with: lemmaSuffix)
      lemma.replaceSubrange(..<prefix.count, with: lemmaPrefix)
    }
    lemma.replaceYo()
    return (lemma, tag)
  }

  private func affix(_ table: [[UInt8]], _ id: UInt16) -> [UInt8]? {
    Int(id) < table.count ? table[Int(id)] : nil
  }

  private static func strings(_ path: String) -> [[UInt8]]? {
    guard let file = MappedFile(path: path), let value = try? JSONValue(parsing: Array(file.bytes)),
      let array = value.array
    else { return nil }
    let strings = array.compactMap { $0.string.map { Array($0.utf8) } }
    return strings.count == array.count ? strings : nil
  }
}

extension String {
  /// ё as е, in lower case.
  func replacingYo() -> String {
    guard utf8.contains(0xD1) else { return self }
    var bytes = Array(utf8)
    bytes.replaceYo()
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension [UInt8] {
  /// ё as е, in lower case, in UTF-8.
  fileprivate mutating func replaceYo() {
    for index in indices.dropLast() where self[index] == 0xD1 && self[index + 1] == 0x91 {
      self[index] = 0xD0
      self[index + 1] = 0xB5
    }
  }
}
