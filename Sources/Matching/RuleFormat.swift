import Model
package import YAML

/// The one form of a rule file: Latin words in `match`, no blanks at the ends of lines, at most one empty line in a row,
/// one line break at the end. Comments, quotation marks, the order and the indentation are the author's.
package enum RuleFormat {
  /// The file in that form, with the same meaning; nil where it is no sound YAML: `check` says what is wrong.
  package static func formatted(_ document: YAMLDocument) -> String? {
    guard let root = document.root, !document.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    var text = Text(scalars: document.source.scalars)
    text.protect(root)
    for rule in root["rules"]?.sequence ?? [] {
      for entry in rule.mapping ?? [] where entry.name == "match" { text.rewrite(match: entry.value) }
    }
    return text.written
  }

  private struct Text {
    let scalars: [Unicode.Scalar]
    /// What stands in place of a range, in the order of the ranges.
    var replacements: [(range: Range<Int>, text: String)] = []
    /// Positions whose blanks and empty lines are part of a value.
    var kept: [Range<Int>] = []

    init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    /// Values of several lines stay as they are, to the last blank.
    mutating func protect(_ node: YAMLNode) {
      switch node.content {
      case .scalar:
        let written = scalars[node.range.clamped(to: 0..<scalars.count)]
        if written.contains(where: { $0 == "\n" || $0 == "\r" }) { kept.append(node.range) }
      case .sequence(let nodes): for node in nodes { protect(node) }
      case .mapping(let entries): for entry in entries { protect(entry.value) }
      }
    }

    mutating func rewrite(match node: YAMLNode) {
      guard let scalar = node.scalar, let syntax = try? MatchSyntax(scalar.text) else { return }
      let written = syntax.expression.written
      guard written != scalar.text, !scalars[node.range].contains(where: { $0 == "\n" || $0 == "\r" }) else { return }
      replacements.append((node.range, scalar.style == .plain ? written : "\"\(written)\""))
    }

    var written: String {
      var lines: [String.UnicodeScalarView] = [String.UnicodeScalarView()]
      var isKept: [Bool] = [false]
      var position = 0
      var replacement = replacements.sorted { $0.range.lowerBound < $1.range.lowerBound }[...]
      let kept = kept.sorted { $0.lowerBound < $1.lowerBound }
      var next = 0
      while position < scalars.count {
        if let first = replacement.first, first.range.lowerBound == position {
          lines[lines.count - 1].append(contentsOf: first.text.unicodeScalars)
          position = first.range.upperBound
          replacement.removeFirst()
          continue
        }
        while next < kept.count, kept[next].upperBound <= position { next += 1 }
        let isInside = next < kept.count && kept[next].contains(position)
        if isInside { isKept[isKept.count - 1] = true }
        // CR LF and CR alone are line breaks too.
        let isReturn = scalars[position] == "\r"
        let isLast = position + 1 == scalars.count || scalars[position + 1] != "\n"
        if scalars[position] == "\n" || isReturn && isLast {
          lines.append(String.UnicodeScalarView())
          isKept.append(isInside)
        } else if !isReturn {
          lines[lines.count - 1].append(scalars[position])
        }
        position += 1
      }
      return joined(lines, isKept)
    }

    private func joined(_ lines: [String.UnicodeScalarView], _ isKept: [Bool]) -> String {
      var result: [String] = []
      for (line, isKept) in zip(lines, isKept) {
        var line = line
        if !isKept { while let last = line.last, last == " " || last == "\t" { line.removeLast() } }
        if !isKept, line.isEmpty, result.last?.isEmpty ?? true { continue }
        result.append(String(line))
      }
      while result.last?.isEmpty ?? false { result.removeLast() }
      return result.map { $0 + "\n" }.joined()
    }
  }
}
