/// An element of an `XMLTree`: a cheap handle, valid while its tree lives.
///
/// Sendable, unchecked for the pointer: what it points to is never written again once there is an element.
struct XMLElement: @unchecked Sendable {
  let storage: UnsafePointer<XMLTree.Storage>
  let index: Int32

  private func node(_ index: Int32) -> UnsafePointer<XMLTree.Node> { storage.pointee.nodes + Int(index) }
  private var node: UnsafePointer<XMLTree.Node> { node(index) }
  private func bytes(_ start: Int32, _ end: Int32) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: storage.pointee.text + Int(start), count: Int(end - start))
  }

  /// The name where it is one that feeds are read by.
  var word: Word? { Word(rawValue: node.pointee.name) }
  /// The canonical name: `title`, `dc:creator`.
  var name: String { String(decoding: storage.pointee.spelling(node.pointee.name), as: UTF8.self) }
  var line: Int { Int(node.pointee.line) }
  var parent: XMLElement? {
    node.pointee.parent < 0 ? nil : XMLElement(storage: storage, index: node.pointee.parent)
  }

  /// The child elements, in order.
  var children: Children { Children(storage: storage, place: node.pointee.first, wanted: nil) }

  /// The child elements of a name, in order.
  func all(_ word: Word) -> Children {
    let mayHave = node.pointee.mask & (1 << UInt64(word.rawValue & 63)) != 0
    return Children(storage: storage, place: mayHave ? node.pointee.first : -1, wanted: word.rawValue)
  }

  /// The first child element of a name.
  func first(_ word: Word) -> XMLElement? {
    var children = all(word)
    return children.next()
  }

  /// The first child with one of the names that is not blank, earlier names preferred.
  func first(of words: Word...) -> XMLElement? {
    for word in words {
      for child in all(word) where !child.isBlank { return child }
    }
    return nil
  }

  struct Children: Sequence, IteratorProtocol {
    fileprivate let storage: UnsafePointer<XMLTree.Storage>
    fileprivate var place: Int32
    fileprivate let wanted: Int32?

    mutating func next() -> XMLElement? {
      while place >= 0 {
        let index = place
        let node = storage.pointee.nodes + Int(index)
        place = node.pointee.next
        if node.pointee.name >= 0, wanted == nil || node.pointee.name == wanted {
          return XMLElement(storage: storage, index: index)
        }
      }
      return nil
    }
  }

  /// What the last child element of a name gives, or else one before it.
  func last<Result>(_ word: Word, _ read: (XMLElement) -> Result?) -> Result? {
    var children = all(word)
    guard let first = children.next() else { return nil }
    guard let second = children.next() else { return read(first) }
    for element in ([first, second] + children).reversed() {
      if let result = read(element) { return result }
    }
    return nil
  }

  /// The first element of a name at any depth below.
  func descendant(_ word: Word) -> XMLElement? {
    for child in children {
      if child.node.pointee.name == word.rawValue { return child }
      if let found = child.descendant(word) { return found }
    }
    return nil
  }

  /// Whether there is neither text nor an element inside.
  var isBlank: Bool {
    var child = node.pointee.first
    while child >= 0 {
      let node = node(child)
      if node.pointee.name >= 0 || !bytes(node.pointee.start, node.pointee.end).allSatisfy(isSpace) { return false }
      child = node.pointee.next
    }
    return true
  }

  var hasElements: Bool { node.pointee.mask != 0 }

  // MARK: Attributes

  func attribute(_ word: Word) -> String? {
    guard storage.pointee.attributeMask & (1 << UInt64(word.rawValue & 63)) != 0 else { return nil }
    for index in node.pointee.start..<node.pointee.end {
      let attribute = storage.pointee.attributes + Int(index)
      if attribute.pointee.name == word.rawValue {
        return String(decoding: bytes(attribute.pointee.start, attribute.pointee.end), as: UTF8.self)
      }
    }
    return nil
  }

  /// The attribute of a canonical name that is no `Word`.
  func attribute(named name: String) -> String? {
    for index in node.pointee.start..<node.pointee.end {
      let attribute = storage.pointee.attributes + Int(index)
      if storage.pointee.spelling(attribute.pointee.name).elementsEqual(name.utf8) {
        return String(decoding: bytes(attribute.pointee.start, attribute.pointee.end), as: UTF8.self)
      }
    }
    return nil
  }

  /// The nearest stated language, this element's or one above it.
  var language: String? { nearest(.xmlLang, Language.tag) }

  /// The base of relative addresses here: each `xml:base` on the way down resolved against the one above.
  func base(under document: String) -> String {
    guard storage.pointee.attributeMask & (1 << UInt64(Word.xmlBase.rawValue & 63)) != 0 else { return document }
    var chain: [String] = []
    var element: XMLElement? = self
    while let current = element {
      if let base = current.attribute(.xmlBase) { chain.append(base) }
      element = current.parent
    }
    return chain.reversed().reduce(document) { WebAddress.resolve($1, base: $0) ?? $0 }
  }

  private func nearest(_ word: Word, _ read: (String) -> String?) -> String? {
    guard storage.pointee.attributeMask & (1 << UInt64(word.rawValue & 63)) != 0 else { return nil }
    var element: XMLElement? = self
    while let current = element {
      if let value = current.attribute(word).flatMap(read) { return value }
      element = current.parent
    }
    return nil
  }

  // MARK: Text

  /// The text of the element and of all below it, trimmed; nil when blank.
  var text: String? { withText { $0.isEmpty ? nil : String(decoding: $0, as: UTF8.self) } }

  /// Calls with the trimmed bytes of the element's text and of all below it: UTF-8, valid during the call.
  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
    let first = node.pointee.first
    if first < 0 { return try body(UnsafeBufferPointer(start: nil, count: 0)) }
    let only = node(first)
    if only.pointee.name < 0, only.pointee.next < 0 {
      return try body(Bytes.trimmed(bytes(only.pointee.start, only.pointee.end)))
    }
    var gathered: [UInt8] = []
    gather(into: &gathered)
    return try gathered.withUnsafeBufferPointer { try body(Bytes.trimmed($0)) }
  }

  private func gather(into output: inout [UInt8]) {
    var child = node.pointee.first
    while child >= 0 {
      let node = node(child)
      if node.pointee.name < 0 {
        output.append(contentsOf: bytes(node.pointee.start, node.pointee.end))
      } else {
        XMLElement(storage: storage, index: child).gather(into: &output)
      }
      child = node.pointee.next
    }
  }

  /// What is inside, written as HTML: texts escaped, elements by their local names.
  var markup: [UInt8] {
    var bytes: [UInt8] = []
    writeMarkup(into: &bytes)
    return bytes
  }

  private func writeMarkup(into output: inout [UInt8]) {
    var child = node.pointee.first
    while child >= 0 {
      let node = node(child)
      if node.pointee.name < 0 {
        HTMLWriter.escape(bytes(node.pointee.start, node.pointee.end), into: &output)
      } else {
        XMLElement(storage: storage, index: child).writeTag(into: &output)
      }
      child = node.pointee.next
    }
  }

  private func writeTag(into output: inout [UInt8]) {
    let full = storage.pointee.spelling(node.pointee.name)
    let local = full.firstIndex(of: 0x3A).map { full[($0 + 1)...] } ?? full[...]
    output.append(0x3C)
    output.append(contentsOf: local)
    for index in node.pointee.start..<node.pointee.end {
      let attribute = storage.pointee.attributes + Int(index)
      let name = storage.pointee.spelling(attribute.pointee.name)
      guard name.starts(with: "xml:".utf8) || !name.contains(0x3A) else { continue }
      output.append(0x20)
      output.append(contentsOf: name)
      output.append(contentsOf: "=\"".utf8)
      HTMLWriter.escape(bytes(attribute.pointee.start, attribute.pointee.end), quotes: true, into: &output)
      output.append(0x22)
    }
    output.append(0x3E)
    if !HTMLWriter.isVoid(String(decoding: local, as: UTF8.self)) {
      writeMarkup(into: &output)
      output.append(contentsOf: "</".utf8)
      output.append(contentsOf: local)
      output.append(0x3E)
    }
  }
}
