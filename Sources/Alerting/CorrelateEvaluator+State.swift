import JSON
import Model
import Rules

/// State between runs: a `seen` record for each firing within the time, a `wait` record for each set that waits.
extension CorrelateEvaluator {
  func takeChanges() -> [(key: String, value: [UInt8]?)] {
    let kept = Dictionary(seen.map { ($0.number, $0.move) }, uniquingKeysWith: { first, _ in first })
    var changes: [(key: String, value: [UInt8]?)] = []
    for number in changed.sorted() {
      changes.append(("seen\n\(number)", kept[number].map { Array($0.json.serialized.utf8) }))
    }
    let keys = changedWaiting.sorted(by: Key.precedes)
    for key in keys {
      let value = waiting[key].map { set -> JSONValue in
        [
          "key": key.json, "due": .integer(set.due.milliseconds),
          "children": .array(set.children.map(\.json)),
        ]
      }
      changes.append(("wait\n" + key.canonical, value.map { Array($0.serialized.utf8) }))
    }
    changed.removeAll(keepingCapacity: true)
    changedWaiting.removeAll(keepingCapacity: true)
    return changes
  }

  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {
    for record in records {
      guard let value = try? JSONValue(parsing: record.value) else { continue }
      if record.key.hasPrefix("seen\n"), let number = Int64(record.key.dropFirst(5)),
        let move = AlertMove(json: value)
      {
        seen.append(Seen(number: number, move: move))
      } else if let key = Key(json: value["key"]), let due = value["due"]?.integer {
        let children = (value["children"]?.array ?? []).compactMap { AlertMove(json: $0) }
        // A rule that names other children now has no use for the set.
        guard children.count == body.all.count else { continue }
        waiting[key] = Waiting(due: Moment(milliseconds: due), children: children)
        effects.add(.wake(key: key, at: Moment(milliseconds: due)))
      }
    }
    seen.sort { $0.number < $1.number }
  }
}
