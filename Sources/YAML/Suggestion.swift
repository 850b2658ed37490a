/// Finds the known word that a mistyped one was probably meant to be.
package enum Suggestion {
  /// The nearest of `candidates` within a third of the word's length (at least one edit); ties by the candidates' order.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let letters = Array(word.lowercased().unicodeScalars)
    guard letters.count >= 2, letters.count <= 64 else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      // A letter more or less is at most four bytes.
      let longest = max(letters.count, candidate.utf8.count)
      guard abs(candidate.utf8.count - word.utf8.count) <= 4 * max(1, longest / 3) else { continue }
      let distance = distance(letters, Array(candidate.lowercased().unicodeScalars))
      let limit = max(1, max(letters.count, candidate.unicodeScalars.count) / 3)
      if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// Insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
    var before = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for i in 1...left.count {
      var current = [i] + [Int](repeating: 0, count: right.count)
      for j in 1...right.count {
        let cost = left[i - 1] == right[j - 1] ? 0 : 1
        current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
        if i > 1, j > 1, left[i - 1] == right[j - 2], left[i - 2] == right[j - 1] {
          current[j] = min(current[j], before[j - 2] + 1)
        }
      }
      before = previous
      previous = current
    }
    return previous[right.count]
  }
}
