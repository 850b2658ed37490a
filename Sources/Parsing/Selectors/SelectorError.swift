/// Why a selector cannot be used, and where in it.
package struct SelectorError: Error, Hashable, Sendable {
  package enum Cause: Hashable, Sendable {
    /// The selector ends where something is still expected.
    case unexpectedEnd(expected: String)
    /// Something stands where it cannot.
    case unexpected(String)
    /// A pseudo-class that Nabat does not know.
    case unknownPseudoClass(String)
    /// What is inside the parentheses cannot be read.
    case badArgument(String)
    /// A pseudo-class that needs an element name before it.
    case needsElementName(String)
    /// The XPath processor refuses the expression.
    case invalidXPath
  }

  package var cause: Cause
  /// From 1, counted in characters (Unicode scalars) of the selector.
  package var column: Int

  /// What to tell the author of the file.
  package var message: String {
    switch cause {
    case .unexpectedEnd(let expected): "the selector ends where \(expected) is expected"
    case .unexpected(let found): "unexpected «\(found)» in the selector"
    case .unknownPseudoClass(let name): "unknown pseudo-class «:\(name)»"
    case .badArgument(let text): "«\(text)» cannot be read here"
    case .needsElementName(let name): "«:\(name)» needs an element name before it"
    case .invalidXPath: "the XPath expression is not valid"
    }
  }
}
