/// Gathers the nodes of an `XMLTree` in the order of the document.
struct XMLTreeBuilder {
  private(set) var nodes: GrowingBuffer<XMLTree.Node>
  private(set) var attributes = GrowingBuffer<XMLTree.Attribute>(capacity: 1024)
  var text: GrowingBuffer<UInt8>
  private(set) var names = GrowingBuffer<Int32>(capacity: 256)
  private(set) var spellings = GrowingBuffer<UInt8>(capacity: 4096)
  private(set) var attributeMask: UInt64 = 0
  /// The numbers of names that are no `Word`.
  private var indexes: [String: Int32] = [:]

  /// - Parameter length: bytes of the document.
  init(length: Int) {
    // Room that is not used is never mapped; growing would copy.
    nodes = GrowingBuffer(capacity: 64 + length / 32)
    text = GrowingBuffer(capacity: length + 64)
    Word.spellings.bytes.withUnsafeBufferPointer { if let base = $0.baseAddress { spellings.append(base, $0.count) } }
    Word.spellings.ends.withUnsafeBufferPointer { if let base = $0.baseAddress { names.append(base, $0.count) } }
  }

  /// The number of a name, which is given one when it is new.
  mutating func intern(_ name: String) -> Int32 {
    if let known = Word.numbers[name] ?? indexes[name] { return known }
    let index = Int32(names.count)
    for byte in name.utf8 { spellings.append(byte) }
    names.append(Int32(spellings.count))
    indexes[name] = index
    return index
  }

  /// Adds a node under its parent (−1 for the root) and returns its index.
  mutating func append(_ node: XMLTree.Node) -> Int32 {
    let index = Int32(nodes.count)
    nodes.append(node)
    guard node.parent >= 0 else { return index }
    let parent = nodes.base + Int(node.parent)
    if parent.pointee.last >= 0 {
      nodes.base[Int(parent.pointee.last)].next = index
    } else {
      parent.pointee.first = index
    }
    parent.pointee.last = index
    if node.name >= 0 { parent.pointee.mask |= 1 << UInt64(node.name & 63) }
    return index
  }

  /// Adds a node whose links are set already.
  mutating func add(joined node: XMLTree.Node) {
    nodes.append(node)
    if node.name >= 0, node.parent >= 0 { nodes.base[Int(node.parent)].mask |= 1 << UInt64(node.name & 63) }
  }

  mutating func append(_ attribute: XMLTree.Attribute) {
    attributes.append(attribute)
    attributeMask |= 1 << UInt64(attribute.name & 63)
  }

  /// Adds text under an element; what follows a text directly is made one with it.
  mutating func append(text bytes: UnsafePointer<UInt8>, _ count: Int, under parent: Int32, line: Int32) {
    let start = Int32(text.count)
    text.append(bytes, count)
    let last = nodes.base[Int(parent)].last
    if last >= 0, nodes.base[Int(last)].name < 0, nodes.base[Int(last)].end == start {
      nodes.base[Int(last)].end = Int32(text.count)
    } else {
      _ = append(XMLTree.Node(name: -1, parent: parent, start: start, end: Int32(text.count), line: line))
    }
  }
}
