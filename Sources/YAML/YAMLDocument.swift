package import Model

/// One file read as YAML: its tree, as far as there is one, and every complaint about its form.
package struct YAMLDocument: Sendable {
  package let source: SourceText
  /// nil when the bytes are no YAML, or the file is empty.
  package let root: YAMLNode?
  package let diagnostics: [Diagnostic]

  /// Bytes.
  package static let sizeLimit = 4 * 1_048_576
  /// Levels of nesting.
  package static let depthLimit = 64

  package init(file: String, bytes: [UInt8]) {
    guard bytes.count <= YAMLDocument.sizeLimit else {
      source = SourceText(file: file, bytes: [])
      root = nil
      let cause = YAMLCause.tooLarge(limit: YAMLDocument.sizeLimit)
      diagnostics = [Diagnostic(cause.code, cause.message, at: Place(file: file))]
      return
    }
    let source = SourceText(file: file, bytes: bytes)
    let complaints = Complaints(source)
    self.source = source
    if source.brokenAt != nil {
      complaints.add(YAMLCause.notUTF8, at: source.place(at: source.scalars.count))
      root = nil
    } else {
      var scan = IndicatorScan(source, complaints)
      scan.run()
      root = Composer.document(scan, complaints)
    }
    diagnostics = complaints.diagnostics.sorted { $0.place < $1.place }
  }
}
