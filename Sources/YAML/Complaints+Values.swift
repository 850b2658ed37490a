package import Model

// Reading of single values. Each returns nil after a complaint at the node; a repaired value is nil without another.
extension Complaints {
  package func string(_ node: YAMLNode) -> String? {
    guard let scalar = node.scalar else {
      add(YAMLCause.shape(expected: "text", found: node.kind), at: node)
      return nil
    }
    return scalar.isDamaged ? nil : scalar.text
  }

  /// A list of texts; a single text stands for a list of one.
  package func strings(_ node: YAMLNode) -> [String]? {
    guard let nodes = node.sequence else {
      guard node.scalar != nil else {
        add(YAMLCause.shape(expected: "a list of texts", found: node.kind), at: node)
        return nil
      }
      return string(node).map { [$0] }
    }
    return nodes.compactMap { element in
      if element.isEmpty {
        add(YAMLCause.value("an empty entry in the list"), at: element.place)
        return nil
      }
      return string(element)
    }
  }

  /// `true` or `false` as YAML 1.2 writes them.
  package func flag(_ node: YAMLNode) -> Bool? {
    guard let text = string(node) else { return nil }
    switch text {
    case "true": return true
    case "false": return false
    default:
      add(YAMLCause.value("«\(text)» is neither true nor false"), at: node)
      return nil
    }
  }

  package func integer(_ node: YAMLNode, in range: ClosedRange<Int>) -> Int? {
    guard let text = string(node) else { return nil }
    guard let value = Int(text) else {
      add(YAMLCause.value("«\(text)» is not a whole number"), at: node)
      return nil
    }
    guard range.contains(value) else {
      add(YAMLCause.value(Complaints.outside(text, "\(range.lowerBound)", "\(range.upperBound)")), at: node)
      return nil
    }
    return value
  }

  package func number(_ node: YAMLNode, in range: ClosedRange<Double>) -> Double? {
    guard let text = string(node) else { return nil }
    guard let value = Complaints.number(text) else {
      add(YAMLCause.value("«\(text)» is not a number"), at: node)
      return nil
    }
    guard range.contains(value) else {
      let (low, high) = (Complaints.written(range.lowerBound), Complaints.written(range.upperBound))
      add(YAMLCause.value(Complaints.outside(text, low, high)), at: node)
      return nil
    }
    return value
  }

  /// A duration with units. Zero only where `zero` allows it; negative never.
  package func span(_ node: YAMLNode, zero: Bool = false) -> Span? {
    guard let text = string(node) else { return nil }
    guard let span = Span(text) else {
      let isNumber = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
      let hint =
        isNumber
        ? "a unit is missing: \(text)s, \(text)m or \(text)h?"
        : text.hasPrefix("-") ? "it may not be negative" : "write it like 90s, 15m, 1h30m, 7d or 2w"
      add(YAMLCause.duration(text, hint: hint), at: node)
      return nil
    }
    guard zero || span > .zero else {
      add(YAMLCause.duration(text, hint: "it must be longer than zero"), at: node)
      return nil
    }
    return span
  }

  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ node: YAMLNode, _ type: Choice.Type, notSupported: [String] = []
  ) -> Choice? {
    choice(node, of: type.allCases.map(\.rawValue), notSupported: notSupported).flatMap(Choice.init(rawValue:))
  }

  /// One of the given words.
  package func choice(_ node: YAMLNode, of known: [String], notSupported: [String] = []) -> String? {
    guard let text = string(node) else { return nil }
    if known.contains(text) { return text }
    if notSupported.contains(text) {
      add(YAMLCause.notSupported("«\(text)»"), at: node)
    } else {
      let suggestion = Suggestion.nearest(to: text, among: known)
      let hint = suggestion.map { "did you mean «\($0)»?" } ?? "one of: \(known.joined(separator: ", "))"
      add(YAMLCause.value("«\(text)» is not known here", hint: hint), at: node)
    }
    return nil
  }

  /// A decimal number as JSON writes it, with an optional sign: no infinity, no hexadecimal digits.
  package static func number(_ text: String) -> Double? {
    guard text.utf8.contains(where: { (0x30...0x39).contains($0) }), text.utf8.count <= 40,
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// Without a fraction where there is none.
  package static func written(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }

  private static func outside(_ text: String, _ low: String, _ high: String) -> String {
    "\(text) is outside \(low)…\(high)"
  }
}
