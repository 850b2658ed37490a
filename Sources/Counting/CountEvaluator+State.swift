import JSON
import Model
import Rules

/// State between runs: `group` records hold where each group stands, `events` records a stretch of its window.
extension CountEvaluator {
  func takeChanges() -> [(key: String, value: [UInt8]?)] {
    var changes: [(key: String, value: [UInt8]?)] = []
    for key in changed.sorted(by: Key.precedes) {
      let group = groups[key]
      // A group without events and without an alert is as good as one never seen.
      let isIdle = group.map { $0.window.count == 0 && !$0.isFiring } ?? true
      if isIdle { groups[key] = nil }
      changes.append(("group\n" + key.canonical, isIdle ? nil : group.map { Array($0.state.serialized.utf8) }))
    }
    let slots = changedSlots.sorted { ($0.slot, $0.key.canonical) < ($1.slot, $1.key.canonical) }
    for slot in slots {
      let entries = groups[slot.key]?.window.contents.filter { self.slot(of: $0.time) == slot.slot } ?? []
      let value: JSONValue = [
        "key": slot.key.json,
        "events": .array(entries.map { .array([.integer($0.time), .string($0.value)]) }),
      ]
      changes.append(
        ("events\n\(slot.slot)\n" + slot.key.canonical, entries.isEmpty ? nil : Array(value.serialized.utf8)))
    }
    changed.removeAll(keepingCapacity: true)
    changedSlots.removeAll(keepingCapacity: true)
    return changes
  }

  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {
    let values = records.compactMap { record in (try? JSONValue(parsing: record.value)).map { (record.key, $0) } }
    for (name, value) in values where name.hasPrefix("group\n") {
      guard let key = Key(json: value["key"]) else { continue }
      groups[key] = CountedGroup(key: key, state: value)
    }
    for (name, value) in values where name.hasPrefix("events\n") {
      guard let key = Key(json: value["key"]), var group = groups.removeValue(forKey: key) else { continue }
      for event in value["events"]?.array ?? [] {
        guard let fields = event.array, fields.count == 2, let time = fields[0].integer, let text = fields[1].string
        else { continue }
        _ = group.window.insert(EventWindow.Entry(time: time, value: text))
      }
      groups[key] = group
    }
    for key in sortedKeys {
      if let wake = groups[key]?.nextWake { effects.add(.wake(key: key, at: wake)) }
    }
  }

  func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String> {
    var dropped = Effects()
    restore(records, &dropped)
    var accepted: Set<String> = []
    for key in sortedKeys {
      guard var group = groups.removeValue(forKey: key) else { continue }
      group.nextWake = nil
      group.isFiring = firing.contains(key.canonical) && group.window.count >= body.least
      if group.isFiring { accepted.insert(key.canonical) } else { group.alertKey = nil }
      schedule(&group, &effects)
      groups[key] = group
      changed.insert(key)
      for entry in group.window.contents { changedSlots.insert(SlotOfGroup(key: key, slot: slot(of: entry.time))) }
    }
    return accepted
  }

  private var sortedKeys: [Key] { groups.keys.sorted(by: Key.precedes) }
}

extension CountedGroup {
  fileprivate var state: JSONValue {
    var object = JSONObject(["key": key.json, "firing": .bool(isFiring)])
    object.append("alert", ifPresent: alertKey?.json)
    object.append("next_wake", ifPresent: nextWake.map { .integer($0.milliseconds) })
    object.append("recent", .array(recent.map(\.json)))
    return .object(object)
  }

  fileprivate init(key: Key, state: JSONValue) {
    self.init(key: key)
    isFiring = state["firing"]?.bool ?? false
    alertKey = state["alert"].flatMap { Key(json: $0) }
    nextWake = state["next_wake"]?.integer.map { Moment(milliseconds: $0) }
    recent = (state["recent"]?.array ?? []).compactMap(Content.init(json:))
  }
}
