import Foundation
import Model
import Synchronization

/// A time zone: offsets from UTC of local times. Zones are kept once looked up.
struct Zone: Sendable {
  private let zone: TimeZone?

  /// The zone of an IANA name; UTC when the name is unknown.
  init(_ name: String) { zone = Zone.known(name) }

  /// The zone of an IANA name; nil when the name is unknown.
  init?(known name: String) {
    guard name.utf8.count <= 40, let zone = Zone.known(name) else { return nil }
    self.zone = zone
  }

  private static let cache = Mutex<[String: TimeZone]>([:])

  private static func known(_ name: String) -> TimeZone? {
    if name == "UTC" || name.isEmpty { return nil }
    return cache.withLock { cache in
      if let zone = cache[name] { return zone }
      guard let zone = TimeZone(identifier: name) else { return nil }
      if cache.count < 1000 { cache[name] = zone }
      return zone
    }
  }

  /// Seconds east of UTC at a moment.
  func offset(at moment: Moment) -> Int64 {
    guard let zone else { return 0 }
    return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000)))
  }

  /// The moment of a local time; of two (the hour repeated in autumn) the earlier, of none the one an hour on.
  func moment(local milliseconds: Int64) -> Moment {
    let before = offset(at: Moment(milliseconds: milliseconds - 86_400_000))
    let first = Moment(milliseconds: milliseconds - before * 1000)
    let actual = offset(at: first)
    if actual == before { return first }
    return Moment(milliseconds: milliseconds - actual * 1000)
  }

  /// The civil date at a moment.
  func date(at moment: Moment) -> CivilDate {
    let local = moment.milliseconds + offset(at: moment) * 1000
    return CivilDate(daysSinceEpoch: Moment.floorDivide(local, by: 86_400_000).quotient)
  }

  /// Seconds east of UTC by the names that dates carry.
  static let names: [String: Int64] = {
    let hours: [String: Double] = [
      "gmt": 0, "utc": 0, "ut": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2,
      "eet": 2, "eest": 3, "msk": 3, "мск": 3, "msd": 4, "мсд": 4, "samt": 4, "yekt": 5, "екб": 5, "екат": 5,
      "omst": 6, "омск": 6, "novt": 7, "нск": 7, "krat": 7, "крск": 7, "irkt": 8, "иркт": 8, "yakt": 9, "якт": 9,
      "vlat": 10, "magt": 11, "sakt": 11, "pett": 12, "anat": 12, "jst": 9, "kst": 9, "hkt": 8, "ist": 5.5, "almt": 6,
      "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8,
      "hst": -10, "at": -4, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "aest": 10, "aedt": 11, "acst": 9.5,
      "awst": 8,
      "nzst": 12, "nzdt": 13, "brt": -3, "art": -3, "et": -5, "ct": -6, "mt": -7, "pt": -8,
    ]
    return hours.mapValues { Int64($0 * 3600) }
  }()
}
