/// Names of authors as feeds write them.
enum PersonName {
  /// The name out of `mail@example (Name)`, `Name <mail@example>` or a name alone; the address when there is no name.
  static func read(_ text: String?) -> String? {
    // A name alone: letters, spaces and points.
    if let text, isNameAlone(text) { return text }
    guard let line = text.flatMap({ PlainText.line(protecting($0)) }) else { return nil }
    if let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close {
      let inside = line[line.index(after: open)..<close]
      let outside = line[..<open] + line[line.index(after: close)...]
      if outside.contains("@"), !inside.contains("@") { return PlainText.collapsed(inside) ?? trimmed(outside) }
      if inside.contains("@") { return trimmed(outside) ?? trimmed(inside) }
    }
    if let open = line.firstIndex(of: "<"), let close = line.lastIndex(of: ">"), open < close {
      let inside = line[line.index(after: open)..<close]
      let outside = line[..<open] + line[line.index(after: close)...]
      if inside.contains("@") { return trimmed(outside) ?? trimmed(inside) }
    }
    return trimmed(line)
  }

  /// The name without the words that pages put before it: «By», «Автор:».
  static func withoutPreamble(_ text: String) -> String? {
    for before in preambles where text.count > before.count && Bytes.lowercased(text).hasPrefix(before) {
      return withoutPreamble(String(text.dropFirst(before.count)))
    }
    return PlainText.collapsed(text.drop { ",|•·".contains($0) || $0 == " " }.trimmingSuffix { ",|•· ".contains($0) })
  }

  private static let preambles = [
    "posted by ", "written by ", "story by ", "by ", "by: ", "автор: ", "Автор: ", "Автор ", "текст: ", "Текст: ",
    "text: ",
    "von ", "par ", "por ",
  ]

  private static func isNameAlone(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      var previous: UInt8 = 0x20
      for byte in bytes {
        let isLetter = Bytes.isLetter(byte) || byte >= 0x80 && byte != 0xC2 && byte < 0xE2 || byte == 0x2E
        guard isLetter || byte == 0x20 && previous != 0x20 else { return false }
        previous = byte
      }
      return previous != 0x20
    }
  }

  /// `<mail@example>` would be taken for a tag.
  private static func protecting(_ text: String) -> String {
    guard text.contains("@"), text.contains("<") else { return text }
    return text.replacing("<", with: "&lt;")
  }

  private static func trimmed(_ text: some StringProtocol) -> String? {
    PlainText.collapsed(String(text.filter { $0 != "\"" }))
  }
}

extension Substring {
  fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> Substring {
    var rest = self
    while let last = rest.last, isDropped(last) { rest.removeLast() }
    return rest
  }
}

extension [String] {
  /// Appends what is there and not yet in the list.
  mutating func add(_ text: String?) {
    if let text, !contains(text) { append(text) }
  }
}
