package import JSON
package import Model
package import Rules

/// What of the alerts outlives a step or a run.
extension AlertBook {
  mutating func store(_ alert: Alert) {
    alerts[alert.id] = alert
    changed.insert(alert.id)
  }

  /// Ids of alerts that changed since the last call, in the order of their bytes.
  package mutating func takeChanges() -> [Alert] {
    defer { changed.removeAll(keepingCapacity: true) }
    return changed.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { alerts[$0] }
  }

  /// Silences that changed since the last call, in the order of their ids; nil for one that is over.
  package mutating func takeSilenceChanges() -> [(id: String, silence: Silence?)] {
    defer { changedSilences.removeAll(keepingCapacity: true) }
    return changedSilences.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { ($0, silences[$0]) }
  }

  /// Groups that changed since the last call, in the order of their ids; nil for one that is over.
  package mutating func takeGroupChanges() -> [(id: String, group: JSONObject?)] {
    defer { changedGroups.removeAll(keepingCapacity: true) }
    return changedGroups.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { id in
      (
        id,
        groups[id].map { group in
          let members = group.members.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
          return JSONObject([
            "until": group.until.map { .integer($0.milliseconds) } ?? .null,
            "members": .array(members.map(JSONValue.string)),
          ])
        }
      )
    }
  }

  package mutating func restore(group id: String, _ json: JSONValue) {
    groups[id] = AlertGroup(
      until: json["until"]?.integer.map { Moment(milliseconds: $0) },
      members: Set((json["members"]?.array ?? []).compactMap(\.string)))
  }

  /// Takes over the groups of another book.
  package mutating func takeGroups(of other: AlertBook) { groups = other.groups }

  /// What is yet to be told when its instant is over, for a store.
  package var pendingState: JSONValue { pending.state }

  package mutating func restorePending(_ state: JSONValue?) { pending.restore(state) }

  /// Parts of the rule's alerts that are firing now, by the alert's key.
  package func firingParts(of rule: String) -> [(key: Key, parts: [String])] {
    alerts.values.filter { $0.rule == rule && $0.condition == .firing && !$0.parts.isEmpty }
      .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
      .map { ($0.key, $0.parts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }) }
  }

  /// The rules of alerts that are still open, by id.
  package var rulesInUse: [Rule] {
    Set(alerts.values.filter { $0.condition == .firing || $0.isOpen }.map(\.rule))
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { rules[$0] }
  }

  /// Takes alerts back after a restart and asks for their timers; those due in the meantime run first of all.
  package mutating func restore(_ stored: [Alert], silences: [Silence], now: Moment) {
    for silence in silences {
      self.silences[silence.id] = silence
      schedule(silence)
    }
    for var alert in stored.sorted(by: { ($0.fingerprint, $0.episode) < ($1.fingerprint, $1.episode) }) {
      if rules[alert.rule] == nil, let current = renamed[alert.rule] { alert.rule = current }
      alerts[alert.id] = alert
      latest[alert.fingerprint] = alert.id
      schedule(alert, after: now)
    }
  }
}
