import Model
import Rules

/// Steps of which nothing can come: most steps of most series. Their baseline, four weeks wide, need not be worked out.
extension SpikeEvaluator {
  /// Whether judging a step of a series that is not firing would neither fire nor tell anything, whatever its baseline
  /// turns out to be. False where that cannot be seen from the window alone.
  func nothingComes(of series: Series, at step: Moment, now: Moment) -> Bool {
    let failing = surelyFailing(series, at: step)
    // One comparison that fails may be a near-miss, unless that was told already.
    guard failing > 1 || failing == 1 && series.toldNearMiss else { return false }
    return hasBaseline(series, at: step) || series.toldLearning == local.date(of: now).daysSinceEpoch
  }

  /// Whether nothing can come of any step from `step` on before the next event or reading, so that no timer is needed.
  ///
  /// No window of such a step holds more than what lies behind the beginning of the first one, and what surely fails at
  /// so many surely fails at fewer. False where that cannot be seen.
  func nothingComes(of series: Series, from step: Moment) -> Bool {
    guard firesFromBelow, !keepsEveryMeasure, !series.isFiring, series.readings.isEmpty, isWorthJudging(series, step)
    else { return false }
    guard let count = series.textCount(after: step - spike.window) else { return false }
    let failing = surelyFailing(count: count, textless: 0)
    return (failing > 1 || failing == 1 && series.toldNearMiss) && hasBaseline(series, at: step)
  }

  /// How many comparisons of `fire` fail for every baseline. As the reference is at least 0 and the scale at least 1,
  /// neither `ratio` nor `z` exceeds the count; nor do authors, where they are known.
  private func surelyFailing(_ series: Series, at step: Moment) -> Int {
    var count = 0
    var textless = 0
    for bucket in series.buckets(after: step - spike.window, through: step) {
      count += bucket.count + bucket.textless
      textless += bucket.textless
    }
    return surelyFailing(count: count, textless: textless)
  }

  private func surelyFailing(count: Int, textless: Int) -> Int {
    var failing = 0
    for (measure, bound) in fireBounds {
      switch (measure, bound.relation) {
      case (.count, _): failing += bound.holds(for: Double(count)) ? 0 : 1
      case (.authors, .gte), (.authors, .gt):
        failing += textless * 2 > count || bound.holds(for: Double(count)) ? 0 : 1
      case (.ratio, .gte), (.ratio, .gt), (.z, .gte), (.z, .gt):
        failing += bound.holds(for: Double(count)) ? 0 : 1
      default: break
      }
    }
    return failing
  }

  /// Whether there is a baseline for certain: enough windows lie whole in the time that was seen. History counts only
  /// before that, so it can add to them and not take from them.
  private func hasBaseline(_ series: Series, at step: Moment) -> Bool {
    if let detector = series.detector, !detectors[detector].isReady { return false }
    if !spike.usesSamples { return true }
    guard sameSlot.isEmpty, let coverageStart else { return false }
    let settings = spike.baseline
    let period = settings.period(window: spike.window)
    let least = Int64(settings.minSamples)
    // Clocks may have been put by some hours in between.
    if settings.lookback.milliseconds / max(1, period.milliseconds) >= least,
      step - period * least - spike.window - .days(1) >= coverageStart
    {
      return true
    }
    return settings.coldFromPreviousDay && spike.window * 2 <= .days(1) && step - .days(1) >= coverageStart
  }
}
