/// What a field is compared with: a number by its size where the limit is one, any other text by its bytes.
package struct FieldLimit: Hashable, Sendable {
  package let text: String
  private let number: Double?

  package init(_ text: String) {
    self.text = text
    number = Double(text)
  }
}

extension FieldLimit: Comparable {
  package static func < (left: FieldLimit, right: FieldLimit) -> Bool {
    if let left = left.number, let right = right.number { return left < right }
    return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }
}

extension Bound<FieldLimit> {
  /// A word is neither above nor below a number.
  func holds(forText text: String) -> Bool {
    let value = FieldLimit(text)
    return (limit.isNumber == value.isNumber || !limit.isNumber) && holds(for: value)
  }
}

extension FieldLimit {
  fileprivate var isNumber: Bool { number != nil }
}
