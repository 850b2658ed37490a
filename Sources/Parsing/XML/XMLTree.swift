/// A document's elements in flat memory: names once, texts in one run of bytes, Strings made only when asked for.
///
/// Names are canonical (`Namespaces`): lower case, the usual prefix, none for the words of the feed's own format. Nothing
/// changes once the tree is built, so that several threads may read it.
final class XMLTree: @unchecked Sendable {
  // Unchecked because of the pointers: the memory is written by `XMLTreeBuilder` before the tree is made, never after,
  // and freed in deinit, when nobody can reach it.

  struct Node {
    /// `Word.rawValue`, or the place of another name in `names`; −1 for a text.
    var name: Int32
    var parent: Int32
    var first: Int32 = -1
    var last: Int32 = -1
    var next: Int32 = -1
    /// Of an element: its attributes in `attributes`; of a text: its bytes in `text`.
    var start: Int32
    var end: Int32
    var line: Int32
    /// A bit for each child element's name, by its lowest six bits: what has no bit here is no child.
    var mask: UInt64 = 0
  }
  struct Attribute {
    var name: Int32
    var start: Int32
    var end: Int32
  }

  /// The memory of a tree. Whoever holds a copy sees to it that the tree lives.
  struct Storage {
    let nodes: UnsafePointer<Node>
    let nodeCount: Int
    let attributes: UnsafePointer<Attribute>
    let text: UnsafePointer<UInt8>
    /// The end of each name in `spellings`.
    let names: UnsafePointer<Int32>
    let spellings: UnsafePointer<UInt8>
    /// A bit for each attribute's name, by its lowest six bits.
    let attributeMask: UInt64

    func spelling(_ name: Int32) -> UnsafeBufferPointer<UInt8> {
      let start = name == 0 ? 0 : Int(names[Int(name) - 1])
      return UnsafeBufferPointer(start: spellings + start, count: Int(names[Int(name)]) - start)
    }
  }

  private let storage: UnsafeMutablePointer<Storage>

  init(_ builder: consuming XMLTreeBuilder) {
    storage = .allocate(capacity: 1)
    storage.initialize(
      to: Storage(
        nodes: builder.nodes.base, nodeCount: builder.nodes.count, attributes: builder.attributes.base,
        text: builder.text.base, names: builder.names.base, spellings: builder.spellings.base,
        attributeMask: builder.attributeMask))
  }

  deinit {
    storage.pointee.nodes.deallocate()
    storage.pointee.attributes.deallocate()
    storage.pointee.text.deallocate()
    storage.pointee.names.deallocate()
    storage.pointee.spellings.deallocate()
    storage.deallocate()
  }

  /// The root element; a handle that is valid while the tree lives.
  var root: XMLElement? { storage.pointee.nodeCount == 0 ? nil : XMLElement(storage: storage, index: 0) }
}
