import Model

/// A table of `timestamp,value` rows, as `nabat detect` reads it.
struct CSVSeries {
  struct Row {
    /// As written.
    var timestamp: String
    var value: String
    /// Seconds since 1970 by the clock of the row, and without the clock's offset where the row names one.
    var wall: Double
    var absolute: Double
    /// ≥ 0; nil where the value is empty or NaN.
    var count: Double?
  }

  private(set) var rows: [Row] = []

  /// Reads a file with a header that names `timestamp` and `value`, rows in the order of time.
  init(path: String) throws(Stop) {
    let text = String(decoding: try FileInput.bytes(path), as: UTF8.self)
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw Stop(.rejected, "\(path):1: the file is empty; it needs the columns «timestamp» and «value»")
    }
    var columns: (timestamp: Int, value: Int, count: Int)?
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let fields = CSVSeries.fields(line)
      guard let known = columns else {
        let names = fields.map { $0.lowercased() }
        guard let timestamp = names.firstIndex(of: "timestamp"), let value = names.firstIndex(of: "value") else {
          throw Stop(.rejected, "\(path):\(number): the first line must name the columns «timestamp» and «value»")
        }
        columns = (timestamp, value, names.count)
        continue
      }
      if fields.allSatisfy(\.isEmpty) { continue }
      guard fields.count > max(known.timestamp, known.value) else {
        throw Stop(.rejected, "\(path):\(number): a row needs \(known.count) fields, this one has \(fields.count)")
      }
      let row = try CSVSeries.row(fields[known.timestamp], fields[known.value], place: "\(path):\(number)")
      // Clocks without a zone repeat an hour in autumn; anything more is disorder.
      if let last = rows.last, row.absolute < last.absolute - 3600 {
        throw Stop(
          .rejected, "\(path):\(number): «\(row.timestamp)» is earlier than the row before; sort the rows by time")
      }
      rows.append(row)
    }
  }

  private static func row(_ timestamp: String, _ value: String, place: String) throws(Stop) -> Row {
    guard let (wall, offset) = seconds(timestamp) else {
      throw Stop(.rejected, "\(place): «\(timestamp)» is no time like 2026-03-02 09:05:00")
    }
    var count: Double?
    if !value.isEmpty, value.lowercased() != "nan" {
      guard let number = Double(value), number.isFinite else {
        throw Stop(.rejected, "\(place): «\(value)» is no number")
      }
      count = max(0, number)
    }
    return Row(timestamp: timestamp, value: value, wall: wall, absolute: wall - (offset ?? 0), count: count)
  }

  /// The fields of a line, without quotation marks and blanks around them.
  private static func fields(_ line: Substring) -> [String] {
    var fields: [String] = []
    var field = ""
    var isQuoted = false
    for character in line where character != "\u{FEFF}" {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        fields.append(field)
        field = ""
      default: field.append(character)
      }
    }
    return (fields + [field]).map { $0.split(separator: " ").joined(separator: " ") }
  }

  /// Reads `2026-03-02 09:05[:00[.5]][Z|+03:00]`, with a blank or a `T`; the offset is nil where there is none.
  private static func seconds(_ text: String) -> (wall: Double, offset: Double?)? {
    guard text.utf8.count >= 16, let date = CivilDate(text.prefix(10)) else { return nil }
    let rest = text.dropFirst(10)
    guard let separator = rest.first, separator == " " || separator == "T" else { return nil }
    var clock = rest.dropFirst()
    var offset: Double?
    if clock.last == "Z" {
      clock.removeLast()
      offset = 0
    } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      let parts = clock[sign...].dropFirst().split(separator: ":")
      guard parts.count == 2, let hours = digits(parts[0]), let minutes = digits(parts[1]), hours < 24, minutes < 60
      else { return nil }
      offset = (clock[sign] == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
      clock = clock[..<sign]
    }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, let hours = digits(parts[0]), let minutes = digits(parts[1]),
      hours < 24, minutes < 60
    else { return nil }
    var seconds = 0.0
    if parts.count == 3 {
      let pieces = parts[2].split(separator: ".", omittingEmptySubsequences: false)
      guard pieces.count <= 2, digits(pieces[0]) != nil, let value = Double(parts[2]), value < 61 else { return nil }
      seconds = value
    }
    return (Double(date.daysSinceEpoch) * 86_400 + hours * 3600 + minutes * 60 + seconds, offset)
  }

  /// Two digits.
  private static func digits(_ text: some StringProtocol) -> Double? {
    text.utf8.count == 2 && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Double(text) : nil
  }
}
