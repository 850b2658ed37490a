import CXML2

/// What a walk over a page's tree tells, in the order of the document. Pointers are valid during the call.
protocol HTMLTreeVisitor {
  /// - Parameter name: the element's name, lower case, without a prefix.
  mutating func enter(_ name: UnsafeBufferPointer<UInt8>)
  /// An attribute of the element entered last.
  mutating func attribute(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>)
  mutating func leave()
  mutating func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

extension HTMLPage {
  /// Walks the whole tree without recursion: a hostile page is as deep as it likes.
  func walk(_ visitor: inout some HTMLTreeVisitor) {
    guard let root = xmlDocGetRootElement(document) else { return }
    var node: xmlNodePtr? = root
    while let current = node {
      switch current.pointee.type {
      case XML_ELEMENT_NODE:
        visitor.enter(bytes(current.pointee.name))
        var attribute = current.pointee.properties
        while let found = attribute {
          HTMLPage.tell(found, &visitor)
          attribute = found.pointee.next
        }
        if let child = current.pointee.children {
          node = child
          continue
        }
        visitor.leave()
      case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: visitor.text(bytes(current.pointee.content))
      default: break
      }
      node = HTMLPage.following(current, under: root, &visitor)
    }
  }

  /// The next node once all inside `node` was told; the elements that end on the way are left.
  private static func following(
    _ node: xmlNodePtr, under root: xmlNodePtr, _ visitor: inout some HTMLTreeVisitor
  ) -> xmlNodePtr? {
    var current = node
    while current != root {
      if let next = current.pointee.next { return next }
      guard let parent = current.pointee.parent else { return nil }
      visitor.leave()
      current = parent
    }
    return nil
  }

  private static func tell(_ attribute: xmlAttrPtr, _ visitor: inout some HTMLTreeVisitor) {
    // A value of HTML is one text; what was split at a reference is not worth putting together for a class.
    guard let name = attribute.pointee.name else { return }
    visitor.attribute(bytes(name), bytes(attribute.pointee.children?.pointee.content))
  }
}

private func bytes(_ text: UnsafePointer<xmlChar>?) -> UnsafeBufferPointer<UInt8> {
  guard let text else { return UnsafeBufferPointer(start: nil, count: 0) }
  return UnsafeBufferPointer(start: text, count: Int(xmlStrlen(text)))
}

private func bytes(_ text: UnsafeMutablePointer<xmlChar>?) -> UnsafeBufferPointer<UInt8> {
  bytes(UnsafePointer(text))
}
