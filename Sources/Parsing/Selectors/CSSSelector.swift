/// A CSS selector as a tree: alternatives of chains of compounds.
struct CSSSelector: Hashable, Sendable {
  enum Combinator: Hashable, Sendable { case descendant, child, next, later }
  enum Comparison: String, Sendable, CaseIterable {
    case equals = "="
    case hasWord = "~="
    case startsWith = "^="
    case endsWith = "$="
    case contains = "*="
    case dashed = "|="
  }
  indirect enum Condition: Hashable, Sendable {
    case attribute(String)
    case compare(String, Comparison, String)
    case firstChild, lastChild, firstOfType, lastOfType
    /// Position `a·n + b` among the siblings, n ≥ 0.
    case nthChild(a: Int, b: Int)
    case not(Compound)
    case has([[Step]])
    case contains(String)
  }
  struct Compound: Hashable, Sendable {
    /// Nil for any element.
    var type: String?
    var conditions: [Condition] = []
  }
  struct Step: Hashable, Sendable {
    var combinator: Combinator
    var compound: Compound
  }

  var alternatives: [[Step]]

  /// Reads a selector.
  ///
  /// - Parameter offset: characters before the text in what the author wrote, for the columns of errors.
  init(_ text: some StringProtocol, offset: Int = 0) throws(SelectorError) {
    var parser = CSSParser(text: Array(text.unicodeScalars), offset: offset)
    alternatives = try parser.list(until: nil)
  }
}

/// Recursive descent over the characters of a selector.
private struct CSSParser {
  let text: [Unicode.Scalar]
  let offset: Int
  var index = 0
  var depth = 0

  init(text: [Unicode.Scalar], offset: Int) {
    self.text = text
    self.offset = offset
  }

  var next: Unicode.Scalar? { index < text.count ? text[index] : nil }

  func error(_ cause: SelectorError.Cause, at position: Int? = nil) -> SelectorError {
    SelectorError(cause: cause, column: (position ?? index) + 1 + offset)
  }

  func unexpected(_ expected: String) -> SelectorError {
    next.map { error(.unexpected(String(Character($0)))) } ?? error(.unexpectedEnd(expected: expected))
  }

  @discardableResult mutating func skipSpaces() -> Bool {
    let start = index
    while let scalar = next, scalar.properties.isWhitespace { index += 1 }
    return index > start
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    index += 1
    return true
  }

  /// Alternatives, up to `end` (which is taken) or the end of the text.
  mutating func list(until end: Unicode.Scalar?, relative: Bool = false) throws(SelectorError) -> [[CSSSelector.Step]] {
    var alternatives: [[CSSSelector.Step]] = []
    repeat {
      alternatives.append(try chain(until: end, relative: relative))
    } while take(",")
    if let end {
      guard take(end) else { throw unexpected("«\(end)»") }
    } else if index < text.count {
      throw unexpected("a selector")
    }
    return alternatives
  }

  mutating func combinator() -> CSSSelector.Combinator? {
    if take(">") { return .child }
    if take("+") { return .next }
    if take("~") { return .later }
    return nil
  }

  mutating func chain(until end: Unicode.Scalar?, relative: Bool) throws(SelectorError) -> [CSSSelector.Step] {
    skipSpaces()
    var current = CSSSelector.Combinator.descendant
    // «> li» at the start means the children of the item.
    if let first = combinator() {
      guard first == .child || relative else {
        throw error(.unexpected(String(Character(text[index - 1]))), at: index - 1)
      }
      current = first
      skipSpaces()
    }
    var steps = [CSSSelector.Step(combinator: current, compound: try compound())]
    while true {
      let spaced = skipSpaces()
      guard let scalar = next, scalar != ",", scalar != end else { return steps }
      if let explicit = combinator() {
        current = explicit
        skipSpaces()
      } else if spaced {
        current = .descendant
      } else {
        throw unexpected("a selector")
      }
      steps.append(.init(combinator: current, compound: try compound()))
    }
  }

  mutating func compound() throws(SelectorError) -> CSSSelector.Compound {
    var compound = CSSSelector.Compound()
    let start = index
    if !take("*"), let scalar = next, isName(scalar) {
      compound.type = try name().lowercased()
    }
    while let scalar = next {
      switch scalar {
      case ".":
        index += 1
        compound.conditions.append(.compare("class", .hasWord, try name()))
      case "#":
        index += 1
        compound.conditions.append(.compare("id", .equals, try name()))
      case "[": compound.conditions.append(try attribute())
      case ":": compound.conditions.append(try pseudoClass(of: compound))
      default:
        guard index > start else { throw unexpected("an element") }
        return compound
      }
    }
    guard index > start else { throw unexpected("an element") }
    return compound
  }

  func isName(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_" || scalar == "\\"
  }

  mutating func name() throws(SelectorError) -> String {
    var name = String.UnicodeScalarView()
    while let scalar = next, isName(scalar) {
      index += 1
      if scalar == "\\" {
        guard let escaped = next else { throw unexpected("a character") }
        name.append(escaped)
        index += 1
      } else {
        name.append(scalar)
      }
    }
    guard !name.isEmpty else { throw unexpected("a name") }
    return String(name)
  }

  mutating func string() throws(SelectorError) -> String {
    guard let quote = next, quote == "\"" || quote == "'" else { return try name() }
    index += 1
    var value = String.UnicodeScalarView()
    while let scalar = next {
      index += 1
      if scalar == quote { return String(value) }
      if scalar == "\\", let escaped = next {
        value.append(escaped)
        index += 1
      } else {
        value.append(scalar)
      }
    }
    throw error(.unexpectedEnd(expected: "«\(quote)»"))
  }

  mutating func attribute() throws(SelectorError) -> CSSSelector.Condition {
    index += 1
    skipSpaces()
    let key = try name().lowercased()
    skipSpaces()
    if take("]") { return .attribute(key) }
    let found = CSSSelector.Comparison.allCases.first { text[index...].starts(with: $0.rawValue.unicodeScalars) }
    guard let comparison = found else { throw unexpected("«]» or a comparison") }
    index += comparison.rawValue.unicodeScalars.count
    skipSpaces()
    let value = try string()
    skipSpaces()
    guard take("]") else { throw unexpected("«]»") }
    return .compare(key, comparison, value)
  }

  mutating func pseudoClass(of compound: CSSSelector.Compound) throws(SelectorError) -> CSSSelector.Condition {
    let start = index
    index += 1
    let word = try name().lowercased()
    switch word {
    case "first-child": return .firstChild
    case "last-child": return .lastChild
    case "first-of-type", "last-of-type":
      guard compound.type != nil else { throw error(.needsElementName(word), at: start) }
      return word == "first-of-type" ? .firstOfType : .lastOfType
    case "nth-child", "not", "contains", "has":
      guard take("(") else { throw unexpected("«(»") }
    default: throw error(.unknownPseudoClass(word), at: start)
    }
    depth += 1
    defer { depth -= 1 }
    guard depth <= 8 else { throw error(.unexpected("("), at: index - 1) }
    if word == "has" { return .has(try list(until: ")", relative: true)) }
    skipSpaces()
    let condition: CSSSelector.Condition
    switch word {
    case "not": condition = .not(try self.compound())
    case "contains": condition = .contains(try string())
    default: condition = try nth()
    }
    skipSpaces()
    guard take(")") else { throw unexpected("«)»") }
    return condition
  }

  /// `odd`, `even`, `3`, `2n+1`, `-n+3`.
  mutating func nth() throws(SelectorError) -> CSSSelector.Condition {
    let start = index
    while let scalar = next, scalar != ")" { index += 1 }
    let written = String(String.UnicodeScalarView(text[start..<index]))
    let argument = written.lowercased().filter { !$0.isWhitespace }
    if argument == "odd" { return .nthChild(a: 2, b: 1) }
    if argument == "even" { return .nthChild(a: 2, b: 0) }
    let parts = argument.split(separator: "n", maxSplits: 1, omittingEmptySubsequences: false)
    func number(_ text: Substring, empty: Int) -> Int? {
      switch text {
      case "": empty
      case "+": 1
      case "-": -1
      default: Int(text).flatMap { abs($0) <= 1_000_000 ? $0 : nil }
      }
    }
    guard !argument.isEmpty else { throw error(.unexpectedEnd(expected: "a number"), at: start) }
    if parts.count == 1, let b = number(parts[0], empty: 0) { return .nthChild(a: 0, b: b) }
    if parts.count == 2, let a = number(parts[0], empty: 1), let b = number(parts[1], empty: 0) {
      return .nthChild(a: a, b: b)
    }
    throw error(.badArgument(written), at: start)
  }
}
