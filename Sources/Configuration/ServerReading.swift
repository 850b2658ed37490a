import Glibc
import Model
import YAML

/// Reads `nabat.yaml`.
struct ServerReading {
  let file: String
  let complaints: Complaints
  let names: KnownNames

  static let keys = [
    "format", "instance", "paths", "network", "retention", "sinks", "routes", "people", "heartbeat", "inhibit",
    "desk",
  ]
  static let keysOfInstance = ["id", "name", "timezone", "public_url", "alarms_per_day"]
  static let keysOfPaths = ["feeds", "rules", "registry", "regions", "words", "database", "log"]

  /// nil when the file has an error.
  func configuration(_ root: YAMLNode) -> ServerConfiguration? {
    guard let fields = Fields(root, complaints) else { return nil }
    fields.check(known: ServerReading.keys)
    fields.checkFormat()
    var configuration = ServerConfiguration(file: file)
    if let instance = fields.mapping("instance") { read(instance, into: &configuration.instance) }
    if let paths = fields.mapping("paths") { read(paths, into: &configuration.paths) }
    if let network = fields.mapping("network") { read(network, into: &configuration.network) }
    let sinks = SinkReading(file: file, complaints: complaints, shapes: names.sinks)
    configuration.sinks = sinks.sinks(fields.sequence("sinks") ?? [])
    // A sink that could not be read is known by its name all the same: one complaint about it is enough.
    let names = (fields.node["sinks"]?.sequence ?? []).compactMap { $0["id"]?.scalar?.text }
    let routing = RouteReading(sinks: names, complaints: complaints)
    configuration.routes = routing.routes(fields.sequence("routes") ?? [])
    if let retention = fields.mapping("retention") { read(retention, into: &configuration.retention) }
    if let desk = fields.mapping("desk"), let port = self.desk(desk) { configuration.deskPort = port }
    if let people = fields.mapping("people") {
      for entry in people.entries {
        guard let person = people.mapping(entry.name) else { continue }
        person.check(known: ["sinks"])
        person.require("sinks")
        if let node = person.value("sinks") { configuration.people[entry.name] = routing.sinkNames(node) }
      }
    }
    configuration.heartbeat = fields.mapping("heartbeat").flatMap { heartbeat($0, routing) }
    IdleReading(routing: routing, complaints: complaints).read(fields)
    return complaints.hasErrors ? nil : configuration
  }

  private func heartbeat(_ fields: Fields, _ routing: RouteReading) -> ServerConfiguration.Heartbeat? {
    fields.check(known: ["every", "to"])
    fields.require("every")
    fields.require("to")
    let every = fields.span("every")
    let to = fields.value("to").map { routing.sinkNames($0) } ?? []
    return every.map { ServerConfiguration.Heartbeat(every: $0, to: to) }
  }

  private func read(_ fields: Fields, into instance: inout ServerConfiguration.Instance) {
    fields.check(known: ServerReading.keysOfInstance)
    if let id = fields.slug("id") {
      instance.id = id
      instance.name = id
    }
    if let name = fields.string("name") { instance.name = name }
    if let timezone = fields.timezone("timezone") { instance.timezone = timezone }
    if let alarms = fields.integer("alarms_per_day", in: 0...100_000) { instance.alarmsPerDay = alarms }
    if let (address, _) = fields.webAddress("public_url") {
      instance.publicURL = address.text.hasSuffix("/") ? String(address.text.dropLast()) : address.text
    }
  }

  private func read(_ fields: Fields, into paths: inout ServerConfiguration.Paths) {
    fields.check(known: ServerReading.keysOfPaths)
    func path(_ name: String, _ slot: inout String) {
      if let text = fields.string(name) { slot = resolve(text, in: file) }
    }
    path("feeds", &paths.feeds)
    path("rules", &paths.rules)
    path("registry", &paths.registry)
    path("regions", &paths.regions)
    path("words", &paths.words)
    path("database", &paths.database)
    path("log", &paths.log)
  }

  private func read(_ fields: Fields, into network: inout ServerConfiguration.Network) {
    fields.check(known: ["contact", "allow"])
    network.contact = fields.contact("contact")
    for node in fields.sequence("allow") ?? [] {
      guard let text = complaints.string(node) else { continue }
      if ServerReading.isBlock(text) {
        network.allow.append(text)
      } else {
        complaints.add(
          YAMLCause.value("«\(text)» is no block of addresses", hint: "CIDR notation, such as 10.0.0.0/8 or fc00::/7"),
          at: node)
      }
    }
  }

  private func read(_ fields: Fields, into retention: inout ServerConfiguration.Retention) {
    fields.check(known: ["texts", "evidence", "near_misses", "journal"])
    func span(_ name: String, _ slot: inout Span) {
      guard let node = fields.value(name), let text = complaints.string(node) else { return }
      // Years are written here only: 5y.
      if text.hasSuffix("y"), let years = Int64(text.dropLast()), (1...100).contains(years) {
        slot = .days(365 * years)
      } else if let span = complaints.span(node) {
        slot = span
      }
    }
    span("texts", &retention.texts)
    span("evidence", &retention.evidence)
    span("near_misses", &retention.nearMisses)
    span("journal", &retention.journal)
  }

  /// The port at which the desk listens. Until it knows accounts it is for this machine alone.
  private func desk(_ fields: Fields) -> UInt16? {
    fields.check(known: ["listen"])
    guard let node = fields.value("listen"), let text = complaints.string(node) else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, ServerReading.isBlock(String(parts[0])), !parts[0].contains("/"),
      let port = UInt16(parts[1])
    else {
      complaints.add(YAMLCause.value("«\(text)» is no address to listen at", hint: "such as 127.0.0.1:8787"), at: node)
      return nil
    }
    guard parts[0] == "127.0.0.1" else {
      let hint = "listen at 127.0.0.1 and put a proxy that asks who comes before it"
      complaints.add(
        YAMLCause.value("the desk has no accounts yet and listens on this machine only", hint: hint), at: node)
      return nil
    }
    return port
  }

  /// CIDR notation, or one address.
  static func isBlock(_ text: String) -> Bool {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first.map(String.init) else { return false }
    var v4 = in_addr()
    var v6 = in6_addr()
    let width = inet_pton(AF_INET, address, &v4) == 1 ? 32 : inet_pton(AF_INET6, address, &v6) == 1 ? 128 : 0
    guard width > 0 else { return false }
    guard parts.count == 2 else { return true }
    return !parts[1].isEmpty && parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
      && Int(parts[1]).map { $0 <= width } ?? false
  }
}
