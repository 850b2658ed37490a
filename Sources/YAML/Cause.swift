/// What is wrong with a file: a code, the sentence that says it, and the way out.
package protocol Cause: Sendable {
  /// As in the rule language's list of codes.
  var code: String { get }
  var message: String { get }
  var hint: String? { get }
}

/// What can be wrong with a file before anyone asks what it means, and with any single value.
package enum YAMLCause: Cause {
  case notYAML(String, hint: String? = nil)
  case notUTF8
  case forbiddenCharacter(Unicode.Scalar)
  case tooLarge(limit: Int)
  case tooDeep(limit: Int)
  case duplicateKey(String, firstLine: Int)
  case indicator(Unicode.Scalar, word: String)
  case braces(value: String)
  case cut(value: String)
  case emptyValue(String)
  case feature(Feature)
  case unknownKey(String, suggestion: String?)
  case missingKey(String)
  case shape(expected: String, found: String, hint: String? = nil)
  case value(String, hint: String? = nil)
  case duration(String, hint: String)
  case notSupported(String)

  package enum Feature: Sendable, Hashable {
    case tab, anchor, alias, tag, mergeKey, complexKey, directive, documents
  }

  package var code: String {
    switch self {
    case .notYAML, .notUTF8, .forbiddenCharacter, .tooLarge, .tooDeep: "E001"
    case .duplicateKey: "E002"
    case .indicator, .braces: "E003"
    case .cut, .emptyValue: "E004"
    case .feature: "E005"
    case .unknownKey: "E101"
    case .missingKey: "E102"
    case .shape: "E103"
    case .value: "E104"
    case .duration: "E105"
    case .notSupported: "E199"
    }
  }

  package var message: String {
    switch self {
    case .notYAML(let problem, _): "not YAML: \(problem)"
    case .notUTF8: "the file is not UTF-8"
    case .forbiddenCharacter(let scalar):
      "the character U+\(hexadecimal(scalar)) may not stand in a YAML file"
    case .tooLarge(let limit): "the file is larger than \(limit / 1_048_576) MB"
    case .tooDeep(let limit): "nested deeper than \(limit) levels"
    case .duplicateKey(let name, _): "the key «\(name)» is here a second time"
    case .indicator(let scalar, _): "a value may not start with «\(scalar)» here"
    case .braces: "a value may not start with «{{» here"
    case .cut: "the value is cut here: « #» begins a comment"
    case .emptyValue(let name): "«\(name)» has no value"
    case .feature(let feature): feature.message
    case .unknownKey(let name, _): "unknown key «\(name)»"
    case .missingKey(let name): "the key «\(name)» is missing"
    case .shape(let expected, let found, _): "\(expected) is expected here, not \(found)"
    case .value(let message, _): message
    case .duration(let text, _): "«\(text)» is not a duration that may stand here"
    case .notSupported(let what): "\(what) is not supported yet"
    }
  }

  package var hint: String? {
    switch self {
    case .duplicateKey(_, let line): "first in line \(line)"
    case .indicator(let scalar, let word):
      switch scalar {
      case "*": "only a trailing wildcard exists: \"\(word)*\""
      case "!": "for exactly this form write \"=\(word)\""
      default: "quote it: \"\(scalar)\(word)\""
      }
    case .notYAML(_, let hint): hint
    case .braces(let value): "quote it: \"\(value)\""
    case .cut(let value): "quote it: \"\(value)\""
    case .emptyValue: "write a value, or take the key out; an empty value never takes the default"
    case .feature(let feature): feature.hint
    case .unknownKey(_, let suggestion): suggestion.map { "did you mean «\($0)»?" }
    case .shape(_, _, let hint), .value(_, let hint): hint
    case .duration(_, let hint): hint
    default: nil
    }
  }
}

extension YAMLCause.Feature {
  var message: String {
    switch self {
    case .tab: "a tab in the indentation"
    case .anchor: "anchors are not accepted"
    case .alias: "aliases are not accepted"
    case .tag: "tags are not accepted"
    case .mergeKey: "merge keys are not accepted"
    case .complexKey: "a key must be plain text"
    case .directive: "directives are not accepted"
    case .documents: "a second document in one file is not accepted"
    }
  }

  var hint: String {
    switch self {
    case .tab: "indent with spaces"
    case .anchor, .alias, .mergeKey: "write it out, or share it as a list or a term"
    case .tag: "every value is read as what its key needs"
    case .complexKey: "write «key: value»"
    case .directive: "take the line out"
    case .documents: "put it into a file of its own"
    }
  }
}

/// Upper-case hexadecimal digits, at least four.
func hexadecimal(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
