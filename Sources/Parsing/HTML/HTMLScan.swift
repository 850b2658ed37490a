import CXML2

/// What a pass over HTML tells.
protocol HTMLVisitor: AnyObject {
  func start(_ name: String, _ attributes: [(name: String, value: String)])
  func end(_ name: String)
  func text(_ bytes: UnsafeBufferPointer<UInt8>)
}

/// One pass of libxml2's HTML parser over a fragment in UTF-8. The visitor hears balanced, lower-case elements.
enum HTMLScan {
  static func run(_ fragment: ArraySlice<UInt8>, _ visitor: some HTMLVisitor) {
    // Inside a div, so that libxml2 wraps no stray text into paragraphs of its own.
    var bytes = Array("<div>".utf8)
    bytes.reserveCapacity(fragment.count + 16)
    bytes.append(contentsOf: fragment.lazy.filter { $0 >= 0x20 || $0 == 0x0A || $0 == 0x09 })
    bytes.append(contentsOf: "</div>".utf8)
    guard bytes.count <= Int(Int32.max) else { return }
    bytes.withUnsafeBufferPointer { parse($0, visitor) }
  }

  private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ visitor: some HTMLVisitor) {
    let isGuarded = bytes.count > GuardedInput.harmlessHTML
    let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
    let made = isGuarded ? htmlNewParserCtxt() : htmlCreateMemoryParserCtxt(start, Int32(bytes.count))
    guard let context = made else { return }
    defer { htmlFreeParserCtxt(context) }
    let input = isGuarded ? GuardedInput(bytes, for: context) : nil
    if let input, !input.push() { return }
    let options =
      HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NONET.rawValue | HTML_PARSE_NOERROR.rawValue
      | HTML_PARSE_NOWARNING.rawValue
    htmlCtxtUseOptions(context, Int32(bitPattern: options))
    guard xmlSwitchEncoding(context, XML_CHAR_ENCODING_UTF8) == 0 else { return }
    let listener = Listener(visitor, context)
    context.pointee.sax.pointee = Listener.handler
    context.pointee.userData = Unmanaged.passUnretained(listener).toOpaque()
    withExtendedLifetime((listener, input)) { _ = htmlParseDocument(context) }
    listener.close(downTo: 0)
  }

  /// The bridge from C callbacks to a visitor.
  private final class Listener {
    let visitor: any HTMLVisitor
    private let context: htmlParserCtxtPtr
    private var open: [String] = []

    init(_ visitor: any HTMLVisitor, _ context: htmlParserCtxtPtr) {
      self.visitor = visitor
      self.context = context
    }

    /// libxml2 looks through all open elements at every end tag: a hostile depth would cost its square.
    func start(_ name: String, _ attributes: [(name: String, value: String)]) {
      guard open.count < 4 * Limits.depth else {
        xmlStopParser(context)
        return
      }
      open.append(name)
      visitor.start(name, attributes)
    }

    /// Ends the innermost element of the name and all inside it: a tag cut off by the end of the text leaves
    /// libxml2's own events unbalanced.
    func end(_ name: String) {
      if let depth = open.lastIndex(of: name) { close(downTo: depth) }
    }

    func close(downTo depth: Int) {
      while open.count > depth, let name = open.popLast() { visitor.end(name) }
    }

    static func from(_ pointer: UnsafeMutableRawPointer?) -> Listener? {
      pointer.map { Unmanaged<Listener>.fromOpaque($0).takeUnretainedValue() }
    }

    static var handler: xmlSAXHandler {
      var handler = xmlSAXHandler()
      handler.startElement = { pointer, name, attributes in
        guard let name else { return }
        var list: [(name: String, value: String)] = []
        var index = 0
        while let attributes, let key = attributes[index] {
          list.append((String(cString: key), attributes[index + 1].map { String(cString: $0) } ?? ""))
          index += 2
        }
        Listener.from(pointer)?.start(String(cString: name), list)
      }
      handler.endElement = { pointer, name in
        if let name { Listener.from(pointer)?.end(String(cString: name)) }
      }
      handler.characters = { pointer, text, length in
        Listener.from(pointer)?.visitor.text(UnsafeBufferPointer(start: text, count: Int(length)))
      }
      handler.ignorableWhitespace = handler.characters
      handler.cdataBlock = handler.characters
      return handler
    }
  }
}
