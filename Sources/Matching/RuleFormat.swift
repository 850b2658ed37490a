import Model
package import YAML

/// The one form of a rule file: the layout of `YAMLLayout`, and Latin words in `match`.
package enum RuleFormat {
  /// Why a file is left as it is.
  package enum Refusal: Error {
    /// `check` says what is wrong.
    case notSound
    /// A text in it begins with `---` or `...`, which would come to stand where these begin or end a document.
    case documentMark
    /// The form would not be read as the same rules and comments: a fault of this program.
    case otherMeaning
  }

  /// The file in that form, with the same meaning and the same comments.
  package static func formatted(_ document: YAMLDocument) throws(Refusal) -> String {
    guard let root = document.root, root.mapping != nil, !document.hasErrors, let own = YAMLLayout(document) else {
      throw .notSound
    }
    let file = document.source.file
    let text = rewritten(document.source, MatchLines(root).replacements(in: document.source))
    let failure = hasDocumentMark(text) ? Refusal.documentMark : .otherMeaning
    guard let formatted = YAMLLayout(YAMLDocument(file: file, bytes: Array(text.utf8)))?.text else { throw failure }
    let again = YAMLDocument(file: file, bytes: Array(formatted.utf8))
    guard let rootAgain = again.root, !again.hasErrors, root.means(rootAgain, alike: isSameMatch),
      let laidOutAgain = YAMLLayout(again), laidOutAgain.comments == own.comments
    else { throw failure }
    return formatted
  }

  /// Whether a line begins with blanks and then what at the beginning of a line is a mark of documents.
  private static func hasDocumentMark(_ text: String) -> Bool {
    text.split(whereSeparator: \.isNewline).contains { line in
      guard let first = line.first, first == " " || first == "\t" else { return false }
      let rest = line.drop { $0 == " " || $0 == "\t" }
      return rest.hasPrefix("---") || rest.hasPrefix("...")
    }
  }

  private static func isSameMatch(_ path: [String], _ left: YAMLScalar, _ right: YAMLScalar) -> Bool {
    guard path.last == "match", let left = try? MatchSyntax(left.text), let right = try? MatchSyntax(right.text) else {
      return false
    }
    return left.expression == right.expression
  }

  private static func rewritten(_ source: SourceText, _ replacements: [(range: Range<Int>, text: String)]) -> String {
    var text = ""
    var position = 0
    for (range, replacement) in replacements.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      text += source.text(position..<range.lowerBound) + replacement
      position = range.upperBound
    }
    return text + source.text(position..<source.scalars.count)
  }

  /// The values of `match` in a file: of rules, and of what overrides put in their place.
  private struct MatchLines {
    private var nodes: [YAMLNode] = []

    init(_ root: YAMLNode) {
      for rule in root["rules"]?.sequence ?? [] { add(rule) }
      for override in root["override"]?.sequence ?? [] { override["replace"].map { add($0) } }
    }

    private mutating func add(_ rule: YAMLNode) { if let match = rule["match"] { nodes.append(match) } }

    func replacements(in source: SourceText) -> [(range: Range<Int>, text: String)] {
      nodes.flatMap { node -> [(range: Range<Int>, text: String)] in
        guard let scalar = node.scalar, let syntax = try? MatchSyntax(scalar.text),
          let tokens = try? MatchTokens.read(scalar.text)
        else { return [] }
        let isLong = source.text(node.range).unicodeScalars.contains { $0 == "\n" || $0 == "\r" }
        guard isLong else {
          let written = syntax.expression.written
          guard written != scalar.text else { return [] }
          return [(node.range, scalar.style == .plain ? written : "\"\(written)\"")]
        }
        // The lines of a long one are the author's.
        return tokens.compactMap { token in
          let range = source.range(of: token.range, in: node)
          return switch token.kind {
          case .and: (range, "and")
          case .or: (range, "or")
          case .not: (range, "not")
          default: nil
          }
        }
      }
    }
  }
}

extension YAMLDocument {
  fileprivate var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
