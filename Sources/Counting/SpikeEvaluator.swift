import JSON
import Model
package import Rules

/// Runs one spike rule over all its series.
///
/// Steps lie at multiples of `step` since the epoch; each is judged at its own time by a timer, with what has arrived
/// then. An event within `lateness` judges past steps anew, and may fire at its arrival. A counter's shares are such
/// events; they alone may also clear, since their steps can be known only when the reading comes.
final class SpikeEvaluator: Evaluator {
  let rule: Rule
  let spike: SpikeRule
  /// Divides window, step and an hour, so that windows of other weeks fall on bucket edges too.
  let bucketWidth: Int64
  let local: LocalTime
  var series: [Key: Series] = [:]
  var changed: Set<Key> = []
  var changedDays: Set<DayOfSeries> = []
  var coverageStart: Moment?
  private(set) var history: [Key: [HistoryLine]] = [:]
  private(set) var sameSlot: [Key: [Double]] = [:]
  private(set) var lastMeasure: Measure?
  /// Steps of which nothing can come are worked out too.
  private(set) var keepsEveryMeasure = false

  struct DayOfSeries: Hashable {
    var key: Key
    /// Days since the epoch of the buckets' ends.
    var day: Int64
  }

  /// One judged step.
  struct Verdict {
    var step: Moment
    var count: Int
    /// nil where more than half of the count has no text, so that authors cannot be told.
    var authors: Int?
    var baseline: Baseline?
    var isSeasonal: Bool
  }

  init(rule: Rule, spike: SpikeRule) {
    self.rule = rule
    self.spike = spike
    bucketWidth = [spike.window, spike.step, .hours(1)].map(\.milliseconds).reduce(0, SpikeEvaluator.divisor)
    local = LocalTime(zone: rule.timezone) ?? .utc
  }

  private static func divisor(_ left: Int64, _ right: Int64) -> Int64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return max(1, left)
  }

  func coverageBegins(at moment: Moment) { coverageStart = min(coverageStart ?? moment, moment) }

  func preload(_ lines: [HistoryLine]) {
    for line in lines {
      history[Key(line.series.map { ($0.key, $0.value) }), default: []].append(line)
    }
  }

  func preload(sameSlot counts: [Double], series: Key) { sameSlot[series] = counts }

  func keepEveryMeasure() { keepsEveryMeasure = true }

  // MARK: Events

  func observe(_ observation: Observation, _ effects: inout Effects) {
    var counted: Set<Key> = []
    let topics = Observation.topics(observation.narratives)
    for narrative in topics {
      var observation = observation
      observation.fields.narrative = narrative
      guard rule.admits(observation), let key = rule.keyValues(spike.per, in: observation.fields),
        topics.count == 1 || counted.insert(key).inserted
      else { continue }
      count(observation, in: key, &effects)
    }
  }

  private func count(_ observation: Observation, in key: Key, _ effects: inout Effects) {
    let eventTime = min(observation.eventTime, observation.now)
    guard observation.now - eventTime <= spike.lateness else {
      effects.add(
        .note(
          type: "too_late",
          data: JSONObject(["rule": .string(rule.id), "item": .string(observation.content.id)])))
      return
    }
    let end = bucketEnd(eventTime)
    withSeries(key) { series in
      series.withBucket(end: end) { bucket in
        bucket.count += 1
        bucket.first = min(bucket.first ?? eventTime.milliseconds, eventTime.milliseconds)
        if let author = observation.author { bucket.authors.insert(author.value) }
      }
      series.remember(observation.content)
      series.lastEvent = max(series.lastEvent ?? eventTime, eventTime)
      changedDays.insert(DayOfSeries(key: key, day: day(of: end)))
      let first = step(atOrAfter: eventTime)
      judgePast(
        &series, from: first, through: eventTime + spike.window, now: observation.now, mayClear: false, &effects)
      schedule(&series, atOrAfter: max(first, step(atOrAfter: observation.now)), &effects)
    }
  }

  func wake(key: Key, at due: Moment, _ effects: inout Effects) {
    guard let place = series.index(forKey: key), series.values[place].nextWake == due else { return }
    changed.insert(key)
    wake(&series.values[place], at: due, &effects)
  }

  private func wake(_ series: inout Series, at due: Moment, _ effects: inout Effects) {
    series.nextWake = nil
    let wasFiring = series.isFiring
    if wasFiring {
      update(&series, verdict(series, at: due), &effects)
      judgeClearing(&series, through: due, at: due, &effects)
    } else {
      judge(&series, at: due, now: due, &effects)
    }
    let patience = series.readings.isEmpty ? .zero : series.readings.values.map(\.patience).max() ?? .zero
    let latest = max(spike.lateness, patience) + spike.step * 2
    for end in series.prune(before: due - retention, authorsFrom: due - spike.window - latest) {
      changedDays.insert(DayOfSeries(key: series.key, day: day(of: end)))
    }
    let next = due + spike.step
    // The first step with an empty window is judged too: its figures are those of all quiet steps after it. Where that
    // step clears, the next one stands for them.
    if series.isFiring || wasFiring || (series.lastEvent.map { next - $0 < spike.window + spike.step } ?? false) {
      schedule(&series, atOrAfter: next, &effects)
    }
  }

  /// How long counts are of use: the seasons of the lookback, and the window of the earliest.
  var retention: Span { spike.memory ?? .zero }

  func withSeries(_ key: Key, _ change: (inout Series) -> Void) {
    change(&series[key, default: Series(key: key)])
    changed.insert(key)
  }

  // MARK: Judging

  func verdict(_ series: Series, at step: Moment) -> Verdict {
    var count = 0
    var textless = 0
    var authors: Set<UInt64> = []
    for bucket in series.buckets(after: step - spike.window, through: step) {
      count += bucket.count + bucket.textless
      textless += bucket.textless
      authors.formUnion(bucket.authors)
    }
    let (samples, isSeasonal) = samples(series, at: step)
    let verdict = Verdict(
      step: step, count: count, authors: textless * 2 > count ? nil : authors.count,
      baseline: samples.isEmpty ? nil : Baseline(samples: samples, statistic: spike.baseline.statistic),
      isSeasonal: isSeasonal)
    lastMeasure = verdict.measure
    return verdict
  }

  /// Judges one step of a series that is not firing.
  func judge(_ series: inout Series, at step: Moment, now: Moment, _ effects: inout Effects) {
    if !keepsEveryMeasure, nothingComes(of: series, at: step, now: now) { return }
    let verdict = verdict(series, at: step)
    guard verdict.baseline != nil else {
      let today = local.date(of: now).daysSinceEpoch
      if series.toldLearning != today {
        series.toldLearning = today
        effects.add(.note(type: "learning", data: JSONObject(["rule": .string(rule.id), "key": series.key.json])))
      }
      return
    }
    let failing = SpikeRule.Measure.allCases.flatMap { measure in
      (spike.fire[measure] ?? []).filter { !verdict.holds($0, measure) }.map { (measure, $0) }
    }
    if failing.isEmpty {
      fire(&series, verdict, &effects)
    } else if failing.count == 1, !series.toldNearMiss {
      series.toldNearMiss = true
      let (measure, bound) = failing[0]
      effects.add(
        .note(
          type: "near_miss",
          data: JSONObject([
            "rule": .string(rule.id), "key": series.key.json, "score": .null,
            "missing": .string(
              "\(measure.rawValue) \(bound.relation.sign) \(JSONValue.number(bound.limit).serialized)"),
          ])))
    }
  }

  /// Judges the steps before `now` whose windows hold late events. Steps of an episode that is over stay judged.
  func judgePast(
    _ series: inout Series, from first: Moment, through last: Moment, now: Moment, mayClear: Bool,
    _ effects: inout Effects
  ) {
    guard first < now else { return }
    if series.isFiring {
      rejudge(&series, from: first)
      if mayClear {
        let latest = step(atOrAfter: now) - spike.step
        update(&series, verdict(series, at: latest), &effects)
        judgeClearing(&series, through: latest, at: now, &effects)
      }
      return
    }
    var step = max(first, series.judgedUntil.map { $0 + spike.step } ?? first)
    while step < now, step < last, !series.isFiring {
      judge(&series, at: step, now: now, &effects)
      step = step + spike.step
    }
    // What followed the step that fired is known already: it counts as quiet or not, and cannot clear now.
    while series.isFiring, step < now, !isUnread(series, step, at: now) {
      series.judgedUntil = step
      note(&series, verdict(series, at: step))
      step = step + spike.step
    }
  }

  private func fire(_ series: inout Series, _ verdict: Verdict, _ effects: inout Effects) {
    // A reopened alert is the same episode: its near-miss is told.
    if series.judgedUntil.map({ verdict.step - $0 >= rule.reopenWithin }) ?? true { series.toldNearMiss = false }
    series.isFiring = true
    series.quietSince = nil
    series.judgedUntil = verdict.step
    series.firedAt = verdict.step
    series.peak = nil
    let measure = measure(&series, verdict)
    guard let key = rule.keyValues(rule.key, in: fields(of: series.key)) else { return }
    let isKnown = verdict.authors != nil
    let window = verdict.step - spike.window
    var firing = Firing(
      key: key, eventTime: verdict.step, severity: isKnown ? rule.severity : rule.severity.lowered,
      evidence: series.recent.filter { $0.published > window && $0.published <= verdict.step }, measure: measure)
    firing.part = series.key.canonical
    firing.evidenceCount = verdict.count
    firing.firstPublished = series.buckets(after: window, through: verdict.step).compactMap(\.first).min()
      .map { Moment(milliseconds: $0) }
    if !isKnown { firing.labels = ["authors-unknown"] }
    firing.basis = basis(verdict)
    effects.add(.fire(firing))
  }

  func update(_ series: inout Series, _ verdict: Verdict, _ effects: inout Effects) {
    guard verdict.baseline != nil, let key = rule.keyValues(rule.key, in: fields(of: series.key)) else { return }
    effects.add(.update(key: key, measure: measure(&series, verdict)))
  }

  // MARK: Steps and fields

  func bucketEnd(_ moment: Moment) -> Int64 { SpikeEvaluator.roundUp(moment.milliseconds, to: bucketWidth) }

  func step(atOrAfter moment: Moment) -> Moment {
    Moment(milliseconds: SpikeEvaluator.roundUp(moment.milliseconds, to: spike.step.milliseconds))
  }

  private static func roundUp(_ value: Int64, to unit: Int64) -> Int64 {
    let (quotient, remainder) = Moment.floorDivide(value, by: max(1, unit))
    return (remainder == 0 ? quotient : quotient + 1) * max(1, unit)
  }

  func day(of milliseconds: Int64) -> Int64 { Moment.floorDivide(milliseconds, by: 86_400_000).quotient }

  func schedule(_ series: inout Series, atOrAfter moment: Moment, _ effects: inout Effects) {
    if let planned = series.nextWake, planned <= moment { return }
    series.nextWake = moment
    effects.add(.wake(key: series.key, at: moment))
  }

  func fields(of key: Key) -> EventFields {
    var fields = EventFields()
    fields.set(key)
    return fields
  }

  func measure(_ series: inout Series, _ verdict: Verdict) -> Measure {
    var measure = verdict.measure
    guard let ratio = measure.ratio, let z = measure.z else { return measure }
    series.peak = Measure.Peak(
      count: max(series.peak?.count ?? 0, verdict.count), ratio: max(series.peak?.ratio ?? ratio, ratio),
      z: max(series.peak?.z ?? z, z),
      authors: [series.peak?.authors, verdict.authors].compactMap { $0 }.max())
    measure.peak = series.peak
    return measure
  }

  private func basis(_ verdict: Verdict) -> JSONObject? {
    verdict.baseline.map { baseline in
      JSONObject([
        "step": .string(verdict.step.rfc3339), "window": .string(spike.window.description),
        "season": .string(verdict.isSeasonal ? spike.baseline.season.rawValue : "previous-24h"),
        "samples": .array(baseline.samples.map(JSONValue.number)), "ref": .number(baseline.reference),
        "scale": .number(Baseline.quantised(baseline.scale)),
      ])
    }
  }
}

extension SpikeEvaluator.Verdict {
  fileprivate var measure: Measure {
    var measure = Measure()
    measure.count = count
    measure.authors = authors
    measure.ratio = baseline?.ratio(of: count)
    measure.z = baseline?.z(of: count)
    return measure
  }

  /// Whether the comparison holds; of unknown authors every one does.
  func holds(_ bound: Bound<Double>, _ measure: SpikeRule.Measure) -> Bool {
    switch measure {
    case .count: bound.holds(for: Double(count))
    case .authors: authors.map { bound.holds(for: Double($0)) } ?? true
    case .ratio: baseline.map { bound.holds(for: $0.ratio(of: count)) } ?? false
    case .z: baseline.map { bound.holds(for: $0.z(of: count)) } ?? false
    }
  }
}

extension SpikeRule {
  package func makeEvaluator(for rule: Rule) -> any Evaluator { SpikeEvaluator(rule: rule, spike: self) }
}
