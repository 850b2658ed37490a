import JSON

/// The working directory of the demo: a configuration like any other, made of embedded files.
package struct DemoFiles: Hashable, Sendable {
  /// The directory as it was given.
  package var directory: String
  /// The webhook secret, `whsec_…`; kept from an earlier start.
  package var secret: String

  package var configuration: String { "\(directory)/nabat.yaml" }
  package var history: String { "\(directory)/history.ndjson" }
  package var database: String { "\(directory)/var/nabat.db" }
  package var log: String { "\(directory)/var/alerts.ndjson" }
  /// What the receiver accepted, for its next start.
  package var received: String { "\(directory)/var/received.ndjson" }

  /// The ports of the region and of the receiver.
  package struct Ports: Hashable, Sendable {
    package var region: UInt16
    package var receiver: UInt16

    package init(region: UInt16, receiver: UInt16) {
      self.region = region
      self.receiver = receiver
    }
  }

  /// The ports that an earlier start in this directory used: addresses are part of what a source publishes, so a
  /// restart should use them again. nil where there was none.
  package static func earlierPorts(in directory: String) -> Ports? {
    guard let bytes = try? DemoFile.read(portsFile(directory)), let json = try? JSONValue(parsing: bytes),
      let region = json["region"]?.integer.flatMap({ UInt16(exactly: $0) }),
      let receiver = json["receiver"]?.integer.flatMap({ UInt16(exactly: $0) })
    else { return nil }
    return Ports(region: region, receiver: receiver)
  }

  private static func portsFile(_ directory: String) -> String { "\(directory)/var/ports.json" }

  /// Writes everything but the database and the log, which stay what they are.
  package static func write(into directory: String, ports: Ports) throws(DemoError) -> DemoFiles {
    for folder in ["feeds", "rules", "regions", "var"] { try DemoFile.makeFolder("\(directory)/\(folder)") }
    let secretFile = "\(directory)/var/secret"
    let secret: String
    if let earlier = try? DemoFile.read(secretFile), !earlier.isEmpty {
      secret = String(decoding: earlier.filter { $0 > 0x20 }, as: UTF8.self)
    } else {
      secret = newSecret()
      try DemoFile.write(Array((secret + "\n").utf8), to: secretFile, mode: 0o600)
    }
    for file in ruleFiles { try DemoFile.write(file.bytes, to: "\(directory)/rules/\(file.name)") }
    try DemoFile.write(feeds(port: ports.region), to: "\(directory)/feeds/demo.yaml")
    try DemoFile.write(PackageResources.region_yaml, to: "\(directory)/regions/demo.yaml")
    try DemoFile.write(DemoStory.history, to: "\(directory)/history.ndjson")
    try DemoFile.write(Array(configuration(receiver: ports.receiver).utf8), to: "\(directory)/nabat.yaml")
    let json = JSONObject(["region": .integer(Int64(ports.region)), "receiver": .integer(Int64(ports.receiver))])
    try DemoFile.write(Array(JSONValue.object(json).serialized.utf8), to: portsFile(directory))
    return DemoFiles(directory: directory, secret: secret)
  }

  /// The shipped rule files as they are embedded, in the order of their names.
  package static var ruleFiles: [(name: String, bytes: [UInt8])] {
    [
      ("emergency.rules.yaml", PackageResources.emergency_rules_yaml),
      ("official.rules.yaml", PackageResources.official_rules_yaml),
      ("shared.rules.yaml", PackageResources.shared_rules_yaml),
      ("utilities.rules.yaml", PackageResources.utilities_rules_yaml),
      ("volume.rules.yaml", PackageResources.volume_rules_yaml),
    ]
  }

  /// The shipped `feeds/demo.yaml` with the addresses of a region on this port.
  package static func feeds(port: UInt16 = 8797) -> [UInt8] {
    let text = String(decoding: PackageResources.demo_yaml, as: UTF8.self)
    return Array(text.replacing(DemoSource.writtenAddress, with: "http://127.0.0.1:\(port)").utf8)
  }

  private static func configuration(receiver: UInt16) -> String {
    """
    # Written by the demo at every start. The region is invented; times are those of the story.
    format: 1
    instance: { id: demo, name: Дежурная смена Зарянского края, timezone: Asia/Novosibirsk }
    paths: { feeds: feeds, rules: rules, regions: regions, database: var/nabat.db, log: var/alerts.ndjson }
    network: { contact: "mailto:duty@zaryanye.example", allow: [127.0.0.0/8] }
    sinks:
      - id: duty
        type: webhook
        url: "http://127.0.0.1:\(receiver)/hook"
        secret: { file: var/secret }

    """
  }

  /// 32 random bytes of the system as base64.
  private static func newSecret() -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var generator = SystemRandomNumberGenerator()
    // 42 digits of 6 bits and one of 4, since 32 bytes are 256 bits.
    var digits = (0..<42).map { _ in alphabet[Int(generator.next() & 63)] }
    digits.append(alphabet[Int(generator.next() & 15) << 2])
    return "whsec_" + String(decoding: digits, as: UTF8.self) + "="
  }
}
