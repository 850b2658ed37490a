import JSON
import Model
import Rules

/// What a step of a series comes to.
extension SpikeEvaluator {
  func verdict(_ series: Series, at step: Moment) -> Verdict {
    var count = 0
    var textless = 0
    var authors = Voices()
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
    let failing = fireBounds.filter { !verdict.holds($0.bound, $0.measure) }
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
  /// The figures of the step alone, without the peak.
  var measure: Measure {
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
