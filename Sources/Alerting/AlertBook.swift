package import JSON
package import Model
package import Rules

/// All alerts of an instance and what happens to them.
///
/// What a line of the tape causes is told at once. What timers of one instant do to one alert goes out as one event
/// when that instant is over, so that its reasons stand together.
package struct AlertBook {
  /// A timer of an alert.
  package enum Timer: Hashable, Sendable {
    case expiry
    case acknowledge, warning, respond, hard
    /// A step of the rule's `escalate`, by its place.
    case escalation(Int)
    case repetition
    case acknowledgement
    /// The hours of the rule begin.
    case calendar
  }

  /// A timer that the engine must run.
  package struct Wake: Sendable {
    package enum Target: Hashable, Sendable {
      case alert(String, Timer)
      case silence(String)
    }
    package var target: Target
    package var due: Moment
  }

  /// Something that happened to an alert and is told when the rules that watch it have seen it.
  package struct Move: Sendable {
    package let move: AlertMove
    fileprivate var telling: Telling
  }

  let rules: [String: Rule]
  let settings: EventSettings
  /// Ids that rules had before, with those they have now.
  let renamed: [String: String]
  package internal(set) var alerts: [String: Alert] = [:]
  /// The latest episode of a fingerprint.
  var latest: [String: String] = [:]
  var pending = PendingNotices()
  /// By id.
  package internal(set) var silences: [String: Silence] = [:]
  var changedSilences: Set<String> = []
  /// By id.
  var groups: [String: AlertGroup] = [:]
  var changedGroups: Set<String> = []
  /// Oldest first.
  package private(set) var moves: [Move] = []
  var changed: Set<String> = []
  package private(set) var events: [Event] = []
  package internal(set) var wakes: [Wake] = []

  package init(rules: [Rule], settings: EventSettings) {
    self.rules = Dictionary(rules.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    renamed = Dictionary(
      rules.flatMap { rule in rule.formerly.map { ($0, rule.id) } }, uniquingKeysWith: { first, _ in first })
    self.settings = settings
  }

  /// Hands over the events and timers since the last call, in order.
  package mutating func take() -> (events: [Event], wakes: [Wake]) {
    while let move = nextMove() { tell(move) }
    defer {
      events.removeAll(keepingCapacity: true)
      wakes.removeAll(keepingCapacity: true)
    }
    return (events, wakes)
  }

  /// The next thing that happened to an alert, for rules that watch others; `tell` must follow.
  package mutating func nextMove() -> Move? { moves.isEmpty ? nil : moves.removeFirst() }

  /// Tells what is to tell of a move, in the alert's state of now.
  package mutating func tell(_ move: Move) {
    guard !move.telling.reasons.isEmpty else { return }
    emit(move.move.alert, move.telling, now: move.move.at)
  }

  mutating func moved(_ kind: AlertMove.Kind, _ alert: Alert, _ telling: Telling = Telling([]), now: Moment) {
    let move = AlertMove(
      kind: kind, alert: alert.id, rule: alert.rule, key: alert.key, at: now,
      parentRegion: alert.key["region"].flatMap { settings.parentRegion(of: $0) })
    moves.append(Move(move: move, telling: telling))
  }

  // MARK: What evaluators want

  /// Whether the key has an alert that fires.
  package func isFiring(rule: Rule, key: Key) -> Bool {
    let fingerprint = merged(rule, key)?.fingerprint ?? Identity.fingerprint(rule: rule.fingerprintID, key: key)
    return latest[fingerprint].flatMap { alerts[$0] }.map { $0.condition == .firing && $0.work != .closed } ?? false
  }

  package mutating func apply(_ firing: Firing, rule: Rule, now: Moment) {
    tellPending(before: nil)
    let fingerprint =
      merged(rule, firing.key)?.fingerprint ?? Identity.fingerprint(rule: rule.fingerprintID, key: firing.key)
    let id = latest[fingerprint]
    let isFiring = id.flatMap { alerts[$0] }.map { $0.condition == .firing && $0.work != .closed } ?? false
    if firing.isMore, !isFiring { return }
    let firing = firing.joins.isEmpty ? firing : gathered(firing, besides: id.flatMap { alerts[$0] })
    // Out of the book while it changes: evidence and likenesses that are held twice would be copied for every text.
    take(firing, rule, fingerprint, id.flatMap { alerts.removeValue(forKey: $0) }, now: now)
    absorb(firing.absorbs, into: latest[fingerprint], rule, now: now)
  }

  /// - Parameter known: the latest alert of the fingerprint, taken out of the book.
  private mutating func take(
    _ firing: Firing, _ rule: Rule, _ fingerprint: String, _ known: consuming Alert?, now: Moment
  ) {
    guard var alert = known else {
      raise(firing, rule, fingerprint, episode: 1, previous: nil, now: now)
      return
    }
    let id = alert.id
    if alert.condition == .firing, alert.work != .closed {
      var telling = add(firing, to: &alert, now: now)
      moved(.confirmed, alert, now: now)
      if raiseSeverity(of: &alert, rule, firing, now: now) { telling.add(Telling([.raised], changed: ["severity"])) }
      tellGrowth(of: &alert, rule, telling, now: now)
    } else if let ended = alert.ended, now - ended >= rule.reopenWithin {
      alerts[id] = alert
      raise(firing, rule, fingerprint, episode: alert.episode + 1, previous: alert.id, now: now)
    } else {
      reopen(&alert, firing, rule, now: now)
    }
  }

  package mutating func clear(rule: Rule, key: Key, part: String, measure: Measure, eventTime: Moment, now: Moment) {
    let own = latest[Identity.fingerprint(rule: rule.fingerprintID, key: key)].flatMap { alerts[$0] }
    guard var alert = own ?? merged(rule, key, part: part), alert.condition == .firing else { return }
    let id = alert.id
    alert.parts.remove(part)
    alert.measure = measure
    alert.eventTime = eventTime
    let isLast = alert.parts.isEmpty
    if isLast {
      alert.condition = .cleared
      alert.ended = now
    }
    store(alert)
    if isLast { tell(id, Telling([.cleared], changed: ["condition"]), now: now) }
  }

  /// The alert that takes what has not every field of the key: the latest of the rule's firing ones that agrees on the
  /// fields that are there. nil where the rule keeps such apart, and where nothing is missing.
  private func merged(_ rule: Rule, _ key: Key, part: String? = nil) -> Alert? {
    guard rule.missingKey == .merge, key.fields.count < rule.key.count else { return nil }
    let fitting = alerts.values.filter { alert in
      alert.rule == rule.id && alert.condition == .firing && alert.work != .closed
        && key.fields.allSatisfy { alert.key[$0.name] == $0.value } && part.map(alert.parts.contains) ?? true
    }
    return fitting.max { left, right in
      left.detected == right.detected
        ? left.id.utf8.lexicographicallyPrecedes(right.id.utf8) : left.detected < right.detected
    }
  }

  package mutating func update(rule: Rule, key: Key, measure: Measure, now: Moment) {
    guard let id = latest[Identity.fingerprint(rule: rule.fingerprintID, key: key)], var alert = alerts[id],
      alert.condition == .firing
    else { return }
    alert.measure = measure
    let isRaised = raiseSeverity(of: &alert, rule, nil, now: now)
    let telling = Telling(isRaised ? [.raised] : breaksSilence(alert) ? [.silenceEnded] : [])
    if isRaised { restartRepeats(of: &alert, rule, now: now) }
    store(alert)
    if !telling.reasons.isEmpty { tell(id, telling, now: now) }
  }

  /// Whether `severity_by` puts the alert higher than it stands; it never puts it lower.
  func raiseSeverity(of alert: inout Alert, _ rule: Rule, _ firing: Firing?, now: Moment) -> Bool {
    guard !rule.severitySteps.isEmpty else { return false }
    var fields = firing?.fields ?? EventFields()
    if firing?.fields == nil { for field in alert.key.fields { fields.set(field.name, field.value) } }
    let age = now - (firing?.eventTime ?? now)
    let severity = rule.severity(alert.severity, for: fields, age: age, measure: alert.measure)
    defer { alert.severity = severity }
    return severity > alert.severity
  }

  private mutating func raise(
    _ firing: Firing, _ rule: Rule, _ fingerprint: String, episode: Int, previous: String?, now: Moment
  ) {
    let firstPublished = firing.firstPublished ?? firing.evidence.map(\.published).min() ?? firing.eventTime
    var alert = Alert(
      id: Identity.alert(fingerprint: fingerprint, episode: episode), rule: rule.id, key: firing.key,
      fingerprint: fingerprint, episode: episode, previous: previous, severity: firing.severity,
      firstPublished: firstPublished, detected: now, eventTime: firing.eventTime, measure: firing.measure,
      why: firing.why, labels: firing.labels, basis: firing.basis, evidence: [], evidenceCount: 0)
    for content in firing.evidence { alert.add(evidence: content) }
    alert.evidenceCount = firing.evidenceCount ?? alert.evidenceCount
    if !firing.part.isEmpty { alert.parts = [firing.part] }
    countItems(&alert, firing)
    _ = raiseSeverity(of: &alert, rule, firing, now: now)
    alert.staysFor = firing.staysFor
    alert.expires = firing.staysFor.map { now + $0 }
    _ = notePlaces(firing, in: &alert)
    alert.firstTexts = alert.parts.isEmpty ? alert.evidenceCount : 0
    var telling = Telling([.first])
    if let deadlines = rule.deadlines {
      let due = due(deadlines, published: firing.eventTime, firstPublished: firstPublished, detected: now)
      alert.deadlines = due
      // A deadline already past is breached in the first notice.
      if [due.acknowledge, due.respond, due.hard].contains(where: { $0 <= now }) {
        telling.reasons.insert(.breach)
      } else if due.warnings.contains(where: { $0 <= now }) {
        telling.reasons.insert(.warning)
      }
    }
    for (index, step) in rule.escalations.enumerated() {
      if let due = escalationDue(step, alert), due <= now { telling.add(escalation(index, rule)) }
    }
    restartRepeats(of: &alert, rule, now: now)
    latest[fingerprint] = alert.id
    store(alert)
    moved(.fired, alert, telling, now: now)
    schedule(alert, after: now)
  }

  private mutating func reopen(_ alert: inout Alert, _ firing: Firing, _ rule: Rule, now: Moment) {
    alert.condition = .firing
    if !alert.isOpen { begin(again: &alert) }
    alert.ended = nil
    alert.severity = firing.severity
    alert.labels = firing.labels
    let before = alert.measure
    alert.measure = firing.measure
    if !firing.why.isEmpty { alert.why = firing.why }
    if let basis = firing.basis { alert.basis = basis }
    if firing.part.isEmpty {
      alert.measure.reposts = before.reposts
      alert.measure.score = [before.score, firing.measure.score].compactMap { $0 }.max()
      alert.measure.threshold = firing.measure.threshold ?? before.threshold
      _ = take(firing.evidence, into: &alert, now: now)
    } else {
      for content in firing.evidence where !alert.evidence.contains(content) { alert.add(evidence: content) }
    }
    if let count = firing.evidenceCount { alert.evidenceCount = count }
    alert.eventTime = firing.eventTime
    if !firing.part.isEmpty { alert.parts.insert(firing.part) }
    countItems(&alert, firing)
    _ = raiseSeverity(of: &alert, rule, firing, now: now)
    alert.expires = firing.staysFor.map { now + $0 }
    _ = notePlaces(firing, in: &alert)
    if alert.repeatAt.map({ $0 <= now }) ?? true { restartRepeats(of: &alert, rule, now: now) }
    store(alert)
    moved(.fired, alert, Telling([.reopened], changed: ["condition", "evidence"]), now: now)
    if let expires = alert.expires { wake(alert.id, .expiry, at: expires, after: now) }
  }

  /// Items, reposts and sources mean something where texts are the evidence, not where counts are.
  func countItems(_ alert: inout Alert, _ firing: Firing?) {
    guard alert.parts.isEmpty else { return }
    alert.measure.items = alert.evidenceCount
    alert.measure.reposts = alert.measure.reposts ?? 0
    alert.measure.sources = alert.sources.count
  }

  /// Adds reasons to the notice that goes out when the instant is over.
  mutating func tell(_ id: String, _ telling: Telling, now: Moment) {
    tellPending(before: now)
    pending.add(id, telling, at: now)
  }

  /// Tells what is pending from instants before `now`; all of it where `now` is nil.
  package mutating func tellPending(before now: Moment?) {
    guard let (time, notices) = pending.take(before: now) else { return }
    for notice in notices { emit(notice.alert, notice.telling, now: time) }
  }

  // MARK: Events

  mutating func emit(_ id: String, _ telling: Telling, now: Moment) {
    guard let name = alerts[id]?.rule, let rule = rules[name] else { return }
    alerts[id]?.seq += 1
    changed.insert(id)
    guard let alert = alerts[id], let leading = NoticeReason.ordered(telling.reasons).first else { return }
    var (telling, stage) = (telling, stage(of: alert, rule, now: now))
    let group = settings.groupings.isEmpty ? nil : group(alert, rule, isSent: stage == "sent", now: now)
    if let group {
      if group.isHeld { stage = "grouped" }
      if group.isJoining, leading == .first { telling.reasons.insert(.newInGroup) }
    }
    let state = EffectiveState(
      status: Event.effectiveStatus(rule, now: now), stage: stage, telling: telling, group: group?.mark)
    events.append(
      Event(type: leading.type, alert: alert, rule: rule, state: state, now: now, settings: settings))
    if leading == .cleared { endSilences(untilClearedOf: alert, now: now) }
  }

  /// Where the notices of an alert stop now; `sent` where nothing stops them.
  private mutating func stage(of alert: Alert, _ rule: Rule, now: Moment) -> String {
    let status = Event.effectiveStatus(rule, now: now)
    let isSilenced = isSilenced(alert, rule, now: now)
    let isOutside = rule.calendar.map { !ActiveTime($0).contains(now) } ?? false
    if status == .draft || status == .test { return status.rawValue }
    if isAbsorbed(alert) { return "absorbed" }
    if isSilenced { return "silenced" }
    guard isOutside, let hours = rule.calendar else { return "sent" }
    if !alert.isHeldByCalendar {
      alerts[alert.id]?.isHeldByCalendar = true
      wake(alert.id, .calendar, at: ActiveTime(hours).nextStart(after: now), after: now)
    }
    return "calendar"
  }

  /// A note or meta event: told at once.
  package mutating func note(_ type: String, _ data: JSONObject, now: Moment) {
    tellPending(before: nil)
    events.append(Event(type: "note." + type, data: data, now: now, settings: settings))
  }

  package mutating func meta(_ type: String, _ data: JSONObject, now: Moment) {
    tellPending(before: nil)
    events.append(Event(type: "meta." + type, data: data, now: now, settings: settings))
  }
}
