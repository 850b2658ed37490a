import Model

/// Builds the tree from the events of the repaired text.
struct Composer {
  private let source: SourceText
  private let complaints: Complaints
  private let damaged: Set<Int>
  private let complexKeysReported: Bool
  private let text: RepairedText

  /// Thrown to leave the tree early; the complaint is already made.
  private struct Abandoned: Error {}

  /// Reads the tree of what a scan has repaired; nil when it is no YAML all the same.
  static func document(_ scan: IndicatorScan, _ complaints: Complaints) -> YAMLNode? {
    // How wide the author's editor shows a tab is anyone's guess: the first width that makes YAML is taken.
    for width in scan.tabbedLines.isEmpty ? [1] : [2, 4, 8, 1] {
      let attempt = Complaints(scan.source, complaints.diagnostics)
      let composer = Composer(scan, attempt, tabWidth: width)
      do {
        var reader = try EventReader(composer.text.bytes)
        let root = try composer.root(&reader)
        complaints.take(attempt)
        return root
      } catch let failure as EventReader.Failure {
        guard scan.tabbedLines.isEmpty else { continue }
        complaints.take(attempt)
        composer.complain(of: failure, complaints)
      } catch {
        complaints.take(attempt)
        return nil
      }
    }
    return nil
  }

  private init(_ scan: IndicatorScan, _ complaints: Complaints, tabWidth: Int) {
    source = scan.source
    self.complaints = complaints
    damaged = scan.damaged
    complexKeysReported = scan.foundComplexKey
    text = RepairedText(scan, tabWidth: tabWidth)
  }

  /// What is not closed is complained about where it was opened.
  private func complain(of failure: EventReader.Failure, _ complaints: Complaints) {
    var place = source.place(at: failure.position)
    if let beginning = failure.beginning {
      let opened = source.place(at: beginning)
      let isUnclosed = beginning < source.scalars.count && "[{\"'".unicodeScalars.contains(source.scalars[beginning])
      if isUnclosed, opened.line < place.line { place = opened }
    }
    let hint: String? =
      if failure.problem.hasPrefix("mapping values are not allowed") {
        "quote a value that holds «: »"
      } else if failure.problem.hasPrefix("did not find expected") {
        "lines of one list or mapping begin in the same column; or a quote or a bracket above is not closed"
      } else {
        nil
      }
    complaints.add(YAMLCause.notYAML(failure.problem, hint: hint), at: place)
  }

  private func root(_ reader: inout EventReader) throws -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = text.located(try reader.next())
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
        let next = text.located(try reader.next())
        if case .sequenceEnd = next.kind {
          return node(.sequence(nodes), start..<max(start, next.range.upperBound))
        }
        nodes.append(try self.node(from: next, &reader, depth: depth + 1))
      }
    case .mappingStart:
      var entries: [YAMLEntry] = []
      var seen: [[UInt8]: Int] = [:]
      while true {
        let next = text.located(try reader.next())
        if case .mappingEnd = next.kind {
          return node(.mapping(entries), start..<max(start, next.range.upperBound))
        }
        let key = try self.node(from: next, &reader, depth: depth + 1)
        let value = try self.node(from: text.located(try reader.next()), &reader, depth: depth + 1)
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
