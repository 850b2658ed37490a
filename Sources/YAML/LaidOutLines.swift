/// The lines of a layout as they come into being.
struct LaidOutLines {
  private struct Line {
    var text: String
    var comment: String?
    /// Where the comment stood in the source.
    var commentColumn = 0
    var isComment = false
  }
  private var lines: [Line] = []
  /// The texts of all comments, in order.
  private(set) var comments: [String] = []

  /// Characters of the line that is open.
  var width: Int { lines.last?.text.unicodeScalars.count ?? 0 }

  /// Blanks at the beginning of the line that is open.
  var indentation: Int { lines.last?.text.utf8.prefix { $0 == 0x20 }.count ?? 0 }

  /// Begins a line, with an empty one before it where the author left any.
  mutating func start(column: Int, afterEmptyLine: Bool) {
    if afterEmptyLine, !lines.isEmpty { lines.append(Line(text: "")) }
    lines.append(Line(text: String(repeating: " ", count: column)))
  }

  mutating func write(_ text: String) {
    if lines.isEmpty { lines.append(Line(text: "")) }
    lines[lines.count - 1].text += text
  }

  /// Behind the open line, or on one of its own.
  mutating func comment(_ comment: YAMLGap.Comment, column: Int) {
    comments.append(comment.text)
    if !comment.isAlone, let last = lines.last, last.comment == nil, !last.isComment {
      lines[lines.count - 1].comment = comment.text
      lines[lines.count - 1].commentColumn = comment.column
    } else {
      start(column: column, afterEmptyLine: comment.afterEmptyLine)
      write(comment.text)
      lines[lines.count - 1].isComment = true
    }
  }

  var text: String {
    var result = ""
    var index = 0
    while index < lines.count {
      var end = index + 1
      if lines[index].comment != nil {
        while end < lines.count, lines[end].comment != nil, lines[end].commentColumn == lines[index].commentColumn {
          end += 1
        }
      }
      let widest = lines[index..<end].map(\.text.unicodeScalars.count).max() ?? 0
      for line in lines[index..<end] {
        result += line.text
        if let comment = line.comment {
          result += String(repeating: " ", count: widest - line.text.unicodeScalars.count + 2) + comment
        }
        result += "\n"
      }
      index = end
    }
    return result
  }

  static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  /// Without their ends, which are LF, CR or CR LF.
  static func split(_ scalars: ArraySlice<Unicode.Scalar>) -> [ArraySlice<Unicode.Scalar>] {
    var lines: [ArraySlice<Unicode.Scalar>] = []
    var start = scalars.startIndex
    var position = start
    while position < scalars.endIndex {
      let scalar = scalars[position]
      guard scalar == "\n" || scalar == "\r" else {
        position += 1
        continue
      }
      lines.append(scalars[start..<position])
      position += scalar == "\r" && position + 1 < scalars.endIndex && scalars[position + 1] == "\n" ? 2 : 1
      start = position
    }
    return lines + [scalars[start...]]
  }
}
