import Delivering
import Glibc
import HTTP
import JSON
import Model
import Monitor

/// The running server, as the officers' verbs reach it: through its API on this machine.
struct DeskClient {
  private let file: DeskFile
  private let client: HTTPClient

  /// Of every verb that acts.
  static let actOptions =
    DatabaseInput.options + [
      Verb.Option("--by", "ACCOUNT", "who acts (default: $NABAT_ACCOUNT, else the name of the system's user)"),
      Verb.Option("--note", "TEXT", "what there is to say about it"), Verb.Option("--json", nil, "one object"),
    ]

  /// - Throws: `Stop` with 69 where no server runs on the database.
  init(_ arguments: Arguments) throws {
    let path = try DatabaseInput.path(arguments)
    guard let file = DeskFile.read(database: path) else { throw DeskClient.noServer(path) }
    self.file = file
    client = try HTTPClient(policy: AddressPolicy(allow: [CIDR("127.0.0.0/8")].compactMap { $0 }))
    database = path
  }

  private let database: String

  private static func noServer(_ path: String) -> Stop {
    Stop(
      .unavailable, "no server runs on \(path): start it with nabat run, or name another with --config or --database")
  }

  /// Who acts and what they say.
  static func signature(_ arguments: Arguments) -> JSONObject {
    let environment = getenv("NABAT_ACCOUNT").map { String(cString: $0) } ?? ""
    let user = getpwuid(getuid()).map { String(cString: $0.pointee.pw_name) }
    let account = arguments["--by"] ?? (environment.isEmpty ? user : environment)
    var members = JSONObject()
    members.append("by", ifPresent: account.map(JSONValue.string))
    members.append("note", ifPresent: arguments["--note"].map(JSONValue.string))
    return members
  }

  /// The whole id of an alert that is named by its id or the beginning of one.
  func alert(_ name: String) async throws -> String {
    let alerts = try await get("/api/alerts")["alerts"]?.array ?? []
    let ids = alerts.compactMap { $0["alert"]?.string }
    if ids.contains(name) { return name }
    let fitting = ids.filter { $0.hasPrefix(name) }
    guard let id = fitting.first, fitting.count == 1 else {
      let why = fitting.isEmpty ? "there is no alert «\(name)»" : "«\(name)» begins the ids of \(fitting.count) alerts"
      throw Stop(.rejected, "\(why); see: nabat alerts")
    }
    return id
  }

  func get(_ path: String) async throws -> JSONValue { try await send(.get, path, []) }

  func post(_ path: String, _ members: JSONObject) async throws -> JSONValue {
    try await send(.post, path, Array(JSONValue.object(members).serialized.utf8))
  }

  private func send(_ method: HTTPClient.Request.Method, _ path: String, _ body: [UInt8]) async throws -> JSONValue {
    var request = HTTPClient.Request(
      method, file.url + path, userAgent: "nabat/\(Program.version)",
      headers: [("Authorization", "Bearer \(file.token)"), ("Content-Type", "application/json")], body: body)
    request.limits.redirects = 0
    let response: HTTPClient.Response
    do throws(HTTPError) { response = try await client.send(request) } catch { throw DeskClient.noServer(database) }
    let json = (try? JSONValue(parsing: response.body)) ?? .null
    switch response.status {
    case 200: return json
    case 400...499: throw Stop(.rejected, json["error"]?.string ?? "the server refused: HTTP \(response.status)")
    default: throw Stop(.unavailable, json["error"]?.string ?? "the server failed: HTTP \(response.status)")
    }
  }
}

/// One line without control characters, whatever came from outside.
func plainLine(_ text: String) -> String { plainText(text) + "\n" }
