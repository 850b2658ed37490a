import JSON
import Model
import Rules

/// Runs one new-term rule: remembers which values each group has seen, and when.
///
/// A value has an alert of its own: its name and it are part of the alert's key. Texts that show it again are evidence
/// while the alert fires.
final class NewTermEvaluator: Evaluator {
  let rule: Rule
  let body: NewTermRule
  private let local: LocalTime
  /// By the group's key and the value.
  var terms: [Term: Seen] = [:]
  /// The day (of the rule's zone, since the epoch) on which a group was last told to be learning.
  var toldLearning: [Key: Int64] = [:]
  var changed: Set<Term> = []
  var changedLearning: Set<Key> = []
  private var coverageStart: Moment?
  private var sweepAt = 1024
  private(set) var lastMeasure: Measure?

  struct Term: Hashable {
    var group: Key
    var value: String

    static func precedes(_ left: Term, _ right: Term) -> Bool {
      left.record.utf8.lexicographicallyPrecedes(right.record.utf8)
    }

    var record: String { "term\n\(group.canonical)\n\(value)" }
  }

  struct Seen: Hashable {
    /// The latest event time.
    var last: Moment
    /// The key of the alert that it raised.
    var alert: Key?
  }

  init(rule: Rule, body: NewTermRule) {
    self.rule = rule
    self.body = body
    local = LocalTime(zone: rule.timezone) ?? .utc
  }

  func coverageBegins(at moment: Moment) { coverageStart = min(coverageStart ?? moment, moment) }

  func observe(_ observation: Observation, _ effects: inout Effects) {
    var counted: Set<Term> = []
    for narrative in Observation.topics(observation.narratives) {
      var observation = observation
      observation.fields.narrative = narrative
      if body.value == .narrative { observation.narratives = narrative.map { [$0] } ?? [] }
      guard rule.admits(observation), let group = rule.keyValues(body.per, in: observation.fields) else { continue }
      for value in body.value.values(of: observation) {
        let term = Term(group: group, value: value)
        if counted.insert(term).inserted { see(term, observation, &effects) }
      }
    }
  }

  private func see(_ term: Term, _ observation: Observation, _ effects: inout Effects) {
    let time = min(observation.eventTime, observation.now)
    // So old that it would be forgotten already.
    guard time > observation.now - body.forgetAfter else { return }
    if terms[term] == nil { forget(at: observation.now) }
    let known = terms[term].flatMap { time - $0.last < body.forgetAfter ? $0 : nil }
    var seen = Seen(last: max(time, known?.last ?? time), alert: known?.alert)
    changed.insert(term)
    if known != nil {
      if let key = seen.alert { effects.add(.fire(firing(term, key, observation, time, isMore: true))) }
    } else if let start = coverageStart, observation.now - start < body.learn {
      tellLearning(term.group, observation.now, &effects)
    } else if let key = key(term, observation.fields) {
      seen.alert = key
      effects.add(.fire(firing(term, key, observation, time, isMore: false)))
    }
    terms[term] = seen
  }

  private func tellLearning(_ group: Key, _ now: Moment, _ effects: inout Effects) {
    let today = local.date(of: now).daysSinceEpoch
    guard toldLearning[group] != today else { return }
    toldLearning[group] = today
    changedLearning.insert(group)
    effects.add(.note(type: "learning", data: JSONObject(["rule": .string(rule.id), "key": group.json])))
  }

  private func firing(
    _ term: Term, _ key: Key, _ observation: Observation, _ time: Moment, isMore: Bool
  ) -> Firing {
    var firing = Firing(
      key: key, eventTime: time, severity: rule.severity, evidence: [observation.content], measure: Measure())
    lastMeasure = firing.measure
    firing.isMore = isMore
    firing.fields = observation.fields
    firing.staysFor = rule.keepFiring
    firing.basis = JSONObject([
      "of": .string(body.value.rawValue), "value": .string(term.value), "per": term.group.json,
      "unseen_for": .string(body.forgetAfter.description), "first": .string(time.rfc3339),
    ])
    return firing
  }

  private func key(_ term: Term, _ fields: EventFields) -> Key? {
    guard let key = rule.keyValues(rule.key, in: fields) else { return nil }
    let others = key.fields.filter { $0.name != body.value.rawValue }.map { ($0.name, Optional($0.value)) }
    return Key(others + [(body.value.rawValue, term.value)])
  }

  /// Lets go of values that are new again anyway, each time there are twice as many as were kept the last time.
  private func forget(at now: Moment) {
    guard terms.count >= sweepAt else { return }
    for (term, seen) in terms where now - seen.last >= body.forgetAfter {
      terms[term] = nil
      changed.insert(term)
    }
    sweepAt = max(1024, terms.count * 2)
  }
}

/// State between runs: a record for each value, and for each group that was told to be learning.
extension NewTermEvaluator {
  func takeChanges() -> [(key: String, value: [UInt8]?)] {
    var changes: [(key: String, value: [UInt8]?)] = []
    for term in changed.sorted(by: Term.precedes) {
      let value = terms[term].map { seen -> [UInt8] in
        var object = JSONObject([
          "group": term.group.json, "value": .string(term.value), "last": .integer(seen.last.milliseconds),
        ])
        object.append("alert", ifPresent: seen.alert?.json)
        return Array(JSONValue.object(object).serialized.utf8)
      }
      changes.append((term.record, value))
    }
    for group in changedLearning.sorted(by: Key.precedes) {
      guard let day = toldLearning[group] else { continue }
      let value: JSONValue = ["group": group.json, "day": .integer(day)]
      changes.append(("learning\n" + group.canonical, Array(value.serialized.utf8)))
    }
    changed.removeAll(keepingCapacity: true)
    changedLearning.removeAll(keepingCapacity: true)
    return changes
  }

  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {
    for record in records {
      guard let json = try? JSONValue(parsing: record.value), let group = Key(json: json["group"]) else { continue }
      if let value = json["value"]?.string, let last = json["last"]?.integer {
        terms[Term(group: group, value: value)] = Seen(
          last: Moment(milliseconds: last), alert: json["alert"].flatMap { Key(json: $0) })
      } else if let day = json["day"]?.integer {
        toldLearning[group] = day
      }
    }
  }

  func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String> {
    restore(records, &effects)
    changed.formUnion(terms.keys)
    return firing
  }
}
