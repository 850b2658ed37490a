import CXML2
import Model

/// One pass of libxml2's SAX parser over UTF-8 bytes, building an `XMLTree`.
///
/// Nothing is loaded from outside: no DTD, no external entity, no network. Used by one thread.
final class XMLScan {
  struct Failure {
    var line: Int
    var message: String
  }

  let tree = XMLTree()
  private(set) var warnings: [FeedWarning] = []
  private var open: [Int32] = []
  /// Elements open below the depth limit, whose content is left out.
  private var tooDeep = 0
  private var core = "rss"
  private var names: [Name: Int32] = [:]
  private var context: xmlParserCtxtPtr?
  private var recovering = false
  private var failure: Failure?

  /// libxml2 keeps each name once, so that the addresses identify it.
  private struct Name: Hashable {
    var local: UnsafePointer<xmlChar>?
    var prefix: UnsafePointer<xmlChar>?
    var uri: UnsafePointer<xmlChar>?
  }

  /// Parses; the first failure, or nil when the document is well-formed.
  func run(_ bytes: [UInt8], recovering: Bool) -> Failure? {
    guard bytes.count <= Int(Int32.max) else { return Failure(line: 1, message: "the document is too long") }
    tree.text.reserveCapacity(bytes.count)
    return bytes.withUnsafeBufferPointer { parse($0, recovering: recovering) }
  }

  private func parse(_ bytes: UnsafeBufferPointer<UInt8>, recovering: Bool) -> Failure? {
    let isGuarded = bytes.count > GuardedInput.harmlessXML
    let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
    let made = isGuarded ? xmlNewParserCtxt() : xmlCreateMemoryParserCtxt(start, Int32(bytes.count))
    guard let made else { return Failure(line: 1, message: "the document is empty") }
    defer {
      context = nil
      xmlFreeParserCtxt(made)
    }
    context = made
    let input = isGuarded ? GuardedInput(bytes, for: made) : nil
    if let input, !input.push() { return Failure(line: 1, message: "the document cannot be read") }
    var options = XML_PARSE_NONET.rawValue | XML_PARSE_HUGE.rawValue | XML_PARSE_IGNORE_ENC.rawValue
    options |= XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
    if recovering { options |= XML_PARSE_RECOVER.rawValue }
    xmlCtxtUseOptions(made, Int32(bitPattern: options))
    if xmlSwitchEncoding(made, XML_CHAR_ENCODING_UTF8) != 0 {
      return Failure(line: 1, message: "the document's encoding cannot be set")
    }
    self.recovering = recovering
    install(on: made)
    withExtendedLifetime(input) { _ = xmlParseDocument(made) }
    guard made.pointee.wellFormed == 0 else { return nil }
    return failure ?? Failure(line: 1, message: "the XML is not well-formed")
  }

  private func install(on context: xmlParserCtxtPtr) {
    var handler = xmlSAXHandler()
    handler.initialized = 0xDEED_BEAF  // XML_SAX2_MAGIC
    handler.startElementNs = { pointer, local, prefix, uri, _, _, count, _, attributes in
      XMLScan.from(pointer)?.start(local, prefix, uri, Int(count), attributes)
    }
    handler.endElementNs = { pointer, _, _, _ in XMLScan.from(pointer)?.end() }
    handler.characters = { pointer, text, length in XMLScan.from(pointer)?.characters(text, Int(length)) }
    handler.ignorableWhitespace = handler.characters
    handler.cdataBlock = handler.characters
    handler.serror = { pointer, error in
      if let error { XMLScan.from(pointer)?.fail(error.pointee) }
    }
    context.pointee.sax.pointee = handler
    context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> XMLScan? {
    pointer.map { Unmanaged<XMLScan>.fromOpaque($0).takeUnretainedValue() }
  }

  private func start(
    _ local: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?, _ count: Int,
    _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard tooDeep == 0, open.count < Limits.depth else {
      if tooDeep == 0 {
        warnings.append(FeedWarning(code: "too-deep", line: line, text: "elements nest deeper than \(Limits.depth)"))
      }
      tooDeep += 1
      return
    }
    if tree.nodes.isEmpty {
      let root = local.map { Bytes.lowercased(String(cString: $0)) }
      if root == "feed" || root == "entry" { core = "atom" }
    }
    let begin = Int32(tree.attributes.count)
    for index in 0..<count {
      guard let attributes, let from = attributes[index * 5 + 3], let to = attributes[index * 5 + 4] else { continue }
      let name = intern(attributes[index * 5], attributes[index * 5 + 1], attributes[index * 5 + 2])
      let start = Int32(tree.text.count)
      tree.text.append(contentsOf: UnsafeBufferPointer(start: from, count: to - from))
      decodeReferences(from: Int(start))
      tree.attributes.append(.init(name: name, start: start, end: Int32(tree.text.count)))
    }
    let node = XMLTree.Node(
      name: intern(local, prefix, uri), parent: open.last ?? -1, start: begin, end: Int32(tree.attributes.count),
      line: Int32(line))
    open.append(tree.append(node))
  }

  private func end() {
    if tooDeep > 0 { tooDeep -= 1 } else { _ = open.popLast() }
  }

  /// Keeps the first fatal error; a pass that does not recover ends there.
  private func fail(_ error: xmlError) {
    guard error.level == XML_ERR_FATAL, failure == nil else { return }
    let message = error.message.map { String(cString: $0).trimmingSpaces } ?? "the XML is not well-formed"
    failure = Failure(line: max(1, Int(error.line)), message: PlainText.collapsed(message.shown) ?? "")
    if !recovering, let context { xmlStopParser(context) }
  }

  private func characters(_ text: UnsafePointer<xmlChar>?, _ length: Int) {
    guard tooDeep == 0, let text, length > 0, let parent = open.last else { return }
    let start = Int32(tree.text.count)
    tree.text.append(contentsOf: UnsafeBufferPointer(start: text, count: length))
    let last = tree.nodes[Int(parent)].last
    if last >= 0, tree.nodes[Int(last)].name < 0, tree.nodes[Int(last)].end == start {
      tree.nodes[Int(last)].end = Int32(tree.text.count)
    } else {
      _ = tree.append(
        .init(name: -1, parent: parent, start: start, end: Int32(tree.text.count), line: Int32(line)))
    }
  }

  /// `&#38;` is how SAX2 hands over `&` in an attribute while entities are not substituted.
  private func decodeReferences(from start: Int) {
    guard tree.text[start...].contains(0x26) else { return }
    let plain = Entities.decode(tree.text[start...])
    tree.text.removeSubrange(start...)
    tree.text.append(contentsOf: plain)
  }

  private var line: Int { context?.pointee.input.map { Int($0.pointee.line) } ?? 1 }

  private func intern(
    _ local: UnsafePointer<xmlChar>?, _ prefix: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?
  ) -> Int32 {
    let key = Name(local: local, prefix: prefix, uri: uri)
    if let known = names[key] { return known }
    let space = Namespaces.prefix(
      uri: uri.map { String(cString: $0) }, written: prefix.map { String(cString: $0) }, core: core)
    let word = local.map { Bytes.lowercased(String(cString: $0)) } ?? ""
    let name = space.isEmpty ? word : "\(space):\(word)"
    let index = tree.intern(name)
    names[key] = index
    return index
  }
}
