import Alerting
import Delivering
import Engine
import JSON
import Model
import Rules
import Text

extension Verb {
  static let backtest = Verb(
    name: "backtest",
    summary: "Runs rules over the stored archive; with --diff, what they gain and lose against others.",
    options: DatabaseInput.options + [
      Option("--rules", "PATH", "a rule file, or a folder with all *.rules.yaml below"),
      Option("--diff", "OLD", "the rules to compare with: alerts gained and lost"),
      Option("--from", "TIME", "alerts from this moment on (RFC 3339); default: the beginning of the archive"),
      Option("--to", "TIME", "the last moment; default: the end of the archive"),
      Option("--history", "FILE", "counts from before the archive, for baselines"),
      Option("--json", nil, "with --diff, one object a line"),
    ], required: ["--rules"],
    example: "nabat backtest --rules new/ --diff rules/ --database var/nabat.db --from 2026-03-01T00:00:00Z"
  ) { arguments in
    guard let path = arguments["--rules"] else { return .usage }
    let from = try DatabaseInput.moment("--from", in: arguments)
    let to = try DatabaseInput.moment("--to", in: arguments)
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    let history = try arguments["--history"].map(TapeInput.history) ?? []
    let config = arguments["--config"]
    let lexicon = RuleInput.lexicon()
    func run(_ path: String, _ take: ([Event]) -> Void) throws {
      let set = try RuleInput.loadSound([path], lexicon: lexicon, timezone: EngineInput.timezone(config: config))
      let engine = Engine(rules: set.rules, lexicon: lexicon, settings: try EngineInput.settings(config: config))
      engine.preload(history)
      try Archive(store: store, to: to).play(through: engine) { events in
        take(events.filter { event in from.map { event.time >= $0 } ?? true })
      }
    }
    var output = OutputBuffer()
    guard let old = arguments["--diff"] else {
      try run(path) { for event in $0 where !event.isNote { output.line(event.text) } }
      output.flush()
      return .done
    }
    var before = FiredAlerts()
    var after = FiredAlerts()
    try run(old) { before.take($0) }
    try run(path) { after.take($0) }
    let closings = Dictionary(
      try DatabaseInput.alerts(in: store).map { ($0.id, Verdict($0)) }, uniquingKeysWith: { first, _ in first })
    AlertDifference(before: before, after: after, closings: closings).write(
      asJSON: arguments.has("--json"), to: &output)
    output.flush()
    return .done
  }
}

/// What officers made of an alert.
private struct Verdict {
  var work: Alert.Work
  var closing: Alert.Closing?

  init(_ alert: Alert) {
    work = alert.work
    closing = alert.closing
  }

  var words: String { closing.map { "\(work.rawValue): \($0.rawValue)" } ?? work.rawValue }
}

/// What a database holds of the past, as an engine takes it.
private struct Archive {
  let store: any Store
  /// nil: all of it.
  let to: Moment?

  /// Everything from the beginning, whatever the first moment that is asked for: counts and open alerts come from before.
  func play(through engine: Engine, _ take: ([Event]) -> Void) throws {
    var last: Moment?
    var progress = Progress("lines")
    try store.batches(to: to) { batch in
      engine.handle(batch)
      take(engine.takeEvents())
      last = batch.last?.at ?? last
      progress.advance(by: batch.count)
    }
    progress.finish()
    let stored = try store.lastMoment()
    if let end = to ?? [last, stored].compactMap({ $0 }).max() { engine.advance(through: end) }
    take(engine.takeEvents())
  }
}

/// The alerts that a run raised, by id.
private struct FiredAlerts {
  struct Fired {
    var id: String
    var rule: String
    var key: JSONValue
    var time: Moment
    var severity: String
    var title: String
  }
  private(set) var byID: [String: Fired] = [:]

  mutating func take(_ events: [Event]) {
    for event in events where event.type == "alert.fired" || event.type == "alert.reopened" {
      let data = event.json["data"]
      guard byID[event.alert] == nil else { continue }
      byID[event.alert] = Fired(
        id: event.alert, rule: data?["rule"]?["id"]?.string ?? "", key: data?["key"] ?? .null, time: event.time,
        severity: data?["severity"]?.string ?? "", title: data?["title"]?.string ?? "")
    }
  }
}

/// What one set of rules tells and another does not.
private struct AlertDifference {
  private let gained: [FiredAlerts.Fired]
  private let lost: [FiredAlerts.Fired]
  /// Told by both, at another time.
  private let moved: [FiredAlerts.Fired]
  private let before: FiredAlerts
  private let kept: Int
  private let closings: [String: Verdict]

  /// - Parameter closings: what officers made of each stored alert, by the alert's id.
  init(before: FiredAlerts, after: FiredAlerts, closings: [String: Verdict]) {
    func sorted(_ alerts: some Sequence<FiredAlerts.Fired>) -> [FiredAlerts.Fired] {
      alerts.sorted { ($0.time, $0.rule, $0.id) < ($1.time, $1.rule, $1.id) }
    }
    gained = sorted(after.byID.values.filter { before.byID[$0.id] == nil })
    lost = sorted(before.byID.values.filter { after.byID[$0.id] == nil })
    moved = sorted(after.byID.values.filter { fired in before.byID[fired.id].map { $0.time != fired.time } ?? false })
    kept = after.byID.count - gained.count - moved.count
    self.before = before
    self.closings = closings
  }

  func write(asJSON: Bool, to output: inout OutputBuffer) {
    for (change, alerts) in [("gained", gained), ("lost", lost), ("moved", moved)] {
      for alert in alerts {
        let work = closings[alert.id]
        let was = change == "moved" ? before.byID[alert.id]?.time.rfc3339 : nil
        if asJSON {
          var object = JSONObject([
            "change": .string(change), "alert": .string(alert.id), "rule": .string(alert.rule), "key": alert.key,
            "time": .string(alert.time.rfc3339), "severity": .string(alert.severity), "title": .string(alert.title),
          ])
          object.append("was", ifPresent: was.map(JSONValue.string))
          object.append("work", ifPresent: work.map { .string($0.work.rawValue) })
          object.append("closed", ifPresent: work?.closing.map { ["reason": .string($0.rawValue)] })
          output.line(JSONValue.object(object).serialized)
        } else {
          let key = (alert.key.object?.members ?? []).map { "\($0.name)=\($0.value.string ?? "")" }
          output.line(
            plainText(
              "\(change == "gained" ? "+" : change == "lost" ? "-" : "~") \(alert.time.rfc3339)  \(alert.severity)  \(alert.rule)  "
                + key.joined(separator: " ") + (was.map { "  was \($0)" } ?? "")
                + (work.map { "  (\($0.words))" } ?? "")))
        }
      }
    }
    if !asJSON {
      output.line(
        "\(gained.count) gained, \(lost.count) lost, \(moved.count) at another time, \(kept) the same")
      output.line("price: gained \(price(of: gained)); lost \(price(of: lost))")
    }
  }

  /// What officers said of such alerts: losing a real one costs, losing noise is the gain.
  private func price(of alerts: [FiredAlerts.Fired]) -> String {
    var (real, noise) = (0, 0)
    for alert in alerts {
      switch closings[alert.id]?.closing {
      case nil, .test: break
      case .noise, .overturned: noise += 1
      default: real += 1
      }
    }
    return "\(real) real, \(noise) noise, \(alerts.count - real - noise) not judged"
  }
}
