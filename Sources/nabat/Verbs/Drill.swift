import JSON
import Model

extension Verb {
  static let drill = Verb(
    name: "drill",
    summary: "Sends an exercise alert end to end, marked as one and not counted, and says where it arrived.",
    options: [
      Option("--severity", "SEVERITY", "what the routes see (default medium)"),
      Option("--region", "CODE", "what the routes see"),
      Option("--wait", "TIME", "how long to wait for the receivers (default 30s)"),
    ] + DeskClient.actOptions.filter { $0.name != "--note" }, example: "nabat drill --severity high --wait 1m"
  ) { arguments in
    let text = arguments["--wait"] ?? "30s"
    guard let wait = Span(text) else { throw Stop(.usage, "--wait «\(text)» is not a length of time such as 30s") }
    let desk = try DeskClient(arguments)
    var wish = DeskClient.signature(arguments)
    wish.append("severity", ifPresent: arguments["--severity"].map(JSONValue.string))
    wish.append("region", ifPresent: arguments["--region"].map(JSONValue.string))
    var answer = try await desk.post("/api/drill", wish)
    let ids = (answer["messages"]?.array ?? []).compactMap { $0["message"] }
    let clock = SystemClock()
    let end = clock.now + wait
    func isWaiting() -> Bool { answer["messages"]?.array?.contains { $0["state"] == "waiting" } ?? false }
    while isWaiting(), clock.now < end {
      try await clock.sleep(until: clock.now + Span(milliseconds: 200), tolerance: nil)
      answer = try await desk.post("/api/drill", JSONObject(["messages": .array(ids)]))
    }
    let messages = answer["messages"]?.array ?? []
    if arguments.has("--json") {
      Terminal.write(answer.serialized + "\n")
    } else {
      for message in messages {
        let why = message["last_error"]?.string.map { "  \($0)" } ?? ""
        Terminal.write(
          plainLine(
            "\(message["sink"]?.string ?? "")  \(message["type"]?.string ?? "")  \(message["state"]?.string ?? "")\(why)"
          ))
      }
    }
    // An exercise that did not arrive has found what it is there to find.
    return messages.allSatisfy { ["delivered", "superseded"].contains($0["state"]?.string) } ? .done : .failed
  }
}
