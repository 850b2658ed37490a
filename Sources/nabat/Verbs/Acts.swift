import JSON
import Model

/// The verbs by which officers act on alerts of a running server.
extension Verb {
  static let acknowledge = act(
    "ack", "Takes an alert in hand; without progress it is new again after an hour.", "acknowledge",
    [Option("--for", "TIME", "how long without progress, such as 2h (default 60m)")],
    example: "nabat ack al_n2mzdkkfmjomfk3s --by ivanova --note \"звоню в ЕДДС\"")

  static let answer = act(
    "answer", "Says that an answer to an alert is being prepared.", "answer", [],
    example: "nabat answer al_n2mzdkkfmjomfk3s")

  static let respond = act(
    "respond", "Says where the answer to an alert stands; its deadlines and repeats end.", "respond",
    [Option("--url", "URL", "the address of the answer; it may stand after the alert too")], second: "url",
    example: "nabat respond al_n2mzdkkfmjomfk3s --url https://city.example/news/1")

  static let closeAlert = act(
    "close", "Closes an alert with a verdict; of a closed one the verdict is changed (overturned).", "close",
    [
      Option(
        "--reason", "REASON",
        "confirmed-fake, true-event, partly-true, repeat, variant, debunked-by-others, noise or test")
    ], second: "reason", example: "nabat close al_n2mzdkkfmjomfk3s --reason confirmed-fake")

  static let reopen = act(
    "reopen", "Makes the work on a closed or answered alert new again.", "reopen", [],
    example: "nabat reopen al_n2mzdkkfmjomfk3s --note \"слух пошёл снова\"")

  /// - Parameters:
  ///   - act: its name on the tape.
  ///   - second: the option that may also be given as a second operand.
  private static func act(
    _ name: String, _ summary: String, _ act: String, _ options: [Option], second: String? = nil, example: String
  ) -> Verb {
    Verb(
      name: name, summary: summary, operands: second.map { "ALERT [\($0.uppercased())]" } ?? "ALERT",
      operandCount: 1...(second == nil ? 1 : 2), options: options + DeskClient.actOptions, example: example
    ) { arguments in
      let desk = try DeskClient(arguments)
      let alert = try await desk.alert(arguments.operands[0])
      var members = DeskClient.signature(arguments)
      for option in options {
        let member = String(option.name.dropFirst(2))
        let operand = member == second ? arguments.operands.dropFirst().first : nil
        members.append(member, ifPresent: (arguments[option.name] ?? operand).map(JSONValue.string))
      }
      let answer = try await desk.post("/api/alerts/\(alert)/\(act)", members)
      if arguments.has("--json") {
        Terminal.write(answer.serialized + "\n")
      } else {
        let owner = answer["owner"]?.string.map { ", \($0)" } ?? ""
        Terminal.write(
          plainLine("\(alert): \(answer["condition"]?.string ?? "")/\(answer["work"]?.string ?? "")\(owner)"))
      }
      return .done
    }
  }
}
