package import JSON
package import Model
package import YAML

/// Shows diagnostics: as text with the line and carets, or as JSON for editors.
package struct DiagnosticRenderer: Sendable {
  /// The texts of the files by path; a diagnostic of another file is shown without its line.
  package var sources: [String: SourceText]

  /// Characters of a line that are shown at most.
  private static let lineLimit = 240

  package init(sources: [String: SourceText]) { self.sources = sources }

  /// Every diagnostic as in `text(_:)`, each ending with a line break.
  package func text(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.map { text($0) + "\n" }.joined()
  }

  /// `path:line:col: error[E101]: message`, the line, and carets under it with the hint behind them.
  package func text(_ diagnostic: Diagnostic) -> String {
    let place = diagnostic.place
    let head =
      "\(shown(place.description)): \(diagnostic.severity.rawValue)[\(diagnostic.code)]: \(shown(diagnostic.message))"
    let hint = diagnostic.hint.map { " " + shown($0) } ?? ""
    guard let source = sources[place.file], place.line >= 1, place.line <= source.lineCount, place.column >= 1 else {
      return hint.isEmpty ? head : head + "\n     " + hint
    }
    let whole = source.line(place.line)
    // Of a very long line only the part around the place is shown.
    let start = whole.count > Self.lineLimit ? max(0, place.column - 1 - Self.lineLimit / 3) : 0
    let line = whole.dropFirst(start).prefix(Self.lineLimit)
    let number = String(place.line)
    let margin = String(repeating: " ", count: max(0, 5 - number.count)) + number
    let blank = String(repeating: " ", count: margin.count)
    let before = line.prefix(place.column - 1 - start)
    let marked = line.dropFirst(place.column - 1 - start).prefix(diagnostic.width)
    var indent = ""
    // A tab is kept, so that the terminal moves both lines alike; a caret behind the line's end stands there.
    for scalar in before { indent += scalar == "\t" ? "\t" : blanks(width(scalar)) }
    let carets = max(1, marked.reduce(0) { $0 + width($1) })
    let shownLine = shown(String(String.UnicodeScalarView(line)))
    return "\(head)\n\(margin) | \(shownLine)\n\(blank) | \(indent)\(String(repeating: "^", count: carets))\(hint)"
  }

  /// One array of `{file, line, column, code, severity, message, hint, offset, utf16, end}`.
  ///
  /// `offset` counts bytes and `utf16` code units from the start of the file, a byte order mark in bytes only; `end` is
  /// `{line, column, offset, utf16}` behind the last character that is meant. They are null where there is no place.
  package func json(_ diagnostics: [Diagnostic]) -> JSONValue {
    .array(
      diagnostics.map { diagnostic in
        let place = diagnostic.place
        let source = sources[place.file]
        let offsets = source?.offsets(of: place)
        let end = source?.end(of: diagnostic)
        return .object(
          JSONObject([
            "file": .string(place.file),
            "line": .integer(Int64(place.line)),
            "column": .integer(Int64(place.column)),
            "code": .string(diagnostic.code),
            "severity": .string(diagnostic.severity.rawValue),
            "message": .string(diagnostic.message),
            "hint": JSONValue(diagnostic.hint),
            "offset": JSONValue(offsets?.bytes),
            "utf16": JSONValue(offsets?.utf16),
            "end": end.flatMap { end in
              source?.offsets(of: end).map { offsets in
                [
                  "line": JSONValue(end.line), "column": JSONValue(end.column), "offset": JSONValue(offsets.bytes),
                  "utf16": JSONValue(offsets.utf16),
                ]
              }
            } ?? .null,
          ]))
      })
  }

  private func width(_ scalar: Unicode.Scalar) -> Int { DisplayWidth.of(DisplayWidth.shown(scalar)) }
  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  /// What a file says is shown as plain text, without control and direction characters.
  private func shown(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { view.append(DisplayWidth.shown(scalar)) }
    return String(view)
  }
}

extension SourceText {
  /// Behind the last character of what a diagnostic is about; never beyond the line.
  fileprivate func end(of diagnostic: Diagnostic) -> Place? {
    guard let start = position(of: diagnostic.place), diagnostic.place.column > 0 else { return nil }
    return place(at: min(start + diagnostic.width, endOfLine(from: start)))
  }
}
