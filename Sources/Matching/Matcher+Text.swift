import Text

// What is asked of the text itself.
extension Matcher {
  func cut(_ field: Int) {
    guard !isCut[field] else { return }
    tokens[field].removeAll(keepingCapacity: true)
    Tokenizer.tokenize(texts[field], into: &tokens[field])
    isCut[field] = true
  }

  /// The sentence of a token, from 0.
  func sentence(_ field: Int32, _ token: Int32) -> Int32 {
    cut(Int(field))
    return tokens[Int(field)][Int(token)].sentence
  }

  /// Whether two tokens, the earlier one first, stand in one sentence. Mostly nothing between them can end one: then
  /// the text need not be cut.
  func areInOneSentence(_ field: Int32, _ first: Int32, _ last: Int32) -> Bool {
    if first == last { return true }
    if !isCut[Int(field)], let start = place(field, first)?.start, let end = place(field, last)?.start,
      !Tokenizer.mayEndSentence(texts[Int(field)], Int(start)..<Int(end))
    {
      return true
    }
    return sentence(field, first) == sentence(field, last)
  }

  /// The bytes of a token that something was found by; nil for any other.
  private func place(_ field: Int32, _ token: Int32) -> (start: Int32, end: Int32)? {
    let found = found[Int(field)]
    let index = firstFound(field: field, from: token)
    guard index < found.count, found[index].position == token else { return nil }
    return (found[index].start, found[index].end)
  }

  /// Where the first token at the position or behind it lies among those that something was found by.
  func firstFound(field: Int32, from position: Int32) -> Int {
    let found = found[Int(field)]
    var low = 0
    var high = found.count
    while low < high {
      let middle = (low + high) / 2
      if found[middle].position < position { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func bytes(ofToken token: Int32, _ field: Int32) -> (start: Int32, end: Int32) {
    if let place = place(field, token) { return place }
    cut(Int(field))
    let token = tokens[Int(field)][Int(token)]
    return (token.start, token.end)
  }

  /// The text from the first token of a hit to its last.
  func text(_ hit: Hit) -> String {
    let first = bytes(ofToken: hit.first, hit.field)
    let last = hit.last == hit.first ? first : bytes(ofToken: hit.last, hit.field)
    return String(decoding: texts[Int(hit.field)][Int(first.start)..<Int(last.end)], as: UTF8.self)
  }

  /// What stands between two tokens of a field.
  func bytes(between first: Int32, and last: Int32, of field: Int32) -> Slice<UnsafeBufferPointer<UInt8>> {
    texts[Int(field)][Int(bytes(ofToken: first, field).end)..<Int(bytes(ofToken: last, field).start)]
  }

  /// What the sentence says of a word in Latin letters.
  func latinVerdict(_ field: Int, _ position: Int32) -> LatinContext.Verdict {
    if let judgedLatin, judgedLatin.field == field, judgedLatin.position == position { return judgedLatin.verdict }
    cut(field)
    let context = LatinContext(tokens: tokens[field], text: texts[field])
    let verdict = context.verdict(Int(position), latinWords.readsAsRussian)
    judgedLatin = (field, position, verdict)
    return verdict
  }

  /// Whether the words of a hit that are read from Latin letters are Russian for the rule that asks.
  func isRussian(_ hit: Hit, for owner: Int32) -> Bool {
    let field = Int(hit.field)
    var index = firstFound(field: hit.field, from: hit.first)
    while index < found[field].count, found[field][index].position <= hit.last {
      let place = found[field][index]
      index += 1
      guard place.hits.contains(where: { words.hit($0).foldings.contains(.translit) }) else { continue }
      switch latinVerdict(field, place.position) {
      case .russian: continue
      case .foreign: return false
      case .doubtful:
        let context = LatinContext(tokens: tokens[field], text: texts[field])
        guard context.isRussian(Int(place.position), forWords: { isOwn($0, of: owner) }) else { return false }
      }
    }
    return true
  }

  private func isOwn(_ bytes: UnsafeBufferPointer<UInt8>, of owner: Int32) -> Bool {
    let range = words.lookUp(bytes)
    return words.hits[range.start..<range.start + range.count].contains {
      $0.foldings.contains(.translit) && claims.rulesByWord[Int($0.word)].contains(owner)
    }
  }
}
