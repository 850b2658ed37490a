import JSON
import Model
import Rules

/// State between runs: `series` records hold where each series stands, `day` records the counts of one day. A series of
/// which no more is to be known than its counts has no record of its own.
extension SpikeEvaluator {
  func takeChanges() -> [(key: String, value: [UInt8]?)] {
    var changes: [(key: String, value: [UInt8]?)] = []
    let order = changed.map { (key: series[$0].key.canonical, number: $0) }
      .sorted { $0.key.bytesPrecede($1.key) }.map(\.number)
    var days: [(day: Int64, place: Int)] = []
    for (place, number) in order.enumerated() {
      prune(&series[number], at: now)
      if let change = stateChange(of: &series[number]) {
        changes.append(("series\n" + series[number].key.canonical, change))
      }
      for day in series[number].changedDays { days.append((day, place)) }
    }
    days.sort { ($0.day, $0.place) < ($1.day, $1.place) }
    for (day, place) in days {
      let series = series[order[place]]
      changes.append(("day\n\(day)\n" + series.key.canonical, counts(of: series, day: day)))
    }
    for number in order {
      guard let detector = series[number].detector, detectors[detector].isChanged else { continue }
      detectors[detector].isChanged = false
      changes.append(("rarity\n" + series[number].key.canonical, detectors[detector].record(of: series[number].key)))
    }
    if outagesChanged {
      outagesChanged = false
      changes.append(("outages", outagesRecord))
    }
    noteWritten()
    return changes
  }

  private var outagesRecord: [UInt8] {
    let records: [JSONValue] = outages.records.map {
      [.string($0.source), .integer($0.from), .integer($0.until)]
    }
    return Array(JSONValue.object(JSONObject(["outages": .array(records)])).serialized.utf8)
  }

  private func restoreOutages(_ record: JSONValue) {
    for entry in record["outages"]?.array ?? [] {
      guard let fields = entry.array, fields.count == 3, let source = fields[0].string, let from = fields[1].integer,
        let until = fields[2].integer
      else { continue }
      outages.restore(source: source, from: from, until: until)
    }
  }

  /// What is to be written of where a series stands; nil inside deletes it, nil outside is nothing.
  private func stateChange(of series: inout Series) -> [UInt8]?? {
    // What was published earlier is evidence for no window that may yet be judged. A counter that is read for the first
    // time may have more patience than all before: hence a day more.
    let recent = series.settledRecent(after: now - reach(of: series) - .days(1))
    if isBlank(series), recent.isEmpty {
      defer { series.isStored = false }
      return series.isStored ? .some(nil) : nil
    }
    series.isStored = true
    return state(of: series, recent)
  }

  /// Whether nothing of it matters but its counts.
  private func isBlank(_ series: Series) -> Bool {
    series.nextWake == nil && !spike.usesRarity && !series.isFiring && series.firedAt == nil
      && series.judgedUntil == nil
      && !series.toldNearMiss && series.readings.isEmpty && series.peak == nil
      && series.lastEvent.map { $0 <= now - reach(of: series) } ?? true
      && series.toldLearning.map { $0 < local.date(of: now).daysSinceEpoch } ?? true
  }

  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {
    var buckets: [Key: [Series.Bucket]] = [:]
    var states: [(Key, JSONValue)] = []
    var learnt: [(Key, SeriesDetector)] = []
    for record in records {
      guard let value = try? JSONValue(parsing: record.value) else { continue }
      if record.key == "outages" { restoreOutages(value) }
      guard let key = Key(json: value["key"]) else { continue }
      if record.key.hasPrefix("rarity\n") {
        if spike.usesRarity, let detector = SeriesDetector(record: value, season: detectorSeason) {
          learnt.append((key, detector))
        }
        continue
      }
      if record.key.hasPrefix("day\n") {
        buckets[key, default: []] += (value["buckets"]?.array ?? []).compactMap(Series.Bucket.init(json:))
      } else {
        states.append((key, value))
      }
    }
    for (key, state) in states {
      var value = Series(key: key)
      value.apply(state)
      value.restore(
        sources: (state["sources"]?.array ?? []).compactMap { entry in
          guard let fields = entry.array, fields.count == 2, let name = fields[0].string, let count = fields[1].integer
          else { return nil }
          return (outages.number(of: name), Int(count))
        })
      let recent = (state["recent"]?.array ?? []).compactMap(Content.init(json:))
      value.restore(buckets: buckets.removeValue(forKey: key) ?? [], recent: recent)
      value.isStored = true
      if let wake = value.nextWake { effects.add(.wake(key: key, at: wake)) }
      let number = number(of: key)
      value.detector = series[number].detector
      series[number] = value
      // The rule may be another one: of steps that it could skip something may come now.
      if let next = stepWithoutTimer(value), !nothingComes(of: value, from: next) {
        schedule(&series[number], atOrAfter: next, &effects)
      }
    }
    for key in buckets.keys.sorted(by: Key.precedes) {
      series[number(of: key)].restore(buckets: buckets[key] ?? [], recent: [])
    }
    for (key, detector) in learnt {
      if let place = series[number(of: key)].detector { detectors[place] = detector }
    }
  }

  /// The next step, where it is worth judging and has no timer.
  private func stepWithoutTimer(_ series: Series) -> Moment? {
    guard series.nextWake == nil, let next = resumed.map(step(atOrAfter:)), isWorthJudging(series, next) else {
      return nil
    }
    return next
  }

  func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String> {
    restore(records, &effects)
    var accepted: Set<String> = []
    for number in series.indices {
      withSeries(number) { series in
        series.isFiring = false
        series.quietSince = nil
        series.firedAt = nil
        series.firedRarity = nil
        series.judgedUntil = nil
        series.toldNearMiss = false
        series.peak = nil
        if let next = stepWithoutTimer(series) { schedule(&series, atOrAfter: next, &effects) }
        let part = series.key.canonical
        guard firing.contains(part), let next = series.nextWake else { return }
        accepted.insert(part)
        series.isFiring = true
        series.firedAt = next - spike.step
        series.judgedUntil = next - spike.step
      }
    }
    for number in series.indices {
      for end in series[number].buckets.map(\.end) { series[number].noteChange(ofDay: day(of: end)) }
    }
    return accepted
  }

  private func state(of series: Series, _ recent: [Content]) -> [UInt8] {
    var json = JSONBytes(capacity: 256 + recent.count * 256)
    func put(_ name: StaticString, _ number: Int64?) {
      guard let number else { return }
      json.name(name)
      json.integer(number)
    }
    func put(_ name: StaticString, _ moment: Moment?) { put(name, moment?.milliseconds) }
    json.openObject()
    json.name("key")
    series.key.write(into: &json)
    put("last_event", series.lastEvent)
    put("next_wake", series.nextWake)
    put("quiet_since", series.quietSince)
    put("fired_at", series.firedAt)
    put("judged_until", series.judgedUntil)
    for (name, flag) in [("firing", series.isFiring), ("told_near_miss", series.toldNearMiss)] where flag {
      json.name(name)
      json.bool(true)
    }
    put("told_learning", series.toldLearning)
    if let rarity = series.firedRarity {
      json.name("fired_rarity")
      json.value(.number(rarity))
    }
    if !series.sources.isEmpty {
      json.name("sources")
      json.value(.array(series.sources.map { [.string(outages.names[$0.number]), .integer(Int64($0.count))] }))
    }
    if !series.readings.isEmpty {
      json.name("readings")
      write(series.readings, into: &json)
    }
    if let peak = series.peak {
      json.name("peak")
      json.value([
        "count": JSONValue(peak.count), "ratio": .number(peak.ratio), "z": .number(peak.z),
        "authors": JSONValue(peak.authors),
      ])
    }
    json.name("recent")
    json.openArray()
    for content in recent { content.write(into: &json) }
    json.closeArray()
    json.closeObject()
    return json.bytes
  }

  private func write(_ readings: [String: (at: Moment, patience: Span)], into json: inout JSONBytes) {
    json.openArray()
    for (name, reading) in readings.sorted(by: { $0.key.bytesPrecede($1.key) }) {
      json.openArray()
      json.string(name)
      json.integer(reading.at.milliseconds)
      json.integer(reading.patience.milliseconds)
      json.closeArray()
    }
    json.closeArray()
  }

  /// nil when nothing of the day is left.
  private func counts(of series: Series, day: Int64) -> [UInt8]? {
    let start = Moment(milliseconds: day * 86_400_000 - 1)
    let buckets = series.buckets(after: start, through: start + .days(1))
    if buckets.isEmpty { return nil }
    var json = JSONBytes(capacity: 128 + buckets.count * 48)
    json.openObject()
    json.name("key")
    series.key.write(into: &json)
    json.name("buckets")
    json.openArray()
    for bucket in buckets { bucket.write(into: &json) }
    json.closeArray()
    json.closeObject()
    return json.bytes
  }
}

extension Series.Bucket {
  func write(into json: inout JSONBytes) {
    json.openArray()
    json.integer(end)
    json.integer(Int64(count))
    json.integer(Int64(textless))
    json.integer(Int64(backfill))
    json.openArray()
    for author in authors.sorted { json.integer(Int64(bitPattern: author)) }
    json.closeArray()
    if let first { json.integer(first) } else { json.null() }
    if !texts.isEmpty {
      json.openArray()
      for (text, count) in texts.sorted(by: { $0.key < $1.key }) {
        json.integer(Int64(bitPattern: text))
        json.integer(Int64(count))
      }
      json.closeArray()
    }
    json.closeArray()
  }

  init?(json: JSONValue) {
    guard let fields = json.array, fields.count == 6 || fields.count == 7, let end = fields[0].integer,
      let count = fields[1].integer,
      let textless = fields[2].integer, let backfill = fields[3].integer, let authors = fields[4].array
    else { return nil }
    self.init(
      end: end, count: Int(count), textless: Int(textless), backfill: Int(backfill), first: fields[5].integer,
      authors: Voices(authors.compactMap { $0.integer.map { UInt64(bitPattern: $0) } }))
    let marks = (fields.count == 7 ? fields[6].array ?? [] : []).compactMap(\.integer)
    for index in stride(from: 0, to: marks.count - 1, by: 2) {
      texts[UInt64(bitPattern: marks[index])] = Int(marks[index + 1])
    }
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
    firedRarity = state["fired_rarity"]?.number
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

extension SeriesDetector {
  /// Bit for bit, in hexadecimal digits.
  fileprivate func record(of key: Key) -> [UInt8] {
    let bytes = state.bytes
    var json = JSONBytes(capacity: bytes.count * 2 + 128)
    json.openObject()
    json.name("key")
    key.write(into: &json)
    json.name("through")
    json.integer(through?.milliseconds ?? 0)
    json.name("state")
    json.string(Digest.hex(bytes))
    json.closeObject()
    return json.bytes
  }

  fileprivate init?(record: JSONValue, season: VolumeDetector.Season) {
    guard let through = record["through"]?.integer, let text = record["state"]?.string,
      let bytes = Digest.bytes(hex: text), let state = VolumeDetector(bytes: bytes), state.season == season
    else { return nil }
    self.init(season: season)
    self.state = state
    self.through = Moment(milliseconds: through)
  }
}
