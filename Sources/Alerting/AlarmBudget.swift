package import JSON
package import Model
package import Rules

/// How many alarms by rarity a region's duty officer is told in 24 hours; weaker ones wait for the digest.
///
/// While more alarms came than the budget has, a new one is told only if it is among the rarest of the last 24 hours, and
/// never more than the budget. An alarm that was told and comes again within the day is the same one. Nothing is dropped: what is held back is noted, and counted in a digest a day.
package struct AlarmBudget: Sendable {
  /// One alarm of the last 24 hours.
  private struct Alarm: Hashable, Sendable {
    var at: Moment
    var rarity: Double
    var isTold: Bool
    /// Of the rule and its key: one that was told within the day goes on and costs no more.
    var name: String
  }

  /// One that waits for the digest.
  private struct Held: Hashable, Sendable {
    var at: Moment
    var rule: String
    var key: Key
    var rarity: Double
    var count: Int?
  }

  /// A region's day of held alarms.
  private struct Day: Sendable {
    /// When its digest is due.
    var due: Moment
    /// The rarest first, at most `shown`.
    var rarest: [Held] = []
    var count = 0
  }

  /// 0 holds nothing back.
  package let perDay: Int
  private var alarms: [String: [Alarm]] = [:]
  private var days: [String: Day] = [:]
  package private(set) var isChanged = false

  /// Alarms that a digest names; the rest it counts.
  static let shown = 20

  package init(perDay: Int) { self.perDay = perDay }

  /// What becomes of an alarm.
  package enum Decision: Hashable, Sendable {
    case told
    /// It waits for the digest, which is due then; `isFirst` of those that wait.
    case held(digest: Moment, isFirst: Bool)
  }

  /// Takes an alarm into account. Alarms come in the order of time.
  package mutating func take(_ firing: Firing, rule: String, rarity: Double, at now: Moment) -> Decision {
    guard perDay > 0 else { return .told }
    isChanged = true
    let region = firing.key["region"] ?? ""
    var latest = (alarms[region] ?? []).filter { now - $0.at < .days(1) }
    var rarity = rarity
    let name = rule + "\n" + firing.key.canonical
    if let known = latest.firstIndex(where: { $0.name == name }) {
      latest[known].rarity = max(latest[known].rarity, rarity)
      if latest[known].isTold {
        alarms[region] = latest
        return .told
      }
      // It was held back and is judged anew, by its largest rarity.
      rarity = latest[known].rarity
      latest.remove(at: known)
    }
    let told = latest.count { $0.isTold }
    let rarer = latest.count { $0.rarity >= rarity }
    let isTold = told < perDay && rarer < perDay
    latest.append(Alarm(at: now, rarity: rarity, isTold: isTold, name: name))
    alarms[region] = latest
    if isTold { return .told }
    let isFirst = days[region] == nil
    var day = days[region] ?? Day(due: now + .days(1))
    if let known = day.rarest.firstIndex(where: { $0.rule == rule && $0.key == firing.key }) {
      day.rarest.remove(at: known)
    } else {
      day.count += 1
    }
    let held = Held(at: now, rule: rule, key: firing.key, rarity: rarity, count: firing.measure.count)
    let place = day.rarest.firstIndex { $0.rarity < rarity } ?? day.rarest.count
    day.rarest.insert(held, at: place)
    if day.rarest.count > AlarmBudget.shown { day.rarest.removeLast() }
    days[region] = day
    return .held(digest: day.due, isFirst: isFirst)
  }

  /// What the digest of a region says that is due; nil where nothing waits.
  package mutating func digest(of region: String, at due: Moment) -> JSONObject? {
    guard let day = days[region], day.due <= due else { return nil }
    days[region] = nil
    isChanged = true
    return JSONObject([
      "region": region.isEmpty ? .null : .string(region), "budget": .integer(Int64(perDay)),
      "since": .string((day.due - .days(1)).rfc3339), "held_back": .integer(Int64(day.count)),
      "summary": .string(AlarmBudget.words(day.count)), "alarms": .array(day.rarest.map(AlarmBudget.json)),
    ])
  }

  /// When digests are due, in the order of regions: to set timers anew.
  package var dueDigests: [(region: String, due: Moment)] {
    days.keys.sorted { $0.bytesPrecede($1) }.compactMap { region in days[region].map { (region, $0.due) } }
  }

  private static func words(_ count: Int) -> String {
    count == 1 ? "1 weaker alarm held back" : "\(count) weaker alarms held back"
  }

  private static func json(_ held: Held) -> JSONValue {
    .object(
      JSONObject([
        "rule": .string(held.rule), "key": held.key.json, "at": .string(held.at.rfc3339),
        "rarity": .number((held.rarity * 100).rounded() / 100), "count": JSONValue(held.count),
      ]))
  }
}

// Between runs.
extension AlarmBudget {
  /// What is to be written, once after each change; nil where nothing changed.
  package mutating func takeChange() -> JSONValue? {
    guard isChanged else { return nil }
    isChanged = false
    let regions = Set(alarms.keys).union(days.keys).sorted { $0.bytesPrecede($1) }
    return .array(
      regions.map { region in
        var object = JSONObject(["region": .string(region)])
        object.append(
          "alarms",
          .array(
            (alarms[region] ?? []).map {
              [.integer($0.at.milliseconds), .number($0.rarity), .bool($0.isTold), .string($0.name)]
            }))
        if let day = days[region] {
          object.append("due", .integer(day.due.milliseconds))
          object.append("held", .integer(Int64(day.count)))
          object.append("rarest", .array(day.rarest.map(AlarmBudget.record)))
        }
        return .object(object)
      })
  }

  package mutating func restore(_ state: JSONValue) {
    for entry in state.array ?? [] {
      guard let region = entry["region"]?.string else { continue }
      alarms[region] = (entry["alarms"]?.array ?? []).compactMap { alarm in
        guard let fields = alarm.array, fields.count == 4, let at = fields[0].integer, let rarity = fields[1].number,
          let name = fields[3].string
        else { return nil }
        return Alarm(at: Moment(milliseconds: at), rarity: rarity, isTold: fields[2].bool ?? false, name: name)
      }
      guard let due = entry["due"]?.integer, let count = entry["held"]?.integer else { continue }
      var day = Day(due: Moment(milliseconds: due))
      day.count = Int(count)
      day.rarest = (entry["rarest"]?.array ?? []).compactMap(AlarmBudget.held)
      days[region] = day
    }
  }

  private static func record(_ held: Held) -> JSONValue {
    [
      .integer(held.at.milliseconds), .string(held.rule), held.key.json, .number(held.rarity), JSONValue(held.count),
    ]
  }

  private static func held(_ record: JSONValue) -> Held? {
    guard let fields = record.array, fields.count == 5, let at = fields[0].integer, let rule = fields[1].string,
      let key = Key(json: fields[2]), let rarity = fields[3].number
    else { return nil }
    return Held(
      at: Moment(milliseconds: at), rule: rule, key: key, rarity: rarity, count: fields[4].integer.map(Int.init))
  }
}
