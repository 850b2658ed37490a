/// Picks the paragraphs of an article out of the blocks of text of the element that holds it.
struct BlockFilter {
  let outline: PageOutline
  let title: String?

  func kept(_ blocks: [TextBlock]) -> [TextBlock] {
    var kept: [TextBlock] = []
    let names = blocks.map { outline.nodes[Int($0.owner)].name }
    let firstProse = blocks.firstIndex(where: \.isProse) ?? 0
    let lastProse = blocks.lastIndex(where: \.isProse) ?? blocks.count - 1
    for (index, block) in blocks.enumerated() {
      if isTitle(block, names[index]), index <= firstProse { continue }
      if isLinks(block, names[index]) { continue }
      if Phrases.isAround(block) { continue }
      if index < firstProse, !block.endsSentence, block.length < 25, names[index] != .heading, names[index] != .item {
        continue
      }
      if index > lastProse, !block.endsSentence, block.length < 60, names[index] != .item { continue }
      kept.append(block)
    }
    return withoutLooseHeadings(withoutLinkLists(cutAtEnd(kept)))
  }

  /// Where the comments begin, or what else there is to read.
  private func cutAtEnd(_ blocks: [TextBlock]) -> [TextBlock] {
    let total = blocks.reduce(0) { $0 + $1.length }
    var sum = 0
    for (index, block) in blocks.enumerated() {
      if sum * 2 >= total, block.length < 50, Phrases.beginsTheRest(block) { return Array(blocks[..<index]) }
      sum += block.length
    }
    return blocks
  }

  /// A list at the end whose every point leads elsewhere, and the line above it.
  private func withoutLinkLists(_ blocks: [TextBlock]) -> [TextBlock] {
    var end = blocks.count
    while end > 0, outline.nodes[Int(blocks[end - 1].owner)].name == .item, blocks[end - 1].linkDensity > 0.25 {
      end -= 1
    }
    guard end < blocks.count, end > 0 else { return blocks }
    if blocks[end - 1].length < 80, !blocks[end - 1].endsSentence || blocks[end - 1].text.last == 0x3A { end -= 1 }
    return Array(blocks[..<end])
  }

  private func isTitle(_ block: TextBlock, _ name: ElementName) -> Bool {
    let node = outline.nodes[Int(block.owner)]
    if name == .heading, node.level == 1 { return true }
    guard let title, name == .heading || block.length < 200 else { return false }
    return title.utf8.elementsEqual(block.text)
  }

  /// Rows of links, teasers, and lone links.
  private func isLinks(_ block: TextBlock, _ name: ElementName) -> Bool {
    let density = block.linkDensity
    if density >= 0.9 { return true }
    if density > 0.5 { return block.length - block.linked < 40 && block.length < 200 }
    return false
  }

  /// A heading under which nothing is left.
  private func withoutLooseHeadings(_ blocks: [TextBlock]) -> [TextBlock] {
    var kept: [TextBlock] = []
    var level: UInt8 = 7
    for block in blocks.reversed() {
      let node = outline.nodes[Int(block.owner)]
      if node.name == .heading {
        if kept.isEmpty { continue }
        if let last = kept.last, outline.nodes[Int(last.owner)].name == .heading, node.level >= level { continue }
        level = node.level
      }
      kept.append(block)
    }
    return kept.reversed()
  }
}
