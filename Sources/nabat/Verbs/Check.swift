import Engine
import JSON
import Model
import Rules

extension Verb {
  static let check = Verb(
    name: "check", summary: "Checks rule, source and configuration files.", operands: "PATH…", operandCount: 1...1000,
    options: [
      Option("--strict", nil, "warnings fail too (exit 3), and embedded tests are run"),
      Option("--json", nil, "one JSON array of {file, line, column, code, severity, message, hint}"),
    ], example: "nabat check rules/"
  ) { arguments in
    let lexicon = RuleInput.lexicon()
    let checked = try CheckedFiles(arguments.operands, lexicon: lexicon)
    guard checked.fileCount > 0 else {
      throw Stop(.rejected, "no rule, source or configuration file in \(arguments.operands.joined(separator: ", "))")
    }
    var diagnostics = checked.diagnostics
    let hasErrors = diagnostics.contains { $0.severity == .error }
    var failedTests = 0
    if !hasErrors {
      diagnostics += UnexercisedTerms.find(checked.rules.rules, lexicon: lexicon)
      diagnostics.sort { $0.place == $1.place ? $0.code < $1.code : $0.place < $1.place }
    }
    if arguments.has("--strict"), !hasErrors {
      let failures = RuleTests.run(checked.rules, lexicon: lexicon).compactMap(\.diagnostic)
      failedTests = failures.count
      diagnostics += failures
    }
    let renderer = DiagnosticRenderer(sources: checked.sources)
    if arguments.has("--json") {
      Terminal.write(renderer.json(diagnostics).serialized + "\n")
    } else {
      Terminal.writeError(renderer.text(diagnostics))
      Terminal.writeError(CheckedFiles.summary(diagnostics, files: checked.fileCount))
    }
    if hasErrors { return .rejected }
    if failedTests > 0 { return .failed }
    let hasWarnings = diagnostics.contains { $0.severity == .warning }
    return arguments.has("--strict") && hasWarnings ? .warnings : .done
  }
}
