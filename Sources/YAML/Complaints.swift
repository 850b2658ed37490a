package import Model

/// What there is to say about one file, in the order in which it was found.
package final class Complaints {
  package let source: SourceText
  package private(set) var diagnostics: [Diagnostic]
  /// How many of `diagnostics` are errors.
  package private(set) var errorCount: Int
  private var seen: Set<Diagnostic>

  package init(_ source: SourceText, _ diagnostics: [Diagnostic] = []) {
    self.source = source
    self.diagnostics = diagnostics
    errorCount = diagnostics.count { $0.severity == .error }
    seen = Set(diagnostics)
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

  /// Complains about characters from a place on. The same complaint is kept once.
  package func add(_ cause: some Cause, at place: Place, width: Int = 1) {
    let new = Diagnostic(cause.code, cause.message, at: place, width: width, hint: cause.hint)
    guard seen.insert(new).inserted else { return }
    diagnostics.append(new)
    if new.severity == .error { errorCount += 1 }
  }

  /// Takes over what another list has found beyond this one.
  func take(_ other: Complaints) {
    for diagnostic in other.diagnostics where seen.insert(diagnostic).inserted {
      diagnostics.append(diagnostic)
      if diagnostic.severity == .error { errorCount += 1 }
    }
  }

  package var hasErrors: Bool { errorCount > 0 }
}
