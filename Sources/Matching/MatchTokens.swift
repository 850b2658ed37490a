/// The tokens of a `match` line, with their characters.
struct MatchToken: Hashable {
  enum Kind: Hashable {
    case name(String)
    case number(Double)
    /// A number without a sign and a fraction.
    case integer(Int)
    case comparison(MatchExpression.Comparison)
    case and, or, not, open, close, comma
    case glob(String)
    case end
  }
  var kind: Kind
  /// In Unicode scalars from the start of the line.
  var range: Range<Int>
}

/// Why a `match` cannot be read, and where.
struct MatchError: Error, Hashable {
  var message: String
  var hint: String?
  var range: Range<Int>
}

/// Splits a `match` line into tokens.
struct MatchTokens {
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  static func read(_ text: String) throws(MatchError) -> [MatchToken] {
    var tokens = MatchTokens(text)
    var found: [MatchToken] = []
    while true {
      let token = try tokens.next()
      found.append(token)
      if token.kind == .end { return found }
    }
  }

  private mutating func next() throws(MatchError) -> MatchToken {
    while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
    let start = position
    guard position < scalars.count else { return MatchToken(kind: .end, range: start..<start + 1) }
    let scalar = scalars[position]
    if scalar.properties.isAlphabetic || scalar == "_" { return word() }
    if scalar == "-" || isDigit(scalar) { return try number() }
    position += 1
    switch scalar {
    case "(": return MatchToken(kind: .open, range: start..<position)
    case ")": return MatchToken(kind: .close, range: start..<position)
    case ",": return MatchToken(kind: .comma, range: start..<position)
    case ">", "<", "=", "!":
      let isLong = position < scalars.count && scalars[position] == "="
      if isLong { position += 1 }
      let sign = text(start..<position)
      if let comparison = MatchExpression.Comparison(rawValue: sign) {
        return MatchToken(kind: .comparison(comparison), range: start..<position)
      }
      let hint = scalar == "=" ? "write «==»" : "write «not», or «!=» in a comparison"
      throw MatchError(message: "«\(sign)» does not belong here", hint: hint, range: start..<position)
    default:
      let hint: String? =
        switch scalar {
        case "≥": "write «>=»"
        case "≤": "write «<=»"
        case "≠": "write «!=»"
        case "&": "write «and»"
        case "|": "write «or»"
        case "*": "a name stands before the star: «all of casualty*»"
        default: nil
        }
      throw MatchError(message: "«\(name(of: scalar))» does not belong here", hint: hint, range: start..<position)
    }
  }

  /// The character itself, or its number where it cannot be seen.
  private func name(of scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .format, .control, .nonspacingMark, .enclosingMark, .privateUse, .unassigned:
      let digits = String(scalar.value, radix: 16, uppercase: true)
      return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    default: return String(scalar)
    }
  }

  private mutating func word() -> MatchToken {
    let start = position
    while position < scalars.count, isNamePart(scalars[position]) || scalars[position] == "*" { position += 1 }
    if scalars[start..<position].contains("*") {
      return MatchToken(kind: .glob(text(start..<position)), range: start..<position)
    }
    let kind: MatchToken.Kind =
      switch text(start..<position) {
      case "and", "и": .and
      case "or", "или": .or
      case "not", "не": .not
      case let name: .name(name)
      }
    return MatchToken(kind: kind, range: start..<position)
  }

  private mutating func number() throws(MatchError) -> MatchToken {
    let start = position
    position += 1
    while position < scalars.count, isDigit(scalars[position]) || scalars[position] == "." { position += 1 }
    let written = text(start..<position)
    guard let value = Double(written), value.isFinite, abs(value) <= 1e12 else {
      throw MatchError(message: "«\(written)» is not a number", hint: nil, range: start..<position)
    }
    if let integer = Int(written), integer >= 0 { return MatchToken(kind: .integer(integer), range: start..<position) }
    return MatchToken(kind: .number(value), range: start..<position)
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

  private func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .decimalNumber: true
    default: scalar.properties.isAlphabetic || scalar == "_" || scalar == "-"
    }
  }

  private func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
}
