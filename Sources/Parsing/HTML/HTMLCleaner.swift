/// Sanitised HTML: kept elements and attributes only, absolute links, nothing that runs.
final class HTMLCleaner: HTMLVisitor {
  /// The fragment without scripts, handlers, styles and forms; nil when nothing is left.
  ///
  /// - Parameter base: what relative addresses are resolved against.
  static func clean(_ fragment: some Sequence<UInt8>, base: String) -> String? {
    let bytes = Array(fragment)
    let trimmed = Bytes.trimmed(bytes.prefix(Limits.field))
    guard !trimmed.isEmpty else { return nil }
    if !trimmed.contains(where: { $0 == 0x3C || $0 == 0x26 || $0 == 0x3E || $0 < 0x20 }) {
      return String(decoding: trimmed, as: UTF8.self)
    }
    let cleaner = HTMLCleaner(base: base)
    HTMLScan.run(trimmed, cleaner)
    let result = Bytes.trimmed(cleaner.output[...])
    return result.isEmpty ? nil : String(decoding: result, as: UTF8.self)
  }

  private var output: [UInt8] = []
  private let base: String
  /// The depth inside dropped elements.
  private var dropping = 0
  private var depth = 0
  /// For each open element: whether its start tag was written.
  private var written: [Bool] = []

  private init(base: String) { self.base = base }

  func start(_ name: String, _ attributes: [(name: String, value: String)]) {
    depth += 1
    if name == "html" || name == "body" || (name == "div" && depth == 3) {
      written.append(false)
      return
    }
    if dropping > 0 || HTMLWords.dropped.contains(name) {
      dropping += 1
      written.append(false)
      return
    }
    let keep = HTMLWords.kept.contains(name) && depth < Limits.depth
    written.append(keep)
    guard keep else { return }
    output.append(0x3C)
    output.append(contentsOf: name.utf8)
    for attribute in attributes {
      guard HTMLWords.attributes.contains(attribute.name) else { continue }
      var value = attribute.value
      if HTMLWords.addresses.contains(attribute.name) {
        guard let address = address(value) else { continue }
        value = address
      }
      output.append(0x20)
      output.append(contentsOf: attribute.name.utf8)
      output.append(contentsOf: "=\"".utf8)
      HTMLWriter.escape(value.utf8, quotes: true, into: &output)
      output.append(0x22)
    }
    output.append(0x3E)
  }

  func end(_ name: String) {
    guard let wasWritten = written.popLast() else { return }
    depth -= 1
    if dropping > 0 { dropping -= 1 }
    guard wasWritten, !HTMLWriter.isVoid(name) else { return }
    output.append(contentsOf: "</".utf8)
    output.append(contentsOf: name.utf8)
    output.append(0x3E)
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if dropping == 0 { HTMLWriter.escape(bytes, into: &output) }
  }

  private func address(_ value: String) -> String? {
    if Bytes.lowercased(value.trimmingSpaces).hasPrefix("mailto:") { return value.trimmingSpaces }
    return value.hasPrefix("#") ? value : WebAddress.resolve(value, base: base)
  }
}
