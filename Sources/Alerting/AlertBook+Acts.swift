import JSON
package import Model
import Rules

/// What officers do.
extension AlertBook {
  /// Carries an act out; a refused one is told as `note.refused` and changes nothing.
  package mutating func perform(_ act: Act, now: Moment) {
    tellPending(before: nil)
    do throws(Refusal) {
      switch try OfficerAct(act) {
      case .work(let work, let target, let signature):
        try perform(work, on: try alert(target), signature, now: now)
      case .silence(let wish, let signature): silence(wish, signature, now: now)
      case .unsilence(let name, _): try unsilence(name, now: now)
      }
    } catch {
      note("refused", JSONObject(["do": .string(act.verb), "why": .string(error.why)]), now: now)
    }
  }

  /// Why an act would be refused now; nil where it would be carried out. Changes nothing.
  package func objection(to act: Act) -> Refusal? {
    do throws(Refusal) {
      switch try OfficerAct(act) {
      case .work(let work, let target, let signature): try check(work, on: try alert(target), by: signature.by)
      case .silence: break
      case .unsilence(let name, _): _ = try silenceID(name)
      }
      return nil
    } catch {
      return error
    }
  }

  private func alert(_ target: OfficerAct.Target) throws(Refusal) -> Alert {
    switch target {
    case .id(let id):
      guard let alert = alerts[id] else { throw Refusal("there is no alert «\(id)»") }
      return alert
    case .key(let name, let key):
      guard let rule = rules[name] ?? renamed[name].flatMap({ rules[$0] }) else {
        throw Refusal("there is no rule «\(name)»")
      }
      let fingerprint = Identity.fingerprint(rule: rule.fingerprintID, key: key)
      if let alert = latest[fingerprint].flatMap({ alerts[$0] }) { return alert }
      // A part of the key is enough where it leaves no doubt.
      let fitting = alerts.values.filter { alert in
        alert.rule == rule.id && isLatest(alert) && alert.work != .closed && !key.fields.isEmpty
          && key.fields.allSatisfy { alert.key[$0.name] == $0.value }
      }
      if let alert = fitting.first, fitting.count == 1 { return alert }
      let given = key.fields.map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
      throw Refusal("there is no alert of «\(rule.id)» with \(given.isEmpty ? "an empty key" : given)")
    }
  }

  private func check(_ work: OfficerAct.Work, on alert: Alert, by account: String?) throws(Refusal) {
    let state = "the alert is \(alert.work.rawValue) already"
    switch work {
    case .acknowledge: if alert.work != .new, alert.work != .acknowledged { throw Refusal(state) }
    case .answer: if !alert.isOpen { throw Refusal(state + ": reopen it first") }
    case .respond: if !alert.isOpen { throw Refusal(state) }
    case .close(let reason):
      if alert.work == .closed, alert.closing == reason { throw Refusal(state + " as \(reason.rawValue)") }
      if alert.work != .closed, reason == .overturned { throw Refusal("only a closed alert can be overturned") }
      if reason == .confirmedFake, rules[alert.rule]?.fourEyes == true { try checkSecondPair(on: alert, account) }
    case .reopen: if alert.isOpen { throw Refusal("the alert is open: it is \(alert.work.rawValue)") }
    }
  }

  /// Whoever had it in hand cannot be the one who confirms that the claim is false.
  private func checkSecondPair(on alert: Alert, _ account: String?) throws(Refusal) {
    let first = alert.owner ?? alert.by
    guard let account, let first else {
      throw Refusal("«confirmed-fake» wants a second pair of eyes: one account takes the alert, another closes it")
    }
    guard account != first else {
      throw Refusal(
        "«confirmed-fake» wants a second pair of eyes: \(first) had the alert in hand, another must close it")
    }
  }

  private mutating func perform(
    _ work: OfficerAct.Work, on known: Alert, _ signature: OfficerAct.Signature, now: Moment
  ) throws(Refusal) {
    try check(work, on: known, by: signature.by)
    var alert = known
    alert.by = signature.by
    alert.note = signature.note
    switch work {
    case .acknowledge(let lasting):
      alert.work = .acknowledged
      alert.owner = signature.by
      alert.acknowledgedUntil = now + lasting
      wake(alert.id, .acknowledgement, at: alert.acknowledgedUntil, after: now)
      progress(&alert, .acknowledged, now: now)
    case .answer:
      alert.work = .answering
      alert.owner = signature.by ?? alert.owner
      alert.acknowledgedUntil = nil
      progress(&alert, .answering, now: now)
    case .respond(let url): respond(&alert, by: signature.by, note: signature.note, url: url, now: now)
    case .close(let reason): close(&alert, reason, now: now)
    case .reopen: reopen(&alert, signature, now: now)
    }
  }

  private mutating func progress(_ alert: inout Alert, _ reason: NoticeReason, now: Moment) {
    store(alert)
    emit(alert.id, Telling([reason], changed: ["work"]), now: now)
  }

  /// The answer is out: deadlines and repeats end.
  mutating func respond(_ alert: inout Alert, by: String?, note: String?, url: String?, now: Moment) {
    alert.work = .responded
    alert.by = by
    alert.note = note
    alert.answer = url
    alert.spreadAtAnswer = alert.spread
    alert.acknowledgedUntil = nil
    alert.repeatAt = nil
    store(alert)
    moved(.settled, alert, Telling([.responded], changed: ["work"]), now: now)
  }

  private mutating func close(_ alert: inout Alert, _ reason: Alert.Closing, now: Moment) {
    alert.closing = reason
    guard alert.work != .closed else { return progress(&alert, .overturned, now: now) }
    alert.work = .closed
    alert.acknowledgedUntil = nil
    alert.repeatAt = nil
    alert.ended = now
    store(alert)
    moved(.settled, alert, Telling([.closed], changed: ["work"]), now: now)
  }

  private mutating func reopen(_ alert: inout Alert, _ signature: OfficerAct.Signature, now: Moment) {
    begin(again: &alert)
    alert.by = signature.by
    alert.note = signature.note
    if alert.condition == .firing { alert.ended = nil }
    if let rule = rules[alert.rule] { restartRepeats(of: &alert, rule, now: now) }
    store(alert)
    emit(alert.id, Telling([.reopened], changed: ["work"]), now: now)
  }

  /// The work is new: what came of it the last time is over.
  func begin(again alert: inout Alert) {
    alert.work = .new
    alert.owner = nil
    alert.by = nil
    alert.note = nil
    alert.answer = nil
    alert.spreadAtAnswer = nil
    alert.closing = nil
    alert.acknowledgedUntil = nil
  }
}

extension AlertBook {
  /// Whether there is no later episode.
  package func isLatest(_ alert: Alert) -> Bool { latest[alert.fingerprint] == alert.id }
}
