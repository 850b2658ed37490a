extension IndicatorScan {
  mutating func skipQuoted(_ mark: Unicode.Scalar) {
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
  mutating func skipBlockScalar() {
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

  mutating func skipBreak() {
    if position < text.count, text[position] == "\r" { position += 1 }
    if position < text.count, text[position] == "\n" { position += 1 }
  }

  func word(from start: Int) -> String {
    var end = min(start, text.count)
    while end < text.count, !isBlankOrBreak(text[end]), !isFlow(text[end]) { end += 1 }
    return source.text(min(start, text.count)..<end)
  }

  func isNameByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
      || byte == 0x2D
  }

  func endsWord(_ index: Int) -> Bool { index >= text.count || isBlankOrBreak(text[index]) }
  func isBlank(before index: Int) -> Bool { index == 0 || isBlankOrBreak(text[index - 1]) }
  func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
  func isBlankOrBreak(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || isBreak(scalar)
  }
  func isFlow(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "," || scalar == "[" || scalar == "]" || scalar == "{" || scalar == "}"
  }

  func trimmed(_ text: String) -> String {
    var view = text.unicodeScalars[...]
    while let last = view.last, isBlankOrBreak(last) { view.removeLast() }
    while let first = view.first, isBlankOrBreak(first) { view.removeFirst() }
    return String(view)
  }
}
