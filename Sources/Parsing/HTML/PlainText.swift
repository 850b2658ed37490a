/// Text without markup.
final class PlainText: HTMLVisitor {
  /// Of a title or a name: tags dropped, references decoded (a second layer of them too), white space collapsed; nil
  /// when nothing is left.
  static func line(_ markup: String) -> String? {
    var text = markup
    if markup.utf8.contains(where: { $0 == 0x3C || $0 == 0x26 }) {
      let plain = PlainText(lines: false)
      HTMLScan.run(Array(markup.utf8)[...], plain)
      text = String(decoding: plain.output, as: UTF8.self)
      if text.utf8.contains(0x26) { text = Entities.decode(text) }
    }
    return collapsed(text)
  }

  /// Of content: tags dropped, block elements and `br` as line breaks, white space collapsed within a line, no empty
  /// lines; nil when nothing is left.
  static func text(_ markup: String) -> String? {
    guard markup.utf8.contains(where: { $0 == 0x3C || $0 == 0x26 }) else { return collapsed(markup) }
    let plain = PlainText(lines: true)
    HTMLScan.run(Array(markup.utf8)[...], plain)
    let lines = String(decoding: plain.output, as: UTF8.self).split(separator: "\u{1}").compactMap { collapsed($0) }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  /// White space of any kind as single spaces, none at the ends; control characters dropped; nil when nothing is left.
  static func collapsed(_ text: some StringProtocol) -> String? {
    var output = String.UnicodeScalarView()
    var pending = false
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        pending = !output.isEmpty
      } else if scalar.value >= 0x20, !(0x7F...0x9F).contains(scalar.value) {
        if pending { output.append(" ") }
        pending = false
        output.append(scalar)
      }
    }
    return output.isEmpty ? nil : String(output)
  }

  private var output: [UInt8] = []
  private let lines: Bool
  private var dropping = 0

  private init(lines: Bool) { self.lines = lines }

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

  private func breakLine(_ name: String) {
    if HTMLWords.blocks.contains(name) { output.append(lines ? 0x01 : 0x20) }
  }
}
