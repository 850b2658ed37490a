import CXML2
import Model

/// One pass of libxml2's SAX parser over UTF-8 bytes, building an `XMLTree`.
///
/// Nothing is loaded from outside: no DTD, no external entity, no network. Used by one thread.
struct XMLScan {
  struct Failure {
    var line: Int
    var message: String
  }

  struct Result {
    /// Empty where nothing could be read.
    var tree: XMLTree
    var warnings: [FeedWarning]
    /// The first thing that makes the document no well-formed XML; nil when it is.
    var failure: Failure?
  }

  /// - Parameter line: the number of the first line.
  static func run(_ bytes: UnsafeBufferPointer<UInt8>, recovering: Bool, line: Int = 1) -> Result {
    let parts = scan([bytes], recovering: recovering, line: line, room: bytes.count)
    return Result(tree: XMLTree(parts.builder), warnings: parts.warnings, failure: parts.failure)
  }

  /// What a pass yields before it is a tree.
  struct Parts {
    var builder: XMLTreeBuilder
    var warnings: [FeedWarning]
    var failure: Failure?
  }

  /// - Parameters:
  ///   - segments: the document's bytes, one segment behind the other.
  ///   - room: bytes of the document that the builder is to have room for.
  static func scan(_ segments: [UnsafeBufferPointer<UInt8>], recovering: Bool, line: Int, room: Int) -> Parts {
    var scan = XMLScan(room: room, recovering: recovering, firstLine: line)
    defer { scan.names.free() }
    withUnsafeMutablePointer(to: &scan) { XMLScan.parse(segments, $0) }
    return Parts(builder: scan.builder, warnings: scan.warnings, failure: scan.failure)
  }

  private var builder: XMLTreeBuilder
  private var warnings: [FeedWarning] = []
  /// The innermost open element, −1 outside the root, and how many are open.
  private var current: Int32 = -1
  private var depth = 0
  /// Elements open below the depth limit, whose content is left out.
  private var tooDeep = 0
  private var core = "rss"
  private var names = NameCache()
  private var context: xmlParserCtxtPtr?
  private let recovering: Bool
  private let firstLine: Int
  private var failure: Failure?

  private init(room: Int, recovering: Bool, firstLine: Int) {
    builder = XMLTreeBuilder(length: room)
    self.recovering = recovering
    self.firstLine = firstLine
  }

  private static func parse(_ segments: [UnsafeBufferPointer<UInt8>], _ scan: UnsafeMutablePointer<XMLScan>) {
    guard segments.reduce(0, { $0 + $1.count }) <= Int(Int32.max) else {
      scan.pointee.failure = Failure(line: 1, message: "the document is too long")
      return
    }
    let made = xmlNewParserCtxt()
    guard let made else {
      scan.pointee.failure = Failure(line: 1, message: "the document cannot be read")
      return
    }
    defer {
      scan.pointee.context = nil
      xmlFreeParserCtxt(made)
    }
    scan.pointee.context = made
    // Piece by piece: from memory libxml2 would first make a copy of the whole document.
    let input = GuardedInput(segments, for: made)
    guard input.push() else {
      scan.pointee.failure = Failure(line: 1, message: "the document cannot be read")
      return
    }
    var options = XML_PARSE_NONET.rawValue | XML_PARSE_HUGE.rawValue | XML_PARSE_IGNORE_ENC.rawValue
    options |= XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
    if scan.pointee.recovering { options |= XML_PARSE_RECOVER.rawValue }
    xmlCtxtUseOptions(made, Int32(bitPattern: options))
    if xmlSwitchEncoding(made, XML_CHAR_ENCODING_UTF8) != 0 {
      scan.pointee.failure = Failure(line: 1, message: "the document's encoding cannot be set")
      return
    }
    made.pointee.sax.pointee = handler
    made.pointee.userData = UnsafeMutableRawPointer(scan)
    withExtendedLifetime(input) { _ = xmlParseDocument(made) }
    if made.pointee.wellFormed == 0, scan.pointee.failure == nil {
      scan.pointee.failure = Failure(line: 1, message: "the XML is not well-formed")
    }
  }

  private static func from(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLScan>? {
    pointer?.assumingMemoryBound(to: XMLScan.self)
  }

  private static var handler: xmlSAXHandler {
    var handler = xmlSAXHandler()
    handler.initialized = 0xDEED_BEAF  // XML_SAX2_MAGIC
    handler.startElementNs = { pointer, local, prefix, uri, _, _, count, _, attributes in
      XMLScan.from(pointer)?.pointee.start(.init(local: local, prefix: prefix, uri: uri), Int(count), attributes)
    }
    handler.endElementNs = { pointer, _, _, _ in XMLScan.from(pointer)?.pointee.end() }
    handler.characters = { pointer, text, length in XMLScan.from(pointer)?.pointee.characters(text, Int(length)) }
    handler.ignorableWhitespace = handler.characters
    handler.cdataBlock = handler.characters
    handler.serror = { pointer, error in
      if let error { XMLScan.from(pointer)?.pointee.fail(error.pointee) }
    }
    return handler
  }

  private mutating func start(
    _ name: NameCache.Key, _ count: Int, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
  ) {
    guard tooDeep == 0, depth < Limits.depth else {
      if tooDeep == 0 {
        warnings.append(
          FeedWarning(code: "too-deep", line: Int(line), text: "elements nest deeper than \(Limits.depth)"))
      }
      tooDeep += 1
      return
    }
    if builder.nodes.count == 0 {
      let root = name.local.map { Bytes.lowercased(String(cString: $0)) }
      if root == "feed" || root == "entry" { core = "atom" }
    }
    let begin = Int32(builder.attributes.count)
    for index in 0..<count {
      guard let attributes, let from = attributes[index * 5 + 3], let to = attributes[index * 5 + 4] else { continue }
      let name = intern(
        .init(local: attributes[index * 5], prefix: attributes[index * 5 + 1], uri: attributes[index * 5 + 2]))
      let start = builder.text.count
      append(attribute: UnsafeBufferPointer(start: from, count: to - from))
      builder.append(.init(name: name, start: Int32(start), end: Int32(builder.text.count)))
    }
    let node = XMLTree.Node(
      name: intern(name), parent: current, start: begin, end: Int32(builder.attributes.count), line: line)
    current = builder.append(node)
    depth += 1
  }

  private mutating func end() {
    if tooDeep > 0 {
      tooDeep -= 1
    } else if current >= 0 {
      current = builder.nodes.base[Int(current)].parent
      depth -= 1
    }
  }

  /// Keeps the first fatal error; a pass that does not recover ends there.
  private mutating func fail(_ error: xmlError) {
    guard error.level == XML_ERR_FATAL, failure == nil else { return }
    let message = error.message.map { String(cString: $0).trimmingSpaces } ?? "the XML is not well-formed"
    let line = max(1, Int(error.line)) + firstLine - 1
    failure = Failure(line: line, message: PlainText.collapsed(message.shown) ?? "")
    if !recovering, let context { xmlStopParser(context) }
  }

  private mutating func characters(_ text: UnsafePointer<xmlChar>?, _ length: Int) {
    guard tooDeep == 0, let text, length > 0, current >= 0 else { return }
    builder.append(text: text, length, under: current, line: line)
  }

  /// `&#38;` is how SAX2 hands over `&` in an attribute while entities are not substituted.
  private mutating func append(attribute value: UnsafeBufferPointer<UInt8>) {
    if value.contains(0x26) {
      for byte in Entities.decode(Array(value)[...]) { builder.text.append(byte) }
    } else if let base = value.baseAddress {
      builder.text.append(base, value.count)
    }
  }

  private var line: Int32 { (context?.pointee.input.map { $0.pointee.line } ?? 1) + Int32(firstLine) - 1 }

  private mutating func intern(_ key: NameCache.Key) -> Int32 {
    if let known = names[key] { return known }
    let space = Namespaces.prefix(
      uri: key.uri.map { String(cString: $0) }, written: key.prefix.map { String(cString: $0) }, core: core)
    let word = key.local.map { Bytes.lowercased(String(cString: $0)) } ?? ""
    let index = builder.intern(space.isEmpty ? word : "\(space):\(word)")
    names[key] = index
    return index
  }
}

/// The numbers of names by their addresses: libxml2 keeps each name once a document, so that its address identifies it.
private struct NameCache {
  struct Key: Equatable {
    var local: UnsafePointer<xmlChar>?
    var prefix: UnsafePointer<xmlChar>?
    var uri: UnsafePointer<xmlChar>?
  }

  private static let size = 256
  private let slots: UnsafeMutablePointer<(key: Key, name: Int32)>

  init() {
    slots = .allocate(capacity: NameCache.size)
    slots.initialize(repeating: (Key(), -1), count: NameCache.size)
  }

  func free() { slots.deallocate() }

  subscript(_ key: Key) -> Int32? {
    get {
      let slot = slots + NameCache.place(key)
      return slot.pointee.name >= 0 && slot.pointee.key == key ? slot.pointee.name : nil
    }
    nonmutating set { slots[NameCache.place(key)] = (key, newValue ?? -1) }
  }

  private static func place(_ key: Key) -> Int {
    let mixed = UInt(bitPattern: key.local) ^ (UInt(bitPattern: key.prefix) &* 31)
    return Int((mixed ^ (mixed >> 8) ^ (mixed >> 16)) & UInt(size - 1))
  }
}
