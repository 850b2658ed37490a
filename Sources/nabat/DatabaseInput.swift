import Alerting
import JSON
import Model
import Monitor
import Storage

/// The database as the reading verbs take it from the command line; a server may be running on it.
enum DatabaseInput {
  static let options = [
    Verb.Option("--config", "FILE", "nabat.yaml that names the database (default nabat.yaml)"),
    Verb.Option("--database", "FILE", "the database itself"),
  ]

  static func open(_ arguments: Arguments) throws -> any Store {
    try Registry.openStore(path(arguments), .readOnly)
  }

  static func path(_ arguments: Arguments) throws -> String {
    try arguments["--database"] ?? EngineInput.databasePath(config: arguments["--config"] ?? "nabat.yaml")
  }

  /// All alerts, the newest first.
  static func alerts(in store: any Store) throws -> [Alert] {
    try store.records(kind: "alert").compactMap { record in
      (try? JSONValue(parsing: record.value)).flatMap(Alert.init(json:))
    }.sorted { ($1.detected, $1.id) < ($0.detected, $0.id) }
  }

  /// A moment given on the command line.
  static func moment(_ name: String, in arguments: Arguments) throws(Stop) -> Moment? {
    guard let text = arguments[name] else { return nil }
    guard let moment = Moment(rfc3339: text) else {
      throw Stop(.usage, "\(name) «\(text)» is not a time like 2026-03-01T09:00:00+03:00")
    }
    return moment
  }
}
