import JSON
import Model
import Rules

/// What a step of a series comes to.
extension SpikeEvaluator {
  func verdict(_ series: Series, at step: Moment) -> Verdict {
    var count = 0
    var textless = 0
    var authors = Voices()
    var texts: [UInt64: Int] = [:]
    for bucket in series.buckets(after: step - spike.window, through: step) {
      count += bucket.count + bucket.textless
      textless += bucket.textless
      authors.formUnion(bucket.authors)
      if !bucket.texts.isEmpty { texts.merge(bucket.texts, uniquingKeysWith: +) }
    }
    let (samples, isSeasonal) = spike.usesSamples ? samples(series, at: step) : ([], true)
    var verdict = Verdict(
      step: step, count: count, authors: textless * 2 > count ? nil : authors.count,
      baseline: samples.isEmpty ? nil : Baseline(samples: samples, statistic: spike.baseline.statistic),
      isSeasonal: isSeasonal)
    if spike.comparesTexts, textless * 2 <= count, let most = texts.values.max(), count > textless {
      verdict.sameTextShare = Baseline.quantised(Double(most) / Double(count - textless))
    }
    if spike.usesRarity { verdict.rarity = rarity(of: series, at: step) }
    verdict.isKnown = (verdict.baseline != nil || !spike.usesSamples) && (verdict.rarity != nil || !spike.usesRarity)
    lastMeasure = verdict.measure
    return verdict
  }

  /// Judges one step of a series that is not firing.
  func judge(_ series: inout Series, at step: Moment, now: Moment, _ effects: inout Effects) {
    if !keepsEveryMeasure, nothingComes(of: series, at: step, now: now) { return }
    let verdict = verdict(series, at: step)
    guard verdict.isKnown else {
      let today = local.date(of: now).daysSinceEpoch
      if series.toldLearning != today {
        series.toldLearning = today
        effects.add(.note(type: "learning", data: JSONObject(["rule": .string(rule.id), "key": series.key.json])))
      }
      return
    }
    // What comes all at once after an outage is no surge.
    if isMissing(series, after: step - spike.window, through: step) || isHeldByGate(series, verdict) { return }
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
    series.firedRarity = verdict.rarity?.rarity
    series.peak = nil
    let measure = measure(&series, verdict)
    guard let key = rule.keyValues(rule.key, in: fields(of: series.key)) else { return }
    let window = verdict.step - spike.window
    var firing = Firing(
      key: key, eventTime: verdict.step, severity: severity(verdict),
      evidence: series.recent.filter { $0.published > window && $0.published <= verdict.step }, measure: measure)
    firing.part = series.key.canonical
    firing.evidenceCount = verdict.count
    firing.firstPublished = series.buckets(after: window, through: verdict.step).compactMap(\.first).min()
      .map { Moment(milliseconds: $0) }
    if verdict.authors == nil { firing.labels.append("authors-unknown") }
    if isCoordinated(verdict), let copies = spike.copies { firing.labels.append(copies.label) }
    if let reading = verdict.rarity {
      if reading.isLearning { firing.labels.append("learning") }
      if reading.isLowCoverage { firing.labels.append("low-coverage") }
    }
    firing.basis = basis(series, verdict)
    effects.add(.fire(firing))
  }

  func update(_ series: inout Series, _ verdict: Verdict, _ effects: inout Effects) {
    guard verdict.isKnown, let key = rule.keyValues(rule.key, in: fields(of: series.key)) else { return }
    effects.add(.update(key: key, measure: measure(&series, verdict)))
  }

  /// Too much of the window is one text. What cannot be told is none.
  private func isCoordinated(_ verdict: Verdict) -> Bool {
    guard let copies = spike.copies, let share = verdict.sameTextShare else { return false }
    return !copies.bounds.allSatisfy { $0.holds(for: share) }
  }

  private func severity(_ verdict: Verdict) -> Severity {
    let own = isCoordinated(verdict) ? spike.copies?.severity ?? rule.severity : rule.severity
    return verdict.authors == nil ? own.lowered : own
  }

  private func basis(_ series: Series, _ verdict: Verdict) -> JSONObject? {
    guard verdict.baseline != nil || verdict.rarity != nil else { return nil }
    var basis = JSONObject(["step": .string(verdict.step.rfc3339), "window": .string(spike.window.description)])
    if let baseline = verdict.baseline {
      basis.append("season", .string(verdict.isSeasonal ? spike.baseline.season.rawValue : "previous-24h"))
      basis.append("samples", .array(baseline.samples.map(JSONValue.number)))
      basis.append("ref", .number(baseline.reference))
      basis.append("scale", .number(Baseline.quantised(baseline.scale)))
    }
    if let share = verdict.sameTextShare { basis.append("same_text_share", .number(share)) }
    if let reading = verdict.rarity {
      basis.append("count", .integer(Int64(verdict.count)))
      basis.append("authors", JSONValue(verdict.authors))
      basis.append("rarity", .object(reading.json))
      basis.append("course", course(of: series, at: verdict.step))
    }
    return basis
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
    measure.rarity = rarity?.rarity
    return measure
  }

  /// Whether the comparison holds; of unknown authors every one does.
  func holds(_ bound: Bound<Double>, _ measure: SpikeRule.Measure) -> Bool {
    switch measure {
    case .count: bound.holds(for: Double(count))
    case .authors: authors.map { bound.holds(for: Double($0)) } ?? true
    case .ratio: baseline.map { bound.holds(for: $0.ratio(of: count)) } ?? false
    case .z: baseline.map { bound.holds(for: $0.z(of: count)) } ?? false
    case .rarity: rarity.map { bound.holds(for: $0.rarity) } ?? false
    }
  }
}
