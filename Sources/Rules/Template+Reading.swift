import Model
package import YAML

extension Template {
  private static let moments: Set<String> = ["first_seen", "detected"]
  private static let numbers: Set<String> = [
    "evidence.count", "sources", "score", "threshold", "items", "reposts", "count", "authors", "ratio", "z", "peak",
  ]

  /// Reads a text with holes; unknown names and filters are complained about under their characters.
  package init?(_ node: YAMLNode, _ complaints: Complaints) {
    guard let text = complaints.string(node) else { return nil }
    let scalars = Array(text.unicodeScalars)
    var parts: [Part] = []
    var isSound = true
    var start = 0
    var index = 0
    func slice(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
    while index + 1 < scalars.count {
      guard scalars[index] == "{", scalars[index + 1] == "{" else {
        index += 1
        continue
      }
      var end = index + 2
      while end + 1 < scalars.count, !(scalars[end] == "}" && scalars[end + 1] == "}") { end += 1 }
      guard end + 1 < scalars.count else {
        complaints.add(RuleCause.template("«{{» is not closed by «}}»"), in: node, index..<index + 2)
        return nil
      }
      if start < index { parts.append(.text(slice(start..<index))) }
      if let hole = Template.hole(scalars, index + 2..<end, node, complaints) {
        parts.append(hole)
      } else {
        isSound = false
      }
      index = end + 2
      start = index
    }
    if start < scalars.count { parts.append(.text(slice(start..<scalars.count))) }
    guard isSound else { return nil }
    self.init(parts: parts, place: node.place)
  }

  private static func hole(
    _ scalars: [Unicode.Scalar], _ range: Range<Int>, _ node: YAMLNode, _ complaints: Complaints
  ) -> Part? {
    let pieces = scalars[range].split(separator: "|", omittingEmptySubsequences: false).map { trimmed($0) }
    func text(_ piece: ArraySlice<Unicode.Scalar>) -> String { String(String.UnicodeScalarView(piece)) }
    func complain(_ message: String, _ piece: ArraySlice<Unicode.Scalar>, suggestion: String? = nil) {
      let place = piece.isEmpty ? range.lowerBound - 2..<range.upperBound + 2 : piece.startIndex..<piece.endIndex
      complaints.add(RuleCause.template(message, suggestion: suggestion), in: node, place)
    }
    guard let first = pieces.first, !first.isEmpty else {
      complain("«{{ }}» names nothing", [])
      return nil
    }
    let name = text(first)
    guard names.contains(name) else {
      complain("unknown name «\(name)» in the template", first, suggestion: Suggestion.nearest(to: name, among: names))
      return nil
    }
    guard pieces.count > 1 else { return .hole(name: name, filter: nil) }
    guard pieces.count == 2 else {
      complain("one filter at most", pieces[2])
      return nil
    }
    let filter = text(pieces[1])
    if filter == "local" {
      if moments.contains(name) { return .hole(name: name, filter: .local) }
      complain("«local» is for points in time, «\(name)» is none", pieces[1])
      return nil
    }
    if filter == "plural" || filter.hasPrefix("plural:") {
      let forms = filter.dropFirst("plural:".count).split(separator: " ").map(String.init)
      guard numbers.contains(name), forms.count == 3 else {
        complain(
          numbers.contains(name)
            ? "«plural» takes three forms: «plural: публикация публикации публикаций»"
            : "«plural» is for numbers, «\(name)» is none", pieces[1])
        return nil
      }
      return .hole(name: name, filter: .plural(one: forms[0], few: forms[1], many: forms[2]))
    }
    let word = String(filter.prefix { $0 != ":" && $0 != " " })
    complain(
      "unknown filter «\(word)»", pieces[1], suggestion: Suggestion.nearest(to: word, among: ["local", "plural"]))
    return nil
  }

  private static func trimmed(_ piece: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
    var piece = piece
    while let first = piece.first, first.properties.isWhitespace { piece.removeFirst() }
    while let last = piece.last, last.properties.isWhitespace { piece.removeLast() }
    return piece
  }
}
