/// Sanitises the commonest fragments in one pass: balanced tags of the usual elements, quoted attributes, text.
///
/// It decides nothing that the way over libxml2 (`HTMLCleaner`) would decide otherwise: what needs a parser's
/// judgement — a tag that another one closes, an unusual element, a comment — is left to it. A test holds both ways
/// against each other. It is there for speed: a parser set up for each of ten thousand descriptions costs more than
/// the feed that they stand in.
struct SimpleMarkup {
  /// The sanitised fragment, untrimmed; nil when it is not simple.
  static func clean(_ bytes: UnsafeBufferPointer<UInt8>, base: String) -> [UInt8]? {
    var markup = SimpleMarkup(bytes, base)
    return markup.run() ? markup.output : nil
  }

  private enum Element {
    case inline
    /// Inline, and holds no other of its kind.
    case anchor
    /// Holds inline content only.
    case paragraph
    /// Holds blocks and text.
    case block
    case list, listItem
    case void
  }

  private static let elements: [String: Element] = {
    var table: [String: Element] = [:]
    for (names, element) in [
      ("b i em strong u s span small sub sup code tt big cite q abbr del ins mark var kbd samp", Element.inline),
      ("a", .anchor), ("p h1 h2 h3 h4 h5 h6", .paragraph), ("div blockquote", .block), ("ul ol", .list),
      ("li", .listItem), ("br img", .void),
    ] {
      for name in names.split(separator: " ") { table[String(name)] = element }
    }
    return table
  }()

  private let bytes: UnsafeBufferPointer<UInt8>
  private let base: String
  private var output: [UInt8] = []
  private var index = 0
  /// The open elements, and where their names lie in `bytes`.
  private var open: [(element: Element, name: Range<Int>)] = []

  private init(_ bytes: UnsafeBufferPointer<UInt8>, _ base: String) {
    self.bytes = bytes
    self.base = base
    output.reserveCapacity(bytes.count + 64)
  }

  private mutating func run() -> Bool {
    while index < bytes.count {
      let isSimple =
        switch bytes[index] {
        case 0x3C: index + 1 < bytes.count && bytes[index + 1] == 0x2F ? endTag() : startTag()
        case 0x26: open.last?.element != .list && reference()
        default: text()
        }
      guard isSimple else { return false }
    }
    return open.isEmpty
  }

  private mutating func copy(_ range: Range<Int>) {
    output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
  }

  /// A run of text up to the next mark. A list holds none of its own.
  private mutating func text() -> Bool {
    let start = index
    let isInList = open.last?.element == .list
    if !isInList { index = Bytes.plainRun(bytes, from: index) }
    while index < bytes.count {
      let byte = bytes[index]
      if byte == 0x3C || byte == 0x26 || byte == 0x3E { break }
      if !isPlain(byte) || (isInList && byte > 0x20) { return false }
      index += 1
    }
    copy(start..<index)
    if index < bytes.count, bytes[index] == 0x3E {
      if isInList { return false }
      output.append(contentsOf: "&gt;".utf8)
      index += 1
    }
    return true
  }

  /// Neither a control character nor the lead of U+FFFE and U+FFFF, which are none.
  private func isPlain(_ byte: UInt8) -> Bool { byte >= 0x20 && byte != 0xEF || byte == 0x0A || byte == 0x09 }

  /// A reference in text.
  private mutating func reference() -> Bool {
    guard let text = decoded(until: bytes.count) else { return false }
    HTMLWriter.escape(text, into: &output)
    return true
  }

  /// What a reference stands for, passing over it: a bare `&` is itself. Nil when it is not simple.
  private mutating func decoded(until end: Int) -> [UInt8]? {
    var next = index + 1
    let limit = min(end, next + 10)
    if next < limit, bytes[next] == 0x23 { return decimal(until: limit) }
    while next < limit, Bytes.isLetter(bytes[next]) || Bytes.isDigit(bytes[next]) { next += 1 }
    if next == index + 1 {
      index = next
      return [0x26]
    }
    guard next < limit, bytes[next] == 0x3B, let text = Entities.named(Array(bytes[(index + 1)..<next])[...]) else {
      return nil
    }
    index = next + 1
    return text
  }

  private mutating func decimal(until limit: Int) -> [UInt8]? {
    var value: UInt32 = 0
    var next = index + 2
    while next < limit, Bytes.isDigit(bytes[next]) {
      value = value * 10 + UInt32(bytes[next] - 0x30)
      next += 1
    }
    guard next < limit, bytes[next] == 0x3B, value >= 0x20, !(0x7F...0x9F).contains(value), value < 0xFFFE,
      let scalar = Unicode.Scalar(value)
    else { return nil }
    index = next + 1
    return Array(String(Character(scalar)).utf8)
  }

  // MARK: Tags

  private mutating func endTag() -> Bool {
    guard let last = open.popLast() else { return false }
    let end = index + 2 + last.name.count
    guard end < bytes.count, bytes[end] == 0x3E else { return false }
    for offset in 0..<last.name.count where bytes[index + 2 + offset] != bytes[last.name.lowerBound + offset] {
      return false
    }
    copy(index..<(end + 1))
    index = end + 1
    return true
  }

  private mutating func startTag() -> Bool {
    let start = index + 1
    var end = start
    while end < bytes.count, isLower(bytes[end]) || Bytes.isDigit(bytes[end]) { end += 1 }
    guard end < bytes.count, end - start <= 10, open.count < 32,
      let element = SimpleMarkup.elements[String(decoding: bytes[start..<end], as: UTF8.self)], mayBegin(element)
    else { return false }
    copy(index..<end)
    index = end
    guard attributes(isVoid: element == .void) else { return false }
    output.append(0x3E)
    if element != .void { open.append((element, start..<end)) }
    return true
  }

  private func isLower(_ byte: UInt8) -> Bool { byte >= 0x61 && byte <= 0x7A }

  /// Whether an element may begin here without closing another.
  private func mayBegin(_ element: Element) -> Bool {
    switch element {
    case .void, .inline: open.last?.element != .list
    case .anchor: open.last?.element != .list && !open.contains { $0.element == .anchor }
    case .listItem: open.last?.element == .list
    case .paragraph, .block, .list:
      open.last?.element != .list
        && open.allSatisfy { $0.element == .block || $0.element == .list || $0.element == .listItem }
    }
  }

  private mutating func attributes(isVoid: Bool) -> Bool {
    var seen: [Range<Int>] = []
    while index < bytes.count {
      if bytes[index] == 0x3E {
        index += 1
        return true
      }
      if bytes[index] == 0x2F {
        guard isVoid, index + 1 < bytes.count, bytes[index + 1] == 0x3E else { return false }
        index += 2
        return true
      }
      guard bytes[index] == 0x20 || bytes[index] == 0x0A else { return false }
      while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x0A { index += 1 }
      guard index < bytes.count else { return false }
      if bytes[index] == 0x3E || bytes[index] == 0x2F { continue }
      guard seen.count < 16, let name = attribute(), !seen.contains(where: { same($0, name) }) else { return false }
      seen.append(name)
    }
    return false
  }

  private func same(_ left: Range<Int>, _ right: Range<Int>) -> Bool { bytes[left].elementsEqual(bytes[right]) }

  /// Reads `name="value"` and writes it where it is kept; where the name lies, nil when it is not simple.
  private mutating func attribute() -> Range<Int>? {
    let start = index
    while index < bytes.count, isLower(bytes[index]) || bytes[index] == 0x2D { index += 1 }
    let name = start..<index
    guard !name.isEmpty, index + 1 < bytes.count, bytes[index] == 0x3D,
      bytes[index + 1] == 0x22 || bytes[index + 1] == 0x27
    else { return nil }
    let quote = bytes[index + 1]
    index += 2
    var end = index
    while end < bytes.count, bytes[end] != quote {
      guard isPlain(bytes[end]), bytes[end] != 0x3C else { return nil }
      end += 1
    }
    guard end < bytes.count else { return nil }
    let word = String(decoding: UnsafeBufferPointer(rebasing: bytes[name]), as: UTF8.self)
    guard HTMLWords.attributes.contains(word) else {
      index = end + 1
      return name
    }
    var value: [UInt8] = []
    while index < end {
      if bytes[index] == 0x26 {
        guard let text = decoded(until: end) else { return nil }
        value.append(contentsOf: text)
      } else {
        value.append(bytes[index])
        index += 1
      }
    }
    index = end + 1
    if HTMLWords.addresses.contains(word) {
      guard let address = HTMLCleaner.address(String(decoding: value, as: UTF8.self), base: base) else { return name }
      value = Array(address.utf8)
    }
    output.append(0x20)
    copy(name)
    output.append(contentsOf: "=\"".utf8)
    HTMLWriter.escape(value, quotes: true, into: &output)
    output.append(0x22)
    return name
  }
}
