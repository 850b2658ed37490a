import JSON
import Model
import Monitor

extension Verb {
  static let journal = Verb(
    name: "journal",
    summary: "Checks the journal's hash chain: finds a line that was cut, changed or put in. A server may be running.",
    operands: "verify", operandCount: 1...1,
    options: DatabaseInput.options + [
      Option(
        "--head", "SHA256",
        "a head that somebody kept (data.journal_head of a message): it must be found; may be repeated"),
      Option("--json", nil, "one object"),
    ], example: "nabat journal verify --database var/nabat.db"
  ) { arguments in
    guard arguments.operands == ["verify"] else {
      throw Stop(.usage, "«\(arguments.operands[0])» is nothing the journal does; see: nabat journal --help")
    }
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    let verdict = try JournalVerdict(of: store, anchors: arguments.all("--head"))
    if arguments.has("--json") {
      let object: JSONValue = [
        "sound": .bool(verdict.problem == nil), "lines": JSONValue(verdict.lines), "purged": JSONValue(verdict.purged),
        "head": .string(JournalChain.written(verdict.head)), "problem": JSONValue(verdict.problem),
      ]
      Terminal.write(object.serialized + "\n")
    } else if verdict.problem == nil {
      let purged = verdict.purged > 0 ? ", \(verdict.purged) of them with their text purged" : ""
      Terminal.write("sound: \(verdict.lines) lines\(purged); head \(JournalChain.written(verdict.head))\n")
    }
    guard let problem = verdict.problem else { return .done }
    Terminal.writeError(plainLine("nabat: the journal does not hold: \(problem)"))
    return .failed
  }
}
