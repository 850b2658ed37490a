import JSON
import Model
import Rules

/// Runs one absence rule over its groups: each has a deadline, and every event moves it.
///
/// A source that cannot be fetched is not silent: whether it is, is known only when it can be read again.
final class SilenceEvaluator: Evaluator {
  let rule: Rule
  let body: SilenceRule
  let time: ActiveTime
  var groups: [Key: AwaitedGroup] = [:]
  var changed: Set<Key> = []
  /// Sources in a run of failed fetches.
  private var unreachable: Set<String> = []
  private(set) var lastMeasure: Measure?

  init(rule: Rule, body: SilenceRule) {
    self.rule = rule
    self.body = body
    time = ActiveTime(body.active)
  }

  // MARK: What happens

  func observe(_ observation: Observation, _ effects: inout Effects) {
    var counted: Set<Key> = []
    for narrative in Observation.topics(observation.narratives) {
      var observation = observation
      observation.fields.narrative = narrative
      guard rule.admits(observation), let key = rule.keyValues(body.per, in: observation.fields),
        counted.insert(key).inserted
      else { continue }
      take(observation, key, &effects)
    }
  }

  private func take(_ observation: Observation, _ key: Key, _ effects: inout Effects) {
    let moment = min(observation.eventTime, observation.now)
    guard moment > observation.now - body.forgetAfter else { return }
    var group = groups[key] ?? AwaitedGroup(key: key, first: moment)
    group.take(moment, keeping: body.least)
    group.isPast = false
    if group.alertKey == nil || !group.isSilent {
      var fields = observation.fields
      fields.set(key)
      group.alertKey = rule.keyValues(rule.key, in: fields)
    }
    let due = due(group)
    if due > observation.now {
      if group.isSilent { clear(&group, at: observation.now, eventTime: moment, &effects) }
      plan(&group, due, &effects)
    } else if group.isSilent {
      group.isPast = true
      plan(&group, group.last + body.forgetAfter, &effects)
    } else {
      // What came is older than what is waited for: the time is up at once, after everything of this instant.
      plan(&group, observation.now, &effects)
    }
    groups[key] = group
    changed.insert(key)
  }

  func fetched(_ fetch: Fetch, at now: Moment, _ effects: inout Effects) {
    guard !fetch.failed else {
      unreachable.insert(fetch.source)
      return
    }
    guard unreachable.remove(fetch.source) != nil else { return }
    for key in groups.keys.filter({ $0["source"] == fetch.source }).sorted(by: Key.precedes) {
      guard var group = groups[key], group.isPast, !group.isSilent else { continue }
      group.isPast = false
      plan(&group, now, &effects)
      groups[key] = group
      changed.insert(key)
    }
  }

  func wake(key: Key, at now: Moment, _ effects: inout Effects) {
    guard var group = groups[key], group.nextWake == now else { return }
    group.nextWake = nil
    changed.insert(key)
    guard group.last + body.forgetAfter > now else {
      if group.isSilent { clear(&group, at: now, eventTime: now, &effects) }
      groups[key] = nil
      return
    }
    let due = due(group)
    if due > now {
      plan(&group, due, &effects)
    } else {
      if !group.isPast, !group.isSilent { judge(&group, due, at: now, &effects) }
      group.isPast = true
      plan(&group, group.last + body.forgetAfter, &effects)
    }
    groups[key] = group
  }

  // MARK: Judging

  /// When the time is up: `within` after the N-th latest event, or after the first where there are fewer.
  private func due(_ group: AwaitedGroup) -> Moment {
    time.moment(body.within, after: group.latest.count == body.least ? group.latest[0] : group.first)
  }

  private func judge(_ group: inout AwaitedGroup, _ due: Moment, at now: Moment, _ effects: inout Effects) {
    var measure = Measure()
    measure.count = group.latest.filter { time.moment(body.within, after: $0) > now }.count
    lastMeasure = measure
    if let source = group.key["source"], unreachable.contains(source) { return }
    let usual = usual(group)
    guard body.usual.allSatisfy({ $0.holds(for: usual) }), let key = group.alertKey else { return }
    group.isSilent = true
    var firing = Firing(key: key, eventTime: due, severity: rule.severity, evidence: [], measure: measure)
    firing.part = group.key.canonical
    firing.firstPublished = group.last
    firing.basis = JSONObject([
      "expected": .string("count >= \(body.least)"), "within": .string(body.within.description),
      "count": JSONValue(measure.count), "last": .string(group.last.rfc3339), "due": .string(due.rfc3339),
      "usual": .number((usual * 100).rounded() / 100), "per": group.key.json,
      "active": .bool(body.active != nil),
    ])
    effects.add(.fire(firing))
  }

  private func clear(_ group: inout AwaitedGroup, at now: Moment, eventTime: Moment, _ effects: inout Effects) {
    group.isSilent = false
    guard let key = group.alertKey else { return }
    var measure = Measure()
    measure.count = group.latest.filter { time.moment(body.within, after: $0) > now }.count
    lastMeasure = measure
    effects.add(.clear(key: key, part: group.key.canonical, measure: measure, eventTime: eventTime))
  }

  /// Events per `within` of active time, from the first to the last of the lookback: the silence itself is not usual.
  private func usual(_ group: AwaitedGroup) -> Double {
    let (first, count) = group.past
    let span = max(time.length(from: first, to: group.last), body.within)
    return Baseline.quantised(Double(count) / Double(span.milliseconds) * Double(body.within.milliseconds))
  }

  private func plan(_ group: inout AwaitedGroup, _ moment: Moment, _ effects: inout Effects) {
    guard group.nextWake != moment else { return }
    group.nextWake = moment
    effects.add(.wake(key: group.key, at: moment))
  }
}
