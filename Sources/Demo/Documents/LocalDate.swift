import Model

/// A moment by the clocks of the region, in the forms that feeds and pages write.
struct LocalDate {
  private let date: CivilDate
  private let weekday: Int
  /// Seconds of the day.
  private let seconds: Int
  private let zone: Zone

  enum Zone: Sendable {
    /// The region's: seven hours east of Greenwich all the year.
    case region
    /// For HTTP headers.
    case greenwich

    fileprivate var hours: Int64 { self == .region ? 7 : 0 }
  }

  init(_ moment: Moment, _ zone: Zone = .region) {
    self.zone = zone
    let wall = moment.milliseconds + zone.hours * 3_600_000
    let (days, rest) = Moment.floorDivide(wall, by: 86_400_000)
    date = CivilDate(daysSinceEpoch: days)
    weekday = Int(Moment.floorDivide(days + 4, by: 7).remainder)
    seconds = Int(rest / 1000)
  }

  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private var clock: String {
    [seconds / 3600, seconds / 60 % 60, seconds % 60].map { Moment.padded($0, 2) }.joined(separator: ":")
  }

  /// `Mon, 02 Mar 2026 09:00:00 +0700`, or `… GMT`: RFC 822 and HTTP.
  var mail: String {
    let day = "\(LocalDate.weekdays[weekday]), \(Moment.padded(date.day, 2)) \(LocalDate.months[date.month - 1])"
    return "\(day) \(Moment.padded(date.year, 4)) \(clock) \(zone == .region ? "+0700" : "GMT")"
  }

  /// `2026-03-02T09:00:00+07:00`: RFC 3339.
  var iso: String {
    let day = [Moment.padded(date.year, 4), Moment.padded(date.month, 2), Moment.padded(date.day, 2)]
    return "\(day.joined(separator: "-"))T\(clock)\(zone == .region ? "+07:00" : "Z")"
  }

  /// `02.03.2026`.
  var dotted: String {
    [Moment.padded(date.day, 2), Moment.padded(date.month, 2), Moment.padded(date.year, 4)].joined(separator: ".")
  }
}
