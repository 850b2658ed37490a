import Delivering
import JSON
import Model

extension Verb {
  static let sources = Verb(
    name: "sources", summary: "Shows how each source stands: last success, last error in words, next poll.",
    options: DatabaseInput.options + [Option("--json", nil, "one object a line")],
    example: "nabat sources --database var/nabat.db"
  ) { arguments in
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
