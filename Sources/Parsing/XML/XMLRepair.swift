/// Makes damaged XML well-formed before libxml2 sees it, keeping the lines.
///
/// Bare `&` and `<`, HTML's entities, control characters, unclosed or stray tags, unclosed CDATA, duplicate or unquoted
/// attributes, text after the root and a cut-off end are put right; entities of the DOCTYPE are expanded under a cap.
struct XMLRepair {
  struct Result {
    var bytes: [UInt8]
    /// The document ended inside its root element.
    var truncated: Bool
    /// Entities expanded beyond `Limits.expansion`.
    var overflowed: Bool
  }

  static func repair(_ bytes: [UInt8], entities: [String: [UInt8]] = [:]) -> Result {
    var repair = XMLRepair(entities: entities)
    repair.output.reserveCapacity(bytes.count + 1024)
    repair.scan(bytes, depth: 0)
    let truncated = !repair.open.isEmpty
    repair.close(downTo: 0)
    return Result(bytes: repair.output, truncated: truncated, overflowed: repair.budget < 0)
  }

  private var output: [UInt8] = []
  private var open: [[UInt8]] = []
  /// How often each name is open, in lower case.
  private var counts: [[UInt8]: Int] = [:]
  private let entities: [String: [UInt8]]
  private var budget = Limits.expansion
  /// The root element has been closed: what follows is no part of the document.
  private var done = false
  /// Where the next of each mark stands, so that no stretch is searched twice.
  private var commentEnd = NextMark("-->")
  private var instructionEnd = NextMark("?>")
  private var dataStart = NextMark("<![CDATA[")
  private var dataEnd = NextMark("]]>")

  private init(entities: [String: [UInt8]]) { self.entities = entities }

  private mutating func scan(_ bytes: [UInt8], depth: Int) {
    var index = 0
    while index < bytes.count, !done {
      switch bytes[index] {
      case 0x3C: index = markup(bytes, at: index)
      case 0x26: index = reference(bytes, at: index, depth: depth)
      default:
        put(bytes[index])
        index += 1
      }
    }
  }

  /// Writes a byte of text; control characters vanish, text outside the root too.
  private mutating func put(_ byte: UInt8) {
    if byte == 0x0A || (!open.isEmpty && (byte >= 0x20 || byte == 0x09)) { output.append(byte) }
    if byte == 0x3E, !open.isEmpty {  // «]]>» may not stand in text
      output.removeLast()
      output.append(contentsOf: "&gt;".utf8)
    }
  }

  private mutating func put(text bytes: some Sequence<UInt8>) {
    for byte in bytes {
      switch byte {
      case 0x26: if !open.isEmpty { output.append(contentsOf: "&amp;".utf8) }
      case 0x3C: if !open.isEmpty { output.append(contentsOf: "&lt;".utf8) }
      default: put(byte)
      }
    }
  }

  private mutating func keepLines(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes where byte == 0x0A { output.append(byte) }
  }

  // MARK: References

  private mutating func reference(_ bytes: [UInt8], at index: Int, depth: Int) -> Int {
    let next = index + 1 < bytes.count ? bytes[index + 1] : 0
    guard next == 0x23 || isNameStart(next) else {
      put(text: [0x26])
      return index + 1
    }
    let rest = bytes[(index + 1)...].prefix(66)
    if !entities.isEmpty, let end = rest.firstIndex(of: 0x3B),
      let value = entities[String(decoding: rest[..<end], as: UTF8.self)]
    {
      budget -= value.count + 8
      if budget >= 0, depth < 8 { scan(value, depth: depth + 1) } else { budget = min(budget, -1) }
      return end + 1
    }
    if let reference = Entities.reference(bytes[index...]) {
      put(text: reference.text)
      return index + reference.length
    }
    put(text: [0x26])
    return index + 1
  }

  // MARK: Markup

  private mutating func markup(_ bytes: [UInt8], at index: Int) -> Int {
    let rest = bytes[index...]
    if Bytes.starts(rest, with: "<!--") {
      return skip(bytes, from: index, past: commentEnd.find(in: bytes, from: index + 4), 3, opener: 4)
    }
    if Bytes.starts(rest, with: "<![CDATA[") {
      return characterData(bytes, from: index + 9)
    }
    if Bytes.starts(rest, with: "<?") {
      return skip(bytes, from: index, past: instructionEnd.find(in: bytes, from: index + 2), 2, opener: 2)
    }
    if Bytes.starts(rest, with: "<!") {
      return skip(bytes, from: index, past: Bytes.find(">", in: bytes, from: index + 2), 1, opener: 2)
    }
    if index + 1 < bytes.count, bytes[index + 1] == 0x2F {
      return endTag(bytes, at: index)
    }
    if index + 1 < bytes.count, isNameStart(bytes[index + 1]) {
      return startTag(bytes, at: index)
    }
    put(text: [0x3C])
    return index + 1
  }

  private mutating func skip(_ bytes: [UInt8], from start: Int, past end: Int?, _ length: Int, opener: Int) -> Int {
    guard let end else { return start + opener }
    keepLines(bytes[start..<end])
    return end + length
  }

  /// CDATA as text. Without its end it lasts to the end tag of the element it stands in.
  private mutating func characterData(_ bytes: [UInt8], from start: Int) -> Int {
    let close = dataEnd.find(in: bytes, from: start)
    var end = close ?? bytes.count
    var next = close.map { $0 + 3 } ?? bytes.count
    if let name = open.last, let tag = find(endTag: name, in: bytes, from: start, to: end) {
      // A second section begins behind the end tag and before the only end: the first was never closed.
      let second = dataStart.find(in: bytes, from: start).map { $0 > tag && $0 < end } ?? false
      if close == nil || second {
        end = tag
        next = tag
      }
    }
    put(text: bytes[start..<end])
    return next
  }

  private func find(endTag name: [UInt8], in bytes: [UInt8], from start: Int, to end: Int) -> Int? {
    var from = start
    while let at = Bytes.find("</", in: bytes, from: from, to: end) {
      if bytes[(at + 2)...].starts(with: name) { return at }
      from = at + 2
    }
    return nil
  }

  private mutating func endTag(_ bytes: [UInt8], at index: Int) -> Int {
    let name = Array(bytes[(index + 2)...].prefix(while: isNameByte))
    var end = index + 2 + name.count
    while end < bytes.count, bytes[end] != 0x3E, bytes[end] != 0x3C { end += 1 }
    keepLines(bytes[index..<end])
    if end < bytes.count, bytes[end] == 0x3E { end += 1 }
    if let depth = depth(of: name) {
      close(downTo: depth)
      if open.isEmpty { done = true }
    }
    return end
  }

  private mutating func close(downTo depth: Int) {
    while open.count > depth, let name = open.popLast() {
      counts[Bytes.lowercased(name), default: 1] -= 1
      output.append(contentsOf: "</".utf8)
      output.append(contentsOf: name)
      output.append(0x3E)
    }
  }

  private mutating func startTag(_ bytes: [UInt8], at index: Int) -> Int {
    var tag = XMLTag(bytes, at: index)
    guard tag.complete else {
      // Cut off inside a tag: nothing of it can be used.
      keepLines(bytes[index..<tag.end])
      return tag.end
    }
    closeForgotten(before: tag.name)
    guard open.count < 2 * Limits.depth else { return tag.end }
    if HTMLWriter.isVoid(String(decoding: Bytes.lowercased(tag.name), as: UTF8.self)), open.count > 2,
      !tag.name.elementsEqual("link".utf8)
    {
      tag.selfClosing = true
    }
    output.append(0x3C)
    output.append(contentsOf: tag.name)
    for attribute in tag.attributes {
      output.append(0x20)
      output.append(contentsOf: attribute.name)
      output.append(contentsOf: "=\"".utf8)
      for byte in Entities.decode(attribute.value) {
        switch byte {
        case 0x26: output.append(contentsOf: "&amp;".utf8)
        case 0x3C: output.append(contentsOf: "&lt;".utf8)
        case 0x22: output.append(contentsOf: "&quot;".utf8)
        case 0x0A: output.append(byte)
        case 0x20...: output.append(byte)
        default: output.append(0x20)
        }
      }
      output.append(0x22)
    }
    if tag.selfClosing {
      output.append(0x2F)
    } else {
      open.append(tag.name)
      counts[Bytes.lowercased(tag.name), default: 0] += 1
    }
    output.append(0x3E)
    if tag.selfClosing, open.isEmpty { done = true }
    return tag.end
  }

  /// Fields that hold text only: when another field begins inside one, its end tag was forgotten.
  private static let leaves: Set<String> = [
    "title", "link", "guid", "pubdate", "comments", "dc:creator", "dc:date", "description",
  ]
  private static let fields: Set<String> = [
    "title", "link", "guid", "pubdate", "description", "comments", "category", "enclosure", "item", "dc:creator",
    "dc:date", "content:encoded", "author",
  ]

  private mutating func closeForgotten(before name: [UInt8]) {
    let word = String(decoding: Bytes.lowercased(name), as: UTF8.self)
    if word == "item" || word == "entry", let depth = depth(of: name) {
      close(downTo: depth)
    }
    guard XMLRepair.fields.contains(word), let last = open.last else { return }
    let current = String(decoding: Bytes.lowercased(last), as: UTF8.self)
    if XMLRepair.leaves.contains(current), open.count >= 3 || word == "item" { close(downTo: open.count - 1) }
  }

  /// Where the innermost open element of a name stands.
  private func depth(of name: [UInt8]) -> Int? {
    guard counts[Bytes.lowercased(name), default: 0] > 0 else { return nil }
    return open.lastIndex { same($0, name) }
  }

  private func same(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { Bytes.lower($0) == Bytes.lower($1) }
  }
}
