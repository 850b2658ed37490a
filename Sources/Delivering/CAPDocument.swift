import JSON
import Model

/// A document of the Common Alerting Protocol 1.2 (OASIS): it tells of the circulation of a claim, not of the disaster in
/// the claim, and goes to those who are on duty, never to the public.
struct CAPDocument {
  let notice: Notice
  let message: OutboxRow
  /// The id of the authority.
  let sender: String
  /// What the circle of readers is limited to.
  let restriction: String
  /// Those who alone may read it; empty for all to whom the restriction allows it.
  let addresses: [String]
  let earlier: [EarlierMessage]
  let offset: @Sendable (Moment) -> Span

  private var data: JSONValue { notice.event["data"] ?? .null }

  /// `al_…-seq`.
  var identifier: String { CAPDocument.identifier(message, message.seq) }

  private static func identifier(_ message: OutboxRow, _ seq: Int) -> String {
    message.alert.isEmpty ? message.message : "\(message.alert)-\(seq)"
  }

  var xml: String {
    var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
    func add(_ name: String, _ text: String?, depth: Int = 1) {
      guard let text, !text.isEmpty else { return }
      xml += String(repeating: "  ", count: depth) + "<\(name)>\(xmlEscaped(plain(text)))</\(name)>\n"
    }
    add("identifier", identifier)
    add("sender", sender)
    add("sent", wall(message.created))
    add("status", status)
    add("msgType", messageType)
    add("scope", addresses.isEmpty ? "Restricted" : "Private")
    if addresses.isEmpty { add("restriction", restriction) }
    add("addresses", addresses.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " "))
    add("note", data["note"]?.string)
    add(
      "references",
      earlier.map { "\(sender),\(CAPDocument.identifier(message, $0.seq)),\(wall($0.time))" }.joined(separator: " "))
    let narrative = data["narrative"]?.string ?? data["rule"]?["id"]?.string
    add("incidents", narrative.map { "\($0.replacing(" ", with: "_"))/\(data["episode"]?.integer ?? 1)" })
    xml += "  <info>\n"
    add("language", "ru-RU", depth: 2)
    add("category", category, depth: 2)
    add("event", "Информационная угроза", depth: 2)
    add("responseType", responseType, depth: 2)
    add("urgency", urgency, depth: 2)
    add("severity", severity, depth: 2)
    add("certainty", certainty, depth: 2)
    if let moment = time("first_published") { add("onset", wall(moment), depth: 2) }
    if let moment = data["sla"]?["hard_by"]?.string.flatMap({ Moment(rfc3339: $0) }) {
      add("expires", wall(moment), depth: 2)
    }
    add("headline", data["title"]?.string ?? notice.headline, depth: 2)
    add("description", notice.paragraphs.joined(separator: "\n"), depth: 2)
    add("instruction", data["guide"]?.string, depth: 2)
    add("web", data["links"]?["self"]?.string, depth: 2)
    for (name, value) in parameters {
      xml += "    <parameter>\n"
      add("valueName", name, depth: 3)
      add("value", value, depth: 3)
      xml += "    </parameter>\n"
    }
    for item in data["evidence"]?["items"]?.array ?? [] {
      guard let url = item["copy"]?.string ?? item["url"]?.string else { continue }
      xml += "    <resource>\n"
      add("resourceDesc", item["source"]?.string ?? "source", depth: 3)
      add("mimeType", "text/html", depth: 3)
      add("uri", url, depth: 3)
      xml += "    </resource>\n"
    }
    if let region = data["region"]?.object {
      xml += "    <area>\n"
      add("areaDesc", region["name"]?.string ?? region["code"]?.string, depth: 3)
      if let code = region["code"]?.string {
        xml += "      <geocode>\n"
        add("valueName", "ISO 3166-2", depth: 4)
        add("value", code, depth: 4)
        xml += "      </geocode>\n"
      }
      xml += "    </area>\n"
    }
    return xml + "  </info>\n</alert>\n"
  }

  private var status: String {
    if message.alert.isEmpty { return "System" }
    if data["exercise"]?.bool == true || data["labels"]?["exercise"] != nil { return "Exercise" }
    return switch data["rule"]?["status"]?.string {
    case "test": "Test"
    case "draft": "Draft"
    default: "Actual"
    }
  }

  private var messageType: String {
    switch message.type {
    case "alert.fired": "Alert"
    case "alert.closed" where ["noise", "true-event"].contains(data["closed"]?["reason"]?.string): "Cancel"
    // A message of the monitor about itself follows no other.
    case let type where !type.hasPrefix("alert."): "Alert"
    // One that follows nothing must not claim to.
    default: earlier.isEmpty ? "Alert" : "Update"
    }
  }

  private var isClosed: Bool { data["work"]?.string == "closed" }

  private var urgency: String {
    if isClosed { return "Past" }
    guard let respond = data["sla"]?["respond_by"]?.string.flatMap({ Moment(rfc3339: $0) }) else { return "Future" }
    let left = respond - message.created
    return left <= .hours(1) ? "Immediate" : left <= .hours(4) ? "Expected" : "Future"
  }

  private var severity: String {
    switch message.severity {
    case .critical: "Extreme"
    case .high: "Severe"
    case .medium: "Moderate"
    case .low, .info: "Minor"
    }
  }

  /// Of the circulation.
  private var certainty: String {
    let sources = data["measure"]?["sources"]?.number ?? 0
    return sources >= 2 ? "Observed" : sources >= 1 ? "Likely" : "Possible"
  }

  private var responseType: String {
    switch data["work"]?.string {
    case "answering": "Prepare"
    case "responded": "Monitor"
    case "closed": "AllClear"
    default: "Assess"
    }
  }

  /// The label `topic` of the rule, in the words of the standard.
  private var category: String {
    guard let topic = data["labels"]?["topic"]?.string else { return "Other" }
    return CAPDocument.categories[topic]
      ?? CAPDocument.categories.values.first { $0.lowercased() == topic.lowercased() } ?? "Other"
  }

  private static let categories = [
    "safety": "Safety", "security": "Security", "health": "Health", "utilities": "Infra", "infra": "Infra",
    "ecology": "Env", "environment": "Env", "transport": "Transport", "fire": "Fire", "rescue": "Rescue",
    "emergency": "Safety",
  ]

  private var parameters: [(String, String)] {
    var parameters: [(String, String)] = []
    for name in ["score", "ratio", "z", "authors"] {
      guard let value = data["measure"]?[name], let number = value.number else { continue }
      // How few voices there are is nobody's business.
      parameters.append((name, name == "authors" && number < 5 ? "< 5" : value.serialized))
    }
    if let fingerprint = data["fingerprint"]?.string { parameters.append(("fingerprint", fingerprint)) }
    if let verdict = data["registry"]?["verdict"]?.string { parameters.append(("registry", verdict)) }
    if let head = data["journal_head"]?.string { parameters.append(("journal_head", head)) }
    return parameters
  }

  private func time(_ name: String) -> Moment? {
    data["times"]?[name]?.string.flatMap { Moment(rfc3339: $0) }
  }

  /// With the offset of the place and whole seconds, as the standard writes it: `2026-03-01T13:59:40+05:00`.
  private func wall(_ moment: Moment) -> String {
    let ahead = Int(offset(moment).milliseconds / 60_000)
    // UTC is written -00:00.
    let sign = ahead <= 0 ? "-" : "+"
    let zone = "\(sign)\(Moment.padded(abs(ahead) / 60, 2)):\(Moment.padded(abs(ahead) % 60, 2))"
    return (moment + offset(moment)).rfc3339.prefix(19) + zone
  }

  /// Line breaks stay; everything else that moves a terminal or hides text goes.
  private func plain(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { plainText(String($0)) }.joined(separator: "\n")
  }
}
