import Glibc
import JSON

/// The OpenCorpora dictionary of Russian, read in place from the files of `pymorphy3-dicts-ru`.
///
/// Words go in lower case with ё written as е; lemmas come out the same way. Data: OpenCorpora, CC BY-SA 3.0.
package final class Lexicon: Sendable {
  private let words: Dawg
  private let probabilities: Dawg
  private let suffixes: [[UInt8]]
  private let prefixes: [[UInt8]]
  private let tags: [[UInt8]]
  /// Offsets of paradigms in `forms`; paradigm i holds a third each of suffix, tag and prefix ids.
  private let paradigmStarts: [Int]
  private let forms: [UInt16]

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
  }

  /// Whether the dictionary has the word, е standing for ё too.
  package func knows(_ word: String) -> Bool { !readings(of: word).isEmpty }

  /// Every lemma the form may belong to, in the order of the lemmas' bytes; empty for a word it does not have.
  package func readings(of word: String) -> [Reading] {
    var shares: [String: Double] = [:]
    var counted: Set<[UInt8]> = []
    var path: [UInt8] = []
    visit(Array(word.utf8)[...], at: Dawg.root, path: &path) { form, paradigm, index in
      guard let (lemma, tag) = self.analyse(form, paradigm: paradigm, index: index) else { return }
      // Two paradigms may give one lemma with one tag: the corpus counted that pair once.
      let fresh = counted.insert(Array(lemma.utf8) + [0x3A] + tag).inserted
      shares[lemma, default: 0] += fresh ? self.share(of: form, tag: tag) : 0
    }
    return shares.map { Reading(lemma: $0.key, share: $0.value) }
      .sorted { Array($0.lemma.utf8).lexicographicallyPrecedes(Array($1.lemma.utf8)) }
  }

  /// The lemmas of a form in a text: a reading under 5 % is dropped where another has half or more.
  package func likelyLemmas(of word: String) -> [String] {
    let readings = readings(of: word)
    let hasClearWinner = readings.contains { $0.share >= 0.5 }
    return readings.filter { !hasClearWinner || $0.share >= 0.05 }.map(\.lemma)
  }

  /// Hands out every form of the dictionary, with its own ё, in the order of the graph.
  package func forEachForm(_ body: (_ form: [UInt8]) -> Void) { words.forEachKey(endingBefore: 0x01, body) }

  /// Walks the word graph along `rest`, trying ё for every е.
  private func visit(
    _ rest: ArraySlice<UInt8>, at node: Int, path: inout [UInt8],
    _ body: (_ form: [UInt8], _ paradigm: Int, _ index: Int) -> Void
  ) {
    guard let byte = rest.first else {
      guard let values = words.follow(0x01, from: node) else { return }
      let form = path
      words.completions(from: values) { encoded in
        guard let (paradigm, index) = Lexicon.decode(encoded) else { return }
        body(form, paradigm, index)
      }
      return
    }
    if let next = words.follow(byte, from: node) {
      path.append(byte)
      visit(rest.dropFirst(), at: next, path: &path, body)
      path.removeLast()
    }
    if rest.starts(with: [0xD0, 0xB5]), let next = words.follow([0xD1, 0x91], from: node) {
      path.append(contentsOf: [0xD1, 0x91])
      visit(rest.dropFirst(2), at: next, path: &path, body)
      path.removeLast(2)
    }
  }

  private func analyse(_ form: [UInt8], paradigm: Int, index: Int) -> (lemma: String, tag: [UInt8])? {
    guard paradigm < paradigmStarts.count else { return nil }
    let start = paradigmStarts[paradigm] + 1
    let count = Int(forms[start - 1]) / 3
    guard index < count else { return nil }
    let tagID = Int(forms[start + count + index])
    guard let suffix = affix(suffixes, forms[start + index]), tagID < tags.count,
      let prefix = affix(prefixes, forms[start + 2 * count + index]),
      let lemmaSuffix = affix(suffixes, forms[start]), let lemmaPrefix = affix(prefixes, forms[start + 2 * count]),
      form.count >= prefix.count + suffix.count
    else { return nil }
    let stem = form[prefix.count..<(form.count - suffix.count)]
    let lemma = index == 0 ? form : lemmaPrefix + stem + lemmaSuffix
    return (String(decoding: lemma, as: UTF8.self).replacingYo(), tags[tagID])
  }

  private func affix(_ table: [[UInt8]], _ id: UInt16) -> [UInt8]? {
    Int(id) < table.count ? table[Int(id)] : nil
  }

  private func share(of form: [UInt8], tag: [UInt8]) -> Double {
    guard let node = probabilities.follow(form + [0x3A] + tag, from: Dawg.root),
      let millionths = probabilities.value(at: node)
    else { return 0 }
    return Double(millionths) / 1_000_000
  }

  /// Four bytes in base64 (RFC 4648): paradigm and index, each two bytes, big-endian.
  private static func decode(_ encoded: [UInt8]) -> (Int, Int)? {
    var bits: UInt64 = 0
    var count = 0
    for byte in encoded.prefix(6) {
      let value: UInt8
      switch byte {
      case 0x41...0x5A: value = byte - 0x41
      case 0x61...0x7A: value = byte - 0x61 + 26
      case 0x30...0x39: value = byte - 0x30 + 52
      case 0x2B: value = 62
      case 0x2F: value = 63
      default: return nil
      }
      bits = bits << 6 | UInt64(value)
      count += 1
    }
    guard count == 6 else { return nil }
    let value = bits >> 4
    return (Int(value >> 16), Int(value & 0xFFFF))
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
    return String(String.UnicodeScalarView(unicodeScalars.map { $0 == "ё" ? "е" : $0 }))
  }
}
