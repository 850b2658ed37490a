/// Russian written in Latin letters, read back: «proryv damby».
///
/// One spelling has several readings, and several schemes are mixed in practice; what is given are the likely ones.
package enum Transliteration {
  /// Words shorter than this say too little.
  package static let leastLetters = 4
  private static let limit = 16

  /// Likely Russian spellings of a word of Latin letters in lower case, at most 24; empty for other words.
  package static func readings(of word: String) -> [String] {
    let letters = Array(word.utf8)
    guard letters.count >= leastLetters, letters.count <= 40, !falseFriends.contains(word),
      letters.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x27 })
    else { return [] }
    var results: [[Unicode.Scalar]] = [[]]
    var position = 0
    while position < letters.count {
      let (length, choices) = choices(letters, position)
      if choices.isEmpty { return [] }
      var longer: [[Unicode.Scalar]] = []
      for choice in choices {
        for result in results where longer.count < limit { longer.append(result + Array(choice.unicodeScalars)) }
      }
      results = longer
      position += length
    }
    return (results + results.prefix(2).flatMap(withSoftSign)).map { text in
      var view = String.UnicodeScalarView()
      view.append(contentsOf: text)
      return String(view)
    }
  }

  /// How many letters the next sound takes, and what it may be.
  private static func choices(_ letters: [UInt8], _ position: Int) -> (Int, [String]) {
    for length in [4, 3, 2] where position + length <= letters.count {
      let part = String(decoding: letters[position..<position + length], as: UTF8.self)
      if let found = combinations[part] { return (length, found) }
    }
    let letter = letters[position]
    let isAfterVowel = position > 0 && "aeiouy".utf8.contains(letters[position - 1])
    switch letter {
    case 0x79: return (1, isAfterVowel ? ["й", "ы"] : position == letters.count - 1 ? ["ы", "и"] : ["ы", "й"])
    case 0x65: return (1, position == 0 ? ["е", "э"] : ["е"])
    default: return (1, singles[letter] ?? [])
    }
  }

  /// The soft sign is often left out: behind one of the consonants before another consonant, and at the end.
  private static func withSoftSign(_ word: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
    let consonants: Set<Unicode.Scalar> = ["л", "н", "с", "т", "р", "д", "з"]
    let vowels: Set<Unicode.Scalar> = ["а", "е", "и", "о", "у", "ы", "э", "ю", "я", "ь"]
    return word.indices.filter { index in
      consonants.contains(word[index]) && (index == word.count - 1 || !vowels.contains(word[index + 1]))
    }.prefix(4).map { index in
      var longer = word
      longer.insert("ь", at: index + 1)
      return longer
    }
  }

  private static let combinations: [String: [String]] = [
    "shch": ["щ"], "sch": ["щ", "сч"], "zh": ["ж"], "kh": ["х"], "ts": ["ц", "тс"], "ch": ["ч"], "sh": ["ш"],
    "yu": ["ю"], "ju": ["ю"], "iu": ["ю"], "ya": ["я"], "ja": ["я"], "ia": ["я", "ия"], "yo": ["е"], "jo": ["е"],
    "ye": ["е"], "je": ["е"], "iy": ["ий"], "yy": ["ый"], "ij": ["ий"], "yj": ["ый"],
  ]

  private static let singles: [UInt8: [String]] = [
    0x61: ["а"], 0x62: ["б"], 0x63: ["ц", "к"], 0x64: ["д"], 0x66: ["ф"], 0x67: ["г"], 0x68: ["х"], 0x69: ["и"],
    0x6A: ["й", "ж"], 0x6B: ["к"], 0x6C: ["л"], 0x6D: ["м"], 0x6E: ["н"], 0x6F: ["о"], 0x70: ["п"], 0x71: ["к"],
    0x72: ["р"], 0x73: ["с"], 0x74: ["т"], 0x75: ["у"], 0x76: ["в"], 0x77: ["в"], 0x78: ["кс", "х"], 0x7A: ["з"],
    0x27: ["ь"],
  ]

  /// English words that read as Russian words of another meaning.
  private static let falseFriends: Set<String> = [
    "most", "more", "post", "list", "fond", "gore", "brat", "slot", "plot", "mark", "rota", "then", "there", "here",
    "data", "date", "base", "case", "voice", "port", "pole", "pool", "loto", "moto", "solo", "polo", "made", "rude",
    "code", "mode", "rate", "note", "vote", "rose", "nose", "dose", "lava", "kino", "demo", "pora", "para", "vera",
    "nova", "step", "stan", "stop", "span", "spor", "stol", "slava", "sasha", "sport", "start", "agent",
  ]
}
