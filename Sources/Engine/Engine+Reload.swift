import Alerting
package import Model
package import Rules
package import Text

/// Other rules under the same alerts, items and counts.
extension Engine {
  /// The engine that goes on from here with other rules.
  ///
  /// Alerts, items and what was seen live on. A rule that counts as before keeps its counts and decisions; one that
  /// counts otherwise begins with what `archive` gives for it, and its firing alerts clear by the new rule. An alert
  /// whose rule is gone lives on until it ends by itself. Call between steps, with every change of state taken.
  ///
  /// - Parameters:
  ///   - records: the evaluators' state, as `takeChanges` gave it over time, by the rule's id.
  ///   - archive: for a rule that has to count anew: its state in an engine that ran over what is stored since then.
  package func continued(
    rules: [Rule], lexicon: Lexicon?, records: RuleRecords,
    archive: (_ rule: Rule, _ since: Moment) throws -> [(key: String, value: [UInt8])]
  ) rethrows -> Engine {
    let ids = Set(rules.flatMap { [$0.id] + $0.formerly })
    let retired = book.rulesInUse.filter { !ids.contains($0.id) }
    let next = Engine(rules: rules, retired: retired, lexicon: lexicon, settings: settings)
    next.now = now
    next.ranThrough = ranThrough
    next.coverageStart = coverageStart
    next.failing = failing
    next.items = items
    next.seen = seen
    if let coverageStart { for evaluator in next.evaluators { evaluator.coverageBegins(at: coverageStart) } }
    next.preload(history)
    next.book.restore(
      Array(book.alerts.values), silences: Array(book.silences.values),
      now: ranThrough ?? now ?? Moment(milliseconds: 0))
    next.book.takeGroups(of: book)
    next.book.restorePending(book.pendingState)
    for (index, rule) in rules.enumerated() {
      if earlierVersion(of: rule) != nil {
        next.restore(rule: index, records.records(of: rule) ?? [])
      } else if let memory = rule.body.memory, let now {
        try next.rebuild(rule: index, from: archive(rule, now - memory))
      } else if predecessor(of: rule) != nil {
        next.rebuild(rule: index, from: [])
      }
    }
    next.budget = budget
    for (region, due) in budget.dueDigests { next.scheduleDigest(region, due) }
    next.tellFailing()
    next.collect()
    return next
  }

  /// The rule that runs now and whose counts and decisions the given one goes on from; nil where it begins anew.
  package func earlierVersion(of rule: Rule) -> Rule? {
    predecessor(of: rule).flatMap { rule.continues($0) ? $0 : nil }
  }

  /// The rule that runs now under the id of the given one, or under the latest that it had before.
  private func predecessor(of rule: Rule) -> Rule? {
    ([rule.id] + rule.formerly.reversed()).lazy
      .compactMap { id in self.ruleIndex[id].map { self.rules[$0] }.flatMap { $0.id == id ? $0 : nil } }.first
  }

  private func rebuild(rule index: Int, from records: [(key: String, value: [UInt8])]) {
    let rule = rules[index]
    let firing = book.firingParts(of: rule.id)
    let at = now ?? Moment(milliseconds: 0)
    var accepted: Set<String> = []
    tellWhere(index)
    perform(rule: index, at) {
      accepted = $0.rebuild(from: records, firing: Set(firing.flatMap(\.parts)), &effects)
    }
    for (key, parts) in firing {
      for part in parts where !accepted.contains(part) {
        book.clear(rule: rule, key: key, part: part, measure: Measure(), eventTime: at, now: at)
      }
    }
  }
}
