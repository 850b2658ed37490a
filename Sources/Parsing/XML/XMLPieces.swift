import Dispatch
import Glibc
import Model
import Synchronization

/// Builds the tree of a large feed on several processors: the document is cut between two entries, each piece gets the
/// tags that are open at the cut, and libxml2 parses the pieces side by side.
///
/// A cut that lies in a comment or in CDATA, or under other elements than the first entry, leaves a piece that is not
/// well-formed; then nothing comes of it, and the document is parsed as one.
enum XMLPieces {
  /// A smaller document is not worth the threads.
  static let least = 1 << 20

  /// - Parameter line: the number of the first line.
  /// - Returns: nil where the document cannot be cut or a piece is not well-formed.
  static func read(_ bytes: UnsafeBufferPointer<UInt8>, line: Int, pieces: Int) -> XMLScan.Result? {
    guard pieces > 1, let entry = Entry(bytes), let cuts = entry.cuts(bytes, pieces) else { return nil }
    let ends = cuts.dropFirst() + [bytes.count]
    // The document outlives the threads; they only read it.
    nonisolated(unsafe) let document = bytes
    let opening = entry.opening
    let closing = entry.closing
    let scans = Mutex([Scan?](repeating: nil, count: cuts.count))
    let ranges = zip(cuts, ends).map { $0..<$1 }
    DispatchQueue.concurrentPerform(iterations: ranges.count) { number in
      let range = ranges[number]
      let lines = document[..<range.lowerBound].count { $0 == 0x0A } - (number > 0 ? opening.count { $0 == 0x0A } : 0)
      let scan = opening.withUnsafeBufferPointer { opening in
        closing.withUnsafeBufferPointer { closing in
          let begin = number > 0 ? [opening] : []
          let end = number < ranges.count - 1 ? [closing] : []
          return XMLScan.scan(
            begin + [UnsafeBufferPointer(rebasing: document[range])] + end, recovering: false, line: line + lines,
            room: number == 0 ? document.count : range.count)
        }
      }
      scans.withLock { $0[number] = Scan(parts: scan) }
    }
    let done = scans.withLock { $0.compactMap { $0?.parts } }
    guard var first = done.first else { return nil }
    let isSound = done.count == ranges.count && done.allSatisfy { $0.failure == nil }
    let joined = isSound && done.dropFirst().allSatisfy { first.builder.join($0.builder, depth: entry.depth) }
    for scan in done.dropFirst() { _ = XMLTree(scan.builder) }
    let tree = XMLTree(first.builder)
    return joined ? XMLScan.Result(tree: tree, warnings: done.flatMap(\.warnings), failure: nil) : nil
  }

  /// Handed over whole by the thread that filled it to the one that joins the pieces, hence unchecked.
  private struct Scan: @unchecked Sendable {
    var parts: XMLScan.Parts
  }

  /// The entries of a document and what is open around the first of them.
  private struct Entry {
    private(set) var depth = 0
    /// The start tags of the open elements, as they stand, and their end tags.
    private(set) var opening: [UInt8] = []
    private(set) var closing: [UInt8] = []
    private let name: [UInt8]
    private let first: Int

    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
      let head = Array(bytes.prefix(64 << 10))
      var open: [(tag: Range<Int>, name: [UInt8])] = []
      var index = 0
      while let start = head[index...].firstIndex(of: 0x3C) {
        let rest = head[start...]
        if let end = Entry.passed(head, start) {
          index = end
        } else if Bytes.starts(rest, with: "</") {
          guard let end = rest.firstIndex(of: 0x3E), open.popLast() != nil else { return nil }
          index = end + 1
        } else {
          let tag = XMLTag(head, at: start)
          guard tag.complete else { return nil }
          if tag.name.elementsEqual("item".utf8) || tag.name.elementsEqual("entry".utf8) {
            name = tag.name
            first = start
            depth = open.count
            for element in open {
              opening.append(contentsOf: head[element.tag])
              closing.insert(contentsOf: Array("</".utf8) + element.name + [0x3E], at: 0)
            }
            return
          }
          if !tag.selfClosing { open.append((start..<tag.end, tag.name)) }
          index = tag.end
        }
      }
      return nil
    }

    /// Where a comment, an instruction or CDATA ends that begins here; nil for anything else.
    private static func passed(_ bytes: [UInt8], _ start: Int) -> Int? {
      let rest = bytes[start...]
      if Bytes.starts(rest, with: "<!--") { return Bytes.find("-->", in: bytes, from: start + 4).map { $0 + 3 } }
      if Bytes.starts(rest, with: "<![") { return Bytes.find("]]>", in: bytes, from: start + 3).map { $0 + 3 } }
      if Bytes.starts(rest, with: "<?") { return Bytes.find("?>", in: bytes, from: start + 2).map { $0 + 2 } }
      return nil
    }

    /// Where the pieces begin: at entries that follow another one.
    func cuts(_ bytes: UnsafeBufferPointer<UInt8>, _ pieces: Int) -> [Int]? {
      var cuts = [0]
      for number in 1..<pieces {
        let target = first + (bytes.count - first) / pieces * number
        guard let cut = cut(bytes, from: target), let last = cuts.last, cut > last else { return nil }
        cuts.append(cut)
      }
      return cuts
    }

    private func cut(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
      let end = Array("</".utf8) + name + [0x3E]
      let limit = min(bytes.count, start + (1 << 20))
      var index = start
      while index < limit, let mark = bytes[index..<limit].firstIndex(of: 0x3C) {
        index = mark + 1
        guard bytes[mark...].starts(with: end) else { continue }
        var next = mark + end.count
        while next < limit, isSpace(bytes[next]) { next += 1 }
        let behind = next + 1 + name.count
        guard behind < limit, bytes[next] == 0x3C, bytes[(next + 1)...].starts(with: name),
          bytes[behind] == 0x3E || isSpace(bytes[behind])
        else { continue }
        return next
      }
      return nil
    }
  }
}

extension XMLTreeBuilder {
  /// Adds the nodes of another piece of the same document, whose first `depth` nodes stand for elements that are open
  /// here; false when they do not.
  mutating func join(_ other: XMLTreeBuilder, depth: Int) -> Bool {
    guard depth > 0, other.nodes.count >= depth, let path = openPath(depth) else { return false }
    let names = (0..<other.names.count).map { intern(other.spelling(Int32($0))) }
    let nodeShift = Int32(nodes.count - depth)
    let attributeShift = Int32(attributes.count)
    let textShift = Int32(text.count)
    func place(_ index: Int32) -> Int32 { index < 0 ? -1 : index < depth ? path[Int(index)] : index + nodeShift }
    text.append(other.text.base, other.text.count)
    for index in 0..<other.attributes.count {
      let attribute = other.attributes.base[index]
      append(
        XMLTree.Attribute(
          name: names[Int(attribute.name)], start: attribute.start + textShift, end: attribute.end + textShift))
    }
    // What hangs on the open elements goes behind what they have here.
    for level in (0..<depth).reversed() {
      let element = other.nodes.base[level]
      let begin = level == depth - 1 ? element.first : other.nodes.base[level + 1].next
      guard begin >= 0 else { continue }
      let parent = nodes.base + Int(path[level])
      if parent.pointee.last >= 0 {
        nodes.base[Int(parent.pointee.last)].next = place(begin)
      } else {
        parent.pointee.first = place(begin)
      }
      parent.pointee.last = place(element.last)
    }
    for index in depth..<max(depth, other.nodes.count) {
      var node = other.nodes.base[index]
      let isText = node.name < 0
      let shift = isText ? textShift : attributeShift
      node.name = isText ? -1 : names[Int(node.name)]
      node.parent = place(node.parent)
      node.first = place(node.first)
      node.last = place(node.last)
      node.next = place(node.next)
      node.start += shift
      node.end += shift
      node.mask = 0
      add(joined: node)
    }
    return true
  }

  /// The elements that were open at the end, from the root: each the last child of the one before.
  private func openPath(_ depth: Int) -> [Int32]? {
    var path: [Int32] = []
    var index: Int32 = 0
    while path.count < depth {
      guard index >= 0, Int(index) < nodes.count, nodes.base[Int(index)].name >= 0 else { return nil }
      path.append(index)
      index = nodes.base[Int(index)].last
    }
    return path
  }

  private func spelling(_ name: Int32) -> String {
    let start = name == 0 ? 0 : Int(names.base[Int(name) - 1])
    let bytes = UnsafeBufferPointer(start: spellings.base + start, count: Int(names.base[Int(name)]) - start)
    return String(decoding: bytes, as: UTF8.self)
  }
}
