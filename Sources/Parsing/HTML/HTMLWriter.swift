/// Writes the pieces of HTML.
enum HTMLWriter {
  private static let voids: Set<String> = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
  ]

  /// Whether the element has no end tag.
  static func isVoid(_ name: String) -> Bool { voids.contains(name) }

  static func escape(_ bytes: some Sequence<UInt8>, quotes: Bool = false, into output: inout [UInt8]) {
    for byte in bytes {
      switch byte {
      case 0x26: output.append(contentsOf: "&amp;".utf8)
      case 0x3C: output.append(contentsOf: "&lt;".utf8)
      case 0x3E: output.append(contentsOf: "&gt;".utf8)
      case 0x22 where quotes: output.append(contentsOf: "&quot;".utf8)
      default: output.append(byte)
      }
    }
  }

  static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    escape(text.utf8, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
