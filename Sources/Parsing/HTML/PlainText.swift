/// Text without markup.
final class PlainText: HTMLVisitor {
  /// Of a title or a name: tags dropped, references decoded (a second layer of them too), white space collapsed; nil
  /// when nothing is left.
  static func line(_ markup: String) -> String? {
    var text = markup
    if markup.utf8.contains(where: { $0 == 0x3C || $0 == 0x26 }) {
      let plain = PlainText()
      HTMLScan.run(Array(markup.utf8.prefix(Limits.line))[...], plain)
      text = String(decoding: plain.output, as: UTF8.self)
      if text.utf8.contains(0x26) { text = Entities.decode(text) }
    }
    return collapsed(text)
  }

  /// Of sanitised HTML as `HTMLCleaner` writes it: block elements and `br` as line breaks, white space collapsed within
  /// a line, no empty lines; nil when nothing is left.
  static func text(clean html: String) -> String? {
    let bytes = Array(html.utf8)
    guard bytes.contains(where: { $0 == 0x3C || $0 == 0x26 || $0 == 0x0A }) else { return collapsed(html) }
    var lines: [String] = []
    var line: [UInt8] = []
    func endLine() {
      if let text = collapsed(String(decoding: line, as: UTF8.self)) { lines.append(text) }
      line.removeAll(keepingCapacity: true)
    }
    var index = 0
    while index < bytes.count {
      if bytes[index] == 0x3C {
        var start = index + 1
        if start < bytes.count, bytes[start] == 0x2F { start += 1 }
        let name = bytes[start...].prefix { Bytes.isLetter($0) || Bytes.isDigit($0) }
        if HTMLWords.blocks.contains(String(decoding: name, as: UTF8.self)) { endLine() }
        index = (bytes[index...].firstIndex(of: 0x3E) ?? bytes.count - 1) + 1
      } else if bytes[index] == 0x26, let reference = Entities.reference(bytes[index...]) {
        line.append(contentsOf: reference.text)
        index += reference.length
      } else {
        line.append(bytes[index])
        index += 1
      }
    }
    endLine()
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// White space of any kind as single spaces, none at the ends; control characters dropped; nil when nothing is left.
  static func collapsed(_ text: some StringProtocol) -> String? {
    let bytes = Array(text.utf8)
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count)
    var pending = false
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      var width = 1
      var space = isSpace(byte) && byte != 0
      if byte >= 0xC2, index + 1 < bytes.count {
        let next = bytes[index + 1]
        let third = index + 2 < bytes.count ? bytes[index + 2] : 0
        switch (byte, next, third) {
        case (0xC2, 0x85, _), (0xC2, 0xA0, _):  // next line, no-break space
          (space, width) = (true, 2)
        case (0xC2, 0x80...0x9F, _):  // C1 controls
          index += 2
          continue
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8...0xA9), (0xE2, 0x80, 0xAF), (0xE2, 0x81, 0x9F),
          (0xE3, 0x80, 0x80):  // the spaces of typography
          (space, width) = (true, 3)
        default: break
        }
      }
      if space {
        pending = !output.isEmpty
      } else if byte >= 0x20, byte != 0x7F {
        if pending { output.append(0x20) }
        pending = false
        output.append(byte)
      }
      index += width
    }
    return output.isEmpty ? nil : String(decoding: output, as: UTF8.self)
  }

  private var output: [UInt8] = []
  private var dropping = 0

  private init() {}

  func start(_ name: String, _ attributes: [(name: String, value: String)]) {
    if dropping > 0 || HTMLWords.dropped.contains(name) { dropping += 1 }
    breakLine(name)
  }

  func end(_ name: String) {
    if dropping > 0 { dropping -= 1 }
    breakLine(name)
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if dropping == 0 { output.append(contentsOf: bytes) }
  }

  /// A block element parts words.
  private func breakLine(_ name: String) {
    if HTMLWords.blocks.contains(name) { output.append(0x20) }
  }
}
