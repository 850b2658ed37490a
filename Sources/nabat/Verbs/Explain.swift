import Alerting
import Counting
import Delivering
import Engine
import JSON
import Model
import Rules

extension Verb {
  static let explain = Verb(
    name: "explain", summary: "Says why an alert fired, or what the rules make of an item.", operands: "ALERT|ITEM",
    operandCount: 1...1,
    options: DatabaseInput.options + [
      Option("--rules", "PATH", "rules to judge an item by (default: those of the configuration)"),
      Option("--plot", "FILE", "of an alert of a spike rule with rarity: draws its last hours (SVG)"),
      Option("--json", nil, "one object"),
    ], example: "nabat explain al_n2mzdkkfmjomfk3s --database var/nabat.db"
  ) { arguments in
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    let name = arguments.operands[0]
    if let bytes = try store.record(kind: "alert", key: name),
      let alert = (try? JSONValue(parsing: bytes)).flatMap(Alert.init(json:))
    {
      var events: [JSONValue] = []
      try store.journal(alert: alert.id, from: nil) { row in
        if let event = try? JSONValue(parsing: Array(row.json.utf8)) { events.append(event) }
      }
      let explanation = AlertExplanation(alert: alert, events: events)
      if let picture = arguments["--plot"] {
        guard let plot = explanation.plot else {
          throw Stop(.rejected, "«\(name)» has no course to draw: only spike rules that compare «rarity» keep one")
        }
        try FileInput.write(plot.svg, to: picture)
      }
      Terminal.write(arguments.has("--json") ? explanation.json.serialized + "\n" : explanation.words)
      return .done
    }
    let texts = try StoredText.find(name, in: store)
    guard !texts.isEmpty else {
      throw Stop(.rejected, "there is no alert and no item «\(name)» in this database; see: nabat alerts")
    }
    let rulesPath = try arguments["--rules"] ?? EngineInput.rulesPath(config: arguments["--config"] ?? "nabat.yaml")
    let lexicon = RuleInput.lexicon()
    let set = try RuleInput.loadSound([rulesPath], lexicon: lexicon)
    let trial = TextTrial(rules: set.rules, lexicon: lexicon)
    for text in texts {
      let results = trial.results(for: text.publication, arrival: text.arrival)
      let words = TextTrial.words(results, id: text.name).split(separator: "\n")
      Terminal.write(
        arguments.has("--json")
          ? TextTrial.json(results, id: text.name).serialized + "\n"
          : words.map { plainText(String($0)) + "\n" }.joined() + change(of: text.publication, in: store))
    }
    return .done
  }
}

/// What changed in a later version of an item; empty for a first one.
private func change(of item: Publication, in store: any Store) -> String {
  guard let bytes = try? store.record(kind: "change", key: "\(item.source)\n\(item.id)"),
    let change = try? JSONValue(parsing: bytes)
  else { return "" }
  var lines = ["version \(change["version"]?.serialized ?? "") of \(item.source)/\(change["of"]?.string ?? "")"]
  for (name, mark) in [("removed", "−"), ("added", "+")] {
    lines += (change[name]?.array ?? []).compactMap(\.string).map { "  \(mark) \($0)" }
  }
  return lines.map { plainText($0) + "\n" }.joined()
}

/// Why an alert fired: words, weights, the baseline, evidence, and what was told when.
struct AlertExplanation {
  let alert: Alert
  let events: [JSONValue]

  var json: JSONValue {
    var object = alert.publicJSON.object ?? JSONObject()
    object.append("title", events.last?["data"]?["title"] ?? .null)
    object.append("summary", events.last?["data"]?["summary"] ?? .null)
    object.append("rule_version", events.last?["data"]?["rule"]?["version"] ?? .null)
    object.append(
      "events",
      .array(
        events.map { event in
          [
            "id": event["id"] ?? .null, "type": event["type"] ?? .null, "time": event["time"] ?? .null,
            "reasons": event["data"]?["reasons"] ?? .null, "stage": event["data"]?["stage"] ?? .null,
          ]
        }))
    return .object(object)
  }

  /// The last hours before it fired; nil where its rule keeps none.
  var plot: SeriesPlot? {
    guard let course = alert.basis?["course"], let until = course["until"]?.string.flatMap({ Moment(rfc3339: $0) }),
      let bucket = course["bucket"]?.string.flatMap({ Span($0) }), let counts = course["counts"]?.array, !counts.isEmpty
    else { return nil }
    let points = counts.enumerated().map { index, count in
      let end = until - bucket * Int64(counts.count - 1 - index)
      return SeriesPlot.Point(
        time: String(end.rfc3339.prefix(16)).replacing("T", with: " "), value: count.number ?? 0,
        usual: course["usual"]?.number, bandTop: course["band_top"]?.number,
        alarm: index == counts.count - 1 ? "rarity \(alert.basis?["rarity"]?["rarity"]?.serialized ?? "—")" : nil)
    }
    return SeriesPlot(title: "\(alert.id)  \(events.last?["data"]?["title"]?.string ?? alert.rule)", points: points)
  }

  var words: String {
    let data = events.last?["data"]
    var lines: [String] = []
    lines.append("\(alert.id)  \(data?["title"]?.string ?? alert.rule)")
    if let summary = data?["summary"]?.string { lines.append("  \(summary)") }
    lines.append(
      "  rule \(alert.rule), severity \(alert.severity.rawValue), condition \(alert.condition.rawValue), "
        + "work \(alert.work.rawValue), episode \(alert.episode)")
    lines.append("  detected \(alert.detected.rfc3339), first published \(alert.firstPublished.rfc3339)")
    if let due = alert.deadlines {
      lines.append(
        "  acknowledge by \(due.acknowledge.rfc3339), respond by \(due.respond.rfc3339), at the latest "
          + due.hard.rfc3339)
    }
    lines += work
    lines.append("why")
    lines += why
    lines.append("evidence: \(alert.evidenceCount)")
    for content in alert.evidence.prefix(20) {
      lines.append("  \(content.published.rfc3339)  \(content.source)/\(content.id)  \(content.url ?? "")")
    }
    lines.append("told")
    for event in events {
      let reasons = (event["data"]?["reasons"]?.array ?? []).compactMap(\.string).joined(separator: ", ")
      lines.append(
        "  \(event["time"]?.string ?? "")  \(event["type"]?.string ?? "")  (\(reasons))  "
          + (event["data"]?["stage"]?.string ?? ""))
    }
    return lines.map { plainText($0) + "\n" }.joined()
  }

  /// What people have made of it, and how far the answer has spread beside the claim.
  private var work: [String] {
    var lines: [String] = []
    let shown = alert.publicJSON
    if let owner = alert.owner { lines.append("  in hand: \(owner)") }
    if let address = alert.answer { lines.append("  answer: \(address)") }
    if let closing = alert.closing { lines.append("  closed: \(closing.rawValue)") }
    if let note = alert.note { lines.append("  note: \(note)") }
    let (claim, answer) = (shown["spread"]?["claim"], shown["spread"]?["answer"])
    if alert.answers > 0, let told = claim?["texts"]?.integer, let answered = answer?["texts"]?.integer {
      lines.append("  told \(told) times, answered \(answered) times")
    }
    return lines
  }

  private var why: [String] {
    func number(_ value: Double) -> String { JSONValue.number((value * 100).rounded() / 100).serialized }
    var lines: [String] = []
    if let score = alert.measure.score {
      let threshold = alert.measure.threshold.map { ", threshold \(number($0))" } ?? ""
      lines.append("  score \(number(score))\(threshold)")
      for reason in alert.why {
        let folds = reason.folds.isEmpty ? "" : ", seen through: \(reason.folds.joined(separator: ", "))"
        lines.append("  \(reason.term) \(number(reason.weight)): «\(reason.text)» in \(reason.field)\(folds)")
      }
    }
    if let count = alert.measure.count, let ratio = alert.measure.ratio, let z = alert.measure.z {
      let authors = alert.measure.authors.map { $0 < 5 ? "< 5" : String($0) } ?? "unknown"
      lines.append("  now: count \(count), ratio \(number(ratio)), z \(number(z)), authors \(authors)")
      if let peak = alert.measure.peak { lines.append("  at most: count \(peak.count), ratio \(number(peak.ratio))") }
    }
    return lines + alert.basisWords.map { "  " + $0 }
  }
}
