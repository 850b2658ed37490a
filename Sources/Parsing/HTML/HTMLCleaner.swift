/// Sanitised HTML: kept elements and attributes only, absolute links, nothing that runs.
final class HTMLCleaner: HTMLVisitor {
  /// The fragment without scripts, handlers, styles and forms; nil when nothing is left.
  ///
  /// - Parameter base: what relative addresses are resolved against.
  static func clean(_ fragment: some Sequence<UInt8>, base: String) -> String? {
    let bytes = Array(fragment)
    return bytes.withUnsafeBufferPointer { clean($0, base: base) }
  }

  /// The same of bytes in place.
  static func clean(_ fragment: UnsafeBufferPointer<UInt8>, base: String) -> String? {
    let trimmed = Bytes.trimmed(UnsafeBufferPointer(rebasing: fragment.prefix(Limits.field)))
    guard !trimmed.isEmpty else { return nil }
    if !trimmed.contains(where: { $0 == 0x3C || $0 == 0x26 || $0 == 0x3E || $0 < 0x20 }) {
      return String(decoding: trimmed, as: UTF8.self)
    }
    let output = SimpleMarkup.clean(trimmed, base: base) ?? parsed(trimmed, base: base)
    let result = Bytes.trimmed(output[...])
    return result.isEmpty ? nil : String(decoding: result, as: UTF8.self)
  }

  /// The sanitised fragment by way of libxml2's parser.
  static func parsed(_ fragment: UnsafeBufferPointer<UInt8>, base: String) -> [UInt8] {
    let cleaner = HTMLCleaner(base: base)
    HTMLScan.run(literal(Array(fragment)[...]), cleaner)
    return cleaner.output
  }

  /// A declaration that begins and never ends (a text about «<!DOCTYPE») is text: a parser would take it and the rest.
  private static func literal(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard let last = bytes.lastIndex(of: 0x3C), !bytes[last...].contains(0x3E), bytes.count - last > 2,
      bytes[last + 1] == 0x21, Bytes.isLetter(bytes[last + 2])
    else { return bytes }
    return bytes[..<last] + Array("&lt;".utf8) + bytes[(last + 1)...]
  }

  private var output: [UInt8] = []
  private let base: String
  /// The depth inside dropped elements.
  private var dropping = 0
  private var depth = 0
  /// The depth inside drawings: their titles are text, a page's is not.
  private var drawing = 0
  /// For each open element: the name its start tag was written with; nil when none was.
  private var written: [String?] = []

  private init(base: String) { self.base = base }

  func start(_ name: String, _ attributes: [(name: String, value: String)]) {
    depth += 1
    if name == "html" || name == "body" || (name == "div" && depth == 3) {
      written.append(nil)
      return
    }
    if name == "svg" || drawing > 0 { drawing += 1 }
    if dropping > 0 || (HTMLWords.dropped.contains(name) && !(name == "title" && drawing > 0)) {
      dropping += 1
      written.append(nil)
      return
    }
    let own = drawing > 0 && name == "title" ? "span" : HTMLWords.written(name)
    let keep = depth < Limits.depth ? own : nil
    written.append(keep)
    guard let keep else { return }
    output.append(0x3C)
    output.append(contentsOf: keep.utf8)
    for attribute in attributes where keep == name {
      guard HTMLWords.attributes.contains(attribute.name) else { continue }
      var value = attribute.value
      if HTMLWords.addresses.contains(attribute.name) {
        guard let address = HTMLCleaner.address(value, base: base) else { continue }
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
    guard let last = written.popLast() else { return }
    depth -= 1
    if dropping > 0 { dropping -= 1 }
    if drawing > 0 { drawing -= 1 }
    guard let tag = last, !HTMLWriter.isVoid(tag) else { return }
    output.append(contentsOf: "</".utf8)
    output.append(contentsOf: tag.utf8)
    output.append(0x3E)
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) {
    if dropping == 0 { HTMLWriter.escape(bytes, into: &output) }
  }

  /// The absolute address that a link of a fragment leads to; nil when it may not stay.
  static func address(_ value: String, base: String) -> String? {
    if value.utf8.first.map({ $0 == 0x6D || $0 == 0x4D || $0 <= 0x20 || $0 >= 0x80 }) == true,
      Bytes.lowercased(value.trimmingSpaces).hasPrefix("mailto:")
    {
      return value.trimmingSpaces
    }
    return value.utf8.first == 0x23 ? value : WebAddress.resolve(value, base: base)
  }
}
