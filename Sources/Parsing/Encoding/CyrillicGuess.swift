/// Which of the Cyrillic single-byte encodings makes the most Russian of some bytes.
enum CyrillicGuess {
  static let candidates = ["CP1251", "KOI8-R", "CP866", "ISO-8859-5", "MAC-CYRILLIC", "KOI8-U"]

  /// The likeliest encoding and its score; nil when no candidate reads as Russian.
  static func best(_ bytes: [UInt8]) -> (charset: String, score: Double)? {
    var best: (charset: String, score: Double)?
    for charset in candidates {
      guard let score = score(bytes, as: charset) else { continue }
      if score > best?.score ?? 0 { best = (charset, score) }
    }
    return best
  }

  /// How Russian the bytes read in an encoding: the mean over their pairs of letters, > 0 for Russian text, < 0 for
  /// mojibake; nil when there are too few to tell.
  static func score(_ bytes: [UInt8], as charset: String) -> Double? {
    guard let table = tables[charset] else { return nil }
    var sum = 0.0
    var count = 0
    var previous = Entry.edge
    for byte in bytes {
      let current = byte < 0x80 ? (Bytes.isLetter(byte) ? Entry.latin : Entry.edge) : table[Int(byte - 0x80)]
      // «пРИВЕТ» and letters of two scripts in one word are what a wrong encoding looks like.
      switch (previous.kind, current.kind) {
      case (.lower, .upper), (.latin, .lower), (.latin, .upper), (.lower, .latin), (.upper, .latin): sum -= 3
      case (.upper, .upper): sum -= 0.1
      default: break
      }
      if current.letter < edge || previous.letter < edge {
        sum += pairs[previous.letter * (edge + 1) + current.letter]
        count += 1
      }
      sum += current.weight
      if current.kind == .strange { count += 1 }
      if count >= 20_000 { break }
      previous = current
    }
    return count >= 4 ? sum / Double(count) : nil
  }

  private enum Kind { case lower, upper, latin, strange, edge }

  /// What a byte stands for.
  private struct Entry {
    /// 0…31 for а…я, else `edge`.
    var letter: Int
    var kind: Kind
    var weight = 0.0

    static let edge = Entry(letter: CyrillicGuess.edge, kind: .edge)
    static let latin = Entry(letter: CyrillicGuess.edge, kind: .latin)
  }

  /// The index of what stands before and behind a word.
  private static let edge = 32

  private static let tables: [String: [Entry]] = {
    var tables: [String: [Entry]] = [:]
    for charset in candidates {
      tables[charset] = (0x80...0xFF).map { byte in
        let text = Charset.convert([UInt8(byte)], from: charset).map { String(decoding: $0.bytes, as: UTF8.self) }
        return entry(for: text?.unicodeScalars.first?.value ?? 0xFFFD)
      }
    }
    return tables
  }()

  private static func entry(for scalar: UInt32) -> Entry {
    switch scalar {
    case 0x430...0x44F: Entry(letter: Int(scalar - 0x430), kind: .lower)
    case 0x410...0x42F: Entry(letter: Int(scalar - 0x410), kind: .upper)
    case 0x451: Entry(letter: 5, kind: .lower)
    case 0x401: Entry(letter: 5, kind: .upper)
    // Of the other Cyrillic alphabets: as the Russian letters they stand for.
    case 0x404, 0x454: Entry(letter: 5, kind: scalar < 0x430 ? .upper : .lower, weight: -0.4)
    case 0x406, 0x407, 0x456, 0x457: Entry(letter: 8, kind: scalar < 0x430 ? .upper : .lower, weight: -0.4)
    case 0x408, 0x458: Entry(letter: 9, kind: scalar < 0x430 ? .upper : .lower, weight: -0.4)
    case 0x40E, 0x45E: Entry(letter: 19, kind: scalar < 0x430 ? .upper : .lower, weight: -0.4)
    case 0x490, 0x491: Entry(letter: 3, kind: scalar & 1 == 0 ? .upper : .lower, weight: -0.4)
    // «» № — – … quotes, no-break space.
    case 0xA0, 0xAB, 0xBB, 0x2013, 0x2014, 0x2018...0x201E, 0x2026, 0x2116: .edge
    default: Entry(letter: edge, kind: .strange, weight: -2.5)
    }
  }

  /// The weight of each pair of letters: half the bits by which it is likelier than chance, −2…1.5.
  private static let pairs: [Double] = rows.flatMap { row in
    row.utf8.map { Double($0 - 0x30) * 3.5 / 9 - 2 }
  }

  /// One row a first letter, one digit a second letter, then the end of a word; ё counts as е. Counted in some 19,000
  /// words of Russian news and claims.
  private static let rows: [String] = [
    "046155362466670466800343320000549",  // а
    "812007107037058073070000066600016",  // б
    "902048007055048045520002110710036",  // в
    "703065008006059071040000000000006",  // г
    "806018007043278243460040000520057",  // д
    "035463350557580386802324330000009",  // е
    "860089008060080000060000000040005",  // ж
    "945265206033466030140000002510057",  // з
    "336256254576573166802444310000368",  // и
    "010050000051265004700012000000009",  // й
    "904004007006019084560130000000008",  // к
    "800208009051028003060004000580656",  // л
    "870008007021548203060003000610039",  // м
    "801037019050058004562033000740166",  // н
    "077574442556664577702204300000227",  // о
    "600008007007029090170000000110043",  // п
    "905418307030349003460200200740055",  // р
    "613006006076467635942003000440086",  // с
    "715007007040447065040000000490029",  // т
    "374464640046540566800606500000608",  // у
    "600009009000229042650000000500005",  // ф
    "704002007006079030350000000000009",  // х
    "700008029000002023060000000700007",  // ц
    "900009008050080004550000100060003",  // ч
    "702009008088035050480000000030005",  // ш
    "900009009000002000040000000020005",  // щ
    "111119111111111111111111111111197",  // ъ
    "048036000837530555700502500000029",  // ы
    "000404030040470008400410300000529",  // ь
    "009000030077050864900000000000004",  // э
    "030161210003040042900007030000009",  // ю
    "044053020033550014800424010000529",  // я
    "457563265065667867652314300003020",  // the beginning of a word
  ]
}
