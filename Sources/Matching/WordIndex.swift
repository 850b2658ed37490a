/// Pattern words by the bytes of a folded form, a lemma or a beginning. Built once, then only read.
struct WordIndex: Sendable {
  private struct Entry: Sendable {
    var hash: UInt64 = 0
    var start: Int32 = 0
    /// −1 where the entry is empty.
    var length: Int32 = -1
    /// Range in `ids`.
    var first: Int32 = 0
    var end: Int32 = 0
  }

  private var entries: [Entry]
  private var keys: [UInt8] = []
  /// Pattern words, key after key.
  private(set) var ids: [Int32] = []

  init(_ words: [String: [Int32]]) {
    var size = 16
    while size < words.count * 2 { size *= 2 }
    entries = Array(repeating: Entry(), count: size)
    for (key, found) in words {
      var key = key
      let hash = key.withUTF8 { WordIndex.hash($0) }
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while entries[slot].length >= 0 { slot = (slot + 1) & (size - 1) }
      entries[slot] = Entry(
        hash: hash, start: Int32(keys.count), length: Int32(key.utf8.count), first: Int32(ids.count),
        end: Int32(ids.count + found.count))
      keys += key.utf8
      ids += found
    }
  }

  /// Where the pattern words of a key lie in `ids`; empty where there are none.
  func words(_ key: UnsafeBufferPointer<UInt8>) -> Range<Int> {
    let hash = WordIndex.hash(key)
    var slot = Int(truncatingIfNeeded: hash) & (entries.count - 1)
    while entries[slot].length >= 0 {
      let entry = entries[slot]
      if entry.hash == hash, Int(entry.length) == key.count,
        key.indices.allSatisfy({ keys[Int(entry.start) + $0] == key[$0] })
      {
        return Int(entry.first)..<Int(entry.end)
      }
      slot = (slot + 1) & (entries.count - 1)
    }
    return 0..<0
  }

  subscript(key: String) -> [Int32]? {
    var key = key
    return Array(ids[key.withUTF8 { words($0) }])
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return value ^ value >> 29
  }
}
