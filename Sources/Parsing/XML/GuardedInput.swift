import CXML2

/// Bytes that libxml2 reads piece by piece, and no further once it has gathered more attributes in one tag than any
/// honest document has: it compares each with all before it, and a tag of a megabyte would take minutes.
///
/// It is libxml2's own count that is looked at, between two pieces, so that nothing the two could read differently is in
/// the way. The document ends there. Used by one thread; must outlive the parsing.
final class GuardedInput {
  /// Fragments up to this many bytes are harmless with any tag.
  static let harmlessHTML = 4 << 10

  /// What libxml2 has not been given yet, the next at the end.
  private var segments: [UnsafeBufferPointer<UInt8>]
  private let context: xmlParserCtxtPtr
  /// Whether the document was cut off at a tag with too many attributes.
  private(set) var isCut = false

  convenience init(_ bytes: UnsafeBufferPointer<UInt8>, for context: xmlParserCtxtPtr) {
    self.init([bytes], for: context)
  }

  /// The document's bytes, one segment behind the other.
  init(_ segments: [UnsafeBufferPointer<UInt8>], for context: xmlParserCtxtPtr) {
    self.segments = segments.reversed()
    self.context = context
  }

  /// What libxml2 calls to read: `context` is the input, not retained.
  static let read: xmlInputReadCallback = { context, target, length in
    guard let context, let target else { return -1 }
    let input = Unmanaged<GuardedInput>.fromOpaque(context).takeUnretainedValue()
    return input.read(into: target, Int(length))
  }

  /// The input as libxml2 is given it.
  var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

  /// Makes it what the context parses; false where there is no memory for it.
  func push() -> Bool {
    guard let buffer = xmlParserInputBufferCreateIO(GuardedInput.read, nil, pointer, XML_CHAR_ENCODING_NONE) else {
      return false
    }
    guard let stream = xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE) else {
      xmlFreeParserInputBuffer(buffer)
      return false
    }
    return inputPush(context, stream) >= 0
  }

  private func read(into target: UnsafeMutablePointer<CChar>, _ length: Int) -> Int32 {
    // Both tables grow twofold, two places an attribute of HTML, five of XML; they are never made smaller.
    if context.pointee.maxatts > 5 * 512 || context.pointee.nsMax > 2 * 512 { isCut = true }
    guard !isCut else { return 0 }
    while let segment = segments.popLast() {
      let count = min(length, segment.count)
      guard count > 0, let start = segment.baseAddress else { continue }
      UnsafeMutableRawPointer(target).copyMemory(from: start, byteCount: count)
      if count < segment.count { segments.append(UnsafeBufferPointer(rebasing: segment[count...])) }
      return Int32(count)
    }
    return 0
  }
}
