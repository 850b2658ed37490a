import YAML

/// What can be wrong with a configuration beyond its form.
enum ConfigurationCause: Cause {
  case definedTwice(kind: String, name: String, first: String)
  case unknownName(kind: String, name: String, suggestion: String?)
  case noEffect(String)

  var code: String {
    switch self {
    case .definedTwice: "E201"
    case .unknownName: "E203"
    case .noEffect: "I501"
    }
  }

  var message: String {
    switch self {
    case .definedTwice(let kind, let name, let first): "the \(kind) «\(name)» is already defined at \(first)"
    case .unknownName(let kind, let name, _): "unknown \(kind) «\(name)»"
    case .noEffect(let name): "«\(name)» has no effect yet"
    }
  }

  var hint: String? {
    if case .unknownName(_, _, let suggestion) = self { suggestion.map { "did you mean «\($0)»?" } } else { nil }
  }
}
