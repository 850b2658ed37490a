import Text

/// Words that a text may have with a slip of one letter: one letter more, less or other, or two neighbours exchanged.
///
/// Every form of such a word is indexed under itself and under each spelling with one letter left out; a word of a text
/// is looked up the same way, and what is found is verified. Source: symmetric deletion (W. Garbe, SymSpell). A word
/// that the dictionary has is no slip of another one.
struct FuzzyWords: Sendable {
  private var forms: [(letters: [Unicode.Scalar], id: Int32)] = []
  private var bySpelling: [[Unicode.Scalar]: [Int32]] = [:]

  var isEmpty: Bool { forms.isEmpty }

  /// - Parameter forms: all forms of the word, folded.
  mutating func add(_ forms: [String], id: Int32) {
    for form in forms {
      let letters = Array(form.unicodeScalars)
      // A slip in a short word makes another word too easily.
      guard letters.count >= 4 else { continue }
      let index = Int32(self.forms.count)
      self.forms.append((letters, id))
      for spelling in FuzzyWords.spellings(of: letters) { bySpelling[spelling, default: []].append(index) }
    }
  }

  /// Ids of the words that the folded text is a slip of or a form of, ascending.
  func ids(for text: String) -> [Int32] {
    let letters = Array(text.unicodeScalars)
    guard (4...40).contains(letters.count) else { return [] }
    var found: Set<Int32> = []
    for spelling in FuzzyWords.spellings(of: letters) {
      for index in bySpelling[spelling] ?? [] {
        let form = forms[Int(index)]
        if !found.contains(form.id), FuzzyWords.isSlip(letters, of: form.letters) { found.insert(form.id) }
      }
    }
    return found.sorted()
  }

  /// The word, and the word without each of its letters.
  private static func spellings(of letters: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    [letters]
      + letters.indices.map { index in
        var shorter = letters
        shorter.remove(at: index)
        return shorter
      }
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
