import Model

/// What stands between two nodes: blanks, line breaks, signs and comments.
struct YAMLGap {
  struct Comment {
    /// From `#` on, without blanks at its end.
    var text: String
    /// From 0.
    var column: Int
    /// Nothing but blanks stands before it in its line.
    var isAlone: Bool
    /// An empty line stands before it.
    var afterEmptyLine: Bool
  }
  private(set) var comments: [Comment] = []
  private(set) var hasLineBreak = false
  /// An empty line stands before what follows the gap.
  private(set) var endsWithEmptyLine = false

  init(_ source: SourceText, _ range: Range<Int>) {
    let scalars = source.scalars
    var position = range.lowerBound
    // Breaks since the last thing that was no blank.
    var breaks = position == 0 ? 1 : 0
    while position < range.upperBound {
      let scalar = scalars[position]
      if scalar == "#" {
        let end = source.endOfLine(from: position)
        var last = end
        while last > position, LaidOutLines.isBlank(scalars[last - 1]) { last -= 1 }
        comments.append(
          Comment(
            text: source.text(position..<last), column: source.place(at: position).column - 1, isAlone: breaks > 0,
            afterEmptyLine: breaks > 1))
        position = end
        breaks = 0
        continue
      }
      if scalar == "\n" || scalar == "\r" {
        if scalar == "\r", position + 1 < range.upperBound, scalars[position + 1] == "\n" { position += 1 }
        breaks += 1
        hasLineBreak = true
      } else if !LaidOutLines.isBlank(scalar) {
        breaks = 0
      }
      position += 1
    }
    endsWithEmptyLine = breaks > 1
  }

  /// The first position of a sign outside comments, from a position on; that position where there is none.
  static func position(of sign: Unicode.Scalar, in source: SourceText, from start: Int) -> Int {
    var position = start
    while position < source.scalars.count, source.scalars[position] != sign {
      position = source.scalars[position] == "#" ? source.endOfLine(from: position) : position + 1
    }
    return position < source.scalars.count ? position : start
  }

  /// The next character that is neither blank nor comment.
  static func nextSign(in source: SourceText, from start: Int) -> Unicode.Scalar? {
    var position = start
    while position < source.scalars.count {
      let scalar = source.scalars[position]
      if scalar == "#" {
        position = source.endOfLine(from: position)
      } else if LaidOutLines.isBlank(scalar) || scalar == "\n" || scalar == "\r" {
        position += 1
      } else {
        return scalar
      }
    }
    return nil
  }
}
