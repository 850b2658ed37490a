package import Model
import Rules
import YAML

/// Days that do not go as their weekday says: holidays go as Sundays, working days on a weekend as Fridays.
///
/// Read from a YAML file `{ format: 1, holidays: [2026-01-01, …], workdays: [2026-02-14, …] }`.
package struct DayCalendar: Hashable, Sendable {
  /// Days since 1970-01-01.
  private var holidays: Set<Int64> = []
  private var workdays: Set<Int64> = []

  package init(holidays: [CivilDate] = [], workdays: [CivilDate] = []) {
    self.holidays = Set(holidays.map(\.daysSinceEpoch))
    self.workdays = Set(workdays.map(\.daysSinceEpoch))
  }

  /// The weekday as which a day goes: 0 for Monday … 6.
  package func weekday(ofDay day: Int64) -> Int {
    // 1970-01-01 was a Thursday.
    let own = Int(Moment.floorDivide(day + 3, by: 7).remainder)
    if holidays.contains(day) { return 6 }
    return workdays.contains(day) && own > 4 ? 4 : own
  }

  /// Why a file is no calendar, in one sentence that names the file.
  package struct Problem: Error, Hashable, Sendable {
    package var words: String
  }

  /// Reads a file.
  package init(path: String) throws(Problem) {
    let bytes: [UInt8]
    do { bytes = try RuleLoader.bytes(ofFile: path) } catch { throw Problem(words: error.description) }
    try self.init(path: path, bytes: bytes)
  }

  package init(path: String, bytes: [UInt8]) throws(Problem) {
    let document = YAMLDocument(file: path, bytes: bytes)
    let complaints = Complaints(document.source, document.diagnostics)
    if let root = document.root, let fields = Fields(root, complaints) {
      fields.check(known: ["format", "holidays", "workdays"])
      if let version = fields.string("format"), version != "1", let node = fields.value("format") {
        complaints.add(YAMLCause.value("format «\(version)» is not known; this Nabat reads format 1"), at: node)
      }
      holidays = DayCalendar.days("holidays", fields, complaints)
      workdays = DayCalendar.days("workdays", fields, complaints)
    } else if !complaints.hasErrors {
      throw Problem(words: "\(path): a calendar is a mapping with «holidays» and «workdays»")
    }
    guard let first = complaints.diagnostics.first(where: { $0.severity == .error }) else { return }
    throw Problem(words: "\(first.place): \(first.message)")
  }

  private static func days(_ name: String, _ fields: Fields, _ complaints: Complaints) -> Set<Int64> {
    var days: Set<Int64> = []
    for node in fields.sequence(name) ?? [] {
      guard let text = complaints.string(node) else { continue }
      if let date = CivilDate(text) {
        days.insert(date.daysSinceEpoch)
      } else {
        complaints.add(YAMLCause.value("«\(text)» is no day like 2026-01-01"), at: node)
      }
    }
    return days
  }
}
