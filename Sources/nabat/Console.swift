import Alerting
import Delivering
import Glibc
import JSON
import Model
import Monitor
import Rules

/// What an officer sees of a running server: one line an event, colour on a terminal, plain when piped.
struct Console: Sendable {
  private let asJSON: Bool
  private let line: ConsoleLine
  private let local: LocalTime
  private let colour: Bool

  init(zone: String, asJSON: Bool) {
    self.asJSON = asJSON
    colour = Terminal.outputIsTerminal && getenv("NO_COLOR") == nil
    let local = LocalTime(zone: zone) ?? .utc
    self.local = local
    line = ConsoleLine(colour: colour) { Span(milliseconds: local.offset(at: $0)) }
  }

  /// A line of the program about itself.
  func say(_ text: String) {
    if asJSON { Terminal.writeError(text + "\n") } else { Terminal.write(text + "\n") }
  }

  /// A line about something that happened at a moment.
  func say(_ text: String, at moment: Moment) {
    guard !asJSON else { return }
    let wall = local.short(moment)
    let time = String(wall.suffix(5))
    Terminal.write(colour ? "\u{1B}[2m\(time)  \(plainText(text))\u{1B}[0m\n" : "\(time)  \(plainText(text))\n")
  }

  func show(_ events: [Event]) {
    for event in events where !event.isNote {
      let json = JSONValue.object(event.json)
      Terminal.write((asJSON ? json.serialized : line.text(for: json)) + "\n")
    }
  }

  func show(_ report: SourceDesk.PollReport) {
    if let failure = report.failure {
      say("\(report.source.title ?? report.source.id): \(failure)", at: report.at)
    }
  }

  func show(_ note: DeliveryNote, at moment: Moment) {
    let row = note.row
    switch note.kind {
    case .delivered, .superseded: break
    case .failed(let words):
      let next = local.short(row.next).suffix(5)
      say("\(row.sink): \(row.type) не доставлено (\(words)); повторим в \(next)", at: moment)
    case .dead(let words): say("\(row.sink): \(row.type): доставка прекращена (\(words))", at: moment)
    // Told as an event.
    case .endpointDisabled, .endpointDegraded: break
    }
  }

  func show(_ reload: RuleReload) {
    if !reload.taken.isEmpty {
      let count = reload.ruleCount
      say(
        "правила обновлены: \(count) \(russianPlural(count, one: "правило", few: "правила", many: "правил")); "
          + "файлы: \(reload.taken.joined(separator: ", "))", at: reload.at)
    }
    for rejection in reload.rejected {
      say("\(rejection.file) не принят, действует прежняя версия: \(rejection.text)", at: reload.at)
    }
  }

  /// - Parameter clock: the server's, for what has no time of its own.
  func watchers(clock: any WallClock) -> Server.Watchers {
    var watchers = Server.Watchers()
    watchers.onEvents = { show($0) }
    watchers.onPoll = { show($0) }
    watchers.onReload = { show($0) }
    watchers.onDelivery = { show($0, at: clock.now) }
    return watchers
  }
}
