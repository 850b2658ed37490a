import Text

/// Words that a text may have with a slip of one letter: one letter more, less or other, or two neighbours exchanged.
///
/// Every form of such a word is indexed under itself and under each spelling with one letter left out; a word of a text
/// is looked up the same way, and what is found is verified. Source: symmetric deletion (W. Garbe, SymSpell). A word
/// that the dictionary has is no slip of another one.
struct FuzzyWords: Sendable {
  /// A spelling's hash and the form it is of; what only shares the hash is told apart afterwards.
  private struct Entry {
    var hash: UInt64
    var form: Int32
  }

  private var forms: [(letters: [Unicode.Scalar], id: Int32)] = []
  private var entries: [Entry] = []

  var isEmpty: Bool { forms.isEmpty }

  /// - Parameter forms: all forms of the word, folded. Call `seal` after the last.
  mutating func add(_ forms: [String], id: Int32) {
    for form in forms {
      let letters = Array(form.unicodeScalars)
      // A slip in a short word makes another word too easily.
      guard letters.count >= 4 else { continue }
      let index = Int32(self.forms.count)
      self.forms.append((letters, id))
      for left in -1..<letters.count {
        entries.append(Entry(hash: FuzzyWords.hash(letters, without: left), form: index))
      }
    }
  }

  /// Makes the words ready to be looked up.
  mutating func seal() { entries.sort { ($0.hash, $0.form) < ($1.hash, $1.form) } }

  /// Ids of the words that the folded text is a slip of or a form of, ascending.
  func ids(for text: String) -> [Int32] {
    let letters = Array(text.unicodeScalars)
    guard (4...40).contains(letters.count) else { return [] }
    var found: Set<Int32> = []
    for left in -1..<letters.count {
      let hash = FuzzyWords.hash(letters, without: left)
      var index = firstEntry(of: hash)
      while index < entries.count, entries[index].hash == hash {
        let form = forms[Int(entries[index].form)]
        if !found.contains(form.id), FuzzyWords.isSlip(letters, of: form.letters) { found.insert(form.id) }
        index += 1
      }
    }
    return found.sorted()
  }

  private func firstEntry(of hash: UInt64) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// FNV-1a over the letters but one; −1 leaves none out.
  private static func hash(_ letters: [Unicode.Scalar], without left: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in letters.indices where index != left {
      hash = (hash ^ UInt64(letters[index].value)) &* 0x100_0000_01B3
    }
    return hash
  }

  /// Whether the two differ in at most one letter more, less or other, or in the order of two neighbours.
  private static func isSlip(_ left: [Unicode.Scalar], of right: [Unicode.Scalar]) -> Bool {
    guard abs(left.count - right.count) <= 1 else { return false }
    guard let first = zip(left, right).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else {
      return true
    }
    let (restOfLeft, restOfRight) = (left[first...], right[first...])
    if restOfLeft.dropFirst() == restOfRight.dropFirst() { return true }
    if restOfLeft.dropFirst() == restOfRight || restOfLeft == restOfRight.dropFirst() { return true }
    guard restOfLeft.count >= 2, restOfRight.count >= 2 else { return false }
    return restOfLeft.dropFirst(2) == restOfRight.dropFirst(2)
      && restOfLeft[first] == restOfRight[first + 1] && restOfLeft[first + 1] == restOfRight[first]
  }
}
