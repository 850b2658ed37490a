import JSON
import Model
import Rules

/// What new evidence makes of an alert that fires already.
extension AlertBook {
  /// - Returns: what of it is worth telling.
  mutating func add(_ firing: Firing, to alert: inout Alert, now: Moment) -> Telling {
    var telling = notePlaces(firing, in: &alert)
    guard firing.part.isEmpty else {
      alert.parts.insert(firing.part)
      alert.measure = firing.measure
      return telling
    }
    alert.labels += firing.labels.filter { !alert.labels.contains($0) }
    let isNew = take(firing.evidence, into: &alert, now: now) || firing.evidence.isEmpty
    if isNew { alert.eventTime = firing.eventTime }
    if isNew, let staysFor = alert.staysFor {
      alert.expires = now + staysFor
      wake(alert.id, .expiry, at: now + staysFor, after: now)
    }
    alert.measure.score = [alert.measure.score, firing.measure.score].compactMap { $0 }.max()
    countItems(&alert, nil)
    let passed = AlertBook.milestones.count { alert.firstTexts > 0 && alert.evidenceCount >= $0 * alert.firstTexts }
    if passed > alert.milestones {
      alert.milestones = passed
      telling.add(Telling([.milestone], changed: ["evidence"]))
    }
    return telling
  }

  /// How many times the texts of the first notice are worth a notice.
  private static let milestones = [2, 5, 10]

  /// Takes texts as evidence; one that says the same as an earlier one is a repost. Whether any was new.
  mutating func take(_ evidence: [Content], into alert: inout Alert, now: Moment) -> Bool {
    var hasNew = false
    for content in evidence {
      if !content.likeness.isEmpty, alert.likenesses.contains(content.likeness) {
        alert.measure.reposts = (alert.measure.reposts ?? 0) + 1
        note("repost", JSONObject(["rule": .string(alert.rule), "item": .string(content.id)]), now: now)
      } else {
        alert.add(evidence: content)
        hasNew = true
      }
    }
    return hasNew
  }

  /// Notes from where the evidence comes.
  ///
  /// - Returns: what is new of that beside what was known. A first region or class is not new.
  func notePlaces(_ firing: Firing, in alert: inout Alert) -> Telling {
    var telling = Telling([])
    let part = firing.part.split(separator: "\n").first { $0.hasPrefix("region=") }?.dropFirst(7)
    if let region = firing.fields?.region ?? part.map(String.init) ?? firing.key["region"],
      alert.regions.insert(region).inserted, alert.regions.count > 1
    {
      telling.add(Telling([.newRegion], changed: ["evidence"]))
    }
    if let sourceClass = firing.fields?.sourceClass, alert.sourceClasses.insert(sourceClass).inserted,
      alert.sourceClasses.count > 1
    {
      telling.add(Telling([.newSourceClass], changed: ["evidence"]))
    }
    return telling
  }

  /// Tells of an alert that has grown, and what growth sets going: repeats begin anew, a silence is broken.
  mutating func tellGrowth(of alert: inout Alert, _ rule: Rule, _ telling: Telling, now: Moment) {
    var telling = telling
    if breaksSilence(alert), telling.reasons.isEmpty { telling.reasons.insert(.silenceEnded) }
    if telling.reasons.contains(.raised) || telling.reasons.contains(.newRegion) {
      restartRepeats(of: &alert, rule, now: now)
    }
    if alert.outgrewAnswer {
      begin(again: &alert)
      telling.add(Telling([.reopened], changed: ["work"]))
      restartRepeats(of: &alert, rule, now: now)
      store(alert)
      return moved(.fired, alert, telling, now: now)
    }
    // Somebody is at it: only what is graver than it was calls anybody.
    if alert.work != .new, !telling.reasons.contains(.raised) { telling.level = "quiet" }
    store(alert)
    if !telling.reasons.isEmpty { emit(alert.id, telling, now: now) }
  }
}
