import CXML2

/// An HTML document as libxml2's tree, with XPath over it. Owns its handles; used by one thread.
final class HTMLPage {
  let document: htmlDocPtr
  private let context: xmlXPathContextPtr
  /// Whether the page ends early, at a tag with more attributes than an honest one has.
  let isCut: Bool

  /// Parses UTF-8; nil when there is nothing to parse.
  init?(_ bytes: [UInt8]) {
    let isClean = bytes.allSatisfy { $0 >= 0x20 || isSpace($0) && $0 != 0 }
    let clean = isClean ? bytes : bytes.filter { $0 >= 0x20 || isSpace($0) && $0 != 0 }
    guard !clean.isEmpty, clean.count <= Int(Int32.max) else { return nil }
    let options =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue
      | HTML_PARSE_NOWARNING.rawValue
    guard let parser = htmlNewParserCtxt() else { return nil }
    defer { htmlFreeParserCtxt(parser) }
    let (parsed, isCut) = clean.withUnsafeBufferPointer { buffer in
      let input = GuardedInput(buffer, for: parser)
      let document = withExtendedLifetime(input) {
        htmlCtxtReadIO(parser, GuardedInput.read, nil, input.pointer, nil, "UTF-8", Int32(bitPattern: options))
      }
      return (document, input.isCut)
    }
    self.isCut = isCut
    guard let document = parsed else { return nil }
    guard let context = xmlXPathNewContext(document) else {
      xmlFreeDoc(document)
      return nil
    }
    // Quiet: libxml2 prints XPath errors otherwise.
    silence(context)
    self.document = document
    self.context = context
  }

  deinit {
    xmlXPathFreeContext(context)
    xmlFreeDoc(document)
  }

  /// A node of a page: an element, an attribute or a text. Keeps its page alive.
  struct Node {
    fileprivate let page: HTMLPage
    fileprivate let pointer: xmlNodePtr

    /// All text of the node and below.
    var text: String {
      guard let content = xmlNodeGetContent(pointer) else { return "" }
      defer { nabat_xml_free(content) }
      return String(cString: content)
    }

    func attribute(_ name: String) -> String? {
      guard pointer.pointee.type == XML_ELEMENT_NODE, let value = xmlGetProp(pointer, name) else { return nil }
      defer { nabat_xml_free(value) }
      return String(cString: value)
    }

    /// What is inside the element, as HTML; a text or an attribute escaped.
    var html: [UInt8] {
      guard pointer.pointee.type == XML_ELEMENT_NODE else {
        var bytes: [UInt8] = []
        HTMLWriter.escape(text.utf8, into: &bytes)
        return bytes
      }
      guard let buffer = xmlBufferCreate() else { return [] }
      defer { xmlBufferFree(buffer) }
      var child = pointer.pointee.children
      while let node = child {
        guard htmlNodeDump(buffer, page.document, node) >= 0 else { return [] }
        child = node.pointee.next
      }
      guard let content = xmlBufferContent(buffer) else { return [] }
      return Array(UnsafeBufferPointer(start: content, count: Int(xmlBufferLength(buffer))))
    }
  }

  /// What an XPath finds.
  enum Found {
    case nodes([Node])
    /// The value of an expression such as `string(…)`.
    case value(String)
  }

  /// Evaluates an XPath 1.0 expression, relative to a node or to the document; nil when it is not valid.
  func find(_ xpath: String, from node: Node? = nil, limit: Int = Limits.items + 1) -> Found? {
    context.pointee.node = node?.pointer ?? UnsafeMutableRawPointer(document).assumingMemoryBound(to: xmlNode.self)
    context.pointee.opLimit = 20_000_000
    guard let result = xmlXPathEvalExpression(xpath, context) else { return nil }
    defer { xmlXPathFreeObject(result) }
    guard result.pointee.type == XPATH_NODESET else {
      guard let text = xmlXPathCastToString(result) else { return nil }
      defer { nabat_xml_free(text) }
      return .value(String(cString: text))
    }
    guard let set = result.pointee.nodesetval, let table = set.pointee.nodeTab else { return .nodes([]) }
    let count = min(Int(set.pointee.nodeNr), limit)
    return .nodes(
      (0..<count).compactMap { index in
        guard let pointer = table[index], pointer.pointee.type != XML_NAMESPACE_DECL else { return nil }
        return Node(page: self, pointer: pointer)
      })
  }

  /// What `PageMetadata` looks at, gathered in one walk, each in the order of the document.
  func metadataNodes() -> (scripts: [Node], metas: [Node], properties: [Node]) {
    var scripts: [Node] = []
    var metas: [Node] = []
    var properties: [Node] = []
    var next = xmlDocGetRootElement(document)
    while let current = next {
      if current.pointee.type == XML_ELEMENT_NODE, current.pointee.properties != nil {
        let node = Node(page: self, pointer: current)
        if xmlStrEqual(current.pointee.name, "script") != 0 {
          scripts.append(node)
        } else if xmlStrEqual(current.pointee.name, "meta") != 0 {
          metas.append(node)
        }
        var attribute = current.pointee.properties
        while let found = attribute {
          if xmlStrEqual(found.pointee.name, "itemprop") != 0 || xmlStrEqual(found.pointee.name, "itemtype") != 0 {
            properties.append(node)
            break
          }
          attribute = found.pointee.next
        }
      }
      next = HTMLPage.following(current)
    }
    return (scripts, metas, properties)
  }

  /// The next node in the order of the document.
  private static func following(_ node: xmlNodePtr) -> xmlNodePtr? {
    if node.pointee.type == XML_ELEMENT_NODE, let child = node.pointee.children { return child }
    var current = node
    while true {
      if let next = current.pointee.next { return next }
      guard let parent = current.pointee.parent, parent.pointee.type == XML_ELEMENT_NODE else { return nil }
      current = parent
    }
  }

  func nodes(_ xpath: String, from node: Node? = nil) -> [Node] {
    if case .nodes(let nodes)? = find(xpath, from: node) { nodes } else { [] }
  }

  /// Whether the document has an element of this name.
  func has(_ element: String) -> Bool { !nodes("(//\(element))[1]").isEmpty }
}

/// Whether an XPath 1.0 expression can be compiled.
enum XPathSyntax {
  static func isValid(_ xpath: String) -> Bool {
    guard let context = xmlXPathNewContext(nil) else { return false }
    defer { xmlXPathFreeContext(context) }
    silence(context)
    guard let compiled = xmlXPathCtxtCompile(context, xpath) else { return false }
    xmlXPathFreeCompExpr(compiled)
    return true
  }
}

/// Sends the errors of a context nowhere.
private func silence(_ context: xmlXPathContextPtr) {
  context.pointee.error = { _, _ in }
}
