package import Model

/// A selector ready to be used: an XPath and, maybe, the attribute whose value is meant.
struct CompiledSelector: Sendable {
  let xpath: String
  /// The XPath without `tbody` steps, where it has some.
  let withoutTableBodies: String?
  let attribute: String?

  init(_ selector: Selector) throws(SelectorError) {
    let text = selector.text
    if text.hasPrefix("xpath:") {
      xpath = String(text.dropFirst(6)).trimmingSpaces
      guard XPathSyntax.isValid(xpath) else { throw SelectorError(cause: .invalidXPath, column: 7) }
      withoutTableBodies = nil
      attribute = nil
      return
    }
    let parts = CompiledSelector.split(text)
    attribute = parts.attribute
    if let attribute = parts.attribute {
      let column = parts.css.unicodeScalars.count + 2
      guard !attribute.isEmpty else {
        throw SelectorError(cause: .unexpectedEnd(expected: "an attribute"), column: column)
      }
      let isBad = { (scalar: Unicode.Scalar) in
        !(scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-_:.".unicodeScalars.contains(scalar))
      }
      if let bad = attribute.unicodeScalars.enumerated().first(where: { isBad($0.element) }) {
        throw SelectorError(cause: .unexpected(String(Character(bad.element))), column: column + bad.offset)
      }
    }
    if parts.css.allSatisfy(\.isWhitespace), attribute != nil {
      xpath = "."
      withoutTableBodies = nil
      return
    }
    let css = try CSSSelector(parts.css)
    xpath = css.xpath()
    let without = css.xpath(dropsTableBodies: true)
    withoutTableBodies = without == xpath ? nil : without
  }

  /// Cuts off a trailing `@attribute` that stands outside brackets and quotes.
  private static func split(_ text: String) -> (css: Substring, attribute: String?) {
    var quote: Character?
    var depth = 0
    for index in text.indices {
      let character = text[index]
      if let open = quote {
        if character == open { quote = nil }
        continue
      }
      switch character {
      case "\"", "'": quote = character
      case "[", "(": depth += 1
      case "]", ")": depth -= 1
      case "@" where depth <= 0:
        return (text[..<index], String(text[text.index(after: index)...]).trimmingSpaces.lowercased())
      default: break
      }
    }
    return (text[...], nil)
  }
}

extension Selector {
  /// Why the selector cannot be used; nil when it can.
  package var problem: SelectorError? {
    do {
      _ = try CompiledSelector(self)
      return nil
    } catch {
      return error
    }
  }
}
