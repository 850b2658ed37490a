import Configuration
import Foundation
import Model
import Monitor
import Testing

/// `line:column code message (hint)` of each diagnostic.
func said(_ diagnostics: [Diagnostic]) -> [String] {
  diagnostics.map { diagnostic in
    "\(diagnostic.place.line):\(diagnostic.place.column) \(diagnostic.code) \(diagnostic.message)"
      + (diagnostic.hint.map { " (\($0))" } ?? "")
  }
}

@Suite("The server's configuration") struct ServerConfigurationTests {
  private func load(_ text: String, file: String = "/etc/nabat/nabat.yaml") -> Loaded<ServerConfiguration?> {
    ConfigurationLoader.server(file: file, bytes: Array(text.utf8), names: Registry.names)
  }

  private let example = """
    format: 1
    instance: { id: region-56, name: ЦУР, timezone: Asia/Yekaterinburg, public_url: "https://monitor.example/" }
    paths: { feeds: feeds, rules: /srv/rules, registry: registry, regions: regions, words: words, database: var/nabat.db, log: var/alerts.ndjson }
    network: { contact: "mailto:duty@region.example", allow: [127.0.0.0/8, "fc00::/7", 10.1.2.3] }
    retention: { texts: 30d, evidence: 365d, near_misses: 3d, journal: 5y }
    sinks:
      - { id: duty, type: webhook, url: "https://duty.example/hook", secret: { file: secrets/duty }, types: ["alert.*"], fallback: mail }
      - { id: mail, type: mail, to: "duty@region.example", smtp: "smtps://mail.example", secret: { env: MAIL } }
    routes:
      - { match: { severity: [high, critical] }, to: [duty], group_by: [narrative, region], group_wait: 0s }
      - { to: [duty], group_by: [region], group_wait: 30s }
    people: { shift-lead: { sinks: [duty] }, head-of-centre: { sinks: [mail] } }
    heartbeat: { every: 1m, to: [duty] }
    inhibit: [ { source: { rule: region.blackout }, target: { rule: source.silent }, equal: [region] } ]
    desk: { listen: "127.0.0.1:8787" }
    """

  @Test("is read whole, and says at each key what has no effect yet")
  func whole() throws {
    let loaded = load(example)
    let configuration = try #require(loaded.value)
    #expect(configuration.instance.id == "region-56")
    #expect(configuration.instance.name == "ЦУР")
    #expect(configuration.instance.timezone == "Asia/Yekaterinburg")
    #expect(configuration.instance.publicURL == "https://monitor.example")
    #expect(configuration.paths.feeds == "/etc/nabat/feeds")
    #expect(configuration.paths.rules == "/srv/rules")
    #expect(configuration.paths.database == "/etc/nabat/var/nabat.db")
    #expect(configuration.network.contact == "mailto:duty@region.example")
    #expect(configuration.network.allow == ["127.0.0.0/8", "fc00::/7", "10.1.2.3"])
    #expect(configuration.sinks.map(\.id) == ["duty", "mail"])
    #expect(configuration.sinks[0].values["url"] == ["https://duty.example/hook"])
    #expect(configuration.sinks[0].secrets == [.file("/etc/nabat/secrets/duty")])
    #expect(configuration.sinks[0].types == ["alert.*"])
    #expect(configuration.sinks[1].secrets == [.environment("MAIL")])
    #expect(configuration.sinks[0].fallback == "mail")
    #expect(configuration.heartbeat == .init(every: .minutes(1), to: ["duty"]))
    #expect(configuration.retention.nearMisses == .days(3))
    #expect(configuration.routes.map(\.to) == [["duty"], ["duty"]])
    #expect(configuration.routes[0].match == [.severity: ["high", "critical"]])
    #expect(
      said(loaded.diagnostics) == [
        "14:1 I501 «inhibit» has no effect yet"
      ])
  }

  @Test("has defaults for everything, with paths beside the file")
  func defaults() throws {
    let loaded = load("format: 1\n", file: "nabat.yaml")
    let configuration = try #require(loaded.value)
    #expect(loaded.diagnostics == [])
    #expect(configuration.instance == ServerConfiguration.Instance())
    #expect(configuration.instance.id == "local")
    #expect(configuration.paths.rules == "rules")
    #expect(configuration.paths.log == "var/alerts.ndjson")
    #expect(load("format: 1\n", file: "conf/nabat.yaml").value?.paths.log == "conf/var/alerts.ndjson")
  }

  @Test("every mistake is found in one run, at its place and with the way out")
  func mistakes() {
    let loaded = load(
      """
      instnace: { id: x }
      format: 2
      format: 1
      instance: { id: "a b", timezone: Asia/Novosibirks, public_url: "ftp://x" }
      network: { contact: duty, allow: [10.0.0.0/33, none] }
      paths: { rule: x, log: }
      sinks:
        - { id: duty, type: webhook, url: "http://duty.example/hook", types: [alert.fird], fallback: mial }
        - { id: duty, type: webhook, url: "https://bob:secret@duty.example/", secret: { value: abc } }
        - { id: log, type: log }
        - { id: mail, type: mial }
        - { type: webhook, to: x@y }
      routes:
        - { match: { severity: hihg, regoin: x }, to: [dtuy] }
        - { to: [] }
      retention: { texts: 30, journal: 5y }
      heartbeat: { every: 1m }
      desk: { listen: 8787 }
      """)
    #expect(loaded.value == nil)
    #expect(
      said(loaded.diagnostics).filter { !$0.contains("I501") } == [
        "1:1 E101 unknown key «instnace» (did you mean «instance»?)",
        "2:9 E104 format «2» is not known (this Nabat reads format 1)",
        "3:1 E002 the key «format» is here a second time (first in line 2)",
        "4:17 E104 «a b» is no id (letters, digits, «.», «-» and «_», at most 100)",
        "4:34 E104 unknown time zone «Asia/Novosibirks» (a name such as Asia/Novosibirsk)",
        "4:64 E104 «ftp://x» is no web address (it begins with https:// or http:// and names a host)",
        "5:21 E104 «duty» is no contact (write mailto:duty@region.example or an https address)",
        "5:35 E104 «10.0.0.0/33» is no block of addresses (CIDR notation, such as 10.0.0.0/8 or fc00::/7)",
        "5:48 E104 «none» is no block of addresses (CIDR notation, such as 10.0.0.0/8 or fc00::/7)",
        "6:10 E101 unknown key «rule» (did you mean «rules»?)",
        "6:24 E004 «log» has no value (write a value, or take the key out; an empty value never takes the default)",
        "8:5 E102 the key «secret» is missing",
        "8:37 E104 a webhook needs https (http is for loopback only)",
        "8:73 E104 unknown event type «alert.fird» (did you mean «alert.fired»?)",
        "8:96 E203 unknown sink «mial» (did you mean «mail»?)",
        "9:11 E201 the sink «duty» is already defined at /etc/nabat/nabat.yaml:8:5",
        "9:37 E104 an address may not hold a name and a password (they would be seen in logs)",
        "9:81 E104 a secret is { file: PATH } or { env: NAME }",
        "9:83 E101 unknown key «value»",
        "10:22 E199 «log» is not supported yet",
        "11:23 E104 «mial» is not known here (did you mean «mail»?)",
        "12:5 E102 the key «id» is missing",
        "12:5 E102 the key «url» is missing",
        "12:5 E102 the key «secret» is missing",
        "12:22 E104 «to» belongs to sinks of type mail",
        "14:26 E104 «hihg» is not known here (did you mean «high»?)",
        "14:32 E101 unknown key «regoin» (did you mean «region»?)",
        "14:50 E203 unknown sink «dtuy» (did you mean «duty»?)",
        "15:11 E104 the list names no sink",
        "16:21 E105 «30» is not a duration that may stand here (a unit is missing: 30s, 30m or 30h?)",
        "17:12 E102 the key «to» is missing",
        "18:17 E104 «8787» is no address to listen at (such as 127.0.0.1:8787)",
      ])
  }

  @Test("http is allowed to a webhook on loopback", arguments: ["127.0.0.1:9", "localhost", "[::1]:80", "127.5.0.1/x"])
  func loopback(host: String) {
    let loaded = load("format: 1\nsinks: [ { id: a, type: webhook, url: \"http://\(host)\", secret: { env: A } } ]")
    #expect(loaded.diagnostics == [])
  }

  @Test(
    "http is not allowed to a webhook elsewhere",
    arguments: ["127.0.0.1.example", "localhost.example", "10.0.0.1", "[::2]", "128.0.0.1", "x@127.0.0.1"])
  func elsewhere(host: String) {
    let loaded = load("format: 1\nsinks: [ { id: a, type: webhook, url: \"http://\(host)\", secret: { env: A } } ]")
    #expect(loaded.hasErrors)
  }

  @Test("an alert takes the first route that fits, and further ones after «continue»")
  func routes() throws {
    let loaded = load(
      """
      format: 1
      sinks:
        - { id: a, type: webhook, url: "https://a.example", secret: { env: A } }
        - id: b
          type: webhook
          url: "https://b.example"
          secret: { env: B }
          fallback: c
          types: ["alert.*", meta.storage]
        - { id: c, type: webhook, url: "https://c.example", secret: { env: C } }
      routes:
        - { match: { region: [RU-NVS, RU-ALT], severity: high }, to: b, continue: true }
        - { match: { tag: flood }, to: [a, c] }
        - { to: [a] }
      """)
    var configuration = try #require(loaded.value)
    func sinks(_ alert: [RouteConfiguration.Field: [String]]) -> [String] { configuration.sinks(for: alert).map(\.id) }
    #expect(sinks([.region: ["RU-NVS"], .severity: ["high"], .tag: ["x", "flood"]]) == ["a", "b", "c"])
    #expect(sinks([.region: ["RU-NVS"], .severity: ["low"]]) == ["a"])
    #expect(sinks([.severity: ["high"]]) == ["a"])
    #expect(configuration.ordinarySinks.map(\.id) == ["a", "b", "c"])

    // when there are no routes: all sinks but those that only stand in for others
    configuration.routes = []
    #expect(sinks([:]) == ["a", "b"])
    #expect(configuration.sinks[1].takes(type: "alert.fired"))
    #expect(configuration.sinks[1].takes(type: "meta.storage"))
    #expect(!configuration.sinks[1].takes(type: "meta.heartbeat"))
    #expect(configuration.sinks[0].takes(type: "meta.heartbeat"))
  }

  @Test(
    "what is no YAML, no mapping or nothing at all is refused",
    arguments: ["", "# only this\n", "- a\n", "a: [\n", "x"])
  func malformed(text: String) {
    let loaded = load(text)
    #expect(loaded.value == nil)
    #expect(loaded.hasErrors)
    #expect(loaded.rejected == ["/etc/nabat/nabat.yaml"])
  }

  @Test("a missing file is no diagnostic but an error of reading")
  func missing() {
    let error = #expect(throws: ConfigurationError.self) { try ConfigurationLoader.server(file: "/nowhere/nabat.yaml") }
    #expect(error?.description == "/nowhere/nabat.yaml: cannot be read: No such file or directory")
  }
}

@Suite("A secret") struct SecretTests {
  private let path = FileManager.default.temporaryDirectory.appendingPathComponent("secret-\(UUID().uuidString)").path

  private func failure(_ secret: SecretReference) -> String? {
    do {
      _ = try secret.read()
      return nil
    } catch { return error.description }
  }

  @Test("is read from its file or variable, without the white space around it")
  func read() throws {
    try "\n whsec_abc \n".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(try SecretReference.file(path).read() == "whsec_abc")
    setenv("NABAT_TEST_SECRET", "whsec_def", 1)
    #expect(try SecretReference.environment("NABAT_TEST_SECRET").read() == "whsec_def")
  }

  @Test("that is not there is an error that says where it was looked for and nothing more")
  func missing() throws {
    #expect(failure(.file("/nowhere/s")) == "/nowhere/s: the secret cannot be read: No such file or directory")
    #expect(failure(.environment("NABAT_NO_SUCH")) == "the environment has no variable NABAT_NO_SUCH")
    try Data(repeating: 0x61, count: 5000).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(failure(.file(path)) == "\(path): the file is too large for a secret: at most 4 KB")
    try Data(" \n".utf8).write(to: URL(fileURLWithPath: path))
    #expect(failure(.file(path)) == "\(path): the secret is empty")
  }
}
