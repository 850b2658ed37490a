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
    for end in ends(of: step, settings, seasons: seasons, period: period) {
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

  /// When the windows end that a step is compared with, the latest first.
  private func ends(of step: Moment, _ settings: BaselineSettings, seasons: Int64, period: Span) -> [Moment] {
    guard settings.season != .none else { return (0..<max(seasons, 0)).map { step - period * ($0 + 1) } }
    let days = period.milliseconds / 86_400_000
    guard let calendar = settings.calendar, settings.season == .hourOfWeek else {
      return (0..<max(seasons, 0)).map { local.sameWallTime(as: step, daysEarlier: ($0 + 1) * days) }
    }
    // Days that go as this one goes: a holiday is compared with Sundays and holidays, and no Wednesday with a holiday.
    let today = local.date(of: step).daysSinceEpoch
    let weekday = calendar.weekday(ofDay: today)
    let alike = (0..<max(seasons, 0) * days).map { $0 + 1 }.filter { calendar.weekday(ofDay: today - $0) == weekday }
    return alike.map { local.sameWallTime(as: step, daysEarlier: $0) }
  }
}
