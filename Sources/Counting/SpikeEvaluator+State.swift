import JSON
import Model
import Rules

/// State between runs: `series` records hold where each series stands, `day` records the counts of one day.
extension SpikeEvaluator {
  func takeChanges() -> [(key: String, value: [UInt8]?)] {
    var changes: [(key: String, value: [UInt8]?)] = []
    let seriesOrder = changed.sorted(by: Key.precedes)
    for key in seriesOrder {
      guard let value = series[key] else { continue }
      changes.append(("series\n" + key.canonical, Array(state(of: value).serialized.utf8)))
    }
    let dayOrder = changedDays.sorted {
      ($0.day, $0.key.canonical) < ($1.day, $1.key.canonical)
    }
    for day in dayOrder {
      guard let value = series[day.key] else { continue }
      let counts = counts(of: value, day: day.day).map { Array($0.serialized.utf8) }
      changes.append(("day\n\(day.day)\n" + day.key.canonical, counts))
    }
    changed.removeAll(keepingCapacity: true)
    changedDays.removeAll(keepingCapacity: true)
    return changes
  }

  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {
    var buckets: [Key: [Series.Bucket]] = [:]
    var states: [(Key, JSONValue)] = []
    for record in records {
      guard let value = try? JSONValue(parsing: record.value), let key = Key(json: value["key"]) else { continue }
      if record.key.hasPrefix("day\n") {
        buckets[key, default: []] += (value["buckets"]?.array ?? []).compactMap(Series.Bucket.init(json:))
      } else {
        states.append((key, value))
      }
    }
    for (key, state) in states {
      var value = Series(key: key)
      value.apply(state)
      let recent = (state["recent"]?.array ?? []).compactMap(Content.init(json:))
      value.restore(buckets: buckets[key] ?? [], recent: recent)
      if let wake = value.nextWake { effects.add(.wake(key: key, at: wake)) }
      series[key] = value
    }
  }

  func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String> {
    restore(records, &effects)
    var accepted: Set<String> = []
    for key in Array(series.keys) {
      withSeries(key) { series in
        series.isFiring = false
        series.quietSince = nil
        series.firedAt = nil
        series.judgedUntil = nil
        series.toldNearMiss = false
        series.peak = nil
        guard firing.contains(key.canonical), let next = series.nextWake else { return }
        accepted.insert(key.canonical)
        series.isFiring = true
        series.firedAt = next - spike.step
        series.judgedUntil = next - spike.step
      }
    }
    for key in series.keys.sorted(by: Key.precedes) {
      for bucket in series[key]?.buckets(after: Moment(milliseconds: .min), through: Moment(milliseconds: .max)) ?? [] {
        changedDays.insert(DayOfSeries(key: key, day: day(of: bucket.end)))
      }
    }
    return accepted
  }

  private func state(of series: Series) -> JSONValue {
    var object = JSONObject(["key": series.key.json])
    func put(_ name: String, _ moment: Moment?) {
      object.append(name, ifPresent: moment.map { .integer($0.milliseconds) })
    }
    put("last_event", series.lastEvent)
    put("next_wake", series.nextWake)
    put("quiet_since", series.quietSince)
    put("fired_at", series.firedAt)
    put("judged_until", series.judgedUntil)
    if series.isFiring { object.append("firing", true) }
    if series.toldNearMiss { object.append("told_near_miss", true) }
    object.append("told_learning", ifPresent: series.toldLearning.map(JSONValue.integer))
    if !series.readings.isEmpty {
      let sorted = series.readings.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      object.append(
        "readings",
        .array(
          sorted.map { name, reading in
            .array([.string(name), .integer(reading.at.milliseconds), .integer(reading.patience.milliseconds)])
          }))
    }
    if let peak = series.peak {
      object.append(
        "peak",
        [
          "count": JSONValue(peak.count), "ratio": .number(peak.ratio), "z": .number(peak.z),
          "authors": JSONValue(peak.authors),
        ])
    }
    object.append("recent", .array(series.recent.map(\.json)))
    return .object(object)
  }

  /// nil when nothing of the day is left.
  private func counts(of series: Series, day: Int64) -> JSONValue? {
    let start = Moment(milliseconds: day * 86_400_000 - 1)
    let buckets = series.buckets(after: start, through: start + .days(1))
    return buckets.isEmpty ? nil : ["key": series.key.json, "buckets": .array(buckets.map(\.json))]
  }
}

extension Series.Bucket {
  var json: JSONValue {
    .array([
      .integer(end), JSONValue(count), JSONValue(textless), JSONValue(backfill),
      .array(authors.sorted().map { .integer(Int64(bitPattern: $0)) }), first.map(JSONValue.integer) ?? .null,
    ])
  }

  init?(json: JSONValue) {
    guard let fields = json.array, fields.count == 6, let end = fields[0].integer, let count = fields[1].integer,
      let textless = fields[2].integer, let backfill = fields[3].integer, let authors = fields[4].array
    else { return nil }
    self.init(
      end: end, count: Int(count), textless: Int(textless), backfill: Int(backfill), first: fields[5].integer,
      authors: Set(authors.compactMap { $0.integer.map { UInt64(bitPattern: $0) } }))
  }
}

extension Series {
  fileprivate mutating func apply(_ state: JSONValue) {
    func moment(_ name: String) -> Moment? { state[name]?.integer.map { Moment(milliseconds: $0) } }
    lastEvent = moment("last_event")
    nextWake = moment("next_wake")
    quietSince = moment("quiet_since")
    firedAt = moment("fired_at")
    judgedUntil = moment("judged_until")
    isFiring = state["firing"]?.bool ?? false
    toldNearMiss = state["told_near_miss"]?.bool ?? false
    toldLearning = state["told_learning"]?.integer
    for pair in state["readings"]?.array ?? [] {
      if let fields = pair.array, fields.count == 3, let name = fields[0].string, let at = fields[1].integer,
        let patience = fields[2].integer
      {
        readings[name] = (Moment(milliseconds: at), Span(milliseconds: patience))
      }
    }
    if let stored = state["peak"], let count = stored["count"]?.integer, let ratio = stored["ratio"]?.number,
      let z = stored["z"]?.number
    {
      peak = Measure.Peak(count: Int(count), ratio: ratio, z: z, authors: stored["authors"]?.integer.map(Int.init))
    }
  }
}
