import JSON
import Model
import Rules

/// Runs one correlate rule: remembers who fired within the time, and joins what belongs together.
///
/// The firing that completes a set is one of it; of the others the latest that fit are taken.
final class CorrelateEvaluator: Evaluator {
  let rule: Rule
  let body: CorrelateRule
  /// In the order in which they happened.
  var seen: [Seen] = []
  /// Complete sets that wait for what excludes them, by the key of their alert.
  var waiting: [Key: Waiting] = [:]
  var changed: Set<Int64> = []
  var changedWaiting: Set<Key> = []
  private(set) var lastMeasure: Measure?

  struct Seen {
    /// Counts up; names the record.
    var number: Int64
    var move: AlertMove
  }

  struct Waiting {
    var due: Moment
    /// One for each entry of `all`.
    var children: [AlertMove]
  }

  init(rule: Rule, body: CorrelateRule) {
    self.rule = rule
    self.body = body
  }

  func observe(_ observation: Observation, _ effects: inout Effects) {}

  func watch(_ move: AlertMove, _ effects: inout Effects) {
    let isExclusion = body.none.contains { $0.rule == move.rule }
    guard move.kind == .fired || move.kind == .confirmed && isExclusion else { return }
    remember(move)
    guard move.kind == .fired, let children = completed(by: move), let key = key(of: children) else { return }
    guard body.wait > .zero else {
      join(children, key, at: move.at, &effects)
      return
    }
    guard waiting[key] == nil else { return }
    waiting[key] = Waiting(due: move.at + body.wait, children: children)
    changedWaiting.insert(key)
    effects.add(.wake(key: key, at: move.at + body.wait))
  }

  func wake(key: Key, at due: Moment, _ effects: inout Effects) {
    guard let set = waiting[key], set.due == due else { return }
    waiting[key] = nil
    changedWaiting.insert(key)
    join(set.children, key, at: due, &effects)
  }

  private func remember(_ move: AlertMove) {
    forget(before: move.at - body.within - body.wait)
    let number = (seen.last?.number ?? 0) + 1
    // Of what only confirms an alert the latest is enough: a flood of texts must not fill the memory.
    if move.kind == .confirmed,
      let index = seen.firstIndex(where: { $0.move.kind == .confirmed && $0.move.alert == move.alert })
    {
      changed.insert(seen.remove(at: index).number)
    }
    seen.append(Seen(number: number, move: move))
    changed.insert(number)
  }

  private func forget(before moment: Moment) {
    let count = seen.prefix { $0.move.at < moment }.count
    guard count > 0 else { return }
    changed.formUnion(seen.prefix(count).map(\.number))
    seen.removeFirst(count)
  }

  /// One firing for each entry of `all`, with the new one among them; nil where one is missing.
  private func completed(by move: AlertMove) -> [AlertMove]? {
    guard body.same.agree(move, move) else { return nil }
    let candidates = seen.map(\.move).filter {
      $0.kind == .fired && $0.at >= move.at - body.within && body.same.agree($0, move)
    }
    return body.all.indices.lazy.filter { self.body.all[$0].rule == move.rule }
      .compactMap { self.chosen(candidates, with: move, as: $0) }.first
  }

  private func chosen(_ candidates: [AlertMove], with move: AlertMove, as place: Int) -> [AlertMove]? {
    var chosen: [AlertMove] = []
    // From the last, so that in a given order each is the latest before the one that follows it.
    for index in body.all.indices.reversed() {
      let limit = body.order == .given ? chosen.last?.at : nil
      let fitting = index == place ? [move] : candidates.filter { $0.rule == body.all[index].rule && $0 != move }
      guard
        let latest = fitting.last(where: { candidate in
          limit.map { candidate.at <= $0 } ?? true && !chosen.contains { $0.alert == candidate.alert }
        })
      else { return nil }
      chosen.append(latest)
    }
    return chosen.reversed()
  }

  /// nil where a child does not have a field of the key.
  private func key(of children: [AlertMove]) -> Key? {
    var values: [(String, String?)] = []
    for name in rule.key {
      let field = body.same.first { $0.name == name } ?? SharedField(name: name)
      let found = children.compactMap { field.value(of: $0) }
      guard found.count == children.count else { return nil }
      values.append((name, found.first))
    }
    return Key(values)
  }

  private func join(_ children: [AlertMove], _ key: Key, at now: Moment, _ effects: inout Effects) {
    guard !isExcluded(children, at: now) else { return }
    var firing = Firing(key: key, eventTime: now, severity: rule.severity, evidence: [], measure: Measure())
    firing.joins = children.map(\.alert)
    firing.absorbs = body.absorb.map { children[$0].alert }
    firing.staysFor = rule.keepFiring
    firing.basis = JSONObject([
      "joined": .array(
        zip(body.all, children).map { entry, child in
          [
            "as": .string(entry.name), "rule": .string(child.rule), "alert": .string(child.alert),
            "at": .string(child.at.rfc3339),
          ]
        }),
      "within": .string(body.within.description),
      "same": .array(
        body.same.map { field in
          let name = field.isParent ? "\(field.name)@parent" : field.name
          return .string("\(name)=\(field.value(of: children[0]) ?? "")")
        }),
      "none": .array(body.none.map { .string($0.rule) }),
    ])
    lastMeasure = firing.measure
    effects.add(.fire(firing))
  }

  private func isExcluded(_ children: [AlertMove], at now: Moment) -> Bool {
    body.none.contains { exclusion in
      let since = exclusion.after.map { children[$0].at } ?? now - body.within
      return seen.contains {
        $0.move.rule == exclusion.rule && $0.move.at >= since && body.same.agree($0.move, children[0])
      }
    }
  }
}
