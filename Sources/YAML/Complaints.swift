package import Model

/// What there is to say about one file, in the order in which it was found.
package final class Complaints {
  package let source: SourceText
  package private(set) var diagnostics: [Diagnostic]
  /// How many of `diagnostics` are errors, and errors of other files' nodes that were read here.
  package private(set) var errorCount: Int
  private var seen: Set<Diagnostic>
  /// Where complaints about other files go: their nodes may stand among this file's.
  package var desk: ComplaintDesk?

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
    let source = desk?[node.place.file]?.source ?? source
    let range = source.range(of: characters, in: node)
    let place = source.place(at: range.lowerBound)
    let end = min(range.upperBound, source.endOfLine(from: range.lowerBound))
    add(cause, at: place, width: end - range.lowerBound)
  }

  /// Complains about characters from a place on. The same complaint is kept once.
  package func add(_ cause: some Cause, at place: Place, width: Int = 1) {
    if let desk, let other = desk[place.file], other !== self {
      other.add(cause, at: place, width: width)
      // What is wrong in another file's node spoils what is read here too, however often it was said.
      if cause.code.hasPrefix("E") { errorCount += 1 }
      return
    }
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

/// The complaints of files that are read together.
package final class ComplaintDesk {
  private var byFile: [String: Complaints] = [:]

  package init(_ complaints: [Complaints]) {
    for complaints in complaints {
      byFile[complaints.source.file] = complaints
      complaints.desk = self
    }
  }

  subscript(_ file: String) -> Complaints? { byFile[file] }

  /// Ends the sharing: complaints and desk hold one another until then.
  package func close() {
    for complaints in byFile.values { complaints.desk = nil }
    byFile = [:]
  }
}
