/// Where a thing stands in a file that a person wrote.
package struct Place: Hashable, Comparable, Sendable {
  /// The path as the user gave it.
  package var file: String
  /// From 1; 0 when the whole file is meant.
  package var line: Int
  /// From 1, counted in characters (Unicode scalars); 0 when the whole line or file is meant.
  package var column: Int

  package init(file: String, line: Int = 0, column: Int = 0) {
    self.file = file
    self.line = line
    self.column = column
  }

  package static func < (left: Place, right: Place) -> Bool {
    if left.file != right.file { return Array(left.file.utf8).lexicographicallyPrecedes(Array(right.file.utf8)) }
    return (left.line, left.column) < (right.line, right.column)
  }
}

extension Place: CustomStringConvertible {
  package var description: String {
    line == 0 ? file : column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
  }
}

/// One thing to say about a file that a person wrote: what is wrong, where, and the way out.
package struct Diagnostic: Hashable, Sendable {
  package enum Severity: String, Sendable { case error, warning, info }

  package var place: Place
  /// How many characters the caret line underlines, at least 1.
  package var width: Int
  /// `E101`, `W407`, `I501` …, as in the rule language's list.
  package var code: String
  package var severity: Severity
  package var message: String
  package var hint: String?

  /// The severity follows from the first letter of the code: E error, W warning, I info.
  package init(_ code: String, _ message: String, at place: Place, width: Int = 1, hint: String? = nil) {
    self.place = place
    self.width = max(1, width)
    self.code = code
    self.message = message
    self.hint = hint
    severity = code.hasPrefix("E") ? .error : code.hasPrefix("W") ? .warning : .info
  }
}
