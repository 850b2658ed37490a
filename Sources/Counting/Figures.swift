package import Model
package import Rules

// What the rules that count decide by, for coverage and for the question why an alert did not come.

extension CountRule {
  package var comparisons: [MeasureComparison] { bounds.map { MeasureComparison("count", "count", $0) } }
}

extension SilenceRule {
  package var comparisons: [MeasureComparison] { bounds.map { MeasureComparison("expect", "count", $0) } }
}

extension SpikeRule {
  package var comparisons: [MeasureComparison] {
    [("fire", fire), ("clear", clear)].flatMap { section, bounds in
      Measure.allCases.flatMap { measure in
        (bounds[measure] ?? []).map { MeasureComparison(section, measure.rawValue, $0) }
      }
    }
  }

  package func judgement(after moment: Moment) -> Moment {
    let (quotient, remainder) = Moment.floorDivide(moment.milliseconds, by: max(1, step.milliseconds))
    return Moment(milliseconds: (remainder == 0 ? quotient : quotient + 1) * max(1, step.milliseconds))
  }
}

extension CountEvaluator {
  func figures(at moment: Moment) -> [(key: Key, measure: Measure)] {
    groups.keys.sorted(by: Key.precedes).compactMap { key in
      guard var group = groups[key] else { return nil }
      _ = group.window.prune(through: moment - body.within)
      var measure = Measure()
      measure.count = group.window.count
      return (key, measure)
    }
  }
}

extension SpikeEvaluator {
  func figures(at moment: Moment) -> [(key: Key, measure: Measure)] {
    series.sorted { Key.precedes($0.key, $1.key) }.map { ($0.key, verdict($0, at: moment).measure) }
  }
}

extension SilenceEvaluator {
  func figures(at moment: Moment) -> [(key: Key, measure: Measure)] {
    groups.keys.sorted(by: Key.precedes).compactMap { key in
      groups[key].map { group in
        var measure = Measure()
        measure.count = group.latest.filter { time.moment(body.within, after: $0) > moment }.count
        return (key, measure)
      }
    }
  }
}
