package import Model

/// One node of a document: a scalar, a sequence or a mapping, and where it stands.
package struct YAMLNode: Sendable {
  package indirect enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping([YAMLEntry])
  }
  package var content: Content
  package var place: Place
  /// Positions in the source, in Unicode scalars: the whole node, quotation marks and brackets included.
  package var range: Range<Int>
  /// How many characters of the node stand on its first line, at least 1.
  package var width: Int

  package var scalar: YAMLScalar? { if case .scalar(let scalar) = content { scalar } else { nil } }
  package var sequence: [YAMLNode]? { if case .sequence(let nodes) = content { nodes } else { nil } }
  package var mapping: [YAMLEntry]? { if case .mapping(let entries) = content { entries } else { nil } }

  /// The value of a key of a mapping; nil for everything else.
  package subscript(_ name: String) -> YAMLNode? { mapping?.first { $0.name == name }?.value }

  /// Nothing was written here: `key:` without a value.
  package var isEmpty: Bool { scalar.map { $0.style == .plain && $0.text.isEmpty } ?? false }
  /// The value was repaired after a complaint, so that its text means nothing.
  package var isDamaged: Bool { scalar?.isDamaged ?? false }

  /// What a person would call this: `text`, `a list`, `a mapping`.
  package var kind: String {
    switch content {
    case .scalar: "text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A scalar as written. Nothing is a number or a truth value until a reader asks for one.
package struct YAMLScalar: Hashable, Sendable {
  package enum Style: String, Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }
  package var text: String
  package var style: Style
  package var isDamaged = false
}

/// A key and its value.
package struct YAMLEntry: Sendable {
  package var name: String
  package var key: YAMLNode
  package var value: YAMLNode
}
