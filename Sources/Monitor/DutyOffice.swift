import Alerting
import Desk
import Engine
import JSON
import Model
import Rules

/// The running engine as the desk sees it.
struct DutyOffice: DutyRoom {
  let pipeline: Pipeline
  let clock: any WallClock

  func alerts() async -> [Alert] { await pipeline.alerts }
  func silences() async -> [Silence] { await pipeline.silences }
  func title(of alert: Alert) async -> String { await pipeline.title(of: alert) }
  func preview(_ act: Act) async throws(Refusal) -> [Alert] { try await pipeline.preview(act) }

  func perform(_ verb: String, _ members: JSONObject) async throws -> Refusal? {
    try await pipeline.perform(verb, members, at: clock.now)
  }
}

extension Pipeline {
  var alerts: [Alert] { engine.alerts }
  var silences: [Silence] { engine.silences }

  func title(of alert: Alert) -> String { engine.rules.first { $0.id == alert.rule }?.title ?? alert.rule }

  func preview(_ act: Act) throws(Refusal) -> [Alert] { try engine.preview(silence: act) }

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
