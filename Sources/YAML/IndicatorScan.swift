/// A walk over the raw text that finds what YAML would misread, and repairs it in a copy so that checking goes on.
///
/// It follows quotation marks, block scalars, flow brackets and continuation lines only as far as it must to know
/// where a value begins. Every repair replaces one character by one, so positions stay what they were.
struct IndicatorScan {
  let source: SourceText
  let complaints: Complaints
  /// The repaired text.
  private(set) var text: [Unicode.Scalar]
  /// Where repaired values begin.
  private(set) var damaged: Set<Int> = []
  private(set) var foundComplexKey = false
  private(set) var foundTab = false

  private var position = 0
  private var flow = 0
  /// The column (from 0) of the last key or dash in block style; what is indented more belongs to it.
  private var entryColumn = -1
  /// The last line ended inside a plain scalar, which may go on in the next.
  private var entryHasPlainValue = false
  private var lastKey = ""
  private var afterMergeKey = false
  private var anchors: Set<String> = []
  private var lineStart = 0

  init(_ source: SourceText, _ complaints: Complaints) {
    self.source = source
    self.complaints = complaints
    text = source.scalars
  }

  mutating func run() {
    repairForbiddenCharacters()
    while position < text.count {
      lineStart = position
      let indent = skipIndentation()
      if position >= text.count || isBreak(text[position]) {
        skipBreak()
      } else if text[position] == "#" {
        position = source.endOfLine(from: position)
      } else {
        let continues = entryHasPlainValue && (flow > 0 || indent > entryColumn)
        entryHasPlainValue = false
        if text[position] == "%", indent == 0, flow == 0, !continues, isDirective() { continue }
        scanLine(continuing: continues)
      }
    }
  }
}

extension IndicatorScan {
  /// The longest list of characters YAML does not allow that is worth reading.
  private static let forbiddenLimit = 20

  private mutating func repairForbiddenCharacters() {
    var count = 0
    for (index, scalar) in text.enumerated() {
      let allowed =
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF:
          true
        default: false
        }
      guard !allowed else { continue }
      text[index] = "\u{FFFD}"
      count += 1
      if count <= Self.forbiddenLimit {
        complaints.add(YAMLCause.forbiddenCharacter(scalar), at: source.place(at: index))
      }
    }
  }

  /// The number of columns before the first character that is no blank.
  private mutating func skipIndentation() -> Int {
    let start = position
    var tab: Int?
    while position < text.count, text[position] == " " || text[position] == "\t" {
      if text[position] == "\t", tab == nil { tab = position }
      position += 1
    }
    guard let tab else { return position - start }
    for index in start..<position { text[index] = " " }
    if position < text.count, !isBreak(text[position]), text[position] != "#" {
      foundTab = true
      complaints.add(YAMLCause.feature(.tab), at: source.place(at: tab))
    }
    return position - start
  }

  private mutating func isDirective() -> Bool {
    let word = word(from: position)
    guard word == "%YAML" || word == "%TAG" else { return false }
    complaints.add(YAMLCause.feature(.directive), at: source.place(at: position), width: word.unicodeScalars.count)
    text[position] = "#"
    position = source.endOfLine(from: position)
    return true
  }

  /// From the first character of a line to its end, or past it inside quotation marks and block scalars.
  private mutating func scanLine(continuing: Bool) {
    var atValue = !continuing
    var atLineStart = true
    if continuing { scanPlain(from: position, continuing: true, atValue: &atValue) }
    while position < text.count, !isBreak(text[position]) {
      let scalar = text[position]
      defer { atLineStart = false }
      if scalar == " " || scalar == "\t" {
        position += 1
        continue
      }
      if scalar == "#", atValue || isBlank(before: position) {
        scanHash(atValue: atValue && !atLineStart, valueStart: nil)
        if position < text.count, text[position] == "#" {
          position = source.endOfLine(from: position)
        } else if atValue {
          scanPlain(from: position, continuing: false, atValue: &atValue)
        }
        continue
      }
      guard atValue else {
        scanAfterValue(scalar, atValue: &atValue)
        continue
      }
      switch scalar {
      case "\"", "'":
        let start = position
        skipQuoted(scalar)
        atValue = false
        noteKey(from: start)
      case "[", "{":
        flow += 1
        position += 1
      case "]", "}":
        flow = max(0, flow - 1)
        position += 1
        atValue = false
      case "," where flow > 0: position += 1
      case "-" where flow == 0 && endsWord(position + 1):
        entryColumn = position - lineStart
        lastKey = ""
        position += 1
      case "?" where endsWord(position + 1):
        foundComplexKey = true
        complaints.add(YAMLCause.feature(.complexKey), at: source.place(at: position))
        position += 1
      case "|" where flow == 0, ">" where flow == 0:
        skipBlockScalar()
        return
      case "&", "*", "!", "%", "@", "`":
        if scanIndicator(scalar) { scanPlain(from: position, continuing: false, atValue: &atValue) }
      default: scanPlain(from: position, continuing: false, atValue: &atValue)
      }
    }
    skipBreak()
  }

  private mutating func scanAfterValue(_ scalar: Unicode.Scalar, atValue: inout Bool) {
    switch scalar {
    case ":" where flow > 0 || endsWord(position + 1): atValue = true
    case "," where flow > 0: atValue = true
    case "[", "{": flow += flow > 0 ? 1 : 0
    case "]", "}": flow = max(0, flow - 1)
    default: break
    }
    position += 1
  }

  /// A quoted key names the entry that follows it.
  private mutating func noteKey(from start: Int) {
    guard flow == 0, start >= lineStart, position < text.count, text[position] == ":" else { return }
    entryColumn = start - lineStart
    lastKey = source.text(start + 1..<max(start + 1, position - 1))
  }

  /// A plain scalar, up to what ends it on this line.
  private mutating func scanPlain(from start: Int, continuing: Bool, atValue: inout Bool) {
    atValue = false
    while position < text.count, !isBreak(text[position]) {
      let scalar = text[position]
      if scalar == ":", endsWord(position + 1) || (flow > 0 && position + 1 < text.count && isFlow(text[position + 1]))
      {
        noteEntry(from: start)
        position += 1
        atValue = true
        return
      }
      if flow > 0, isFlow(scalar) { return }
      if scalar == "#", isBlank(before: position) {
        scanHash(atValue: false, valueStart: start)
        if position < text.count, text[position] == "#" { return }
      }
      position += 1
    }
    entryHasPlainValue = true
  }

  private mutating func noteEntry(from start: Int) {
    let key = source.text(start..<position)
    afterMergeKey = key == "<<"
    if afterMergeKey { complaints.add(YAMLCause.feature(.mergeKey), at: source.place(at: start), width: 2) }
    lastKey = key
    if flow == 0 { entryColumn = start - lineStart }
  }
}

extension IndicatorScan {
  /// A `#` that YAML takes for the beginning of a comment. What was meant as text is complained about and repaired:
  /// then no `#` stands at `position` any more.
  private mutating func scanHash(atValue: Bool, valueStart: Int?) {
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
  private func readsAsText(_ value: String) -> Bool {
    if ["title", "claim", "summary", "guide", "match", "name", "body"].contains(lastKey) { return true }
    let value = trimmed(value)
    let isCode = value.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || [0x2D, 0x2E, 0x5F, 0x2B, 0x3A].contains(byte)
    }
    return !isCode
  }

  /// Whether the value of the last key stands in the lines below.
  private func isFollowedByBlock(from hash: Int) -> Bool {
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
  private mutating func scanIndicator(_ scalar: Unicode.Scalar) -> Bool {
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

  private mutating func repair(_ start: Int) {
    text[start] = "x"
    damaged.insert(start)
  }

  private mutating func blank(_ range: Range<Int>, _ feature: YAMLCause.Feature) {
    complaints.add(YAMLCause.feature(feature), at: source.place(at: range.lowerBound), width: range.count)
    for index in range { text[index] = " " }
    position = range.upperBound
  }

  private func valueFollows(_ index: Int) -> Bool { index < text.count && text[index] == " " && !restIsBlank(index) }

  private func restIsBlank(_ index: Int) -> Bool {
    let rest = text[min(index, text.count)..<source.endOfLine(from: min(index, text.count))].drop { $0 == " " }
    return rest.isEmpty || rest.first == "#"
  }
}

extension IndicatorScan {
  private mutating func skipQuoted(_ mark: Unicode.Scalar) {
    position += 1
    while position < text.count {
      if text[position] == "\\", mark == "\"" {
        position += 2
        continue
      }
      if text[position] == mark {
        if mark == "'", position + 1 < text.count, text[position + 1] == mark {
          position += 2
          continue
        }
        position += 1
        return
      }
      position += 1
    }
    position = text.count
  }

  /// From the `|` or `>` to the first line that is not indented more than its entry.
  private mutating func skipBlockScalar() {
    position = source.endOfLine(from: position)
    skipBreak()
    var hasText = false
    while position < text.count {
      var index = position
      while index < text.count, text[index] == " " { index += 1 }
      // libyaml takes the first line's indentation as that of all, and refuses a tab in it.
      if !hasText, index < text.count, text[index] == "\t" {
        complaints.add(YAMLCause.feature(.tab), at: source.place(at: index))
        text[index] = "\u{FFFD}"
      }
      guard index >= text.count || isBreak(text[index]) || index - position > entryColumn else { return }
      if index < text.count, !isBreak(text[index]) { hasText = true }
      position = source.endOfLine(from: index)
      skipBreak()
    }
  }

  private mutating func skipBreak() {
    if position < text.count, text[position] == "\r" { position += 1 }
    if position < text.count, text[position] == "\n" { position += 1 }
  }

  private func word(from start: Int) -> String {
    var end = min(start, text.count)
    while end < text.count, !isBlankOrBreak(text[end]), !isFlow(text[end]) { end += 1 }
    return source.text(min(start, text.count)..<end)
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
      || byte == 0x2D
  }

  private func endsWord(_ index: Int) -> Bool { index >= text.count || isBlankOrBreak(text[index]) }
  private func isBlank(before index: Int) -> Bool { index == 0 || isBlankOrBreak(text[index - 1]) }
  private func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
  private func isBlankOrBreak(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || isBreak(scalar)
  }
  private func isFlow(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "," || scalar == "[" || scalar == "]" || scalar == "{" || scalar == "}"
  }

  private func trimmed(_ text: String) -> String {
    var view = text.unicodeScalars[...]
    while let last = view.last, isBlankOrBreak(last) { view.removeLast() }
    while let first = view.first, isBlankOrBreak(first) { view.removeFirst() }
    return String(view)
  }
}
