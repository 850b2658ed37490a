extension SourceText {
  /// Where characters of a scalar's value stand in the source, for every style of scalar.
  ///
  /// Complexity: linear in the length of the node.
  package func range(of characters: Range<Int>, in node: YAMLNode) -> Range<Int> {
    guard let scalar = node.scalar else { return node.range }
    let positions = positions(of: scalar, in: node.range)
    let end = scalar.style == .plain || scalar.style == .literal || scalar.style == .folded ? 0 : 1
    func position(_ index: Int) -> Int {
      index < positions.count ? positions[index] : max(node.range.lowerBound, node.range.upperBound - end)
    }
    let start = position(characters.lowerBound)
    guard characters.count > 0, characters.upperBound > 0 else { return start..<start + 1 }
    // The end is where the last character ends, so that the fold of a line is not underlined.
    let last = position(characters.upperBound - 1)
    let next = position(characters.upperBound)
    return start..<max(start + 1, next > last && next - last <= 10 ? next : last + 1)
  }

  /// The source position of each scalar of the value.
  private func positions(of scalar: YAMLScalar, in range: Range<Int>) -> [Int] {
    var position = range.lowerBound
    switch scalar.style {
    case .plain: break
    case .singleQuoted, .doubleQuoted: position += 1
    case .literal, .folded: position = min(endOfLine(from: position) + 1, range.upperBound)
    }
    var positions: [Int] = []
    for value in scalar.text.unicodeScalars {
      while position < range.upperBound, scalars[position] != value, isBlank(scalars[position]), !isBlank(value) {
        position += 1
      }
      guard position < range.upperBound else { break }
      positions.append(position)
      let written = scalars[position]
      if written == value {
        position += scalar.style == .singleQuoted && value == "'" ? 2 : 1
      } else if written == "\\", scalar.style == .doubleQuoted {
        position += escapeLength(at: position)
      } else if isBlank(written) {
        while position < range.upperBound, isBlank(scalars[position]) { position += 1 }
      } else {
        position += 1
      }
    }
    return positions
  }

  private func escapeLength(at position: Int) -> Int {
    guard position + 1 < scalars.count else { return 1 }
    return switch scalars[position + 1] {
    case "x": 4
    case "u": 6
    case "U": 10
    default: 2
    }
  }

  private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
  }
}
