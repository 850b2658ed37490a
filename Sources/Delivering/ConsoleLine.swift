package import JSON
package import Model

/// Shows an event as one line for people at a terminal, in Russian.
package struct ConsoleLine: Sendable {
  /// What a clock on the wall is ahead of UTC at a moment.
  private let offset: @Sendable (Moment) -> Span
  /// Whether severities are coloured by ANSI sequences.
  private let colour: Bool

  private let showsTime: Bool

  package init(colour: Bool, showsTime: Bool = true, offset: @escaping @Sendable (Moment) -> Span) {
    self.offset = offset
    self.colour = colour
    self.showsTime = showsTime
  }

  package init(utcOffset: Span, colour: Bool = false) { self.init(colour: colour) { _ in utcOffset } }

  /// `14:00 ВЫСОКАЯ впервые: Слух о прорыве дамбы — dam-breach — Оренбургская область: 3 публ.`
  package func text(for event: JSONValue) -> String {
    let data = event["data"] ?? .null
    let type = event["type"]?.string ?? ""
    var line = showsTime ? time(of: event).map { "\($0) " } ?? "" : ""
    if let name = data["severity"]?.string {
      let known = Severity(rawValue: name)
      line += painted(known.map { ConsoleLine.word(for: $0) } ?? plainText(name).uppercased(), as: known) + " "
    }
    if let reason = data["reason"]?.string {
      let changed = (data["changed"]?.array ?? []).compactMap(\.string)
      let deadline = reason == "sla-breach" ? changed.compactMap { ConsoleLine.deadlines[$0] }.first : nil
      line += deadline ?? ConsoleLine.reasons[reason] ?? plainText(reason)
    } else {
      line += ConsoleLine.types[type] ?? plainText(type)
    }
    // Rules that are not on duty yet: what they find is shown, and marked.
    if let stage = data["stage"]?.string.flatMap({ ConsoleLine.stages[$0] }) { line += " (\(stage))" }
    var texts: [String] = []
    for text in [
      data["title"]?.string, data["source"]?.string, data["file"]?.string,
      ConsoleLine.heldBack(data) ?? data["summary"]?.string ?? data["message"]?.string ?? data["text"]?.string,
    ] {
      // A rule without a summary has its title for one.
      guard let text = text.map(plainText), !text.isEmpty, !texts.contains(text) else { continue }
      texts.append(text)
    }
    return texts.isEmpty ? line : "\(line): \(texts.joined(separator: " — "))"
  }

  /// What a digest says of alarms that were weaker than others; nil for other events.
  private static func heldBack(_ data: JSONValue) -> String? {
    guard let count = data["held_back"]?.integer.map(Int.init) else { return nil }
    let region = data["region"]?.string.map { ", \($0)" } ?? ""
    let verb = russianPlural(count, one: "отложена", few: "отложены", many: "отложено")
    let rest = russianPlural(
      count, one: "более слабая тревога", few: "более слабые тревоги", many: "более слабых тревог")
    return "\(verb) \(count) \(rest)\(region)"
  }

  private func time(of event: JSONValue) -> String? {
    guard let moment = event["time"]?.string.flatMap({ Moment(rfc3339: $0) }) else { return nil }
    let minutes = Moment.floorDivide((moment + offset(moment)).milliseconds, by: 86_400_000).remainder / 60_000
    return "\(Moment.padded(Int(minutes / 60), 2)):\(Moment.padded(Int(minutes % 60), 2))"
  }

  private func painted(_ word: String, as severity: Severity?) -> String {
    guard colour, let severity else { return word }
    let code =
      switch severity {
      case .critical: "1;97;41"
      case .high: "1;31"
      case .medium: "33"
      case .low: "36"
      case .info: "2"
      }
    return "\u{1B}[\(code)m\(word)\u{1B}[0m"
  }

  /// A severity in words, as the console shows it.
  package static func word(for severity: Severity) -> String {
    switch severity {
    case .critical: "КРИТИЧЕСКАЯ"
    case .high: "ВЫСОКАЯ"
    case .medium: "СРЕДНЯЯ"
    case .low: "НИЗКАЯ"
    case .info: "СПРАВКА"
    }
  }

  private static let reasons = [
    "first": "впервые", "new-in-group": "новая в группе", "new-evidence-milestone": "новые свидетельства",
    "new-region": "новый регион", "new-source-class": "новый род источников", "severity-raised": "стала важнее",
    "repeat": "напоминание", "cleared": "утихла", "reopened": "началась снова", "silence-ended": "тишина кончилась",
    "sla-warning": "срок близко", "sla-breach": "срок пропущен", "ack-expired": "принято, но без движения",
    "escalated": "передано старшему", "digest": "сводка", "acknowledged": "принято", "answering": "готовится ответ",
    "responded": "ответ дан", "closed": "закрыто", "overturned": "решение пересмотрено",
  ]

  private static let deadlines = [
    "sla.acknowledge_by": "не принята в срок", "sla.respond_by": "срок ответа пропущен",
    "sla.hard_by": "предельный срок пропущен",
  ]

  private static let stages = ["draft": "черновик правила, не отправлено", "test": "правило на пробе, не отправлено"]

  private static let types = [
    "meta.heartbeat": "Набат работает", "meta.rule_rejected": "правило отклонено",
    "meta.source_unreachable": "источник не отвечает", "meta.selector_broken": "селектор ничего не находит",
    "meta.lagging": "Набат не успевает", "meta.storage": "хранилище",
    "meta.endpoint_degraded": "получатель не отвечает",
    "meta.digest": "сводка", "endpoint.test": "проверка связи",
  ]
}
