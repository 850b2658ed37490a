import JSON
import Model

extension Verb {
  static let silence = Verb(
    name: "silence",
    summary: "Holds the notices of matching alerts for a time; state, deadlines and journal go on.",
    operands: "NAME=VALUE…", operandCount: 1...20,
    options: [
      Option("--for", "TIME", "how long, such as 2h; at most 7d"),
      Option("--until-cleared", nil, "until nothing that it matches fires"),
      Option("--reason", "TEXT", "why nobody is to be told"),
      Option("--unless-growth", "N", "let an alert through that has grown to N times its size"),
      Option("--unless-severity", "SEVERITY", "let alerts of this severity or a graver one through"),
      Option("--preview", nil, "only show which alerts it would hold now"),
      Option("--yes", nil, "do not ask, whatever it holds"),
    ] + DeskClient.actOptions.filter { $0.name != "--note" }, required: ["--reason"],
    example: "nabat silence region=RU-PER rule=claim.* --for 2h --reason учения --preview"
  ) { arguments in
    let desk = try DeskClient(arguments)
    var match: [String: [JSONValue]] = [:]
    for operand in arguments.operands {
      let parts = operand.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw Stop(.usage, "«\(operand)» is not NAME=VALUE, such as region=RU-PER; see: nabat silence --help")
      }
      match[parts[0], default: []].append(.string(parts[1]))
    }
    var matchers = JSONObject()
    for name in match.keys.sorted() { matchers.append(name, ifPresent: match[name].map(JSONValue.array)) }
    var wish = DeskClient.signature(arguments)
    wish.append("match", .object(matchers))
    wish.append("reason", ifPresent: arguments["--reason"].map(JSONValue.string))
    wish.append("for", ifPresent: arguments["--for"].map(JSONValue.string))
    if arguments.has("--until-cleared") { wish.append("until", "cleared") }
    var unless = JSONObject()
    if let text = arguments["--unless-growth"] {
      guard let growth = Double(text) else { throw Stop(.usage, "--unless-growth «\(text)» is no number") }
      unless.append("growth", ["gte": .number(growth)])
    }
    unless.append("severity", ifPresent: arguments["--unless-severity"].map(JSONValue.string))
    if !unless.members.isEmpty { wish.append("unless", .object(unless)) }
    var preview = wish
    preview.append("preview", true)
    let seen = try await desk.post("/api/silences", preview)
    let alerts = seen["alerts"]?.array ?? []
    if arguments.has("--preview") || !arguments.has("--json") {
      Terminal.write(arguments.has("--json") ? seen.serialized + "\n" : SilenceWords.preview(alerts))
    }
    if arguments.has("--preview") { return .done }
    // A silence must have been looked at: who runs this without a terminal says so.
    if !alerts.isEmpty, !arguments.has("--yes") {
      throw Stop(.rejected, "it would hold what fires now: look at it above, and say it again with --yes")
    }
    wish.append("previewed", .array(alerts.compactMap { $0["alert"] }))
    let answer = try await desk.post("/api/silences", wish)
    let silence = answer["silence"] ?? .null
    Terminal.write(
      arguments.has("--json") ? answer.serialized + "\n" : plainLine("silenced: \(SilenceWords.line(silence))"))
    return .done
  }

  static let unsilence = Verb(
    name: "unsilence", summary: "Ends a silence; what still fires is told at once.", operands: "SILENCE",
    operandCount: 1...1, options: DeskClient.actOptions, example: "nabat unsilence si_2f7q5d4n6yexw3kc"
  ) { arguments in
    let desk = try DeskClient(arguments)
    let answer = try await desk.post(
      "/api/silences/\(arguments.operands[0])/end", DeskClient.signature(arguments))
    Terminal.write(arguments.has("--json") ? answer.serialized + "\n" : "ended\n")
    return .done
  }

  static let silences = Verb(
    name: "silences", summary: "Lists the silences in force on a running server.",
    options: DatabaseInput.options + [Option("--json", nil, "one object a line")], example: "nabat silences"
  ) { arguments in
    let answer = try await DeskClient(arguments).get("/api/silences")
    let silences = answer["silences"]?.array ?? []
    for silence in silences {
      Terminal.write(arguments.has("--json") ? silence.serialized + "\n" : plainLine(SilenceWords.line(silence)))
    }
    if silences.isEmpty, !arguments.has("--json") { Terminal.write("no silences\n") }
    return .done
  }
}

private enum SilenceWords {
  static func line(_ silence: JSONValue) -> String {
    let match = (silence["match"]?.object?.members ?? []).map { member in
      "\(member.name)=\((member.value.array ?? []).compactMap(\.string).joined(separator: ","))"
    }.joined(separator: " ")
    let by = silence["by"]?.string.map { ", \($0)" } ?? ""
    return "\(silence["silence"]?.string ?? "")  \(match)  until \(silence["until"]?.string ?? "")  "
      + "\(silence["reason"]?.string ?? "")\(by)"
  }

  static func preview(_ alerts: [JSONValue]) -> String {
    if alerts.isEmpty { return "it holds nothing that fires now\n" }
    return "it holds \(alerts.count) of the alerts of now:\n"
      + alerts.map { alert in
        plainLine(
          "  \(alert["alert"]?.string ?? "")  \(alert["severity"]?.string ?? "")  \(alert["condition"]?.string ?? "")/"
            + "\(alert["work"]?.string ?? "")  \(alert["rule"]?.string ?? "")")
      }.joined()
  }
}
