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
  /// In the order in which they first came.
  var series: [Series] = []
  /// One for each series of a rule that asks for rarity.
  var detectors: [SeriesDetector] = []
  var outages = Outages()
  /// A detector of nothing but quiet, since when and as far as it was asked for.
  var unheard: (since: Moment, detector: SeriesDetector)?
  /// Outages are to be written.
  var outagesChanged = false
  /// Where each stands, by the canonical form of its key.
  private var numbers: [Mark: Int] = [:]
  /// Numbers of the series of which something is to be written, each once.
  private(set) var changed: [Int] = []
  private let keyForm: KeyForm
  /// Of the key that is looked up.
  private var canonical: [UInt8] = []
  /// The latest moment it was told.
  var now = Moment(milliseconds: .min / 2)
  /// When the engine goes on from a store: no timer before it runs again.
  private(set) var resumed: Moment?
  var coverageStart: Moment?
  private(set) var history: [Key: [HistoryLine]] = [:]
  private(set) var sameSlot: [Key: [Double]] = [:]
  var lastMeasure: Measure?
  /// Steps of which nothing can come are worked out too.
  private(set) var keepsEveryMeasure = false
  /// The comparisons of `fire`, in the order in which near-misses name them.
  let fireBounds: [(measure: SpikeRule.Measure, bound: Bound<Double>)]
  /// No comparison of `fire` begins to hold as counts fall.
  let firesFromBelow: Bool

  /// One judged step.
  struct Verdict {
    var step: Moment
    var count: Int
    /// nil where more than half of the count has no text, so that authors cannot be told.
    var authors: Int?
    /// The share of the most frequent text; nil where nobody asks or the texts cannot be told.
    var sameTextShare: Double?
    /// What the series' detector makes of the latest closed bucket; nil where the rule does not ask or it still learns.
    var rarity: SeriesDetector.Reading?
    /// What the rule's comparisons need is known.
    var isKnown = true
    var baseline: Baseline?
    var isSeasonal: Bool
  }

  init(rule: Rule, spike: SpikeRule) {
    self.rule = rule
    self.spike = spike
    let widths = spike.usesRarity ? [SeriesDetector.bucket] : []
    bucketWidth = ([spike.window, spike.step, .hours(1)] + widths).map(\.milliseconds).reduce(0, SpikeEvaluator.divisor)
    local = LocalTime(zone: rule.timezone) ?? .utc
    keyForm = KeyForm(spike.per, of: rule)
    fireBounds = SpikeRule.Measure.allCases.flatMap { measure in (spike.fire[measure] ?? []).map { (measure, $0) } }
    firesFromBelow = fireBounds.allSatisfy { $0.bound.relation == .gte || $0.bound.relation == .gt }
  }

  private static func divisor(_ left: Int64, _ right: Int64) -> Int64 {
    var (left, right) = (left, right)
    while right != 0 { (left, right) = (right, left % right) }
    return max(1, left)
  }

  func resumes(at moment: Moment) { resumed = moment }

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
    now = max(now, observation.now)
    guard observation.narratives.count > 1 else {
      let narrative = observation.narratives.first
      if let number = number(observation, under: narrative) { count(observation, in: number, &effects) }
      return
    }
    var counted: Set<Int> = []
    for narrative in observation.narratives {
      guard let number = number(observation, under: narrative), counted.insert(number).inserted else { continue }
      count(observation, in: number, &effects)
    }
  }

  /// The series under which an observation counts for one of its topics; nil for none.
  private func number(_ observation: Observation, under narrative: String?) -> Int? {
    if !rule.filters.isEmpty {
      var observation = observation
      observation.fields.narrative = narrative
      guard rule.admits(observation) else { return nil }
    }
    canonical.removeAll(keepingCapacity: true)
    guard keyForm.write(observation.fields, narrative: narrative, into: &canonical) else { return nil }
    let mark = canonical.withUnsafeBytes { Mark($0) }
    if let known = numbers[mark] { return known }
    var fields = observation.fields
    fields.narrative = narrative
    return rule.keyValues(spike.per, in: fields).map { add(Series(key: $0), mark) }
  }

  private func add(_ new: Series, _ mark: Mark) -> Int {
    series.append(new)
    if spike.usesRarity {
      series[series.count - 1].detector = detectors.count
      detectors.append(SeriesDetector(season: detectorSeason))
    }
    numbers[mark] = series.count - 1
    return series.count - 1
  }

  /// The series of the key; nil where there is none.
  func knownNumber(of key: Key) -> Int? { numbers[Mark(key.canonical)] }

  /// The series of the key, made where there is none.
  func number(of key: Key) -> Int { knownNumber(of: key) ?? add(Series(key: key), Mark(key.canonical)) }

  private func count(_ observation: Observation, in number: Int, _ effects: inout Effects) {
    let eventTime = min(observation.eventTime, observation.now)
    guard observation.now - eventTime <= spike.lateness else {
      effects.add(
        .note(
          type: "too_late",
          data: JSONObject(["rule": .string(rule.id), "item": .string(observation.content.id)])))
      return
    }
    let end = bucketEnd(eventTime)
    let author = observation.author?.value
    noteChange(of: number)
    let isNew = series[number].withBucket(end: end) { bucket in
      bucket.count += 1
      bucket.first = min(bucket.first ?? eventTime.milliseconds, eventTime.milliseconds)
      if let author { bucket.authors.insert(author) }
      if spike.comparesTexts, let text = observation.textMark { bucket.texts[text, default: 0] += 1 }
    }
    if spike.usesRarity, let source = observation.fields.source {
      note(source: source, of: number, at: observation.now)
    }
    series[number].remember(observation.content)
    judgeCount(&series[number], of: eventTime, isNew: isNew, now: observation.now, &effects)
  }

  /// Remembers who makes a series; what came from a source shows that it can be read.
  private func note(source: String, of number: Int, at now: Moment) {
    let source = outages.number(of: source)
    series[number].note(source: source)
    if outages.noteEvent(of: source, bucketEnd: outageEnd(at: now)) { outagesChanged = true }
  }

  /// What follows from an event that was just counted.
  private func judgeCount(
    _ series: inout Series, of eventTime: Moment, isNew: Bool, now: Moment, _ effects: inout Effects
  ) {
    series.lastEvent = max(series.lastEvent ?? eventTime, eventTime)
    series.noteChange(ofDay: day(of: bucketEnd(eventTime)))
    // At every step would be too often: a series has many buckets.
    if isNew, now - series.prunedAt >= spike.window * 4 { prune(&series, at: now) }
    let first = step(atOrAfter: eventTime)
    judgePast(&series, from: first, through: eventTime + spike.window, now: now, mayClear: false, &effects)
    let next = max(first, step(atOrAfter: now))
    if !nothingComes(of: series, from: next) { schedule(&series, atOrAfter: next, &effects) }
  }

  func prune(_ series: inout Series, at now: Moment) {
    series.prunedAt = now
    advanceDetector(&series, at: now)
    for end in series.prune(before: now - retention, authorsFrom: now - reach(of: series)) {
      series.noteChange(ofDay: day(of: end))
    }
  }

  /// How far back the windows lie that may yet be judged, and who and what is in them.
  func reach(of series: Series) -> Span {
    let patience = series.readings.isEmpty ? .zero : series.readings.values.map(\.patience).max() ?? .zero
    return spike.window + max(spike.lateness, patience) + spike.step * 2
  }

  func wake(key: Key, at due: Moment, _ effects: inout Effects) {
    now = max(now, due)
    guard let number = knownNumber(of: key), series[number].nextWake == due else { return }
    withSeries(number) { wake(&$0, at: due, &effects) }
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
    prune(&series, at: due)
    let next = due + spike.step
    // Where the first step with an empty window clears, the next one stands for all quiet steps after it.
    if series.isFiring || wasFiring || isWorthJudging(series, next) && !nothingComes(of: series, from: next) {
      schedule(&series, atOrAfter: next, &effects)
    }
  }

  /// Whether a step that is still to come may have a count. The first step with an empty window is judged too: its
  /// figures are those of all quiet steps after it.
  func isWorthJudging(_ series: Series, _ step: Moment) -> Bool {
    series.lastEvent.map { step - $0 < spike.window + spike.step } ?? false
  }

  /// How long counts are of use: the seasons of the lookback, and the window of the earliest.
  var retention: Span { spike.retention }

  func withSeries(_ number: Int, _ change: (inout Series) -> Void) {
    noteChange(of: number)
    change(&series[number])
  }

  private func noteChange(of number: Int) {
    if series[number].isChanged { return }
    series[number].isChanged = true
    changed.append(number)
  }

  /// Nothing is to be written any more.
  func noteWritten() {
    for number in changed { series[number].noteWritten() }
    changed.removeAll(keepingCapacity: true)
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
}

extension SpikeRule {
  package func makeEvaluator(for rule: Rule) -> any Evaluator { SpikeEvaluator(rule: rule, spike: self) }
}
