import Foundation
package import Model

/// Local wall time of one zone of the IANA database. A value; look-ups are Foundation's.
package struct LocalTime: Sendable {
  private let zone: TimeZone

  /// nil when the database does not have the zone.
  package init?(zone name: String) {
    guard let zone = TimeZone(identifier: name) else { return nil }
    self.zone = zone
  }

  package static let utc = LocalTime(.gmt)
  private init(_ zone: TimeZone) { self.zone = zone }

  /// Milliseconds east of UTC at a moment.
  package func offset(at moment: Moment) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))) * 1000
  }

  /// The moment that many days earlier at the same wall time.
  package func sameWallTime(as moment: Moment, daysEarlier days: Int64) -> Moment {
    self.moment(atWall: moment.milliseconds + offset(at: moment) - days * 86_400_000)
  }

  /// The moment at which clocks there show a wall time, given as milliseconds since 1970-01-01T00:00 by those clocks.
  ///
  /// In the hour that a change of clocks repeats it is the later one; in the one it leaves out, the time it jumps to.
  package func moment(atWall wall: Int64) -> Moment {
    let guess = Moment(milliseconds: wall - offset(at: Moment(milliseconds: wall)))
    return Moment(milliseconds: wall - offset(at: guess))
  }

  /// The calendar day there.
  package func date(of moment: Moment) -> CivilDate {
    let days = Moment.floorDivide(moment.milliseconds + offset(at: moment), by: 86_400_000).quotient
    return CivilDate(daysSinceEpoch: days)
  }

  /// `dd.MM HH:mm`.
  package func short(_ moment: Moment) -> String {
    let wall = moment.milliseconds + offset(at: moment)
    let minutes = Int(Moment.floorDivide(wall, by: 86_400_000).remainder / 60_000)
    let date = date(of: moment)
    return "\(Moment.padded(date.day, 2)).\(Moment.padded(date.month, 2)) "
      + "\(Moment.padded(minutes / 60, 2)):\(Moment.padded(minutes % 60, 2))"
  }
}
