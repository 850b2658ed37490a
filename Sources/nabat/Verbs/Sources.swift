import Delivering
import JSON
import Model

extension Verb {
  static let sources = Verb(
    name: "sources",
    summary:
      "Shows how each source stands: last success, last error in words, next poll; tries, finds and checks sources.",
    operands: "[\(actions.map(\.usage).joined(separator: " | "))]", operandCount: 0...1000,
    options: DatabaseInput.options + [
      Option("--file", "FILE", "with test: a saved page instead of the source's address, which is asked else"),
      Option("--source", "ID", "with test: the source of the file that is meant (default: all with --file: the first)"),
      Option("--url", "URL", "with suggest: the address a saved page came from"),
      Option("--contact", "CONTACT", "whom the owner of a site may write to, for addresses that are asked"),
      Option("--allow-private", nil, "addresses may lie in a private network or on this machine"),
      Option("--now", "TIME", "the time to judge dates by (RFC 3339); default: now"),
      Option("--tz", "ZONE", "with suggest: the zone of dates without one (default UTC)"),
      Option("--json", nil, "JSON"),
    ],
    example: "nabat sources test feeds/city.yaml --file saved/news.html"
  ) { arguments in
    if let name = arguments.operands.first {
      guard let action = actions.first(where: { $0.name == name }) else {
        let known = actions.map(\.name).joined(separator: ", ")
        throw Stop(.usage, "there is no «sources \(name)», only \(known); see: nabat sources --help")
      }
      return try await action.run(arguments, Array(arguments.operands.dropFirst()))
    }
    return try showStates(arguments)
  }

  /// What `sources` can do besides showing states.
  struct SourceAction: Sendable {
    var name: String
    var usage: String
    var run: @Sendable (_ arguments: Arguments, _ operands: [String]) async throws -> ExitCode
  }

  private static let actions: [SourceAction] = [.test, .suggest, .check, .importing, .exporting]

  private static func showStates(_ arguments: Arguments) throws -> ExitCode {
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    var output = OutputBuffer()
    let states = try store.sourceStates()
    for state in states {
      if arguments.has("--json") {
        func time(_ moment: Moment?) -> JSONValue { JSONValue(moment?.rfc3339) }
        output.line(
          JSONValue.object(
            JSONObject([
              "source": .string(state.source), "last_success": time(state.lastSuccess),
              "last_attempt": time(state.lastAttempt), "last_error": JSONValue(state.lastError),
              "failures": JSONValue(state.failures), "next": time(state.next),
            ])
          ).serialized)
      } else {
        let trouble = state.lastError.map { "  \(state.failures)×: \($0)" } ?? ""
        output.line(
          plainText(
            "\(state.source)  \(state.lastError == nil ? "ok" : "failing")  last success "
              + "\(state.lastSuccess?.rfc3339 ?? "never"), next \(state.next?.rfc3339 ?? "never")\(trouble)"))
      }
    }
    if states.isEmpty, !arguments.has("--json") { output.line("no source was polled yet") }
    output.flush()
    return .done
  }
}
