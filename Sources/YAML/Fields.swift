package import Model

/// Typed reading of one mapping: every getter complains at the value's place and returns nil where it cannot be read.
///
/// A key that is absent gives nil without a complaint; the caller knows the default.
package struct Fields {
  package let node: YAMLNode
  package let complaints: Complaints
  package let entries: [YAMLEntry]
  /// Where each name stands, of a mapping with many.
  private let index: [String: Int]?

  /// nil, with a complaint, when the node is no mapping.
  package init?(_ node: YAMLNode, _ complaints: Complaints) {
    guard let entries = node.mapping else {
      if !node.isDamaged { complaints.add(YAMLCause.shape(expected: "a mapping", found: node.kind), at: node) }
      return nil
    }
    self.node = node
    self.entries = entries
    index =
      entries.count < 24
      ? nil : Dictionary(entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    self.complaints = complaints
  }

  package func has(_ name: String) -> Bool { entry(name) != nil }
  package func entry(_ name: String) -> YAMLEntry? {
    if let index { index[name].map { entries[$0] } } else { entries.first { $0.name == name } }
  }

  /// The value of a key; an empty one is complained about and then is as good as absent.
  package func value(_ name: String) -> YAMLNode? {
    guard let entry = entry(name), !entry.value.isDamaged else { return nil }
    if entry.value.isEmpty {
      complaints.add(YAMLCause.emptyValue(name), at: entry.value.place)
      return nil
    }
    return entry.value
  }

  /// Complains at the mapping's first character when the key is absent.
  package func require(_ name: String) {
    guard !has(name) else { return }
    complaints.add(YAMLCause.missingKey(name), at: node.place, width: entries.first?.key.width ?? 1)
  }

  /// Complains about keys that are not known, and about known ones that do nothing yet. A suggestion is one of
  /// `suggesting`, or of both where that is nil.
  package func check(
    known: some Collection<String>, notSupported: some Collection<String> = [String](),
    suggesting: Set<String>? = nil
  ) {
    for entry in entries where !known.contains(entry.name) {
      if notSupported.contains(entry.name) {
        complaints.add(YAMLCause.notSupported("«\(entry.name)»"), at: entry.key)
      } else if !entry.key.isDamaged {
        let candidates = suggesting.map(Array.init) ?? Array(known) + Array(notSupported)
        let suggestion = Suggestion.nearest(to: entry.name, among: candidates.sorted())
        complaints.add(YAMLCause.unknownKey(entry.name, suggestion: suggestion), at: entry.key)
      }
    }
  }

  package func mapping(_ name: String) -> Fields? { value(name).flatMap { Fields($0, complaints) } }
  package func string(_ name: String) -> String? { value(name).flatMap { complaints.string($0) } }
  package func strings(_ name: String) -> [String]? { value(name).flatMap { complaints.strings($0) } }
  package func flag(_ name: String) -> Bool? { value(name).flatMap { complaints.flag($0) } }

  package func sequence(_ name: String) -> [YAMLNode]? {
    guard let node = value(name) else { return nil }
    guard let nodes = node.sequence else {
      complaints.add(YAMLCause.shape(expected: "a list", found: node.kind), at: node)
      return nil
    }
    return nodes
  }

  package func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
    value(name).flatMap { complaints.integer($0, in: range) }
  }

  package func number(_ name: String, in range: ClosedRange<Double>) -> Double? {
    value(name).flatMap { complaints.number($0, in: range) }
  }

  package func span(_ name: String, zero: Bool = false) -> Span? {
    value(name).flatMap { complaints.span($0, zero: zero) }
  }

  package func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, _ type: Choice.Type, notSupported: [String] = []
  ) -> Choice? {
    value(name).flatMap { complaints.choice($0, type, notSupported: notSupported) }
  }

  package func choice(_ name: String, of known: [String], notSupported: [String] = []) -> String? {
    value(name).flatMap { complaints.choice($0, of: known, notSupported: notSupported) }
  }
}
