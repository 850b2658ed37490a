import CXML2
import Glibc
import Model

/// UTF-8 bytes → an `XMLTree`: as they stand when they are well-formed, after `XMLRepair` when not.
enum XMLReader {
  struct Result {
    var tree: XMLTree?
    var warnings: [FeedWarning] = []
  }

  static func read(_ bytes: [UInt8]) -> Result {
    guard let start = start(of: bytes) else { return Result() }
    var warnings: [FeedWarning] = []
    if start > 0, !bytes[..<start].allSatisfy(isSpace) {
      warnings.append(FeedWarning(code: "leading-junk", line: 1, text: "\(start) bytes before the feed were skipped"))
    }
    let prologue = Prologue(bytes, from: start)
    // What was skipped still counts for the numbers of lines.
    let lines = bytes[start..<prologue.start].count { $0 == 0x0A }
    var first: XMLScan.Failure?
    if prologue.entities.isEmpty {
      if prologue.bytes.count - prologue.start >= XMLPieces.least {
        let pieces = prologue.bytes.withUnsafeBufferPointer {
          XMLPieces.read(
            UnsafeBufferPointer(rebasing: $0[prologue.start...]), line: lines + 1,
            pieces: min(8, max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        }
        if let pieces { return Result(tree: pieces.tree, warnings: warnings + pieces.warnings) }
      }
      let scan = prologue.bytes.withUnsafeBufferPointer {
        XMLScan.run(UnsafeBufferPointer(rebasing: $0[prologue.start...]), recovering: false, line: lines + 1)
      }
      first = scan.failure
      if first == nil { return Result(tree: scan.tree, warnings: warnings + scan.warnings) }
    }
    let body = [UInt8](repeating: 0x0A, count: lines) + prologue.bytes[prologue.start...]
    let repaired = XMLRepair.repair(body, entities: prologue.entities)
    if let first {
      let code = repaired.truncated ? "truncated" : "malformed-xml"
      warnings.append(FeedWarning(code: code, line: first.line, text: first.message))
    }
    if repaired.overflowed {
      warnings.append(FeedWarning(code: "entity-limit", text: "the document's entities expand beyond the limit"))
    }
    let scan = repaired.bytes.withUnsafeBufferPointer { XMLScan.run($0, recovering: true) }
    return Result(tree: scan.tree, warnings: warnings + scan.warnings)
  }

  /// Where the XML begins: at its first tag, or behind junk at the first thing that only a feed begins with.
  private static func start(of bytes: [UInt8]) -> Int? {
    guard let first = bytes.firstIndex(where: { !isSpace($0) }) else { return nil }
    if bytes[first] == 0x3C {
      let next = first + 1 < bytes.count ? bytes[first + 1] : 0
      if next == 0x3F || next == 0x21 || Bytes.isLetter(next) {
        // «<br /><b>Warning</b>: …» of a broken server, then the feed.
        let head = Bytes.lowercased(bytes[first..<min(bytes.count, first + 6)])[...]
        let isNoise = Bytes.starts(head, with: "<br") || Bytes.starts(head, with: "<b>")
        if !isNoise { return first }
      }
    }
    let head = Bytes.lowercased(bytes.prefix(64 << 10))
    let found = [
      Bytes.find("<?xml", in: head, from: 0), Bytes.find("<rss", in: head, from: 0),
      Bytes.find("<feed", in: head, from: 0), Bytes.find("<rdf:rdf", in: head, from: 0),
    ]
    return found.compactMap(\.self).min()
  }
}

/// What stands before the root element: passed over, with the entities that a DOCTYPE defines inside the document.
struct Prologue {
  /// The document, without its DOCTYPE where it has one; line breaks stay.
  private(set) var bytes: [UInt8]
  /// Where the document goes on behind the XML declaration.
  private(set) var start: Int
  /// Names and values, the first definition of a name.
  private(set) var entities: [String: [UInt8]] = [:]

  init(_ document: [UInt8], from begin: Int) {
    bytes = document
    start = begin
    if Bytes.starts(document[begin...], with: "<?xml"), let end = Bytes.find("?>", in: document, from: begin),
      end < begin + 4096
    {
      start = end + 2
    }
    guard let doctype = Prologue.doctype(in: document, from: start) else { return }
    var index = doctype
    var inside = false
    while index < document.count {
      let byte = document[index]
      if inside, Bytes.starts(document[index...], with: "<!ENTITY") {
        index = readEntity(document, from: index + 8)
        continue
      }
      if byte == 0x22 || byte == 0x27 {
        guard let end = document[(index + 1)...].firstIndex(of: byte) else { break }
        index = end + 1
        continue
      }
      if byte == 0x5B { inside = true }
      if byte == 0x5D { inside = false }
      if byte == 0x3E, !inside {
        blank(doctype..<(index + 1))
        return
      }
      index += 1
    }
    // A DOCTYPE without an end hides the whole document: only its own tag goes.
    blank(doctype..<min(document.count, doctype + 9))
  }

  /// Where the DOCTYPE begins: before the first element, behind comments and instructions only.
  private static func doctype(in bytes: [UInt8], from start: Int) -> Int? {
    var index = start
    while index < bytes.count {
      let rest = bytes[index...]
      if isSpace(bytes[index]) {
        index += 1
      } else if Bytes.starts(rest, with: "<!--"), let end = Bytes.find("-->", in: bytes, from: index + 4) {
        index = end + 3
      } else if Bytes.starts(rest, with: "<?"), let end = Bytes.find("?>", in: bytes, from: index + 2) {
        index = end + 2
      } else {
        return Bytes.starts(Bytes.lowercased(rest.prefix(9))[...], with: "<!doctype") ? index : nil
      }
    }
    return nil
  }

  /// Reads one definition and returns where it ends. External entities are passed over, unread.
  private mutating func readEntity(_ bytes: [UInt8], from start: Int) -> Int {
    var index = start
    func skipSpace() { while index < bytes.count, isSpace(bytes[index]) { index += 1 } }
    skipSpace()
    let name = bytes[index...].prefix { !isSpace($0) && $0 != 0x3E }
    index += name.count
    skipSpace()
    if index < bytes.count, bytes[index] == 0x22 || bytes[index] == 0x27, name.count <= 64,
      let end = bytes[(index + 1)...].firstIndex(of: bytes[index])
    {
      let key = String(decoding: name, as: UTF8.self)
      if entities[key] == nil, entities.count < 1000 { entities[key] = Array(bytes[(index + 1)..<end]) }
      index = end + 1
    }
    while index < bytes.count, bytes[index] != 0x3E {
      if bytes[index] == 0x22 || bytes[index] == 0x27 {
        index = bytes[(index + 1)...].firstIndex(of: bytes[index]) ?? bytes.count - 1
      }
      index += 1
    }
    return min(bytes.count, index + 1)
  }

  private mutating func blank(_ range: Range<Int>) {
    for index in range where bytes[index] != 0x0A { bytes[index] = 0x20 }
  }
}
