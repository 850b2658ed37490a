package import Model

/// What there is to say about one file, in the order in which it was found.
package final class Complaints {
  package let source: SourceText
  package private(set) var diagnostics: [Diagnostic]

  package init(_ source: SourceText, _ diagnostics: [Diagnostic] = []) {
    self.source = source
    self.diagnostics = diagnostics
  }

  /// Complains about a whole node.
  package func add(_ cause: some Cause, at node: YAMLNode) {
    add(cause, at: node.place, width: node.width)
  }

  /// Complains about characters of a scalar's value, counted in Unicode scalars from 0.
  package func add(_ cause: some Cause, in node: YAMLNode, _ characters: Range<Int>) {
    let range = source.range(of: characters, in: node)
    let place = source.place(at: range.lowerBound)
    let end = min(range.upperBound, source.endOfLine(from: range.lowerBound))
    add(cause, at: place, width: end - range.lowerBound)
  }

  package func add(_ cause: some Cause, at place: Place, width: Int = 1) {
    let new = Diagnostic(cause.code, cause.message, at: place, width: width, hint: cause.hint)
    if !diagnostics.contains(new) { diagnostics.append(new) }
  }

  package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}
