import JSON
import Model
import Rules

/// The events of one group of an absence rule, as far as deadlines and what is usual need them.
struct AwaitedGroup {
  let key: Key
  /// Of the first event.
  private(set) var first: Moment
  /// The latest event times, oldest first; as many as are expected.
  private(set) var latest: [Moment] = []
  /// Events by day since the epoch, over the lookback.
  private(set) var days: [Int64: Int] = [:]
  var isSilent = false
  /// The deadline of the latest event was judged.
  var isPast = false
  var nextWake: Moment?
  var alertKey: Key?

  init(key: Key, first: Moment) {
    self.key = key
    self.first = first
  }

  var last: Moment { latest.last ?? first }

  mutating func take(_ moment: Moment, keeping count: Int) {
    first = min(first, moment)
    latest.insert(moment, at: latest.firstIndex { $0 > moment } ?? latest.count)
    if latest.count > count { latest.removeFirst() }
    days[AwaitedGroup.day(moment), default: 0] += 1
    let oldest = AwaitedGroup.day(last) - SilenceRule.lookbackDays
    if days.keys.contains(where: { $0 <= oldest }) { days = days.filter { $0.key > oldest } }
  }

  /// From when on events are counted, and how many came after that moment.
  var past: (first: Moment, count: Int) {
    let total = days.values.reduce(0, +)
    let start = Moment(milliseconds: (AwaitedGroup.day(last) - SilenceRule.lookbackDays + 1) * 86_400_000)
    return first >= start ? (first, total - 1) : (start, total)
  }

  private static func day(_ moment: Moment) -> Int64 {
    Moment.floorDivide(moment.milliseconds, by: 86_400_000).quotient
  }
}

extension AwaitedGroup {
  var json: JSONValue {
    var object = JSONObject([
      "key": key.json, "first": .integer(first.milliseconds),
      "latest": .array(latest.map { .integer($0.milliseconds) }),
      "days": .array(days.sorted { $0.key < $1.key }.map { .array([.integer($0.key), JSONValue($0.value)]) }),
      "silent": .bool(isSilent), "past": .bool(isPast),
    ])
    object.append("next_wake", ifPresent: nextWake.map { .integer($0.milliseconds) })
    object.append("alert", ifPresent: alertKey?.json)
    return .object(object)
  }

  init?(json: JSONValue) {
    guard let key = Key(json: json["key"]), let first = json["first"]?.integer else { return nil }
    self.init(key: key, first: Moment(milliseconds: first))
    latest = (json["latest"]?.array ?? []).compactMap { $0.integer.map { Moment(milliseconds: $0) } }
    for day in json["days"]?.array ?? [] {
      if let pair = day.array, pair.count == 2, let number = pair[0].integer, let count = pair[1].integer {
        days[number] = Int(count)
      }
    }
    isSilent = json["silent"]?.bool ?? false
    isPast = json["past"]?.bool ?? false
    nextWake = json["next_wake"]?.integer.map { Moment(milliseconds: $0) }
    alertKey = json["alert"].flatMap { Key(json: $0) }
  }
}

/// State between runs: one record a group.
extension SilenceEvaluator {
  func takeChanges() -> [(key: String, value: [UInt8]?)] {
    defer { changed.removeAll(keepingCapacity: true) }
    return changed.sorted(by: Key.precedes).map { key in
      ("group\n" + key.canonical, groups[key].map { Array($0.json.serialized.utf8) })
    }
  }

  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {
    for record in records {
      guard let group = (try? JSONValue(parsing: record.value)).flatMap(AwaitedGroup.init(json:)) else { continue }
      groups[group.key] = group
      if let wake = group.nextWake { effects.add(.wake(key: group.key, at: wake)) }
    }
  }

  func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String> {
    restore(records, &effects)
    var accepted: Set<String> = []
    for key in groups.keys.sorted(by: Key.precedes) {
      guard let group = groups[key] else { continue }
      // What fell silent before the rule was changed is told with the next event that it misses.
      groups[key]?.isSilent = group.isSilent && firing.contains(key.canonical)
      if groups[key]?.isSilent == true { accepted.insert(key.canonical) }
      changed.insert(key)
    }
    return accepted
  }
}
