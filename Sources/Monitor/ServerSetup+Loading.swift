import Alerting
import Configuration
package import Engine
import Glibc
import Model
import Rules
package import Text

/// Why a server cannot start from its files.
package enum SetupError: Error, Sendable {
  /// A file or folder cannot be read: in words.
  case unreadable(String)
  /// The files are wrong; the diagnostics say how.
  case rejected(String, ServerSetup)
}

extension ServerSetup {
  /// Reads the configuration and everything it names. Broken rule and source files are left out and listed in
  /// `rejected`; only when nothing is left of either, or the configuration itself is wrong, there is no server.
  package static func load(config path: String, lexicon: Lexicon?, version: String) throws(SetupError) -> ServerSetup {
    var setup = try ServerSetup(config: path, lexicon: lexicon, version: version)
    try setup.readSources()
    try setup.readRegions()
    try setup.readRules()
    guard !setup.rules.isEmpty else { throw .rejected("no sound rule file is left", setup) }
    guard !setup.sources.isEmpty else { throw .rejected("no sound source file is left", setup) }
    setup.readEngineSettings()
    return setup
  }

  /// What a configuration says to the engine alone.
  package static func engineSettings(config path: String) throws(SetupError) -> EngineSettings {
    var setup = try ServerSetup(config: path, lexicon: nil, version: "")
    if access(setup.configuration.paths.feeds, F_OK) == 0 { try setup.readSources() }
    try setup.readRegions()
    setup.readEngineSettings()
    return setup.engineSettings
  }

  /// The configuration alone.
  private init(config path: String, lexicon: Lexicon?, version: String) throws(SetupError) {
    let server: Loaded<ServerConfiguration?>
    do {
      server = try ConfigurationLoader.server(file: path, names: Registry.names)
    } catch { throw .unreadable(error.description) }
    configuration = server.value ?? ServerConfiguration(file: path)
    sources = []
    rules = []
    self.lexicon = lexicon
    self.version = version
    diagnostics = server.diagnostics
    texts = server.texts
    guard server.value != nil else { throw .rejected("the configuration \(path) has errors", self) }
  }

  private mutating func readSources() throws(SetupError) {
    let loaded: Loaded<[Source]>
    do {
      loaded = try ConfigurationLoader.sources(
        paths: [configuration.paths.feeds], names: Registry.names)
    } catch { throw .unreadable(error.description) }
    take(loaded)
    let contact = configuration.network.contact
    sources = loaded.value.map { source in
      var source = source
      source.contact = source.contact ?? contact
      return source
    }
  }

  private mutating func readRegions() throws(SetupError) {
    // Names of regions are a nicety: without the folder codes are shown.
    guard access(configuration.paths.regions, F_OK) == 0 else { return }
    let loaded: Loaded<[Region]>
    do {
      loaded = try ConfigurationLoader.regions(paths: [configuration.paths.regions])
    } catch { throw .unreadable(error.description) }
    take(loaded)
    engineSettings.events.regionNames = Dictionary(
      loaded.value.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
    engineSettings.events.parentRegions = Dictionary(
      loaded.value.compactMap { region in region.parent.map { (region.code, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  private mutating func readRules() throws(SetupError) {
    let set: RuleSet
    do {
      let texts = try RuleLoader.texts(paths: [configuration.paths.rules])
      ruleFiles = Dictionary(texts.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
      set = RuleLoader.load(
        texts: texts, types: Registry.ruleTypes, timezone: configuration.instance.timezone,
        knowsWord: Lexicon.knowing(lexicon))
    } catch { throw .unreadable(error.description) }
    diagnostics += set.diagnostics
    texts.merge(set.sources) { first, _ in first }
    let broken = set.brokenFiles
    reject(broken)
    brokenRuleFiles = Set(broken)
    rules = set.rules.filter { !broken.contains($0.place.file) }
  }

  private mutating func readEngineSettings() {
    engineSettings.events.source = "/monitor/\(configuration.instance.id)"
    engineSettings.events.publicURL = configuration.instance.publicURL
    engineSettings.alarmsPerDay = configuration.instance.alarmsPerDay
    if configuration.routes.contains(where: { $0.groupBy != nil }) {
      engineSettings.events.groupings = configuration.routes.map { route in
        let match = route.match.map { field, values in (Silence.Field(rawValue: field.rawValue) ?? .rule, values) }
        return Grouping(
          match: Dictionary(match, uniquingKeysWith: { first, _ in first }), by: route.groupBy, wait: route.groupWait)
      }
    }
    engineSettings.sourceIntervals = Dictionary(
      sources.map { ($0.id, $0.every) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func take<Value>(_ loaded: Loaded<Value>) {
    diagnostics += loaded.diagnostics
    texts.merge(loaded.texts) { first, _ in first }
    reject(loaded.rejected)
  }

  private mutating func reject(_ files: [String]) {
    for file in files {
      let first = diagnostics.first { $0.severity == .error && $0.place.file == file }
      rejected.append((file, first.map { "\($0.place): \($0.message)" } ?? file))
    }
  }
}
