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
      var composer = Composer(scan, complaints)
      root = composer.document()
    }
    diagnostics = complaints.diagnostics.sorted { $0.place < $1.place }
  }
}

/// Builds the tree from the events of the repaired text.
private struct Composer {
  private let source: SourceText
  private let complaints: Complaints
  private let damaged: Set<Int>
  private let complexKeysReported: Bool
  private let tabsReported: Bool
  private let bytes: [UInt8]

  /// Thrown to leave the tree early; the complaint is already made.
  private struct Abandoned: Error {}

  init(_ scan: IndicatorScan, _ complaints: Complaints) {
    source = scan.source
    self.complaints = complaints
    damaged = scan.damaged
    complexKeysReported = scan.foundComplexKey
    tabsReported = scan.foundTab
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scan.text)
    bytes = Array(String(view).utf8)
  }

  mutating func document() -> YAMLNode? {
    do {
      var reader = try EventReader(bytes)
      return try root(&reader)
    } catch let failure as EventReader.Failure {
      // A tab that was taken for one space often breaks the structure: one complaint about it is enough.
      if !tabsReported { complaints.add(YAMLCause.notYAML(failure.problem), at: source.place(at: failure.position)) }
      return nil
    } catch {
      return nil
    }
  }

  private func root(_ reader: inout EventReader) throws -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try reader.next()
      switch event.kind {
      case .streamStart, .documentEnd: continue
      case .streamEnd: return root
      case .documentStart:
        if root != nil {
          complaints.add(YAMLCause.feature(.documents), at: source.place(at: event.range.lowerBound), width: 3)
          return root
        }
      default: root = try node(from: event, &reader, depth: 1)
      }
    }
  }

  private func node(from event: EventReader.Event, _ reader: inout EventReader, depth: Int) throws -> YAMLNode {
    let start = event.range.lowerBound
    guard depth <= YAMLDocument.depthLimit else {
      complaints.add(YAMLCause.tooDeep(limit: YAMLDocument.depthLimit), at: source.place(at: start))
      throw Abandoned()
    }
    if event.hasAnchor { complaints.add(YAMLCause.feature(.anchor), at: source.place(at: start)) }
    if event.hasTag { complaints.add(YAMLCause.feature(.tag), at: source.place(at: start)) }
    switch event.kind {
    case .scalar(let text, let style):
      let scalar = YAMLScalar(text: text, style: style, isDamaged: damaged.contains(start))
      return node(.scalar(scalar), event.range)
    case .sequenceStart:
      var nodes: [YAMLNode] = []
      while true {
        let next = try reader.next()
        if case .sequenceEnd = next.kind {
          return node(.sequence(nodes), start..<max(start, next.range.upperBound))
        }
        nodes.append(try self.node(from: next, &reader, depth: depth + 1))
      }
    case .mappingStart:
      var entries: [YAMLEntry] = []
      var seen: [[UInt8]: Int] = [:]
      while true {
        let next = try reader.next()
        if case .mappingEnd = next.kind {
          return node(.mapping(entries), start..<max(start, next.range.upperBound))
        }
        let key = try self.node(from: next, &reader, depth: depth + 1)
        let value = try self.node(from: try reader.next(), &reader, depth: depth + 1)
        guard let name = key.scalar?.text else {
          if !complexKeysReported { complaints.add(YAMLCause.feature(.complexKey), at: key) }
          continue
        }
        if let first = seen[Array(name.utf8)] {
          complaints.add(YAMLCause.duplicateKey(name, firstLine: first), at: key)
          continue
        }
        seen[Array(name.utf8)] = key.place.line
        entries.append(YAMLEntry(name: name, key: key, value: value))
      }
    default:
      complaints.add(YAMLCause.feature(.alias), at: source.place(at: start))
      return node(.scalar(YAMLScalar(text: "", style: .doubleQuoted, isDamaged: true)), event.range)
    }
  }

  private func node(_ content: YAMLNode.Content, _ range: Range<Int>) -> YAMLNode {
    let start = range.lowerBound
    let end = min(range.upperBound, source.endOfLine(from: min(start, source.scalars.count)))
    return YAMLNode(content: content, place: source.place(at: start), range: range, width: max(1, end - start))
  }
}
