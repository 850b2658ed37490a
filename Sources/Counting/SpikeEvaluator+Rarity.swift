import JSON
import Model
import Rules

/// What a series' own detector says, and what it is fed with.
extension SpikeEvaluator {
  var detectorSeason: VolumeDetector.Season {
    switch spike.baseline.season {
    case .none: .none
    case .hour: .hour
    case .hourOfWeek: .hourOfWeek
    }
  }

  /// Learns what is closed: nothing can be added to buckets so old. One closed bucket is left to be judged.
  func advanceDetector(_ series: inout Series, at now: Moment) {
    guard let number = series.detector else { return }
    learn(series, number, through: lastBucketEnd(now - openTime(of: series)) - SeriesDetector.bucket)
  }

  /// What the detector says of the last bucket that ends by a step; nil while it learns, and for steps long past.
  func rarity(of series: Series, at step: Moment) -> SeriesDetector.Reading? {
    guard let number = series.detector else { return nil }
    let last = lastBucketEnd(step)
    let closed = min(lastBucketEnd(now - openTime(of: series)), last) - SeriesDetector.bucket
    learn(series, number, through: closed)
    guard let through = detectors[number].through, through < last else { return nil }
    var state = detectors[number].state
    var judgement = VolumeDetector.Judgement()
    var clock = WallClock(local, spike.baseline.calendar)
    forEachBucket(of: series, after: through, through: last) { start, count in
      judgement = take(count, from: start, &state, &clock)
    }
    guard state.seen > VolumeDetector.learning else { return nil }
    return SeriesDetector.reading(judgement, of: state, since: riseStart(of: series, judgement, at: last))
  }

  /// Whether the rule has fired not long ago and it did not get clearly rarer since.
  func isHeldByGate(_ series: Series, _ verdict: Verdict) -> Bool {
    guard let peak = series.firedRarity, let fired = series.firedAt, let rarity = verdict.rarity?.rarity,
      verdict.step - fired <= spike.rearm
    else { return false }
    return rarity < peak + spike.raise
  }

  /// The 5-minute counts of the last 6 hours, what was usual and what not yet remarkable: for the picture.
  func course(of series: Series, at step: Moment) -> JSONValue {
    guard let number = series.detector, let through = detectors[number].through else { return .null }
    let last = lastBucketEnd(step)
    var state = detectors[number].state
    var clock = WallClock(local, spike.baseline.calendar)
    var usual: Double?
    var top: Double?
    forEachBucket(of: series, after: through, through: last) { start, count in
      let look = take(count, from: start, &state, &clock).looks[0]
      (usual, top) = (look.expected, look.bandTop)
    }
    var counts: [JSONValue] = []
    forEachBucket(of: series, after: last - SeriesDetector.bucket * 72, through: last) { _, count in
      counts.append(count.map { .number($0) } ?? .null)
    }
    func rounded(_ value: Double?) -> JSONValue { value.map { .number(($0 * 100).rounded() / 100) } ?? .null }
    return .object(
      JSONObject([
        "until": .string(last.rfc3339), "bucket": .string(SeriesDetector.bucket.description),
        "usual": rounded(usual), "band_top": rounded(top), "counts": .array(counts),
      ]))
  }

  /// Whether the series could not be read in some of (after, through], as far as its main source makes it. Rules without
  /// rarity judge what came, as they are defined.
  func isMissing(_ series: Series, after: Moment, through: Moment) -> Bool {
    series.mainSource.map { outages.isMissing($0, after: after, through: through) } ?? false
  }

  func fetched(_ fetch: Fetch, at now: Moment, _ effects: inout Effects) {
    guard spike.usesRarity else { return }
    self.now = max(self.now, now)
    // After a restart the engine says once more what failed before; that was restored.
    if let resumed, now <= resumed, fetch.status == 0 { return }
    if outages.note(fetch, at: now, bucketEnd: outageEnd(at: now)) { outagesChanged = true }
  }

  /// The end of the bucket in which a source came back: it holds what was missed.
  func outageEnd(at now: Moment) -> Moment { lastBucketEnd(now) + SeriesDetector.bucket }

  // MARK: Buckets

  private func lastBucketEnd(_ moment: Moment) -> Moment {
    let width = SeriesDetector.bucket.milliseconds
    return Moment(milliseconds: Moment.floorDivide(moment.milliseconds, by: width).quotient * width)
  }

  /// How long something may still be added to a bucket.
  private func openTime(of series: Series) -> Span {
    max(spike.lateness, series.readings.values.map(\.patience).max() ?? .zero)
  }

  private func learn(_ series: Series, _ number: Int, through end: Moment) {
    if detectors[number].through == nil { begin(series, number) }
    guard let through = detectors[number].through, through < end else { return }
    var clock = WallClock(local, spike.baseline.calendar)
    forEachBucket(of: series, after: through, through: end) { start, count in
      _ = take(count, from: start, &detectors[number].state, &clock)
    }
    detectors[number].through = end
    detectors[number].isChanged = true
  }

  /// Begins with what is known of the past: a week at most without events, counts from before as far as they go.
  private func begin(_ series: Series, _ number: Int) {
    let first = series.buckets.first.map { Moment(milliseconds: $0.end) } ?? now
    let known = max(coverageStart ?? first, Moment(milliseconds: day(of: (first - .days(7)).milliseconds) * 86_400_000))
    let target = lastBucketEnd(first) - SeriesDetector.bucket
    detectors[number] = unheard(since: lastBucketEnd(min(known, target)), through: target)
    var clock = WallClock(local, spike.baseline.calendar)
    guard let start = coverageStart.map(lastBucketEnd) else { return }
    if let fixed = sameSlot[series.key], !fixed.isEmpty {
      let weeks = Int64(fixed.count)
      detectors[number] = SeriesDetector(season: detectorSeason)
      // The first of them is a week ago.
      feed(number, from: start - .days(7 * weeks), through: start, &clock) { moment in
        let age = (start - moment).milliseconds - 1
        return fixed[Int(min(weeks - 1, max(0, age / Span.days(7).milliseconds)))] * shareOfWindow
      }
    } else if let lines = history[series.key], let first = lines.map(\.start).min(), first < start {
      detectors[number] = SeriesDetector(season: detectorSeason)
      let past = PastCounts(series: series, history: lines, coverageStart: start)
      let earliest = max(lastBucketEnd(first), start - .days(8 * 7))
      feed(number, from: earliest, through: start, &clock) { moment in
        past.count(after: moment, through: moment + SeriesDetector.bucket)
      }
    }
  }

  /// What a series has learnt of which nothing was ever heard. New series of a day have it in common, so that a thousand
  /// of them cost little more than one.
  private func unheard(since start: Moment, through end: Moment) -> SeriesDetector {
    var detector = SeriesDetector(season: detectorSeason)
    detector.through = start
    if let known = unheard, known.since == start, let through = known.detector.through, through <= end {
      detector = known.detector
    }
    var clock = WallClock(local, spike.baseline.calendar)
    var moment = detector.through ?? start
    while moment < end {
      _ = take(0, from: moment, &detector.state, &clock)
      moment = moment + SeriesDetector.bucket
    }
    detector.through = moment
    detector.isChanged = true
    unheard = (start, detector)
    return detector
  }

  private var shareOfWindow: Double {
    Double(SeriesDetector.bucket.milliseconds) / Double(max(spike.window.milliseconds, 1))
  }

  /// Learns counts from before; broken ones whole, so that a series of one in three buckets looks like one.
  private func feed(
    _ number: Int, from start: Moment, through end: Moment, _ clock: inout WallClock, _ count: (Moment) -> Double?
  ) {
    var moment = start
    var owed = 0.0
    while moment < end {
      if let count = count(moment) {
        owed += count
        let whole = (owed + 1e-9).rounded(.down)
        owed -= whole
        _ = take(whole, from: moment, &detectors[number].state, &clock)
      } else {
        _ = take(nil, from: moment, &detectors[number].state, &clock)
      }
      moment = moment + SeriesDetector.bucket
    }
    detectors[number].through = end
  }

  @discardableResult
  private func take(
    _ count: Double?, from start: Moment, _ state: inout VolumeDetector, _ clock: inout WallClock
  ) -> VolumeDetector.Judgement {
    let (hour, weekday) = clock.reading(at: start)
    return state.take(count, hour: hour, weekday: weekday)
  }

  /// Every bucket of 5 minutes whose end lies in (after, through], with its count; nil where it was missed.
  private func forEachBucket(
    of series: Series, after: Moment, through: Moment, _ body: (_ start: Moment, _ count: Double?) -> Void
  ) {
    guard after < through else { return }
    let counted = series.buckets(after: after, through: through)
    var next = counted.startIndex
    let source = series.mainSource.flatMap { outages.isMissing($0, after: after, through: through) ? $0 : nil }
    var start = after
    while start < through {
      let end = start + SeriesDetector.bucket
      var count = 0
      while next < counted.endIndex, counted[next].end <= end.milliseconds {
        count += counted[next].count + counted[next].textless + counted[next].backfill
        next += 1
      }
      let isMissing = source.map { outages.isMissing($0, after: start, through: end) } ?? false
      body(start, isMissing ? nil : Double(count))
      start = end
    }
  }

  /// Since when every 5 minutes had more than usual for them, up to six hours back.
  private func riseStart(of series: Series, _ judgement: VolumeDetector.Judgement, at last: Moment) -> Moment {
    let usual = judgement.looks[0].expected
    var since = last - SeriesDetector.bucket
    var run = true
    var starts: [(Moment, Double?)] = []
    forEachBucket(of: series, after: last - SeriesDetector.bucket * 72, through: last) { starts.append(($0, $1)) }
    for (start, count) in starts.reversed() where run {
      if let count, count > max(usual, 0.5) { since = start } else { run = false }
    }
    return since
  }

  /// Hours and weekdays by the clocks of a zone; what it asked it keeps for an hour of them.
  struct WallClock {
    private let local: LocalTime
    private var offset: Int64 = 0
    private var hour = Int64.min

    private let calendar: DayCalendar?
    private var today: (day: Int64, weekday: Int)?

    init(_ local: LocalTime, _ calendar: DayCalendar?) {
      self.local = local
      self.calendar = calendar
    }

    mutating func reading(at moment: Moment) -> (hour: Double, weekday: Int) {
      // Zones change their offset at quarters of an hour.
      let quarter = Moment.floorDivide(moment.milliseconds, by: 900_000).quotient
      if quarter != hour {
        hour = quarter
        offset = local.offset(at: moment)
      }
      let (day, rest) = Moment.floorDivide(moment.milliseconds + offset, by: 86_400_000)
      if let today, today.day == day { return (Double(rest) / 3_600_000, today.weekday) }
      // 1970-01-01 was a Thursday.
      let weekday = calendar?.weekday(ofDay: day) ?? Int(Moment.floorDivide(day + 3, by: 7).remainder)
      today = (day, weekday)
      return (Double(rest) / 3_600_000, weekday)
    }
  }
}
