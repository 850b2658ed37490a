/// A walk over the raw text that finds what YAML would misread, and repairs it in a copy so that checking goes on.
///
/// It follows quotation marks, block scalars, flow brackets and continuation lines only as far as it must to know
/// where a value begins. Every repair replaces one character by one, so positions stay what they were.
struct IndicatorScan {
  let source: SourceText
  let complaints: Complaints
  /// The repaired text.
  var text: [Unicode.Scalar]
  /// Where repaired values begin.
  var damaged: Set<Int> = []
  private(set) var foundComplexKey = false
  /// Indentations with tabs in them, in order.
  private(set) var tabbedLines: [Range<Int>] = []

  var position = 0
  var flow = 0
  /// The column (from 0) of the last key or dash in block style; what is indented more belongs to it.
  var entryColumn = -1
  /// The last line ended inside a plain scalar, which may go on in the next.
  var entryHasPlainValue = false
  var lastKey = ""
  var afterMergeKey = false
  var anchors: Set<String> = []
  var lineStart = 0

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
  static let forbiddenLimit = 20

  mutating func repairForbiddenCharacters() {
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
  mutating func skipIndentation() -> Int {
    let start = position
    var tab: Int?
    while position < text.count, text[position] == " " || text[position] == "\t" {
      if text[position] == "\t", tab == nil { tab = position }
      position += 1
    }
    guard let tab else { return position - start }
    for index in start..<position { text[index] = " " }
    if position < text.count, !isBreak(text[position]), text[position] != "#" {
      tabbedLines.append(start..<position)
      complaints.add(YAMLCause.feature(.tab), at: source.place(at: tab))
    }
    return position - start
  }

  mutating func isDirective() -> Bool {
    let word = word(from: position)
    guard word == "%YAML" || word == "%TAG" else { return false }
    complaints.add(YAMLCause.feature(.directive), at: source.place(at: position), width: word.unicodeScalars.count)
    text[position] = "#"
    position = source.endOfLine(from: position)
    return true
  }

  /// From the first character of a line to its end, or past it inside quotation marks and block scalars.
  mutating func scanLine(continuing: Bool) {
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
      case "{" where position + 1 < text.count && text[position + 1] == "{":
        repairBraces()
        scanPlain(from: position, continuing: false, atValue: &atValue)
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

  mutating func scanAfterValue(_ scalar: Unicode.Scalar, atValue: inout Bool) {
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
  mutating func noteKey(from start: Int) {
    guard flow == 0, start >= lineStart, position < text.count, text[position] == ":" else { return }
    entryColumn = start - lineStart
    lastKey = source.text(start + 1..<max(start + 1, position - 1))
  }

  /// A plain scalar, up to what ends it on this line.
  mutating func scanPlain(from start: Int, continuing: Bool, atValue: inout Bool) {
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

  mutating func noteEntry(from start: Int) {
    let key = source.text(start..<position)
    afterMergeKey = key == "<<"
    if afterMergeKey { complaints.add(YAMLCause.feature(.mergeKey), at: source.place(at: start), width: 2) }
    lastKey = key
    if flow == 0 { entryColumn = start - lineStart }
  }
}
