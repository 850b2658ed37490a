import Engine
import Model

/// Settings of the engine as the verbs take them from the command line.
enum EngineInput {
  /// Without a configuration: instance `local`, no names of regions.
  static func settings(config path: String?) throws(Stop) -> EngineSettings {
    EngineSettings()
  }

  static func threads(_ text: String?) throws(Stop) -> Int {
    guard let text else { return 1 }
    guard let count = Int(text), (1...256).contains(count) else {
      throw Stop(.usage, "--threads «\(text)» is not a number from 1 to 256")
    }
    return count
  }
}

extension EngineInput {
  /// Where the configuration keeps its database.
  static func databasePath(config path: String) throws(Stop) -> String {
    throw Stop(.usage, "give --database FILE")
  }

  /// Where the configuration keeps its rules.
  static func rulesPath(config path: String) throws(Stop) -> String { throw Stop(.usage, "give --rules PATH") }
}

/// Source files as the verbs take them.
enum SourceInput {
  static func firstSource(_ path: String) throws(Stop) -> Source { throw Stop(.usage, "--source is being written") }
}
