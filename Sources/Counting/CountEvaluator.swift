import JSON
import Model
import Rules

/// Runs one frequency or cardinality rule over all its groups.
///
/// Counts are taken at every arrival, by event time, over (now − within, now]. While a group fires, a timer stands at
/// the instant at which the count falls below unless something comes.
final class CountEvaluator: Evaluator {
  let rule: Rule
  let body: CountRule
  var groups: [Key: CountedGroup] = [:]
  var changed: Set<Key> = []
  var changedSlots: Set<SlotOfGroup> = []
  private var sweepAt = 1024
  private(set) var lastMeasure: Measure?

  /// A stretch of the window that is stored as one record.
  struct SlotOfGroup: Hashable {
    var key: Key
    var slot: Int64
  }

  init(rule: Rule, body: CountRule) {
    self.rule = rule
    self.body = body
  }

  func observe(_ observation: Observation, _ effects: inout Effects) {
    var counted: Set<Key> = []
    for narrative in Observation.topics(observation.narratives) {
      var observation = observation
      observation.fields.narrative = narrative
      guard rule.admits(observation), let key = rule.keyValues(body.per, in: observation.fields) else { continue }
      guard counted.insert(key).inserted || body.value == .narrative else { continue }
      if body.value == .narrative { observation.narratives = narrative.map { [$0] } ?? [] }
      count(observation, in: key, &effects)
    }
  }

  /// A firing of another rule counts like a text with the fields of the alert's key.
  func watch(_ move: AlertMove, _ effects: inout Effects) {
    guard body.countsAlerts, move.kind == .fired else { return }
    var fields = EventFields()
    fields.set(move.key)
    fields.id = move.rule
    let content = Content(id: move.alert, source: move.key["source"] ?? "", url: nil, published: move.at)
    observe(
      Observation(
        subject: .item, now: move.at, eventTime: move.at, fields: fields,
        narratives: move.key["narrative"].map { [$0] } ?? [], content: content), &effects)
  }

  private func count(_ observation: Observation, in key: Key, _ effects: inout Effects) {
    let time = min(observation.eventTime, observation.now)
    guard time > observation.now - body.within else { return }
    let values = body.value.map { $0.values(of: observation) } ?? [""]
    guard !values.isEmpty else { return }
    withGroup(key, at: observation.now) { group in
      for value in values {
        let entry = EventWindow.Entry(time: time.milliseconds, value: value)
        // The value leaves the stretch in which it was seen before.
        if let before = group.window.time(of: value) { note(key, before) }
        if group.window.insert(entry) { note(key, entry.time) }
      }
      group.remember(observation.content)
      judge(&group, eventTime: time, now: observation.now, fields: observation.fields, &effects)
    }
  }

  func wake(key: Key, at due: Moment, _ effects: inout Effects) {
    guard groups[key]?.nextWake == due else { return }
    withGroup(key, at: due) { group in
      group.nextWake = nil
      judge(&group, eventTime: due, now: due, fields: nil, &effects)
    }
  }

  private func judge(
    _ group: inout CountedGroup, eventTime: Moment, now: Moment, fields: EventFields?, _ effects: inout Effects
  ) {
    var measure = Measure()
    measure.count = group.window.count
    lastMeasure = measure
    let key = alertKey(group, fields)
    if group.window.count >= body.least {
      if group.isFiring {
        if let key { effects.add(.update(key: key, measure: measure)) }
      } else if let key {
        group.isFiring = true
        group.alertKey = key
        effects.add(.fire(firing(group, key, measure, eventTime: eventTime, now: now, fields)))
      }
      schedule(&group, &effects)
    } else if group.isFiring {
      group.isFiring = false
      if let key {
        effects.add(.clear(key: key, part: group.key.canonical, measure: measure, eventTime: eventTime))
      }
      group.alertKey = nil
    }
  }

  private func firing(
    _ group: CountedGroup, _ key: Key, _ measure: Measure, eventTime: Moment, now: Moment, _ fields: EventFields?
  ) -> Firing {
    let from = now - body.within
    var firing = Firing(
      key: key, eventTime: eventTime, severity: rule.severity,
      evidence: group.recent.filter { $0.published > from && $0.published <= now }, measure: measure)
    firing.part = group.key.canonical
    firing.evidenceCount = body.value == nil ? group.window.count : nil
    firing.firstPublished = group.window.time(fromLatest: group.window.count)
    firing.fields = fields
    firing.basis = JSONObject([
      "condition": .string(body.condition), "count": JSONValue(group.window.count),
      "of": .string(body.value?.rawValue ?? "events"), "within": .string(body.within.description),
      "from": .string(from.rfc3339), "to": .string(now.rfc3339), "per": group.key.json,
    ])
    return firing
  }

  /// The alert of a group keeps its key while it fires, whatever later events say of fields that `per` does not name.
  private func alertKey(_ group: CountedGroup, _ fields: EventFields?) -> Key? {
    if let key = group.alertKey { return key }
    var fields = fields ?? EventFields()
    fields.set(group.key)
    return rule.keyValues(rule.key, in: fields)
  }

  /// Asks for the instant at which the count falls below.
  func schedule(_ group: inout CountedGroup, _ effects: inout Effects) {
    guard group.isFiring, group.nextWake == nil, let last = group.window.time(fromLatest: body.least) else { return }
    let due = last + body.within
    group.nextWake = due
    effects.add(.wake(key: group.key, at: due))
  }

  private func withGroup(_ key: Key, at now: Moment, _ change: (inout CountedGroup) -> Void) {
    if groups[key] == nil { forgetIdle(at: now) }
    var group = groups.removeValue(forKey: key) ?? CountedGroup(key: key)
    for entry in group.window.prune(through: now - body.within) { note(key, entry.time) }
    change(&group)
    groups[key] = group
    changed.insert(key)
  }

  /// Lets go of groups whose events have all left, each time there are twice as many as were kept the last time.
  private func forgetIdle(at now: Moment) {
    guard groups.count >= sweepAt else { return }
    for key in Array(groups.keys) {
      guard var group = groups.removeValue(forKey: key) else { continue }
      let gone = group.window.prune(through: now - body.within)
      for entry in gone { note(key, entry.time) }
      if !gone.isEmpty { changed.insert(key) }
      if group.isFiring || group.window.count > 0 { groups[key] = group }
    }
    sweepAt = max(1024, groups.count * 2)
  }

  private func note(_ key: Key, _ time: Int64) { changedSlots.insert(SlotOfGroup(key: key, slot: slot(of: time))) }

  /// A sixteenth of the window.
  func slot(of time: Int64) -> Int64 {
    Moment.floorDivide(time, by: max(1000, body.within.milliseconds / 16)).quotient
  }
}

/// The events of one group, and where its alert stands.
struct CountedGroup {
  let key: Key
  var window = EventWindow()
  var isFiring = false
  /// The key of the alert that fires.
  var alertKey: Key?
  var nextWake: Moment?
  /// The latest texts, oldest first, for evidence; at most `recentLimit`.
  var recent: [Content] = []

  static let recentLimit = 5

  init(key: Key) { self.key = key }

  mutating func remember(_ content: Content) {
    recent.append(content)
    if recent.count > CountedGroup.recentLimit { recent.removeFirst() }
  }
}
