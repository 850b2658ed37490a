import Configuration
import Engine
import Model
import Monitor
import Rules

/// Settings of the engine as the verbs take them from the command line.
enum EngineInput {
  /// With a configuration: its instance, the names of its regions and the intervals of its sources; without one,
  /// instance `local`.
  static func settings(config path: String?) throws(Stop) -> EngineSettings {
    guard let path else { return EngineSettings() }
    do {
      return try ServerSetup.engineSettings(config: path)
    } catch {
      switch error {
      case .unreadable(let words): throw Stop(.inputOutput, words)
      case .rejected(let words, let setup):
        Terminal.writeError(DiagnosticRenderer(sources: setup.texts).text(setup.diagnostics))
        throw Stop(.rejected, words)
      }
    }
  }

  /// The zone of files that give none.
  static func timezone(config path: String?) throws(Stop) -> String {
    guard let path else { return "UTC" }
    return try configuration(path).instance.timezone
  }

  static func threads(_ text: String?) throws(Stop) -> Int {
    guard let text else { return 1 }
    guard let count = Int(text), (1...256).contains(count) else {
      throw Stop(.usage, "--threads «\(text)» is not a number from 1 to 256")
    }
    return count
  }

  /// Where the configuration keeps its database.
  static func databasePath(config path: String) throws(Stop) -> String { try configuration(path).paths.database }

  /// Where the configuration keeps its rules.
  static func rulesPath(config path: String) throws(Stop) -> String { try configuration(path).paths.rules }

  /// How long the configuration keeps things; the defaults where there need be no configuration and is none.
  static func retention(config path: String?, isOptional: Bool) throws(Stop) -> ServerConfiguration.Retention {
    if path == nil, isOptional { return ServerConfiguration.Retention() }
    return try configuration(path ?? "nabat.yaml").retention
  }

  private static func configuration(_ path: String) throws(Stop) -> ServerConfiguration {
    let loaded: Loaded<ServerConfiguration?>
    do {
      loaded = try ConfigurationLoader.server(file: path, names: Registry.names)
    } catch {
      throw Stop(.inputOutput, "\(error.description); name another with --config or --database")
    }
    guard let configuration = loaded.value else {
      Terminal.writeError(DiagnosticRenderer(sources: loaded.texts).text(loaded.diagnostics))
      throw Stop(.rejected, "the configuration \(path) has errors")
    }
    return configuration
  }
}

/// Source files as the verbs take them.
enum SourceInput {
  /// The first source of a file: its selectors read a page.
  static func firstSource(_ path: String) throws(Stop) -> Source {
    guard let source = try sources(path).first else { throw Stop(.rejected, "\(path) has no sound source") }
    return source
  }

  /// The sources of a file or folder, none of them with errors.
  static func sources(_ path: String) throws(Stop) -> [Source] {
    let loaded: Loaded<[Source]>
    do {
      loaded = try ConfigurationLoader.sources(paths: [path], names: Registry.names)
    } catch { throw Stop(.inputOutput, error.description) }
    guard !loaded.value.isEmpty else {
      Terminal.writeError(DiagnosticRenderer(sources: loaded.texts).text(loaded.diagnostics))
      throw Stop(.rejected, "\(path) has no sound source")
    }
    return loaded.value
  }
}
