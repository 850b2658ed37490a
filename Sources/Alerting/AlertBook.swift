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
    case warning
    case acknowledge, respond, hard
  }

  /// A timer that the engine must run.
  package struct Wake: Sendable {
    package var alert: String
    package var timer: Timer
    package var due: Moment
  }

  /// Something that happened to an alert and is told when the rules that watch it have seen it.
  package struct Move: Sendable {
    package let move: AlertMove
    fileprivate var reasons: Set<NoticeReason> = []
    fileprivate var changed: Set<String> = []
  }

  let rules: [String: Rule]
  let settings: EventSettings
  /// Ids that rules had before, with those they have now.
  let renamed: [String: String]
  package internal(set) var alerts: [String: Alert] = [:]
  /// The latest episode of a fingerprint.
  var latest: [String: String] = [:]
  var pending = PendingNotices()
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
    guard !move.reasons.isEmpty else { return }
    emit(move.move.alert, move.reasons, changed: move.changed, now: move.move.at)
  }

  private mutating func moved(
    _ kind: AlertMove.Kind, _ alert: Alert, _ reasons: Set<NoticeReason> = [], changed: Set<String> = [], now: Moment
  ) {
    let move = AlertMove(
      kind: kind, alert: alert.id, rule: alert.rule, key: alert.key, at: now,
      parentRegion: alert.key["region"].flatMap { settings.parentRegion(of: $0) })
    moves.append(Move(move: move, reasons: reasons, changed: changed))
  }

  /// Notes that an alert has got its answer.
  mutating func settle(_ alert: Alert, now: Moment) {
    moved(.settled, alert, [.responded], changed: ["work"], now: now)
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
      add(firing, to: &alert, now: now)
      moved(.confirmed, alert, now: now)
      let isRaised = raiseSeverity(of: &alert, rule, firing, now: now)
      store(alert)
      if isRaised { emit(id, [.raised], changed: ["severity"], now: now) }
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
    if isLast { tell(id, .cleared, changed: ["condition"], now: now) }
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
    store(alert)
    if isRaised { tell(id, .raised, changed: ["severity"], now: now) }
  }

  /// Whether `severity_by` puts the alert higher than it stands; it never puts it lower.
  private func raiseSeverity(of alert: inout Alert, _ rule: Rule, _ firing: Firing?, now: Moment) -> Bool {
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
    var reasons: Set<NoticeReason> = [.first]
    if let deadlines = rule.deadlines {
      let due = due(deadlines, published: firing.eventTime, firstPublished: firstPublished, detected: now)
      alert.deadlines = due
      // A deadline already past is breached in the first notice.
      if [due.acknowledge, due.respond, due.hard].contains(where: { $0 <= now }) {
        reasons.insert(.breach)
      } else if due.warnings.contains(where: { $0 <= now }) {
        reasons.insert(.warning)
      }
    }
    latest[fingerprint] = alert.id
    store(alert)
    moved(.fired, alert, reasons, now: now)
    schedule(alert, after: now)
  }

  private mutating func add(_ firing: Firing, to alert: inout Alert, now: Moment) {
    if !firing.part.isEmpty { alert.parts.insert(firing.part) }
    guard firing.part.isEmpty else {
      alert.measure = firing.measure
      return
    }
    alert.labels += firing.labels.filter { !alert.labels.contains($0) }
    let isNew = take(firing.evidence, into: &alert, now: now) || firing.evidence.isEmpty
    if isNew { alert.eventTime = firing.eventTime }
    if isNew, let staysFor = alert.staysFor {
      alert.expires = now + staysFor
      wakes.append(Wake(alert: alert.id, timer: .expiry, due: now + staysFor))
    }
    alert.measure.score = [alert.measure.score, firing.measure.score].compactMap { $0 }.max()
    countItems(&alert, nil)
  }

  /// Takes texts as evidence; one that says the same as an earlier one is a repost. Whether any was new.
  private mutating func take(_ evidence: [Content], into alert: inout Alert, now: Moment) -> Bool {
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

  private mutating func reopen(_ alert: inout Alert, _ firing: Firing, _ rule: Rule, now: Moment) {
    alert.condition = .firing
    if !alert.isOpen { alert.work = .new }
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
    store(alert)
    moved(.fired, alert, [.reopened], changed: ["condition", "evidence"], now: now)
    if let expires = alert.expires { wakes.append(Wake(alert: alert.id, timer: .expiry, due: expires)) }
  }

  /// Items, reposts and sources mean something where texts are the evidence, not where counts are.
  private func countItems(_ alert: inout Alert, _ firing: Firing?) {
    guard alert.parts.isEmpty else { return }
    alert.measure.items = alert.evidenceCount
    alert.measure.reposts = alert.measure.reposts ?? 0
    alert.measure.sources = alert.sources.count
  }

  /// Adds a reason to the notice that goes out when the instant is over.
  mutating func tell(_ id: String, _ reason: NoticeReason, changed: Set<String>, now: Moment) {
    tellPending(before: now)
    pending.add(id, reason, changed: changed, at: now)
  }

  /// Tells what is pending from instants before `now`; all of it where `now` is nil.
  package mutating func tellPending(before now: Moment?) {
    guard let (time, notices) = pending.take(before: now) else { return }
    for notice in notices { emit(notice.alert, notice.reasons, changed: notice.changed, now: time) }
  }

  // MARK: Events

  private mutating func emit(_ id: String, _ reasons: Set<NoticeReason>, changed: Set<String>, now: Moment) {
    guard let name = alerts[id]?.rule, let rule = rules[name] else { return }
    alerts[id]?.seq += 1
    self.changed.insert(id)
    guard let alert = alerts[id] else { return }
    let ordered = NoticeReason.ordered(reasons)
    guard let leading = ordered.first else { return }
    events.append(
      Event(
        type: leading.type, alert: alert, rule: rule, reasons: ordered.map(\.rawValue),
        changed: changed.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, isAbsorbed: isAbsorbed(alert), now: now,
        settings: settings))
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
