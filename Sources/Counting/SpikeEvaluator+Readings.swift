import JSON
import Model
import Rules

extension SpikeEvaluator {
  /// Spreads the increase of a counter over the time between its readings and judges the steps concerned.
  func read(_ reading: CounterReading, _ effects: inout Effects) {
    now = max(now, reading.now)
    for narrative in Observation.topics(reading.narratives) {
      var fields = reading.fields
      fields.narrative = narrative
      let age = reading.now - reading.since
      guard rule.stream == .comment, rule.filters.allSatisfy({ $0.holds(for: fields, age: age) }),
        let key = rule.keyValues(spike.per, in: fields)
      else { continue }
      spread(reading, fields, in: key, &effects)
    }
  }

  private func spread(_ reading: CounterReading, _ fields: EventFields, in key: Key, _ effects: inout Effects) {
    let patience = max(spike.lateness, reading.interval * 2)
    withSeries(number(of: key)) { series in
      series.readings["\(fields.source ?? "")\n\(fields.item ?? "")"] = (reading.now, patience)
      series.readings = series.readings.filter { reading.now - $0.value.at <= max($0.value.patience, .days(1)) }
      if spike.usesRarity, reading.count > 0, let source = fields.source {
        series.note(source: outages.number(of: source), count: min(reading.count, 1000))
      }
      var tooLate = 0
      var earliest: Moment?
      let horizon = reading.now - (reading.isFirst ? retention : patience + spike.step)
      for (end, count) in shares(reading, from: horizon) where count > 0 {
        let eventTime = min(end, reading.now)
        guard reading.isFirst || reading.now - eventTime <= patience else {
          tooLate += count
          continue
        }
        let bucket = bucketEnd(end)
        series.withBucket(end: bucket) { bucket in
          guard !reading.isFirst else {
            bucket.backfill += count
            return
          }
          bucket.textless += count
          bucket.first = min(bucket.first ?? end.milliseconds, end.milliseconds)
        }
        series.noteChange(ofDay: day(of: bucket))
        guard !reading.isFirst else { continue }
        series.lastEvent = max(series.lastEvent ?? end, end)
        earliest = min(earliest ?? end, end)
      }
      if tooLate > 0 {
        effects.add(
          .note(
            type: "too_late",
            data: JSONObject([
              "rule": .string(rule.id), "item": .string(fields.item ?? ""), "count": .integer(Int64(tooLate)),
            ])))
      }
      // Steps up to the reading are known only now: an open alert may clear at them, with no share at all.
      if let first = earliest ?? (series.isFiring ? step(atOrAfter: reading.since) : nil) {
        judgePast(
          &series, from: first, through: reading.now + spike.window, now: reading.now, mayClear: true, &effects)
      }
      if let last = series.lastEvent, series.isFiring || last + spike.window > reading.now {
        schedule(&series, atOrAfter: step(atOrAfter: reading.now), &effects)
      }
    }
  }

  /// Whole-number shares by the ends of the rule's steps: differences of ⌊n·(e − s₀)/(s₁ − s₀)⌋, which sum to n.
  ///
  /// What lies before the horizon, where nothing looks any more, is one share: an item may claim to be ages old.
  private func shares(_ reading: CounterReading, from horizon: Moment) -> [(end: Moment, count: Int)] {
    let span = (reading.now - reading.since).milliseconds
    guard reading.count > 0 else { return [] }
    guard span > 0 else { return [(step(atOrAfter: reading.now), reading.count)] }
    func total(by end: Moment) -> Int {
      let elapsed = max(0, min((end - reading.since).milliseconds, span))
      let (high, low) = Int64(reading.count).multipliedFullWidth(by: elapsed)
      return Int(span.dividingFullWidth((high, low)).quotient)
    }
    var shares: [(Moment, Int)] = []
    let first = step(atOrAfter: max(reading.since + Span(milliseconds: 1), horizon))
    var given = total(by: first)
    if given > 0 { shares.append((first, given)) }
    while given < reading.count {
      // Straight to the step at which the next whole comment is due.
      let (high, low) = Int64(given + 1).multipliedFullWidth(by: span)
      let (quotient, remainder) = Int64(reading.count).dividingFullWidth((high, low))
      let end = step(atOrAfter: reading.since + Span(milliseconds: quotient + (remainder > 0 ? 1 : 0)))
      let until = total(by: end)
      shares.append((end, until - given))
      given = until
    }
    return shares
  }
}
