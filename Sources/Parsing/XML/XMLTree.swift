/// A document's elements in flat arrays: names once, texts in one run of bytes, Strings made only when asked for.
///
/// Names are canonical (`Namespaces`): lower case, the usual prefix, none for the words of the feed's own format.
final class XMLTree {
  struct Node {
    /// Index into `names`; −1 for a text.
    var name: Int32
    var parent: Int32
    var first: Int32 = -1
    var last: Int32 = -1
    var next: Int32 = -1
    /// Of an element: its attributes in `attributes`; of a text: its bytes in `text`.
    var start: Int32
    var end: Int32
    var line: Int32
  }
  struct Attribute {
    var name: Int32
    var start: Int32
    var end: Int32
  }

  private(set) var names: [String] = []
  private var indexes: [String: Int32] = [:]
  var nodes: [Node] = []
  var attributes: [Attribute] = []
  var text: [UInt8] = []

  var root: XMLElement? { nodes.isEmpty ? nil : XMLElement(tree: self, index: 0) }

  /// The index of a name, if the document has it.
  func index(of name: String) -> Int32? { indexes[name] }

  /// The index of a name, which is given one when it is new.
  func intern(_ name: String) -> Int32 {
    if let known = indexes[name] { return known }
    let index = Int32(names.count)
    names.append(name)
    indexes[name] = index
    return index
  }

  /// Adds a node under `parent` (−1 for the root) and returns its index.
  func append(_ node: Node) -> Int32 {
    let index = Int32(nodes.count)
    nodes.append(node)
    if node.parent >= 0 {
      let parent = Int(node.parent)
      if nodes[parent].last >= 0 { nodes[Int(nodes[parent].last)].next = index } else { nodes[parent].first = index }
      nodes[parent].last = index
    }
    return index
  }
}

/// An element of an `XMLTree`: a cheap handle.
struct XMLElement {
  let tree: XMLTree
  let index: Int32

  private var node: XMLTree.Node { tree.nodes[Int(index)] }

  /// The canonical name: `title`, `dc:creator`.
  var name: String { tree.names[Int(node.name)] }
  var line: Int { Int(node.line) }
  var parent: XMLElement? { node.parent < 0 ? nil : XMLElement(tree: tree, index: node.parent) }

  /// The child elements, in order.
  var children: [XMLElement] {
    var list: [XMLElement] = []
    var child = node.first
    while child >= 0 {
      if tree.nodes[Int(child)].name >= 0 { list.append(XMLElement(tree: tree, index: child)) }
      child = tree.nodes[Int(child)].next
    }
    return list
  }

  /// The child elements of a name, in order.
  func all(_ name: String) -> [XMLElement] {
    var list: [XMLElement] = []
    guard let wanted = tree.index(of: name) else { return list }
    var child = node.first
    while child >= 0 {
      if tree.nodes[Int(child)].name == wanted { list.append(XMLElement(tree: tree, index: child)) }
      child = tree.nodes[Int(child)].next
    }
    return list
  }

  /// The first child element of a name.
  func first(_ name: String) -> XMLElement? {
    guard let wanted = tree.index(of: name) else { return nil }
    var child = node.first
    while child >= 0 {
      if tree.nodes[Int(child)].name == wanted { return XMLElement(tree: tree, index: child) }
      child = tree.nodes[Int(child)].next
    }
    return nil
  }

  /// The first child with one of the names that is not blank, earlier names preferred.
  func first(of names: String...) -> XMLElement? {
    for name in names {
      if let found = all(name).first(where: { !$0.isBlank }) { return found }
    }
    return nil
  }

  /// Whether there is neither text nor an element inside.
  var isBlank: Bool {
    var child = node.first
    while child >= 0 {
      let node = tree.nodes[Int(child)]
      if node.name >= 0 || !tree.text[Int(node.start)..<Int(node.end)].allSatisfy(isSpace) { return false }
      child = node.next
    }
    return true
  }

  var hasElements: Bool {
    var child = node.first
    while child >= 0 {
      if tree.nodes[Int(child)].name >= 0 { return true }
      child = tree.nodes[Int(child)].next
    }
    return false
  }

  func attribute(_ name: String) -> String? {
    for index in node.start..<node.end {
      let attribute = tree.attributes[Int(index)]
      if tree.names[Int(attribute.name)] == name {
        return String(decoding: tree.text[Int(attribute.start)..<Int(attribute.end)], as: UTF8.self)
      }
    }
    return nil
  }

  /// The text of the element and of all below it, trimmed; nil when blank.
  var text: String? {
    var bytes: [UInt8] = []
    gather(into: &bytes)
    let trimmed = Bytes.trimmed(bytes[...])
    return trimmed.isEmpty ? nil : String(decoding: trimmed, as: UTF8.self)
  }

  private func gather(into bytes: inout [UInt8]) {
    var child = node.first
    while child >= 0 {
      let node = tree.nodes[Int(child)]
      if node.name < 0 {
        bytes.append(contentsOf: tree.text[Int(node.start)..<Int(node.end)])
      } else {
        XMLElement(tree: tree, index: child).gather(into: &bytes)
      }
      child = node.next
    }
  }

  /// What is inside, written as HTML: texts escaped, elements by their local names.
  var markup: [UInt8] {
    var bytes: [UInt8] = []
    writeMarkup(into: &bytes)
    return bytes
  }

  private func writeMarkup(into bytes: inout [UInt8]) {
    var child = node.first
    while child >= 0 {
      let node = tree.nodes[Int(child)]
      if node.name < 0 {
        HTMLWriter.escape(tree.text[Int(node.start)..<Int(node.end)], into: &bytes)
      } else {
        let element = XMLElement(tree: tree, index: child)
        let name = element.localName
        bytes.append(0x3C)
        bytes.append(contentsOf: name.utf8)
        for index in node.start..<node.end {
          let attribute = tree.attributes[Int(index)]
          let name = tree.names[Int(attribute.name)]
          guard name.hasPrefix("xml:") || !name.contains(":") else { continue }
          bytes.append(0x20)
          bytes.append(contentsOf: name.utf8)
          bytes.append(contentsOf: "=\"".utf8)
          HTMLWriter.escape(tree.text[Int(attribute.start)..<Int(attribute.end)], quotes: true, into: &bytes)
          bytes.append(0x22)
        }
        bytes.append(0x3E)
        if !HTMLWriter.isVoid(name) {
          element.writeMarkup(into: &bytes)
          bytes.append(contentsOf: "</\(name)>".utf8)
        }
      }
      child = node.next
    }
  }

  private var localName: String {
    let name = name
    return name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
  }

  /// The nearest stated language, this element's or one above it.
  var language: String? {
    guard tree.index(of: "xml:lang") != nil else { return nil }
    var element: XMLElement? = self
    while let current = element {
      if let tag = current.attribute("xml:lang").flatMap(Language.tag) { return tag }
      element = current.parent
    }
    return nil
  }

  /// The base of relative addresses here: each `xml:base` on the way down resolved against the one above.
  func base(under document: String) -> String {
    guard tree.index(of: "xml:base") != nil else { return document }
    var chain: [String] = []
    var element: XMLElement? = self
    while let current = element {
      if let base = current.attribute("xml:base") { chain.append(base) }
      element = current.parent
    }
    return chain.reversed().reduce(document) { WebAddress.resolve($1, base: $0) ?? $0 }
  }
}
