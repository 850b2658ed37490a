import Delivering
import JSON
import Model
import Monitor
import Storage

extension Verb {
  static let deliveries = Verb(
    name: "deliveries",
    summary: "Lists the messages to endpoints and what became of them, or sends some again with their ids.",
    operands: "[list | replay]", operandCount: 0...1,
    options: DatabaseInput.options + [
      Option("--endpoint", "ID", "only those of one endpoint (needed to replay)"),
      Option("--state", "STATE", "waiting, delivered, superseded or dead (replay: dead)"),
      Option("--from", "TIME", "written at this moment or later (RFC 3339)"),
      Option("--to", "TIME", "written at this moment or earlier"),
      Option("--limit", "N", "at most so many lines (default 1000)"), Option("--json", nil, "one object a line"),
    ], example: "nabat deliveries list --state dead --json"
  ) { arguments in
    switch arguments.operands.first ?? "list" {
    case "list": try list(arguments)
    case "replay": try await replay(arguments)
    case let other: throw Stop(.usage, "«\(other)» is neither list nor replay; see: nabat deliveries --help")
    }
    return .done
  }

  private static func query(_ arguments: Arguments) throws -> DeliveryQuery {
    var query = DeliveryQuery(
      sink: arguments["--endpoint"], from: try DatabaseInput.moment("--from", in: arguments),
      to: try DatabaseInput.moment("--to", in: arguments))
    if let text = arguments["--state"] {
      guard let state = OutboxRow.State(rawValue: text) else {
        throw Stop(.usage, "--state «\(text)» is none of waiting, delivered, superseded, dead")
      }
      query.states = [state]
    }
    return query
  }

  private static func list(_ arguments: Arguments) throws {
    let limit = arguments["--limit"].map { Int($0) } ?? 1000
    guard let limit, limit > 0 else { throw Stop(.usage, "--limit is a whole number from 1 on") }
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    let rows = try store.deliveries(try query(arguments), limit: limit)
    var output = OutputBuffer()
    for row in rows { output.line(arguments.has("--json") ? json(row).serialized : words(row)) }
    if rows.isEmpty, !arguments.has("--json") { output.line("no messages") }
    if rows.count == limit { Terminal.writeError("there may be more: --limit \(limit) was reached\n") }
    output.flush()
  }

  private static func json(_ row: OutboxRow) -> JSONValue {
    var object = JSONObject([
      "endpoint": .string(row.sink), "id": .string(row.message), "type": .string(row.type),
      "alert": row.alert.isEmpty ? .null : .string(row.alert), "seq": JSONValue(row.seq),
      "severity": .string(row.severity.rawValue), "created": .string(row.created.rfc3339),
      "state": .string(row.state.rawValue), "attempts": JSONValue(row.attempts),
    ])
    object.append("next", row.state == .waiting ? .string(row.next.rfc3339) : .null)
    object.append("error", JSONValue(row.lastError))
    return .object(object)
  }

  private static func words(_ row: OutboxRow) -> String {
    var line = "\(row.created.rfc3339)  \(row.sink)  \(row.state.rawValue)  \(row.type)  "
    line += row.alert.isEmpty ? row.message : "\(row.alert)/\(row.seq)"
    line += "  attempts \(row.attempts)"
    if row.state == .waiting { line += "  next \(row.next.rfc3339)" }
    if let error = row.lastError { line += "  \(error)" }
    return plainText(line)
  }

  private static func replay(_ arguments: Arguments) async throws {
    guard arguments["--endpoint"] != nil else { throw Stop(.usage, "replay needs --endpoint: whose messages to send") }
    var query = try query(arguments)
    if arguments["--state"] == nil { query.states = [.dead] }
    // A server that was killed leaves the file by which it could be reached: then the database is free.
    let sent = try await replayed(query, by: arguments)
    let count = try sent ?? requeued(query, in: DatabaseInput.path(arguments))
    if arguments.has("--json") {
      Terminal.write((["replayed": JSONValue(count)] as JSONValue).serialized + "\n")
    } else {
      let when =
        sent != nil ? "are sent again with their ids" : "will be sent again with their ids when the server runs"
      Terminal.write("\(count) messages \(when)\n")
    }
  }

  /// By the running server; nil where none answers.
  private static func replayed(_ query: DeliveryQuery, by arguments: Arguments) async throws -> Int? {
    var wish = JSONObject()
    for (name, value) in [
      ("endpoint", query.sink), ("state", arguments["--state"]), ("from", query.from?.rfc3339),
      ("to", query.to?.rfc3339),
    ] {
      wish.append(name, ifPresent: value.map(JSONValue.string))
    }
    do {
      let answer = try await DeskClient(arguments).post("/api/deliveries/replay", wish)
      return Int(answer["replayed"]?.integer ?? 0)
    } catch let stop as Stop where stop.code == .unavailable {
      return nil
    }
  }

  private static func requeued(_ query: DeliveryQuery, in path: String) throws -> Int {
    let store = try Registry.openStore(path, .readWrite)
    defer { store.close() }
    return try store.requeue(query, now: SystemClock().now)
  }
}
