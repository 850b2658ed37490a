/// The words of dates: months and weekdays by their beginnings, in the languages of the sources.
enum DateWords {
  /// The month a lower-case word names, in any of its forms and abbreviations.
  static func month(_ word: Substring) -> Int? {
    guard word.count >= 3, !weekdays.contains(word) else { return nil }
    for length in [5, 4, 3] where word.count >= length {
      if let month = stems[word.prefix(length)] { return month }
    }
    return nil
  }

  private static let stems: [Substring: Int] = {
    var table: [Substring: Int] = [:]
    for (month, words) in [
      "январ янва янв студз сту січ қаң ιαν jan jän ene ener janv sty",
      "февра февр фев лют ақп φεβ feb fév fev févr",
      "март мар марта берез бер сак нау μάρ μαρ márc mar mär mrz märz mars marc",
      "апрел апре апр кві крас сәу απρ ápr apr avr abr avri",
      "май мая маю мае трав тра мам μάι μαι μαϊ máj may mai máj",
      "июнь июня июн черв чер чэр мау ιούν ιουν jún jun juin",
      "июль июля июл лип ліп шіл ιούλ ιουλ júl jul juil",
      "авгус авгу авг серп жні там αύγ αυγ aug aoû aou août ago",
      "сентя сент сен вересн вер қыр σεπ szep sep sept",
      "октяб октя окт жовт жов кас қаз οκτ oct okt",
      "ноябр нояб ноя лист лис ліс қар νοέ νοε nov",
      "декаб дека дек груд гру сне жел δεκ dec dez déc dic",
    ].enumerated() {
      for word in words.split(separator: " ") where word.count <= 5 { table[word] = month + 1 }
    }
    return table
  }()

  /// Weekdays that a month's stem would take in, and those that stand alone.
  static let weekdays: Set<Substring> = [
    "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд", "пнд", "втр", "срд", "чтв", "птн", "суб", "вск", "понедельник",
    "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье", "вівторок", "середа", "четвер", "субота",
    "неділя", "понеділок", "пʼятниця", "mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mo", "di", "mi", "do", "fr", "sa",
    "so", "montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag", "lun", "mer", "jeu", "ven",
    "sam", "dim", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes",
    "miércoles", "jueves", "viernes", "sábado", "domingo",
  ]

  /// Days before today.
  static let relativeDays: [Substring: Int64] = [
    "сегодня": 0, "today": 0, "сьогодні": 0, "сёння": 0, "бүгін": 0, "heute": 0, "вчера": 1, "yesterday": 1,
    "вчора": 1, "учора": 1, "кеше": 1, "gestern": 1, "позавчера": 2, "позавчора": 2, "завтра": -1, "tomorrow": -1,
  ]

  /// Milliseconds of the units of «… назад».
  static func unit(_ word: Substring) -> Int64? {
    for (stem, size) in [
      ("сек", Int64(1000)), ("мин", 60_000), ("час", 3_600_000), ("дн", 86_400_000), ("ден", 86_400_000),
      ("сут", 86_400_000), ("нед", 604_800_000), ("мес", 2_592_000_000), ("sec", 1000), ("min", 60_000),
      ("hour", 3_600_000), ("day", 86_400_000), ("week", 604_800_000), ("month", 2_592_000_000), ("хв", 60_000),
      ("год", 31_536_000_000), ("лет", 31_536_000_000), ("year", 31_536_000_000),
    ] where word.hasPrefix(stem) {
      return size
    }
    return ["ч": 3_600_000, "м": 60_000, "с": 1000, "д": 86_400_000, "h": 3_600_000, "hr": 3_600_000, "m": 60_000][word]
  }
}
