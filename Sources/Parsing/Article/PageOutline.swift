/// A page's tree in flat memory, in the order of the document: what an element is called, what its author says of it,
/// and its texts in one run of bytes.
struct PageOutline {
  struct Node {
    var name: ElementName
    var hints: BlockHints = []
    /// The number of a heading, 1…6.
    var level: UInt8 = 0
    var parent: Int32
    /// The index after the last node inside.
    var end: Int32
    /// Of a text: its bytes; of a link: its address; of a `time`: what it states for machines.
    var start: Int32 = 0
    var stop: Int32 = 0
  }

  private(set) var nodes: [Node] = []
  /// UTF-8.
  private(set) var text: [UInt8] = []

  init(_ page: HTMLPage, length: Int) {
    var builder = Builder()
    builder.outline.nodes.reserveCapacity(length / 40 + 16)
    builder.outline.text.reserveCapacity(length / 4 + 16)
    page.walk(&builder)
    self = builder.outline
  }

  private init() {}

  func bytes(_ node: Node) -> ArraySlice<UInt8> { text[Int(node.start)..<Int(node.stop)] }

  private struct Builder: HTMLTreeVisitor {
    var outline = PageOutline()
    var open: [Int32] = []

    mutating func enter(_ name: UnsafeBufferPointer<UInt8>) {
      let element = ElementName.named(name)
      var node = Node(name: element, parent: open.last ?? -1, end: 0)
      if element == .heading, name.count == 2 { node.level = name[1] - 0x30 }
      open.append(Int32(outline.nodes.count))
      outline.nodes.append(node)
    }

    mutating func attribute(_ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>) {
      let index = outline.nodes.count - 1
      switch name.count {
      case 2 where name.elementsEqual("id".utf8), 5 where name.elementsEqual("class".utf8):
        outline.nodes[index].hints.add(names: value)
      case 4 where name.elementsEqual("role".utf8): outline.nodes[index].hints.add(role: value)
      case 4 where name.elementsEqual("href".utf8):
        if outline.nodes[index].name == .a { keep(value, index) }
      case 5 where name.elementsEqual("style".utf8): outline.nodes[index].hints.add(style: value)
      case 6 where name.elementsEqual("hidden".utf8): outline.nodes[index].hints.insert(.hidden)
      case 8 where name.elementsEqual("itemprop".utf8): outline.nodes[index].hints.add(property: value)
      case 8 where name.elementsEqual("datetime".utf8):
        if outline.nodes[index].name == .time { keep(value, index) }
      case 3 where name.elementsEqual("rel".utf8):
        if value.elementsEqual("author".utf8) { outline.nodes[index].hints.insert(.author) }
      case 11 where name.elementsEqual("aria-hidden".utf8):
        if value.elementsEqual("true".utf8) { outline.nodes[index].hints.insert(.hidden) }
      default: break
      }
    }

    private mutating func keep(_ value: UnsafeBufferPointer<UInt8>, _ index: Int) {
      outline.nodes[index].start = Int32(outline.text.count)
      outline.text.append(contentsOf: value)
      outline.nodes[index].stop = Int32(outline.text.count)
    }

    mutating func leave() {
      if let index = open.popLast() { outline.nodes[Int(index)].end = Int32(outline.nodes.count) }
    }

    mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) {
      guard !bytes.isEmpty else { return }
      let start = Int32(outline.text.count)
      outline.text.append(contentsOf: bytes)
      let index = Int32(outline.nodes.count)
      outline.nodes.append(
        Node(
          name: .text, parent: open.last ?? -1, end: index + 1, start: start, stop: Int32(outline.text.count)))
    }
  }
}
