extension IndicatorScan {
  /// A `#` that YAML takes for the beginning of a comment. What was meant as text is complained about and repaired:
  /// then no `#` stands at `position` any more.
  mutating func scanHash(atValue: Bool, valueStart: Int?) {
    let hash = position
    guard atValue || valueStart != nil, hash + 1 < text.count else { return }
    let next = text[hash + 1]
    guard next.properties.isAlphabetic || next.properties.numericType != nil || next == "_" else { return }
    if let start = valueStart {
      guard flow > 0 || readsAsText(source.text(start..<hash)) else { return }
    } else if flow == 0, isFollowedByBlock(from: hash) {
      return
    }
    let start = valueStart ?? hash
    var end = source.endOfLine(from: hash)
    if flow > 0, let close = text[hash..<end].firstIndex(where: { $0 == "," || $0 == "]" || $0 == "}" }) { end = close }
    let value = trimmed(source.text(start..<end))
    complaints.add(YAMLCause.cut(value: value), at: source.place(at: hash))
    text[hash] = "x"
    damaged.insert(start)
  }

  /// Not a single lower-case word, number or code, behind which a careless comment is likelier than a lost text.
  func readsAsText(_ value: String) -> Bool {
    if ["title", "claim", "summary", "guide", "match", "name", "body"].contains(lastKey) { return true }
    let value = trimmed(value)
    let isCode = value.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F, 0x2B, 0x3A].contains(byte)
    }
    return !isCode
  }

  /// Whether the value of the last key stands in the lines below.
  func isFollowedByBlock(from hash: Int) -> Bool {
    var index = source.endOfLine(from: hash)
    while index < text.count {
      var column = 0
      while index < text.count, isBreak(text[index]) { index += 1 }
      while index < text.count, text[index] == " " {
        column += 1
        index += 1
      }
      guard index < text.count else { return false }
      if isBreak(text[index]) { continue }
      if text[index] == "#" {
        index = source.endOfLine(from: index)
        continue
      }
      let isDash = text[index] == "-" && endsWord(index + 1)
      return column > entryColumn || (isDash && column == entryColumn && !lastKey.isEmpty)
    }
    return false
  }

  /// A character that may not begin a value. True when a plain scalar goes on at `position`.
  mutating func scanIndicator(_ scalar: Unicode.Scalar) -> Bool {
    let start = position
    let name = word(from: start + 1)
    let after = start + 1 + name.unicodeScalars.count
    let isName = !name.isEmpty && name.utf8.allSatisfy { isNameByte($0) }
    switch scalar {
    case "*" where afterMergeKey:
      repair(start)
      return true
    case "*" where anchors.contains(name):
      complaints.add(YAMLCause.feature(.alias), at: source.place(at: start), width: after - start)
      repair(start)
      return true
    case "&" where isName && (valueFollows(after) || isFollowedByBlock(from: after) && restIsBlank(after)):
      anchors.insert(name)
      blank(start..<after, .anchor)
      return false
    case "!" where name.hasPrefix("!") || name.hasPrefix("<") || (isName && valueFollows(after)):
      blank(start..<after, .tag)
      return false
    default:
      var end = start + 1
      while end < text.count, !isBreak(text[end]), !(flow > 0 && isFlow(text[end])), text[end] != "#" { end += 1 }
      let word = trimmed(source.text(start + 1..<end))
      complaints.add(YAMLCause.indicator(scalar, word: word), at: source.place(at: start))
      repair(start)
      return true
    }
  }

  /// A template without quotation marks: `{{ name }}` would be a mapping in a mapping.
  mutating func repairBraces() {
    let start = position
    let end = source.endOfLine(from: start)
    var close = end
    var index = start
    while index + 1 < end {
      if text[index] == "}", text[index + 1] == "}" {
        close = index + 2
        break
      }
      index += 1
    }
    let value = flow > 0 ? source.text(start..<close) : trimmed(source.text(start..<end))
    complaints.add(YAMLCause.braces(value: value), at: source.place(at: start), width: 2)
    for index in start..<close where text[index] != " " { text[index] = "x" }
    damaged.insert(start)
  }

  mutating func repair(_ start: Int) {
    text[start] = "x"
    damaged.insert(start)
  }

  mutating func blank(_ range: Range<Int>, _ feature: YAMLCause.Feature) {
    complaints.add(YAMLCause.feature(feature), at: source.place(at: range.lowerBound), width: range.count)
    for index in range { text[index] = " " }
    position = range.upperBound
  }

  func valueFollows(_ index: Int) -> Bool { index < text.count && text[index] == " " && !restIsBlank(index) }

  func restIsBlank(_ index: Int) -> Bool {
    let rest = text[min(index, text.count)..<source.endOfLine(from: min(index, text.count))].drop { $0 == " " }
    return rest.isEmpty || rest.first == "#"
  }
}
