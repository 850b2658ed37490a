import Model

/// A date's text cut into numbers, words and marks, from which the clock, the zone and the day are taken.
struct DateTokens {
  struct Number {
    var value: Int
    /// How many digits it was written with.
    var digits: Int
  }
  enum Token {
    case number(Number)
    case word(Substring)
    case mark(Character)
  }

  private(set) var tokens: [Token] = []
  /// The words in brackets: comments (RFC 822, section 3.4.3), which may still name the zone.
  private(set) var remarks: [Substring] = []
  init(_ text: String) {
    let low = text.lowercased()
    let scalars = low.unicodeScalars
    var index = scalars.startIndex
    var comment = 0
    func run(_ matches: (Unicode.Scalar) -> Bool) -> Substring {
      let start = index
      while index < scalars.endIndex, matches(scalars[index]) { index = scalars.index(after: index) }
      return low[start..<index]
    }
    while index < scalars.endIndex {
      let scalar = scalars[index]
      if DateTokens.isDigit(scalar) {
        let digits = run(DateTokens.isDigit)
        if comment == 0 {
          tokens.append(.number(Number(value: Int(digits.prefix(15)) ?? 0, digits: digits.utf8.count)))
        }
      } else if DateTokens.isLetter(scalar) {
        let word = run(DateTokens.isLetter)
        if comment == 0 { tokens.append(.word(word)) } else { remarks.append(word) }
      } else {
        if scalar == "(" { comment += 1 }
        let closes = scalar == ")"
        if comment == 0, !closes, scalar.value > 0x20, scalar.value != 0xA0 { tokens.append(.mark(Character(scalar))) }
        if closes, comment > 0 { comment -= 1 }
        index = scalars.index(after: index)
      }
    }
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0x30 && scalar.value <= 0x39 }

  /// ASCII letters and everything from Latin-1's letters on, punctuation and symbols left out.
  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    if value < 0x80 { return value >= 0x61 && value <= 0x7A }
    return value >= 0xC0 && !(0x2000...0x2BFF).contains(value) && value != 0x3000 && value != 0xD7 && value != 0xF7
  }

  var words: [Substring] { tokens.compactMap { if case .word(let word) = $0 { word } else { nil } } }
  var numbers: [Number] { tokens.compactMap { if case .number(let number) = $0 { number } else { nil } } }

  private func number(_ index: Int) -> Number? {
    guard tokens.indices.contains(index), case .number(let number) = tokens[index] else { return nil }
    return number
  }
  private func mark(_ index: Int) -> Character? {
    guard tokens.indices.contains(index), case .mark(let mark) = tokens[index] else { return nil }
    return mark
  }
  private func word(_ index: Int) -> Substring? {
    guard tokens.indices.contains(index), case .word(let word) = tokens[index] else { return nil }
    return word
  }

  /// Takes out `14:05`, `14:05:30.5`, `2:05 pm`.
  mutating func takeClock() -> Clock? {
    for index in tokens.indices {
      guard mark(index + 1) == ":", let hour = number(index), let minute = number(index + 2), hour.digits <= 2,
        minute.digits <= 2
      else { continue }
      // The «:» of a zone, «+03:00», is no clock.
      if index > 0, mark(index - 1) == "+" { continue }
      var clock = Clock(hour: hour.value, minute: minute.value)
      var end = index + 3
      if mark(end) == ":", let second = number(end + 1), second.digits <= 2 {
        clock.second = second.value
        end += 2
        if mark(end) == ".", number(end + 1) != nil { end += 2 }
      }
      if let half = word(end) ?? (mark(end) == nil ? nil : word(end)), half == "am" || half == "pm" {
        if half == "pm", clock.hour < 12 { clock.hour += 12 }
        if half == "am", clock.hour == 12 { clock.hour = 0 }
        end += 1
      }
      guard clock.isValid else { return nil }
      tokens.replaceSubrange(index..<end, with: [.mark("@")])
      return clock
    }
    return takeUncommonClock()
  }

  /// Takes out `14h05`, `14 ч 05` and, behind a whole date, `14.05`.
  private mutating func takeUncommonClock() -> Clock? {
    for index in tokens.indices {
      guard let hour = number(index), let minute = number(index + 2), hour.digits <= 2, minute.digits == 2 else {
        continue
      }
      let lettered = word(index + 1).map { $0 == "h" || $0 == "ч" } == true
      let dotted = mark(index + 1) == "." && index + 3 == tokens.count && hasDay(before: index)
      guard lettered || dotted else { continue }
      let clock = Clock(hour: hour.value, minute: minute.value)
      guard clock.isValid else { return nil }
      tokens.replaceSubrange(index..<(index + 3), with: [.mark("@")])
      return clock
    }
    return nil
  }

  /// With a capital, as the zone list writes names.
  private static func name(_ word: Substring) -> String { word.prefix(1).uppercased() + word.dropFirst() }

  /// Whether a day is stated before a place: three numbers, or «вчера».
  private func hasDay(before index: Int) -> Bool {
    let count = tokens[..<index].reduce(0) { if case .number = $1 { $0 + 1 } else { $0 } }
    return count == 3 || (count == 0 && words.contains { DateWords.relativeDays[$0] != nil })
  }

  /// Takes out the name of a zone in the IANA list, `Europe/Moscow`, and words for Moscow time, also in brackets.
  mutating func takeZoneName() -> Zone? {
    for index in tokens.indices {
      guard mark(index + 1) == "/", let area = word(index), let place = word(index + 2),
        let zone = Zone(known: "\(DateTokens.name(area))/\(DateTokens.name(place))")
      else { continue }
      tokens.removeSubrange(index..<(index + 3))
      return zone
    }
    if words.contains(where: { $0.hasPrefix("московск") || $0 == "мск" }) || remarks.contains("мск") {
      return Zone("Europe/Moscow")
    }
    return nil
  }

  /// Takes out the zone: a name, `+0300`, `GMT+3`. A sign before digits is a zone only behind a clock.
  mutating func takeZone(afterClock: Bool) -> Int64? {
    let start = tokens.firstIndex { if case .mark("@") = $0 { true } else { false } }
    var offset: Int64?
    if let index = tokens.indices.first(where: { index in
      guard let word = word(index), Zone.names[String(word)] != nil else { return false }
      return start.map { index > $0 } ?? true
    }), let name = word(index) {
      offset = Zone.names[String(name)]
      tokens[index] = .mark("#")
    }
    guard afterClock, let start else { return offset }
    for index in tokens.indices where index > start {
      guard let sign = mark(index), sign == "+" || sign == "-" || sign == "−", let number = number(index + 1) else {
        continue
      }
      var seconds = number.digits <= 2 ? number.value * 3600 : number.value / 100 * 3600 + number.value % 100 * 60
      var end = index + 2
      if number.digits <= 2, mark(end) == ":", let minutes = self.number(end + 1) {
        seconds += minutes.value * 60
        end += 2
      }
      // «-2003» behind the clock is a year, «-0300» a zone.
      guard number.digits <= 4, seconds <= 15 * 3600 else { continue }
      tokens.removeSubrange(index..<end)
      return (offset ?? 0) + Int64(sign == "+" ? seconds : -seconds)
    }
    return offset
  }

  /// The day stated by what is left.
  func date(today: CivilDate) -> CivilDate? {
    if let index = tokens.indices.first(where: { word($0).flatMap(DateWords.month) != nil }),
      let month = word(index).flatMap(DateWords.month)
    {
      return byMonthName(month, at: index, today: today)
    }
    let numbers = numbers
    if numbers.count == 2, numbers.allSatisfy({ $0.digits == 2 }), isDotted { return past(numbers, today: today) }
    guard numbers.count == 3 else { return nil }
    let values = numbers.map(\.value)
    let slashed = tokens.contains { if case .mark("/") = $0 { true } else { false } }
    if numbers[0].digits == 4 { return CivilDate(year: values[0], month: values[1], day: values[2]) }
    guard numbers[2].digits == 4 || numbers[2].digits == 2 else { return nil }
    let year = DateTokens.year(numbers[2])
    // «11/23/2026» is the American order; «23/11/2026» can only be the other one.
    if slashed, values[0] <= 12 { return CivilDate(year: year, month: values[0], day: values[1]) }
    let date = CivilDate(year: year, month: values[1], day: values[0])
    // «03-12-31», the short form of ISO: what would lie ahead in the other order.
    let isShort =
      numbers.allSatisfy { $0.digits == 2 } && tokens.contains { if case .mark("-") = $0 { true } else { false } }
    if isShort, !date.isValid || date > today {
      return CivilDate(year: DateTokens.year(numbers[0]), month: values[1], day: values[2])
    }
    return date
  }

  private var isDotted: Bool {
    tokens.indices.contains { index in number(index) != nil && mark(index + 1) == "." && number(index + 2) != nil }
  }

  /// «23.11», without a year: the nearest past.
  private func past(_ numbers: [Number], today: CivilDate) -> CivilDate {
    let date = CivilDate(year: today.year, month: numbers[1].value, day: numbers[0].value)
    guard date.isValid, date > today else { return date }
    return CivilDate(year: today.year - 1, month: numbers[1].value, day: numbers[0].value)
  }

  private func byMonthName(_ month: Int, at index: Int, today: CivilDate) -> CivilDate? {
    let numbers = numbers
    guard let first = numbers.first else { return nil }
    switch numbers.count {
    case 1:
      if first.digits == 4 { return CivilDate(year: first.value, month: month, day: 1) }
      // Without a year: the nearest past.
      let date = CivilDate(year: today.year, month: month, day: first.value)
      return date <= today ? date : CivilDate(year: today.year - 1, month: month, day: first.value)
    default:
      if first.digits == 4 { return CivilDate(year: first.value, month: month, day: numbers[1].value) }
      return CivilDate(year: DateTokens.year(numbers[1]), month: month, day: first.value)
    }
  }

  /// Two digits: 00–68 are of this century.
  private static func year(_ number: Number) -> Int {
    number.digits > 2 ? number.value : number.value + (number.value <= 68 ? 2000 : 1900)
  }
}
