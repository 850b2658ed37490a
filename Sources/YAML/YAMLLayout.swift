import Model

/// A document written in one layout: indented by two, one blank where blanks may stand, comments kept.
///
/// * Lists in a mapping are indented; `{ a: b }` has blanks inside, `[a, b]` has none.
/// * Line breaks inside brackets and long texts are the author's. What goes on stands below the first entry, or two
///   columns in from the line whose end is the bracket.
/// * At most one empty line in a row. Two blanks stand before a comment behind a value.
/// * Values of neighbouring lines that stand in one column, and comments likewise, stay so in the nearest one.
///
/// Quotation marks, the order, and the texts of values and comments are the author's.
package struct YAMLLayout {
  let source: SourceText
  var lines = LaidOutLines()
  /// Where the source has been taken over to.
  var cursor = 0
  /// The blocks that the last line stands in, from the outermost: their columns in the source and in the layout.
  private(set) var openBlocks: [(source: Int, laidOut: Int)] = []

  /// The document in the layout.
  package var text: String { lines.text }
  /// From `#` on, in order.
  package var comments: [String] { lines.comments }

  /// nil for a document without a tree.
  package init?(_ document: YAMLDocument) {
    guard let root = document.root else { return nil }
    source = document.source
    write(root)
  }

  private mutating func write(_ root: YAMLNode) {
    let gap = takeGap(to: root.range.lowerBound)
    for comment in gap.comments { lines.comment(comment, column: 0) }
    lines.start(column: 0, afterEmptyLine: gap.endsWithEmptyLine)
    if isBlock(root) { block(root, column: 0, depth: 0) } else { inline(root, column: 2, ownColumn: -2) }
    for comment in takeGap(to: source.scalars.count).comments { place(comment, depth: 0, column: 0) }
  }

  /// A collection without brackets.
  func isBlock(_ node: YAMLNode) -> Bool { node.scalar == nil && !isBracketed(node) }

  func isBracketed(_ node: YAMLNode) -> Bool {
    let start = node.range.lowerBound
    return node.scalar == nil && start < source.scalars.count
      && (source.scalars[start] == "[" || source.scalars[start] == "{")
  }

  /// Goes over what stands between two nodes.
  mutating func takeGap(to end: Int) -> YAMLGap {
    let gap = YAMLGap(source, cursor..<max(cursor, end))
    cursor = max(cursor, end)
    return gap
  }
}

// Blocks: what is told by its indentation.
extension YAMLLayout {
  /// - Parameter column: where the block's entries stand; the first one goes on in the line that is open.
  private mutating func block(_ node: YAMLNode, column: Int, depth: Int) {
    openBlocks.removeSubrange(depth...)
    openBlocks.append((source.place(at: node.range.lowerBound).column - 1, column))
    if let nodes = node.sequence {
      for (index, node) in nodes.enumerated() { item(node, isFirst: index == 0, column: column, depth: depth) }
    } else if let entries = node.mapping {
      let padding = self.padding(of: entries)
      for (index, entry) in entries.enumerated() {
        if index > 0 { startEntry(at: entry.key.range.lowerBound, column: column, depth: depth) }
        self.entry(entry, padding: padding[index], column: column, depth: depth)
      }
    }
  }

  /// Comments before an entry and the line that it begins.
  private mutating func startEntry(at start: Int, column: Int, depth: Int) {
    let gap = takeGap(to: start)
    for comment in gap.comments { place(comment, depth: depth, column: column) }
    openBlocks.removeSubrange((depth + 1)...)
    lines.start(column: column, afterEmptyLine: gap.endsWithEmptyLine)
  }

  /// A comment on a line of its own stands with the innermost block that is not indented more than it.
  private mutating func place(_ comment: YAMLGap.Comment, depth: Int, column: Int) {
    let block = openBlocks.dropFirst(depth).last { $0.source <= comment.column }
    lines.comment(comment, column: block?.laidOut ?? column)
  }

  private mutating func item(_ node: YAMLNode, isFirst: Bool, column: Int, depth: Int) {
    var dash = cursor
    if !isFirst {
      dash = YAMLGap.position(of: "-", in: source, from: cursor)
      startEntry(at: dash, column: column, depth: depth)
    }
    lines.write("-")
    cursor = dash + 1
    guard !node.isEmpty else { return }
    let gap = takeGap(to: node.range.lowerBound)
    if gap.comments.isEmpty {
      lines.write(" ")
    } else {
      for comment in gap.comments { lines.comment(comment, column: column + 2) }
      lines.start(column: column + 2, afterEmptyLine: false)
    }
    if isBlock(node) {
      block(node, column: column + 2, depth: depth + 1)
    } else {
      inline(node, column: column + 2, ownColumn: column)
    }
  }

  private mutating func entry(_ entry: YAMLEntry, padding: Int, column: Int, depth: Int) {
    lines.write(source.text(entry.key.range) + ":")
    cursor = YAMLGap.position(of: ":", in: source, from: entry.key.range.upperBound) + 1
    guard !entry.value.isEmpty else { return }
    let gap = takeGap(to: entry.value.range.lowerBound)
    for comment in gap.comments { lines.comment(comment, column: column + 2) }
    if isBlock(entry.value) {
      lines.start(column: column + 2, afterEmptyLine: gap.endsWithEmptyLine && !gap.comments.isEmpty)
      block(entry.value, column: column + 2, depth: depth + 1)
      return
    }
    if gap.comments.isEmpty {
      lines.write(String(repeating: " ", count: 1 + padding))
    } else {
      lines.start(column: column + 2, afterEmptyLine: false)
    }
    inline(entry.value, column: column + 2, ownColumn: column)
  }

  /// How many blanks more than one stand before each value, so that values written below one another stay so.
  private func padding(of entries: [YAMLEntry]) -> [Int] {
    var padding = [Int](repeating: 0, count: entries.count)
    var first = 0
    while first < entries.count {
      var end = first + 1
      while end < entries.count, isBelow(entries[end], entries[end - 1]) { end += 1 }
      let group = first..<end
      let isPadded = group.contains { offset(entries[$0]) > entries[$0].key.range.count + 2 }
      if isPadded {
        let longest = group.map { entries[$0].key.range.count }.max() ?? 0
        for index in group where offset(entries[index]) > 0 {
          padding[index] = longest - entries[index].key.range.count
        }
      }
      first = end
    }
    return padding
  }

  private func isBelow(_ entry: YAMLEntry, _ above: YAMLEntry) -> Bool {
    let (offset, before) = (offset(entry), offset(above))
    return offset > 0 && offset == before && entry.key.place.line == above.key.place.line + 1
  }

  /// From the key's first character to the value's; 0 where the value does not stand whole in the key's line.
  private func offset(_ entry: YAMLEntry) -> Int {
    guard !entry.value.isEmpty, !isBlock(entry.value), entry.value.place.line == entry.key.place.line,
      entry.value.range.upperBound <= source.endOfLine(from: entry.value.range.lowerBound)
    else { return 0 }
    return entry.value.range.lowerBound - entry.key.range.lowerBound
  }
}
