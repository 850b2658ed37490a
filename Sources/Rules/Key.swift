import Foundation
import Model

/// What tells one series or alert of a rule from another: named values, absent ones left out.
package struct Key: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var name: String
    package var value: String
  }
  /// Sorted by the bytes of the names; values in NFC, none empty.
  package let fields: [Field]
  /// `name=value` lines in that order: the bytes by which keys are compared, sorted and hashed.
  package let canonical: String

  package init(_ values: some Sequence<(String, String?)>) {
    var fields: [Field] = []
    for case (let name, let value?) in values where !value.isEmpty {
      fields.append(Field(name: name, value: Key.normalised(value)))
    }
    if fields.count > 1 { fields.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
    var canonical = ""
    for field in fields {
      canonical += field.name
      canonical += "="
      canonical += field.value
      canonical += "\n"
    }
    self.fields = fields
    self.canonical = canonical
  }

  /// By the bytes of the canonical form.
  package static func precedes(_ left: Key, _ right: Key) -> Bool { left.canonical.bytesPrecede(right.canonical) }

  package subscript(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// NFC; what is ASCII already is.
  static func normalised(_ value: String) -> String {
    value.utf8.allSatisfy { $0 < 0x80 } ? value : value.precomposedStringWithCanonicalMapping
  }

  /// By the bytes of the canonical form alone: they decide it.
  package static func == (left: Key, right: Key) -> Bool {
    left.canonical.utf8.count == right.canonical.utf8.count && left.canonical.utf8.elementsEqual(right.canonical.utf8)
  }
  package func hash(into hasher: inout Hasher) {
    var text = canonical
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
