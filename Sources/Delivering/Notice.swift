import JSON
import Model

/// An event in words for people: what mails, chats and consoles are made of. Russian, local time, no names.
struct Notice {
  let event: JSONValue
  let offset: @Sendable (Moment) -> Span

  private var data: JSONValue { event["data"] ?? .null }

  init?(_ message: OutboxRow, offset: @escaping @Sendable (Moment) -> Span) {
    guard let event = try? JSONValue(parsing: message.body) else { return nil }
    self.init(event: event, offset: offset)
    standIn = message.standIn
  }

  /// A copy for another endpoint has gone out because this one did not answer; its id.
  private var standIn: String?

  init(event: JSONValue, offset: @escaping @Sendable (Moment) -> Span) {
    self.event = event
    self.offset = offset
  }

  /// One line without the time: `ВЫСОКАЯ впервые: Слух о прорыве дамбы — …`.
  var headline: String { ConsoleLine(colour: false, showsTime: false, offset: offset).text(for: event) }

  /// The longer text: what it is, why, how long there is to answer, and where to look.
  var paragraphs: [String] {
    var paragraphs = [headline]
    if let why = data["why"]?.array, !why.isEmpty {
      paragraphs.append("Почему: " + why.prefix(8).compactMap(Notice.reason).joined(separator: "; "))
    }
    let deadlines = [("acknowledge_by", "принять"), ("respond_by", "ответить"), ("hard_by", "предельный срок")]
      .compactMap { key, words in
        data["sla"]?[key]?.string.flatMap { Moment(rfc3339: $0) }.map { "\(words) до \(wall($0))" }
      }
    if !deadlines.isEmpty { paragraphs.append("Сроки: " + deadlines.joined(separator: ", ")) }
    if let evidence = data["evidence"]?["items"]?.array, !evidence.isEmpty {
      let lines = evidence.prefix(5).map { item in
        "• \(plainText(item["source"]?.string ?? "")) \(plainText(item["url"]?.string ?? item["id"]?.string ?? ""))"
      }
      paragraphs.append("Публикации:\n" + lines.joined(separator: "\n"))
    }
    if let missed = data["fallback_for"]?.string {
      paragraphs.append("Запасной канал: «\(plainText(missed))» не принимает это сообщение")
    }
    if let standIn { paragraphs.append("Это же сообщение ушло на запасной канал «\(plainText(standIn))»") }
    if let link = data["links"]?["self"]?.string { paragraphs.append("Подробнее: \(plainText(link))") }
    if let head = data["journal_head"]?.string { paragraphs.append("Журнал: \(plainText(head))") }
    return paragraphs
  }

  /// What a template may name, in the order of the docs.
  static let names = [
    "headline", "text", "title", "summary", "severity", "reason", "type", "region", "narrative", "rule", "alert",
    "time",
    "respond_by", "link",
  ]

  /// The value of a name of a template; nil for other names.
  func value(_ name: String) -> String? {
    switch name {
    case "headline": headline
    case "text": paragraphs.joined(separator: "\n\n")
    case "title", "summary", "narrative", "alert": plainText(data[name]?.string ?? "")
    case "severity": data["severity"]?.string.flatMap { Severity(rawValue: $0) }.map { ConsoleLine.word(for: $0) } ?? ""
    case "reason": data["reason"]?.string ?? ""
    case "type": event["type"]?.string ?? ""
    case "region": plainText(data["region"]?["name"]?.string ?? "")
    case "rule": plainText(data["rule"]?["id"]?.string ?? "")
    case "time": event["time"]?.string.flatMap { Moment(rfc3339: $0) }.map(wall) ?? ""
    case "respond_by": data["sla"]?["respond_by"]?.string.flatMap { Moment(rfc3339: $0) }.map(wall) ?? ""
    case "link": plainText(data["links"]?["self"]?.string ?? "")
    default: nil
    }
  }

  private static func reason(_ why: JSONValue) -> String? {
    guard let text = why["text"]?.string ?? why["term"]?.string else { return nil }
    var words = "«\(plainText(text))»"
    if let weight = why["weight"]?.number {
      words += weight < 0 ? " (\(Notice.figure(weight)))" : " (+\(Notice.figure(weight)))"
    }
    return words
  }

  private static func figure(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
  }

  /// `23.11 14:05`.
  private func wall(_ moment: Moment) -> String {
    let text = (moment + offset(moment)).rfc3339
    return "\(text.dropFirst(8).prefix(2)).\(text.dropFirst(5).prefix(2)) \(text.dropFirst(11).prefix(5))"
  }
}
