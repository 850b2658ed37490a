/// A run of text that is shown as a paragraph of its own.
struct TextBlock {
  /// The index of the innermost block element around it.
  var owner: Int32
  /// The index of its first text among the nodes.
  var first: Int32
  /// The index of its last text.
  var last: Int32 = 0
  /// White space collapsed; UTF-8.
  var text: [UInt8] = []
  /// Characters, of those in links, and in bold.
  var length = 0
  var linked = 0
  var strong = 0
  var commas = 0

  /// The share of the text that is links, 0…1.
  var linkDensity: Double { length == 0 ? 0 : Double(linked) / Double(length) }

  /// Whether it ends as a sentence does.
  var endsSentence: Bool {
    var rest = text[...]
    while let last = rest.last {
      switch last {
      case 0x22, 0x27, 0x29, 0x5D, 0x20: rest.removeLast()  // " ' ) ]
      case 0xBB where rest.dropLast().last == 0xC2: rest.removeLast(2)  // »
      case 0x9D where rest.suffix(3).elementsEqual([0xE2, 0x80, 0x9D]): rest.removeLast(3)  // ”
      case 0x99 where rest.suffix(3).elementsEqual([0xE2, 0x80, 0x99]): rest.removeLast(3)  // ’
      case 0x2E, 0x21, 0x3F, 0x3A, 0x3B: return true  // . ! ? : ;
      case 0xA6 where rest.suffix(3).elementsEqual([0xE2, 0x80, 0xA6]): return true  // …
      case 0x82 where rest.suffix(3).elementsEqual([0xE3, 0x80, 0x82]): return true  // 。
      default: return false
      }
    }
    return false
  }

  /// Whether it reads like a paragraph of an article: long enough, and not made of links.
  var isProse: Bool { length >= 80 && linkDensity < 0.5 || length >= 40 && linkDensity < 0.2 && endsSentence }
}

extension PageOutline {
  /// The blocks of text in a range of nodes, in order, leaving out what `isDropped` says.
  ///
  /// A cell of a table is parted from the next by a space, two `br` part paragraphs.
  func blocks(_ range: Range<Int>, isDropped: [Bool]) -> [TextBlock] {
    var builder = TextBlockBuilder()
    var index = range.lowerBound
    /// Open elements: the index after each, and what it was.
    var open: [(end: Int, name: ElementName)] = []
    var owners: [Int32] = [Int32(range.lowerBound)]
    while true {
      while let last = open.last, last.end <= index || index >= range.upperBound {
        open.removeLast()
        if last.name == .a { builder.links -= 1 }
        if last.name == .strong { builder.strong -= 1 }
        if last.name == .cell {
          builder.space()
        } else if last.name.isBlock {
          builder.flush()
          owners.removeLast()
        }
      }
      guard index < range.upperBound else { break }
      let node = nodes[index]
      if isDropped[index] {
        // What is left out still parts what stands around it, where it is a block.
        if node.name.isBlock, node.name != .cell { builder.flush() } else { builder.space() }
        index = Int(node.end)
        continue
      }
      switch node.name {
      case .text: builder.add(text[Int(node.start)..<Int(node.stop)], index, owner: owners.last ?? 0)
      case .br: builder.lineBreak()
      case .a: builder.links += 1
      case .strong: builder.strong += 1
      case .cell: builder.space()
      default:
        if node.name.isBlock {
          builder.flush()
          owners.append(Int32(index))
        }
      }
      if node.end > index + 1 || node.name == .a || node.name == .strong || node.name.isBlock {
        open.append((Int(node.end), node.name))
      }
      index += 1
    }
    builder.flush()
    return builder.blocks
  }
}

/// Gathers texts into blocks.
private struct TextBlockBuilder {
  var blocks: [TextBlock] = []
  var links = 0
  var strong = 0
  private var block = TextBlock(owner: 0, first: 0)
  private var pendingSpace = false
  private var breaks = 0

  mutating func space() { pendingSpace = true }

  mutating func lineBreak() {
    breaks += 1
    if breaks == 2 { flush() }
  }

  mutating func flush() {
    if block.length > 0 { blocks.append(block) }
    block = TextBlock(owner: 0, first: 0)
    pendingSpace = false
    breaks = 0
  }

  mutating func add(_ bytes: ArraySlice<UInt8>, _ index: Int, owner: Int32) {
    var position = bytes.startIndex
    while position < bytes.endIndex {
      let byte = bytes[position]
      var width = 1
      var isGap = isSpace(byte)
      if byte == 0xC2, position + 1 < bytes.endIndex {
        if bytes[position + 1] == 0xA0 { (isGap, width) = (true, 2) }
        if bytes[position + 1] == 0xAD {  // a soft hyphen shows nothing
          position += 2
          continue
        }
      } else if byte == 0xE2, position + 2 < bytes.endIndex, bytes[position + 1] == 0x80 {
        let third = bytes[position + 2]
        if (0x80...0x8A).contains(third) || third == 0xAF { (isGap, width) = (true, 3) }
        if third == 0x8B || third == 0x8E || third == 0x8F {  // nothing is shown of these
          position += 3
          continue
        }
      } else if byte == 0xEF, position + 2 < bytes.endIndex, bytes[position + 1] == 0xBB, bytes[position + 2] == 0xBF {
        position += 3
        continue
      }
      if isGap {
        pendingSpace = true
        position += width
        continue
      }
      if block.length == 0 {
        block.owner = owner
        block.first = Int32(index)
      } else if breaks > 0 {
        block.text.append(0x0A)
        count(0x20)
      } else if pendingSpace {
        block.text.append(0x20)
        count(0x20)
      }
      pendingSpace = false
      breaks = 0
      block.last = Int32(index)
      block.text.append(byte)
      count(byte)
      position += 1
    }
  }

  private mutating func count(_ byte: UInt8) {
    guard byte & 0xC0 != 0x80 else { return }
    block.length += 1
    if links > 0 { block.linked += 1 }
    if strong > 0 { block.strong += 1 }
    if byte == 0x2C { block.commas += 1 }
  }
}
