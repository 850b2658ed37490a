/// Folded forms of plain Cyrillic words, each with a number from 0 in the order of their coming.
///
/// Looked up by the key that reading a word yields, then compared letter by letter: a word whose key was made to equal
/// that of another is still not taken for it. The forms are those of the rules, so no text can lengthen a chain.
struct FormTable: Sendable {
  private struct Entry: Sendable {
    var hash: UInt64 = 0
    /// The form's number and one more; 0 where the place is free.
    var number: UInt32 = 0
    /// Where its letters begin.
    var start: UInt32 = 0
  }

  private var entries: [Entry] = Array(repeating: Entry(), count: 64)
  private(set) var count = 0
  /// How many letters a form has, and their code points less U+0400; form after form.
  private var letters: [UInt8] = []
  private var starts: [UInt32] = []

  /// Adds a folded form, unless it is there.
  mutating func insert(_ form: UnsafeBufferPointer<UInt8>, hash: UInt64) {
    guard form.count <= 2 * Int(UInt8.max), let bytes = form.baseAddress, find(bytes, form.count, hash) < 0 else {
      return
    }
    if (count + 1) * 2 > entries.count { grow() }
    let start = UInt32(letters.count)
    starts.append(start)
    letters.append(UInt8(form.count / 2))
    for index in stride(from: 0, to: form.count - 1, by: 2) {
      letters.append((form[index] & 1) << 6 | form[index + 1] & 0x3F)
    }
    count += 1
    place(Entry(hash: hash, number: UInt32(count), start: start))
  }

  private mutating func place(_ entry: Entry) {
    var place = home(entry.hash)
    while entries[place].number != 0 { place = (place + 1) & (entries.count - 1) }
    entries[place] = entry
  }

  private mutating func grow() {
    let old = entries
    entries = Array(repeating: Entry(), count: old.count * 2)
    for entry in old where entry.number != 0 { place(entry) }
  }

  func forEachHash(_ body: (UInt64) -> Void) { for entry in entries where entry.number != 0 { body(entry.hash) } }

  @inline(__always)
  private func home(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 20) & (entries.count - 1) }

  /// The number of the form that a plain Cyrillic word of `length` bytes has; −1 where there is none.
  func find(_ word: UnsafePointer<UInt8>, _ length: Int, _ hash: UInt64) -> Int {
    find(hash, length / 2) { PlainWord.foldedCode(word[2 * $0], word[2 * $0 + 1]) }
  }

  /// The number of the form that has these letters; −1 where there is none.
  func find(letters other: UnsafeBufferPointer<UInt8>, _ hash: UInt64) -> Int { find(hash, other.count) { other[$0] } }

  @inline(__always)
  private func find(_ hash: UInt64, _ length: Int, _ letter: (Int) -> UInt8) -> Int {
    var place = home(hash)
    while entries[place].number != 0 {
      let entry = entries[place]
      if entry.hash == hash, Int(letters[Int(entry.start)]) == length {
        var index = 0
        while index < length, letters[Int(entry.start) + 1 + index] == letter(index) { index += 1 }
        if index == length { return Int(entry.number) - 1 }
      }
      place = (place + 1) & (entries.count - 1)
    }
    return -1
  }

  /// The folded bytes of a form.
  func write(_ number: Int, into bytes: inout [UInt8]) {
    let start = Int(starts[number])
    for code in letters[start + 1...start + Int(letters[start])] {
      bytes.append(0xD0 | code >> 6)
      bytes.append(0x80 | code & 0x3F)
    }
  }
}
