/// Pattern words by the bytes of a folded form, a lemma or a beginning. Built once, then only read.
struct WordIndex: Sendable {
  private struct Entry: Sendable {
    var hash: UInt64 = 0
    var start: Int32 = 0
    var length: Int32 = 0
    var words: [Int32] = []
  }

  private var entries: [Entry]
  private var keys: [UInt8] = []

  init(_ words: [String: [Int32]]) {
    var size = 16
    while size < words.count * 2 { size *= 2 }
    entries = Array(repeating: Entry(), count: size)
    for (key, ids) in words {
      let bytes = Array(key.utf8)
      var slot = bytes.withUnsafeBufferPointer { Int(truncatingIfNeeded: WordIndex.hash($0)) } & (size - 1)
      while !entries[slot].words.isEmpty { slot = (slot + 1) & (size - 1) }
      entries[slot] = Entry(
        hash: bytes.withUnsafeBufferPointer { WordIndex.hash($0) }, start: Int32(keys.count),
        length: Int32(bytes.count), words: ids)
      keys += bytes
    }
  }

  /// Ids of the pattern words of a key; empty where there are none.
  func words(_ key: UnsafeBufferPointer<UInt8>) -> [Int32] {
    let hash = WordIndex.hash(key)
    var slot = Int(truncatingIfNeeded: hash) & (entries.count - 1)
    while !entries[slot].words.isEmpty {
      if entries[slot].hash == hash, Int(entries[slot].length) == key.count {
        let start = Int(entries[slot].start)
        if keys[start..<start + key.count].elementsEqual(key) { return entries[slot].words }
      }
      slot = (slot + 1) & (entries.count - 1)
    }
    return []
  }

  subscript(key: String) -> [Int32]? {
    var key = key
    return key.withUTF8 { words($0) }
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return value ^ value >> 29
  }
}
