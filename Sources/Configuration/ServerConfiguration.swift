package import Model

/// What `nabat.yaml` says, with its defaults. Paths are ready to be opened.
package struct ServerConfiguration: Sendable {
  package var instance: Instance
  package var paths: Paths
  package var network: Network
  package var sinks: [SinkConfiguration] = []
  package var routes: [RouteConfiguration] = []
  /// nil: none are sent.
  package var heartbeat: Heartbeat?
  /// The sinks of a role, by its name.
  package var people: [String: [String]] = [:]
  /// The port of 127.0.0.1 at which the desk listens; 0 takes any free one.
  package var deskPort: UInt16 = 0
  package var retention = Retention()

  /// The defaults, as if an empty configuration stood in `file`.
  package init(file: String = "nabat.yaml") {
    instance = Instance()
    paths = Paths(file: file)
    network = Network()
  }

  /// Which monitor this is.
  package struct Instance: Hashable, Sendable {
    package var id = "local"
    package var name = "Nabat"
    /// IANA name; for files that give none, and for what people read.
    package var timezone = "UTC"
    /// Without a slash at its end; nil where there is no desk for others.
    package var publicURL: String?
    /// Alarms by rarity that a region's officer is told in 24 hours; the rest waits for the digest. 0: all are told.
    package var alarmsPerDay = 20

    package init() {}
  }

  /// Where things lie.
  package struct Paths: Hashable, Sendable {
    package var feeds: String
    package var rules: String
    package var registry: String
    package var regions: String
    package var words: String
    package var database: String
    package var log: String

    init(file: String) {
      feeds = resolve("feeds", in: file)
      rules = resolve("rules", in: file)
      registry = resolve("registry", in: file)
      regions = resolve("regions", in: file)
      words = resolve("words", in: file)
      database = resolve("var/nabat.db", in: file)
      log = resolve("var/alerts.ndjson", in: file)
    }
  }

  /// A sign of life, so that others notice when there is none.
  package struct Heartbeat: Hashable, Sendable {
    package var every: Span
    /// Ids of sinks, which get no others.
    package var to: [String]

    package init(every: Span, to: [String]) {
      self.every = every
      self.to = to
    }
  }

  /// How long things are kept.
  package struct Retention: Hashable, Sendable {
    /// What was published, word for word.
    package var texts: Span = .days(30)
    /// Of those, what is evidence of an alert: from its closing on.
    package var evidence: Span = .days(365)
    package var nearMisses: Span = .days(7)
    package var journal: Span = .days(5 * 365)

    package init() {}
  }

  /// How the world outside is met.
  package struct Network: Hashable, Sendable {
    /// `mailto:` or `https:`, for the User-Agent.
    package var contact: String?
    /// Blocks in CIDR notation that polling and webhooks may reach besides public addresses.
    package var allow: [String] = []

    package init() {}
  }
}

/// An endpoint for alerts.
package struct SinkConfiguration: Hashable, Sendable {
  package var id: String
  /// The name of a registered kind of sink.
  package var type: String
  /// What the kind of sink is told, by key.
  package var values: [String: [String]] = [:]
  /// The first is the one in force; further ones are still good.
  package var secrets: [SecretReference] = []
  /// Patterns such as `alert.*`; nil takes every type.
  package var types: [String]?
  /// The id of the sink that steps in.
  package var fallback: String?
  package var place: Place

  package init(
    id: String, type: String, types: [String]? = nil, fallback: String? = nil, place: Place = Place(file: "")
  ) {
    self.id = id
    self.type = type
    self.types = types
    self.fallback = fallback
    self.place = place
  }

  /// Whether events of this type may go here.
  package func takes(type: String) -> Bool {
    guard let types else { return true }
    return types.contains { $0 == type || $0 == "*" || ($0.hasSuffix(".*") && type.hasPrefix($0.dropLast(1))) }
  }
}

/// Which alerts go to which endpoints.
package struct RouteConfiguration: Hashable, Sendable {
  package enum Field: String, CaseIterable, Sendable { case rule, region, narrative, severity, source, tag }

  /// Each field must have one of its values.
  package var match: [Field: [String]]
  /// Ids of sinks.
  package var to: [String]
  /// Whether later routes are looked at too.
  package var continues: Bool
  /// Fields that alerts share whose notices go to people as one; nil groups nothing.
  package var groupBy: [String]?
  /// How long a first notice waits for others; nil: 30s, and nothing for what is critical.
  package var groupWait: Span?
  package var place: Place

  package init(
    match: [Field: [String]] = [:], to: [String], continues: Bool = false, place: Place = Place(file: "")
  ) {
    self.match = match
    self.to = to
    self.continues = continues
    self.place = place
  }

  /// Whether an alert with these values of its fields takes this route.
  package func matches(_ alert: [Field: [String]]) -> Bool {
    match.allSatisfy { field, wanted in alert[field]?.contains { wanted.contains($0) } ?? false }
  }
}

extension ServerConfiguration {
  /// The sinks of an alert, by the routes; all of them where there are no routes. In the order of the file.
  package func sinks(for alert: [RouteConfiguration.Field: [String]]) -> [SinkConfiguration] {
    guard !routes.isEmpty else { return ordinarySinks }
    var chosen: Set<String> = []
    for route in routes where route.matches(alert) {
      chosen.formUnion(route.to)
      if !route.continues { break }
    }
    return sinks.filter { chosen.contains($0.id) }
  }

  /// All sinks but those that are named only as a fallback: these get nothing by themselves.
  package var ordinarySinks: [SinkConfiguration] {
    let fallbacks = Set(sinks.compactMap(\.fallback))
    let routed = Set(routes.flatMap(\.to))
    return sinks.filter { !fallbacks.contains($0.id) || routed.contains($0.id) }
  }
}
