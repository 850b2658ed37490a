package import Model

/// Time as it passes within the active hours only.
package struct ActiveTime: Sendable {
  private let hours: ActiveHours?
  private let local: LocalTime

  /// nil is always.
  package init(_ hours: ActiveHours?) {
    self.hours = hours
    local = hours.flatMap { LocalTime(zone: $0.timezone) } ?? .utc
  }

  /// The moment at which `span` of active time has passed since `start`.
  package func moment(_ span: Span, after start: Moment) -> Moment {
    guard hours != nil else { return start + span }
    var left = span
    // Every week has an active day, so that this ends.
    for day in firstDay(start)... {
      guard let open = interval(day), open.end > start else { continue }
      let begin = max(open.start, start)
      if open.end - begin >= left { return begin + left }
      left = left + (open.end - begin) * -1
    }
    return start + span
  }

  /// How much of the time between two moments is active; not negative.
  package func length(from start: Moment, to end: Moment) -> Span {
    guard hours != nil, start < end else { return max(.zero, end - start) }
    var length = Span.zero
    for day in firstDay(start)... {
      guard let open = interval(day) else { continue }
      if open.start >= end { break }
      let part = min(open.end, end) - max(open.start, start)
      if part > .zero { length = length + part }
    }
    return length
  }

  /// Whether the moment is active.
  package func contains(_ moment: Moment) -> Bool {
    length(from: moment, to: moment + Span(milliseconds: 1)) > .zero
  }

  /// When the next active time begins, not before `moment`; `moment` itself where it is active.
  package func nextStart(after moment: Moment) -> Moment {
    self.moment(Span(milliseconds: 1), after: moment) - Span(milliseconds: 1)
  }

  /// The day before, whose hours may reach over midnight.
  private func firstDay(_ moment: Moment) -> Int64 { local.date(of: moment).daysSinceEpoch - 1 }

  /// The active hours that begin on a day; nil where the day has none, or a change of clocks leaves nothing of them.
  private func interval(_ day: Int64) -> (start: Moment, end: Moment)? {
    guard let hours, hours.days.contains(weekday(day)) else { return nil }
    let midnight = day * 86_400_000
    let length = hours.to > hours.from ? hours.to : hours.to + 1440
    let start = local.moment(atWall: midnight + Int64(hours.from) * 60_000)
    let end = local.moment(atWall: midnight + Int64(length) * 60_000)
    return start < end ? (start, end) : nil
  }

  /// 1 is Monday; 1970-01-01 was a Thursday.
  private func weekday(_ day: Int64) -> Int { Int(Moment.floorDivide(day + 3, by: 7).remainder) + 1 }
}
