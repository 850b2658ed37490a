/// A verb of the command line, declared once: help, errors and parsing come from this.
struct Verb: Sendable {
  struct Option: Sendable {
    /// With its dashes: `--rules`.
    var name: String
    /// What its value is called in help; nil for a switch.
    var value: String?
    var help: String

    init(_ name: String, _ value: String? = nil, _ help: String) {
      self.name = name
      self.value = value
      self.help = help
    }
  }

  var name: String
  var summary: String
  /// Operands as help shows them: `PATH…`; empty where there are none.
  var operands: String = ""
  var operandCount: ClosedRange<Int> = 0...0
  var options: [Option] = []
  /// Names of options that must be given.
  var required: [String] = []
  /// A whole command line that works.
  var example: String
  var run: @Sendable (Arguments) async throws -> ExitCode

  /// What `nabat VERB --help` prints.
  var help: String {
    var usage = "nabat \(name)"
    for name in required {
      usage += " \(name)" + (option(name)?.value.map { " \($0)" } ?? "")
    }
    if !operands.isEmpty { usage += " \(operands)" }
    if options.count > required.count { usage += " [options]" }
    var text = "\(summary)\n\nUsage: \(usage)\n"
    if !options.isEmpty {
      let titles = options.map { $0.name + ($0.value.map { " \($0)" } ?? "") }
      let width = titles.map(\.count).max() ?? 0
      text += "\nOptions:\n"
      for (title, option) in zip(titles, options) {
        text += "  \(title)\(String(repeating: " ", count: width - title.count))  \(option.help)\n"
      }
    }
    return text + "\nExample:\n  \(example)\n"
  }

  func option(_ name: String) -> Option? { options.first { $0.name == name } }
}

/// What was given on the command line of one verb.
struct Arguments: Sendable {
  private(set) var operands: [String] = []
  private var values: [String: [String]] = [:]
  private var switches: Set<String> = []

  /// Reads arguments by the verb's table; `--name value`, `--name=value`, and `--` before operands.
  init(_ arguments: [String], of verb: Verb) throws(Stop) {
    var rest = arguments[...]
    func usage(_ problem: String) -> Stop { Stop(.usage, "\(problem); see: nabat \(verb.name) --help") }
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("--") && argument != "--" || verb.option(argument) != nil else {
        if argument == "--" {
          operands += rest
          break
        }
        if argument.hasPrefix("-"), argument != "-", !argument.hasPrefix("- ") {
          throw usage("unknown option \(argument)")
        }
        operands.append(argument)
        continue
      }
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let option = verb.option(parts[0]) else { throw usage("unknown option \(parts[0])") }
      if option.value == nil {
        guard parts.count == 1 else { throw usage("\(option.name) takes no value") }
        switches.insert(option.name)
      } else if parts.count == 2 {
        values[option.name, default: []].append(parts[1])
      } else if let value = rest.popFirst() {
        values[option.name, default: []].append(value)
      } else {
        throw usage("\(option.name) needs a value: \(option.value ?? "")")
      }
    }
    for name in verb.required where values[name] == nil { throw usage("\(name) is missing") }
    if operands.count < verb.operandCount.lowerBound { throw usage("\(verb.operands) is missing") }
    if operands.count > verb.operandCount.upperBound {
      throw usage("«\(operands[verb.operandCount.upperBound])» is one argument too many")
    }
  }

  /// The last value given for an option.
  subscript(_ name: String) -> String? { values[name]?.last }
  func all(_ name: String) -> [String] { values[name] ?? [] }
  func has(_ name: String) -> Bool { switches.contains(name) }
}
