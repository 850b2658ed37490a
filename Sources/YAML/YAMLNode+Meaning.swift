extension YAMLNode {
  /// Whether two trees hold the same keys and values in the same order, and plain text where plain text is.
  ///
  /// - Parameter alike: asked of scalars that differ, with the keys that lead to them (list entries are `-`).
  package func means(
    _ other: YAMLNode, path: [String] = [],
    alike: (_ path: [String], YAMLScalar, YAMLScalar) -> Bool = { _, _, _ in false }
  ) -> Bool {
    switch (content, other.content) {
    case (.scalar(let own), .scalar(let other)):
      (own.text.utf8.elementsEqual(other.text.utf8) && (own.style == .plain) == (other.style == .plain))
        || alike(path, own, other)
    case (.sequence(let own), .sequence(let others)):
      own.count == others.count && zip(own, others).allSatisfy { $0.means($1, path: path + ["-"], alike: alike) }
    case (.mapping(let own), .mapping(let others)):
      own.count == others.count
        && zip(own, others).allSatisfy {
          $0.name.utf8.elementsEqual($1.name.utf8) && $0.value.means($1.value, path: path + [$0.name], alike: alike)
        }
    default: false
    }
  }
}
