import Text

/// A text as regular expressions see it: folded, with the way back from its bytes to the tokens.
struct FoldedText {
  private(set) var bytes: [UInt8] = []
  /// For each token the folded bytes it takes, and what was folded.
  private var tokens: [(start: Int, end: Int, foldings: Foldings)] = []

  /// Words in lower case, without what cannot be seen, look-alike letters replaced; between them the text as it is.
  init(_ text: UnsafeBufferPointer<UInt8>, _ source: [Token]) {
    var position = 0
    bytes.reserveCapacity(text.count)
    for token in source {
      bytes.append(contentsOf: text[position..<Int(token.start)])
      let raw = String(decoding: text[Int(token.start)..<Int(token.end)], as: UTF8.self)
      let reading = Folding.readings(of: raw).last ?? FoldedWord(text: raw)
      let start = bytes.count
      bytes.append(contentsOf: reading.text.utf8)
      tokens.append((start, bytes.count, reading.foldings))
      position = Int(token.end)
    }
    bytes.append(contentsOf: text[position...])
  }

  /// The tokens that a run of folded bytes touches; where it touches none, the one before it, else the one behind.
  func tokens(from: Int, to: Int) -> (first: Int, last: Int, foldings: Foldings)? {
    guard !tokens.isEmpty else { return nil }
    // The first token that ends behind `from`.
    var low = 0
    var high = tokens.count
    while low < high {
      let middle = (low + high) / 2
      if tokens[middle].end > from { high = middle } else { low = middle + 1 }
    }
    var last = low
    while last < tokens.count, tokens[last].start < to { last += 1 }
    guard last > low else {
      let nearest = max(0, min(low, tokens.count) - 1)
      return (nearest, nearest, [])
    }
    let foldings = tokens[low..<last].reduce(into: Foldings()) { $0.formUnion($1.foldings) }
    return (low, last - 1, foldings)
  }
}
