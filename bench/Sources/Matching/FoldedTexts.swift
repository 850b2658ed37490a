import Text

/// The texts of a tape, folded word by word as the matcher folds them, and how often each folded word occurs.
struct FoldedTexts {
  private(set) var bytes: [UInt8] = []
  private(set) var frequencies: [String: Int] = [:]
  private var ends: [Int] = [0]

  var count: Int { ends.count - 1 }

  func range(_ index: Int) -> Range<Int> { ends[index]..<ends[index + 1] }

  init(_ texts: [String]) {
    var folded: [String: String] = [:]
    var tokens: [Token] = []
    for text in texts {
      var text = text
      text.withUTF8 { text in
        tokens.removeAll(keepingCapacity: true)
        Tokenizer.tokenize(text, into: &tokens)
        var copied = 0
        for token in tokens {
          bytes.append(contentsOf: text[copied..<Int(token.start)])
          copied = Int(token.end)
          let raw = String(decoding: text[Int(token.start)..<Int(token.end)], as: UTF8.self)
          let word = folded[raw] ?? Folding.readings(of: raw).last?.text ?? raw
          folded[raw] = word
          frequencies[word, default: 0] += 1
          bytes.append(contentsOf: word.utf8)
        }
        bytes.append(contentsOf: text[copied...])
        ends.append(bytes.count)
      }
    }
  }
}
