/// Folded forms of plain Cyrillic words, each with a number from 0 in the order of their coming.
///
/// Looked up by the key that reading a word yields, then compared letter by letter: a word whose key was made to equal
/// that of another is still not taken for it. The forms are those of the rules, so no text can lengthen a chain.
struct FormTable: Sendable {
  private struct Entry: Sendable {
    /// The lower half of the key.
    var tag: UInt32 = 0
    /// Where the form begins in `forms`; 0 where the place is free.
    var start: UInt32 = 0
  }

  /// Small, as nearly every look at it is one at memory that no cache holds.
  private var entries: [Entry] = Array(repeating: Entry(), count: 64)
  private(set) var count = 0
  /// Form after form: its number in four bytes, how many letters it has, their code points less U+0400.
  private var forms: [UInt8] = [0]
  private static let headerSize = 5

  /// Adds a folded form, unless it is there.
  mutating func insert(_ form: UnsafeBufferPointer<UInt8>, hash: UInt64) {
    guard form.count <= 2 * Int(UInt8.max), let bytes = form.baseAddress, find(bytes, form.count, hash) < 0 else {
      return
    }
    if (count + 1) * 4 > entries.count * 3 { grow() }
    let entry = Entry(tag: UInt32(truncatingIfNeeded: hash), start: UInt32(forms.count))
    for shift in [0, 8, 16, 24] { forms.append(UInt8(truncatingIfNeeded: count >> shift)) }
    forms.append(UInt8(form.count / 2))
    for index in stride(from: 0, to: form.count - 1, by: 2) {
      forms.append((form[index] & 1) << 6 | form[index + 1] & 0x3F)
    }
    count += 1
    place(entry)
  }

  private mutating func place(_ entry: Entry) {
    var place = home(entry.tag)
    while entries[place].start != 0 { place = (place + 1) & (entries.count - 1) }
    entries[place] = entry
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: Entry(), count: old.count * 2)
    for entry in old where entry.start != 0 { place(entry) }
  }

  /// The upper bits of the tag: the lower ones choose bits in the filter before the table.
  @inline(__always)
  private func home(_ tag: UInt32) -> Int { Int((UInt64(tag) * UInt64(entries.count)) >> 32) }

  /// The number of the form that a plain Cyrillic word of `length` bytes has; −1 where there is none.
  func find(_ word: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64) -> Int {
    find(hash, length / 2) { PlainWord.foldedCode(word[2 * $0], word[2 * $0 + 1]) }
  }

  /// The number of the form that has these letters; −1 where there is none.
  func find(letters other: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int { find(hash, other.count) { other[$0] } }

  @inline(__always)
  private func find(_ hash: UInt64, _ length: Int, _ letter: (Int) -> UInt8) -> Int {
    let tag = UInt32(truncatingIfNeeded: hash)
    var place = home(tag)
    while entries[place].start != 0 {
      let start = Int(entries[place].start)
      if entries[place].tag == tag, Int(forms[start + 4]) == length {
        var index = 0
        while index < length, forms[start + FormTable.headerSize + index] == letter(index) { index += 1 }
        if index == length { return number(start) }
      }
      place = (place + 1) & (entries.count - 1)
    }
    return -1
  }

  @inline(__always)
  private func number(_ start: Int) -> Int {
    forms.withUnsafeBytes { Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt32.self))) }
  }

  /// Hands out the folded bytes of every form, in the order of their numbers.
  func forEachForm(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    var bytes: [UInt8] = []
    var start = 1
    while start < forms.count {
      let letters = start + FormTable.headerSize..<start + FormTable.headerSize + Int(forms[start + 4])
      bytes.removeAll(keepingCapacity: true)
      for code in forms[letters] {
        bytes.append(0xD0 | code >> 6)
        bytes.append(0x80 | code & 0x3F)
      }
      bytes.withUnsafeBufferPointer(body)
      start = letters.upperBound
    }
  }
}
