import Model
import Rules

/// When a series that fires is quiet again.
extension SpikeEvaluator {
  /// Goes through the steps not yet judged for clearing, up to `limit`, and clears at the first that ends the wait.
  func judgeClearing(_ series: inout Series, through limit: Moment, at now: Moment, _ effects: inout Effects) {
    var step = (series.judgedUntil ?? limit) + spike.step
    while step <= limit, series.isFiring, !isUnread(series, step, at: now) {
      series.judgedUntil = step
      // What could not be read is no quiet.
      if isMissing(series, after: step - spike.step, through: step) {
        series.quietSince = nil
        step = step + spike.step
        continue
      }
      let verdict = verdict(series, at: step)
      if isQuiet(verdict) {
        let since = series.quietSince ?? step
        series.quietSince = since
        if step - since >= spike.clearFor { clear(&series, verdict, &effects) }
      } else {
        series.quietSince = nil
      }
      step = step + spike.step
    }
  }

  private func clear(_ series: inout Series, _ verdict: Verdict, _ effects: inout Effects) {
    series.isFiring = false
    series.quietSince = nil
    guard let key = rule.keyValues(rule.key, in: fields(of: series.key)) else { return }
    effects.add(
      .clear(
        key: key, part: series.key.canonical, measure: measure(&series, verdict), eventTime: verdict.step))
  }

  /// Takes one step of a firing series into its run of quiet steps and its peak.
  func note(_ series: inout Series, _ verdict: Verdict) {
    let isMissing = isMissing(series, after: verdict.step - spike.step, through: verdict.step)
    series.quietSince = isQuiet(verdict) && !isMissing ? series.quietSince ?? verdict.step : nil
    _ = measure(&series, verdict)
  }

  /// Late events may show that a step taken for quiet was none, or higher than it seemed; they never clear.
  func rejudge(_ series: inout Series, from first: Moment) {
    guard let judged = series.judgedUntil, let fired = series.firedAt, first <= judged else { return }
    if let since = series.quietSince, since >= first { series.quietSince = nil }
    var step = max(first, fired + spike.step)
    while step <= judged {
      note(&series, verdict(series, at: step))
      step = step + spike.step
    }
  }

  private func isQuiet(_ verdict: Verdict) -> Bool {
    guard verdict.isKnown else { return false }
    if spike.clear.isEmpty {
      return spike.fire.contains { measure, bounds in bounds.contains { !verdict.holds($0, measure) } }
    }
    return spike.clear.allSatisfy { measure, bounds in bounds.allSatisfy { verdict.holds($0, measure) } }
  }

  /// Whether a counter that is still read has not been read up to the step.
  func isUnread(_ series: Series, _ step: Moment, at now: Moment) -> Bool {
    series.readings.values.contains { $0.at < step && now - $0.at <= $0.patience }
  }
}
