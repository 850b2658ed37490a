import Model

/// A date as a pattern of strptime describes it: `%d.%m.%Y %H:%M`.
///
/// Known: `%Y %y %m %d %e %B %b %h %A %a %H %k %I %l %M %S %p %z %Z %s %D %F %T %R %n %t %%`. Names of months are read in
/// the languages of `DateWords`, those of weekdays are passed over. White space stands for any white space, or none.
struct DatePattern: Sendable {
  private enum Part: Hashable, Sendable {
    case field(Character)
    case letter(Character)
    case space
  }
  private let parts: [Part]

  /// What is wrong with a pattern; nil where nothing is.
  static func problem(_ pattern: String) -> String? {
    if pattern == "auto" || pattern == "auto-ru" { return nil }
    var rest = pattern[...]
    var hasField = false
    while let character = rest.popFirst() {
      guard character == "%" else { continue }
      while let flag = rest.first, "-_0^#EO".contains(flag) { rest.removeFirst() }
      guard let letter = rest.popFirst() else { return "it ends with %" }
      guard fields.contains(letter) else { return "%\(letter) is not known" }
      hasField = hasField || !"%nt".contains(letter)
    }
    return hasField ? nil : "it has no % field"
  }

  /// nil for what `problem` complains of, and for `auto`.
  init?(_ pattern: String) {
    guard DatePattern.problem(pattern) == nil, !pattern.hasPrefix("auto") else { return nil }
    var parts: [Part] = []
    var rest = pattern[...]
    while let character = rest.popFirst() {
      if character.isWhitespace {
        parts.append(.space)
        continue
      }
      guard character == "%" else {
        parts.append(.letter(character))
        continue
      }
      while let flag = rest.first, "-_0^#EO".contains(flag) { rest.removeFirst() }
      switch rest.popFirst() {
      case "D": parts += "m/d/y".map { $0 == "/" ? .letter("/") : .field($0) }
      case "F": parts += "Y-m-d".map { $0 == "-" ? .letter("-") : .field($0) }
      case "T": parts += "H:M:S".map { $0 == ":" ? .letter(":") : .field($0) }
      case "R": parts += "H:M".map { $0 == ":" ? .letter(":") : .field($0) }
      case "n", "t": parts.append(.space)
      case "%": parts.append(.letter("%"))
      case let letter?: parts.append(.field(letter))
      case nil: return nil
      }
    }
    self.parts = parts
  }

  private static let fields: Set<Character> = Set("YymdeBbhAaHkIlMSpzZsDFTRnt%")

  /// The moment that a text states; nil where it is not of this form. What stands behind is passed over.
  ///
  /// Without a year the nearest past one is meant, without a day the reader's today.
  func read(_ text: String, _ reader: DateReader) -> Moment? {
    let today = reader.zone.date(at: reader.now)
    var reading = Reading(rest: text[...].drop(while: \.isWhitespace))
    for part in parts { guard reading.take(part) else { return nil } }
    if let seconds = reading.epoch { return Moment(milliseconds: seconds * 1000) }
    let month = reading.month ?? (reading.day == nil ? today.month : nil)
    let day = reading.day ?? (reading.month == nil ? today.day : 1)
    guard let month else { return nil }
    var date = CivilDate(year: reading.year ?? today.year, month: month, day: day)
    if reading.year == nil, date > today { date.year -= 1 }
    var hour = reading.hour ?? 0
    if let isAfternoon = reading.isAfternoon { hour = hour % 12 + (isAfternoon ? 12 : 0) }
    let clock = Clock(hour: hour, minute: reading.minute ?? 0, second: reading.second ?? 0)
    guard date.isValid, clock.isValid else { return nil }
    let local = date.daysSinceEpoch * 86_400_000 + clock.milliseconds
    return reading.offset.map { Moment(milliseconds: local - $0 * 1000) } ?? reader.zone.moment(local: local)
  }

  /// What was read so far.
  private struct Reading {
    var rest: Substring
    var year: Int?
    var month: Int?
    var day: Int?
    var hour: Int?
    var minute: Int?
    var second: Int?
    var isAfternoon: Bool?
    var offset: Int64?
    var epoch: Int64?

    mutating func take(_ part: Part) -> Bool {
      switch part {
      case .space:
        rest = rest.drop(while: \.isWhitespace)
        return true
      case .letter(let letter):
        guard rest.first.map({ $0.lowercased() == letter.lowercased() }) == true else { return false }
        rest.removeFirst()
        return true
      case .field(let field): return take(field)
      }
    }

    private mutating func take(_ field: Character) -> Bool {
      switch field {
      case "Y": return number(4, into: \.year, in: 0...9999)
      case "y":
        guard number(2, into: \.year, in: 0...99) else { return false }
        year = year.map { $0 <= 68 ? 2000 + $0 : 1900 + $0 }
        return true
      case "m": return number(2, into: \.month, in: 1...12)
      case "d", "e": return number(2, into: \.day, in: 1...31)
      case "H", "k": return number(2, into: \.hour, in: 0...24)
      case "I", "l": return number(2, into: \.hour, in: 1...12)
      case "M": return number(2, into: \.minute, in: 0...59)
      case "S": return number(2, into: \.second, in: 0...60)
      case "s":
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard digits.count <= 12, let value = Int64(digits) else { return false }
        epoch = value
        rest.removeFirst(digits.count)
        return true
      case "B", "b", "h":
        let word = self.word()
        month = DateWords.month(Substring(word.lowercased()))
        return month != nil
      case "A", "a": return !word().isEmpty
      case "p":
        switch word().lowercased() {
        case "am", "a": isAfternoon = false
        case "pm", "p": isAfternoon = true
        default: return false
        }
        return true
      case "Z":
        let name = word().lowercased()
        offset = Zone.names[name] ?? offset
        return !name.isEmpty
      case "z": return zone()
      default: return false
      }
    }

    private mutating func number(
      _ digits: Int, into place: WritableKeyPath<Reading, Int?>, in range: ClosedRange<Int>
    ) -> Bool {
      rest = rest.drop { $0 == " " }
      let found = rest.prefix(digits).prefix { $0.isASCII && $0.isNumber }
      guard let value = Int(found), range.contains(value) else { return false }
      self[keyPath: place] = value
      rest.removeFirst(found.count)
      return true
    }

    /// Letters, and the point of an abbreviation.
    private mutating func word() -> Substring {
      let word = rest.prefix(while: \.isLetter)
      rest.removeFirst(word.count)
      if rest.first == ".", !word.isEmpty { rest.removeFirst() }
      return word
    }

    private mutating func zone() -> Bool {
      if rest.first == "Z" || rest.first == "z" {
        rest.removeFirst()
        offset = 0
        return true
      }
      guard let sign = rest.first, "+-−".contains(sign) else { return false }
      rest.removeFirst()
      let text = rest.prefix { $0.isASCII && $0.isNumber || $0 == ":" }
      let digits = text.filter(\.isNumber)
      guard digits.count == 4 || digits.count == 2, let value = Int64(digits) else { return false }
      rest.removeFirst(text.count)
      let seconds = digits.count == 2 ? value * 3600 : value / 100 * 3600 + value % 100 * 60
      offset = sign == "+" ? seconds : -seconds
      return true
    }
  }
}

/// The forms of dates that a selector may name.
package enum DateFormat {
  /// What is wrong with a form, in words; nil where nothing is.
  package static func problem(_ format: String) -> String? { DatePattern.problem(format) }
}
