import Alerting
import JSON
package import Model
import Rules

/// State between runs: records that a store keeps in the transaction of the step that changed them.
extension Engine {
  /// Records changed since the last call, in a fixed order.
  package func takeChanges() -> [RecordChange] {
    var changes: [RecordChange] = []
    for alert in book.takeChanges() {
      changes.append(
        RecordChange(
          kind: "alert", key: alert.id, value: Array(JSONValue.object(alert.json).serialized.utf8)))
    }
    for (id, silence) in book.takeSilenceChanges() {
      let value = silence.map { Array(JSONValue.object($0.json).serialized.utf8) }
      changes.append(RecordChange(kind: "silence", key: id, value: value))
    }
    for (id, group) in book.takeGroupChanges() {
      let value = group.map { Array(JSONValue.object($0).serialized.utf8) }
      changes.append(RecordChange(kind: "group", key: id, value: value))
    }
    for (index, evaluator) in evaluators.enumerated() {
      for change in evaluator.takeChanges() {
        // What a rule forgets it forgets under the ids it had before too.
        for id in (change.value == nil ? rules[index].formerly : []) + [rules[index].id] {
          changes.append(RecordChange(kind: "rule", key: "\(id)\n\(change.key)", value: change.value))
        }
      }
    }
    changes += items.takeChanges()
    var clock = JSONObject()
    clock.append("ran_through", ranThrough.map { .integer($0.milliseconds) } ?? .null)
    clock.append("coverage_start", coverageStart.map { .integer($0.milliseconds) } ?? .null)
    clock.append(
      "failing", .array(failing.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map(JSONValue.string)))
    clock.append("pending", book.pendingState)
    changes.append(
      RecordChange(kind: "engine", key: "clock", value: Array(JSONValue.object(clock).serialized.utf8)))
    if let budget = budget.takeChange() {
      changes.append(RecordChange(kind: "engine", key: "budget", value: Array(budget.serialized.utf8)))
    }
    return changes
  }

  /// Takes the state of a store back. Call once, before the first line.
  package func restore(from store: any Store) throws {
    guard let moment = try store.lastMoment() else { return }
    now = moment
    let clock = try store.record(kind: "engine", key: "clock").flatMap { try? JSONValue(parsing: $0) }
    ranThrough = clock?["ran_through"]?.integer.map { Moment(milliseconds: $0) } ?? moment
    coverageStart = clock?["coverage_start"]?.integer.map { Moment(milliseconds: $0) }
    failing = Set((clock?["failing"]?.array ?? []).compactMap(\.string))
    if let coverageStart { for evaluator in evaluators { evaluator.coverageBegins(at: coverageStart) } }
    for record in try store.records(kind: "item") { items.restore(key: record.key, value: record.value) }
    for record in try store.records(kind: "texts") { items.restoreTexts(key: record.key, value: record.value) }
    restoreEvaluators(RuleRecords(try store.records(kind: RuleRecords.kind)))
    if let state = try store.record(kind: "engine", key: "budget").flatMap({ try? JSONValue(parsing: $0) }) {
      budget.restore(state)
      for (region, due) in budget.dueDigests { scheduleDigest(region, due) }
    }
    tellFailing()
    let alerts = try store.records(kind: "alert").compactMap { record in
      (try? JSONValue(parsing: record.value)).flatMap(Alert.init(json:))
    }
    let silences = try store.records(kind: "silence").compactMap { record in
      (try? JSONValue(parsing: record.value)).flatMap(Silence.init(json:))
    }
    book.restore(alerts, silences: silences, now: ranThrough ?? moment)
    for record in try store.records(kind: "group") {
      if let group = try? JSONValue(parsing: record.value) { book.restore(group: record.key, group) }
    }
    book.restorePending(clock?["pending"])
    collect()
    try store.identities { kind, source, id in _ = seen.insert(kind, source, id) }
  }

  private func restoreEvaluators(_ records: RuleRecords) {
    for (index, rule) in rules.enumerated() {
      if let records = records.records(of: rule) { restore(rule: index, records) }
    }
  }
}
