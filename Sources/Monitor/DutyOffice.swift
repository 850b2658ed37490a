import Alerting
import Delivering
import Desk
import Engine
import JSON
import Model
import Rules

/// The running engine as the desk sees it.
struct DutyOffice: DutyRoom {
  let pipeline: Pipeline
  let clock: any WallClock
  let dispatcher: Dispatcher

  func alerts() async -> [Alert] { await pipeline.alerts }
  func silences() async -> [Silence] { await pipeline.silences }
  func title(of alert: Alert) async -> String { await pipeline.title(of: alert) }
  func preview(_ act: Act) async throws(Refusal) -> [Alert] { try await pipeline.preview(act) }

  func drill(_ severity: Severity, region: String?, by: String?) async throws -> [DrillMessage] {
    try await pipeline.drill(severity, region: region, by: by, at: clock.now)
  }

  func drillState(_ messages: [String]) async throws -> [DrillMessage] {
    try await pipeline.deliveries(of: messages)
  }

  func replay(_ query: DeliveryQuery) async throws -> Int { try await dispatcher.replay(query) }

  func perform(_ verb: String, _ members: JSONObject) async throws -> Refusal? {
    try await pipeline.perform(verb, members, at: clock.now)
  }
}

extension Pipeline {
  var alerts: [Alert] { engine.alerts }
  var silences: [Silence] { engine.silences }

  func title(of alert: Alert) -> String { engine.rules.first { $0.id == alert.rule }?.title ?? alert.rule }

  func preview(_ act: Act) throws(Refusal) -> [Alert] { try engine.preview(silence: act) }

  /// Sends an exercise alert the way of all others: journal, outbox, sinks. No alert of the engine comes of it.
  func drill(_ severity: Severity, region: String?, by: String?, at moment: Moment) async throws -> [DrillMessage] {
    let now = max(moment, engine.now ?? moment)
    engine.handle([.tick(at: now)])
    let events = [false, true].map { isEnd in
      Event.drill(
        severity, region: region, by: by, isEnd: isEnd, began: now, now: now, settings: engine.settings.events)
    }
    try await commit([], events: engine.takeEvents() + events, sources: [])
    return try deliveries(of: events.map(\.id))
  }

  /// What became of messages, each at each sink.
  func deliveries(of messages: [String]) throws -> [DrillMessage] {
    try store.deliveries(DeliveryQuery(messages: messages), limit: .max).map { row in
      DrillMessage(
        message: row.message, type: row.type, sink: row.sink, state: row.state.rawValue, attempts: row.attempts,
        lastError: row.lastError)
    }
  }

  /// Carries an act out and writes it down; one that would be refused leaves no trace.
  func perform(_ verb: String, _ members: JSONObject, at moment: Moment) async throws -> Refusal? {
    let now = max(moment, engine.now ?? moment)
    var line = JSONObject(["kind": "act", "at": .string(now.rfc3339), "do": .string(verb)])
    for member in members.members {
      // A tape names alerts by what they are about: it may be played to other rules.
      line.append(member.name, member.name == "alert" ? engine.lasting(name: member.value) : member.value)
    }
    let act = Act(verb: verb, json: JSONValue.object(line).serialized)
    if let refusal = engine.objection(to: act) { return refusal }
    try await ingest([.act(at: now, act)])
    return nil
  }
}
