import Model
import Rules

/// What is usual for a window of a series.
extension SpikeEvaluator {
  /// Counts of the same window in earlier seasons; where too few, of the last day; empty while learning.
  func samples(_ series: Series, at step: Moment) -> (samples: [Double], isSeasonal: Bool) {
    let settings = spike.baseline
    let period = settings.period(window: spike.window)
    let seasons = settings.lookback.milliseconds / max(1, period.milliseconds)
    if let fixed = sameSlot[series.key] {
      let samples = Array(fixed.prefix(Int(seasons)))
      return (samples.count >= settings.minSamples ? samples : [], true)
    }
    let past = PastCounts(
      series: series, history: history[series.key] ?? [], coverageStart: coverageStart ?? step)
    var samples: [Double] = []
    for index in stride(from: Int64(1), through: seasons, by: 1) {
      let end =
        settings.season == .none
        ? step - period * index
        : local.sameWallTime(as: step, daysEarlier: index * period.milliseconds / 86_400_000)
      if isMissing(series, after: end - spike.window, through: end) { continue }
      if let count = past.count(after: end - spike.window, through: end) { samples.append(count) }
    }
    if samples.count >= settings.minSamples { return (samples, true) }
    guard settings.coldFromPreviousDay, past.covers(after: step - .days(1), through: step) else { return ([], true) }
    samples = []
    var end = step - spike.window
    while end - spike.window >= step - .days(1) {
      if !isMissing(series, after: end - spike.window, through: end),
        let count = past.count(after: end - spike.window, through: end)
      {
        samples.append(count)
      }
      end = end - spike.window
    }
    return (samples, false)
  }
}
