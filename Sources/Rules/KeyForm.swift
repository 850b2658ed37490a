/// Writes the canonical form of keys made of given fields, without making the keys: to find again what is known by one.
package struct KeyForm: Sendable {
  /// In the order of the names' bytes, as in a key.
  private let names: [(name: String, start: [UInt8])]
  /// A field that is absent makes no key at all.
  private let needsAll: Bool

  /// - Parameter names: each once.
  package init(_ names: [String], of rule: Rule) {
    self.names = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, Array("\($0)=".utf8)) }
    needsAll = rule.missingKey == .skip
  }

  /// Appends the canonical form of `Rule.keyValues` of the same names; false where there is no key.
  package func write(_ fields: EventFields, narrative: String?, into bytes: inout [UInt8]) -> Bool {
    for (name, start) in names {
      let value = name == "narrative" ? narrative : fields[name]
      guard let value, !value.isEmpty else {
        if needsAll { return false }
        continue
      }
      bytes.append(contentsOf: start)
      Key.write(value, into: &bytes)
      bytes.append(0x0A)
    }
    return true
  }
}

extension Key {
  /// Appends a value as keys hold it.
  fileprivate static func write(_ value: String, into bytes: inout [UInt8]) {
    var value = normalised(value)
    value.withUTF8 { bytes.append(contentsOf: $0) }
  }
}
