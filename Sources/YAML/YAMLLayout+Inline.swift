// Scalars and what stands in brackets.
extension YAMLLayout {
  /// A value that goes on in the line that is open.
  ///
  /// - Parameters:
  ///   - column: of further lines, where nothing else decides it.
  ///   - ownColumn: of the block that the value stands in; what goes on is indented by two from it.
  mutating func inline(_ node: YAMLNode, column: Int, ownColumn: Int) {
    guard let scalar = node.scalar else { return bracketed(node, ownColumn: ownColumn) }
    switch scalar.style {
    case .literal, .folded: blockScalar(node, column: ownColumn + 2)
    default: flowText(node, column: column)
    }
  }

  /// A plain or quoted text; blanks at the beginning of its further lines mean nothing.
  private mutating func flowText(_ node: YAMLNode, column: Int) {
    cursor = node.range.upperBound
    for (index, line) in LaidOutLines.split(source.scalars[node.range]).enumerated() {
      var line = index == 0 ? line : line.drop(while: LaidOutLines.isBlank)
      if index > 0 { lines.start(column: line.isEmpty ? 0 : column, afterEmptyLine: false) }
      if node.scalar?.style == .plain { while let last = line.last, LaidOutLines.isBlank(last) { line.removeLast() } }
      lines.write(String(String.UnicodeScalarView(line)))
    }
  }

  /// `|` or `>` with its lines; what is indented more than the first of them stays so.
  private mutating func blockScalar(_ node: YAMLNode, column: Int) {
    let start = node.range.lowerBound
    let headerEnd = source.endOfLine(from: start)
    var header = ""
    var indentation: Int?
    cursor = start
    while cursor < headerEnd, !LaidOutLines.isBlank(source.scalars[cursor]) {
      let sign = source.scalars[cursor]
      if ("1"..."9").contains(sign) { indentation = Int(String(sign)) } else { header.unicodeScalars.append(sign) }
      cursor += 1
    }
    let own = openBlocks.last?.source ?? -1
    var content = blockLines(from: headerEnd, base: indentation.map { max(0, own) + $0 }, own: own)
    if let last = content.last, !last.isEmpty, last.upperBound == source.scalars.count {
      // The file ends without a line break, and so does the value: `-` says so where there is one.
      header = header.filter { $0 != "+" && $0 != "-" } + "-"
    }
    // With a figure the lines stand so far in from the block that holds them: now by two.
    lines.write(header + (indentation == nil ? "" : "2"))
    for comment in takeGap(to: headerEnd).comments { lines.comment(comment, column: column) }
    if !header.contains("+") { while content.last?.isEmpty ?? false { content.removeLast() } }
    for range in content {
      lines.start(column: range.isEmpty ? 0 : column, afterEmptyLine: false)
      lines.write(source.text(range))
    }
    cursor = content.last?.upperBound ?? headerEnd
  }

  /// What each line of a block scalar holds, without its indentation.
  ///
  /// - Parameters:
  ///   - base: how far the lines are indented; nil: as the first one with text is.
  ///   - own: the column of the block that holds the scalar.
  private func blockLines(from headerEnd: Int, base: Int?, own: Int) -> [Range<Int>] {
    var base = base
    var content: [Range<Int>] = []
    var position = source.startOfLine(after: headerEnd)
    while let start = position, start < source.scalars.count {
      let end = source.endOfLine(from: start)
      let indentation = source.scalars[start..<end].prefix { $0 == " " }.count
      if start + indentation < end {
        let first = base ?? indentation
        guard indentation >= first, indentation > own else { break }
        base = first
      }
      content.append(min(start + min(indentation, base ?? indentation), end)..<end)
      position = source.startOfLine(after: end)
    }
    return content
  }
}

// Brackets.
extension YAMLLayout {
  private mutating func bracketed(_ node: YAMLNode, ownColumn: Int) {
    let isMapping = node.mapping != nil
    // `[a: b]` holds a mapping without brackets of its own.
    let hasOwn = isBracketed(node)
    lines.write(isMapping ? "{" : "[")
    if hasOwn { cursor = node.range.lowerBound + 1 }
    var continuation = max(ownColumn, lines.indentation) + 2
    var isFirst = true
    func open(_ start: Int, _ layout: inout YAMLLayout) {
      let gap = layout.takeGap(to: start)
      if !isFirst { layout.lines.write(",") }
      for comment in gap.comments { layout.lines.comment(comment, column: continuation) }
      if gap.hasLineBreak {
        layout.lines.start(column: continuation, afterEmptyLine: !isFirst && gap.endsWithEmptyLine)
      } else if !isFirst || isMapping {
        layout.lines.write(" ")
      }
      if isFirst, !gap.hasLineBreak { continuation = layout.lines.width }
      isFirst = false
    }
    for element in node.sequence ?? [] {
      open(element.range.lowerBound, &self)
      inline(element, column: continuation + 2, ownColumn: ownColumn)
    }
    for entry in node.mapping ?? [] {
      open(entry.key.range.lowerBound, &self)
      pair(entry, column: continuation, ownColumn: ownColumn)
    }
    guard hasOwn else { return lines.write(isFirst ? "}" : " }") }
    let gap = takeGap(to: node.range.upperBound - 1)
    for comment in gap.comments { lines.comment(comment, column: continuation) }
    if !gap.comments.isEmpty {
      lines.start(column: continuation, afterEmptyLine: false)
    } else if isMapping, !isFirst {
      lines.write(" ")
    }
    lines.write(isMapping ? "}" : "]")
    cursor = node.range.upperBound
  }

  private mutating func pair(_ entry: YAMLEntry, column: Int, ownColumn: Int) {
    flowText(entry.key, column: column)
    let colon = YAMLGap.position(of: ":", in: source, from: entry.key.range.upperBound)
    guard !entry.value.isEmpty else {
      if YAMLGap.nextSign(in: source, from: entry.key.range.upperBound) == ":" {
        lines.write(":")
        cursor = colon + 1
      }
      return
    }
    lines.write(":")
    cursor = colon + 1
    let gap = takeGap(to: entry.value.range.lowerBound)
    for comment in gap.comments { lines.comment(comment, column: column + 2) }
    if gap.comments.isEmpty { lines.write(" ") } else { lines.start(column: column + 2, afterEmptyLine: false) }
    inline(entry.value, column: column + 2, ownColumn: ownColumn)
  }
}
