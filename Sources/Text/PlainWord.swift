/// A word written with the letters U+0400–U+045F alone, none of them three times in a row, or with ASCII letters and
/// digits alone: nearly every word of a Russian text. Its folded letters can be hashed without tables.
enum PlainWord {
  /// The key of a word's folded letters, and of its first letters.
  struct Key: Equatable {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
    /// Folded codes of the first four letters, 16 bits each; 0 where there are fewer.
    var head: UInt64 = 0
  }

  private static let ones: UInt64 = 0x0001_0001_0001_0001
  private static let highs: UInt64 = 0x0080_0080_0080_0080

  /// Reads Cyrillic letters from `position` on, up to the first byte that is none.
  ///
  /// - Returns: whether all of them are plain, and none stands there three times in a row.
  @inline(__always)
  static func readCyrillic(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ position: inout Int, _ key: inout Key
  ) -> Bool {
    var isPlain = true
    var isFirst = true
    var previous: UInt64 = 0
    /// In the lowest lane: whether the last letter was like the one before it.
    var wasPair: UInt64 = 0
    /// Not 0 where some letter is like the two before it.
    var runs: UInt64 = 0
    while true {
      let bytes = load(text, count, position)
      let strange = (bytes & (0xFE &* ones)) ^ (0xD0 &* ones)
      let letters = strange == 0 ? 4 : strange.trailingZeroBitCount >> 4
      let mask: UInt64 = letters == 4 ? ~0 : (1 << UInt64(letters &* 16)) &- 1
      // The code point less U+0400: seven bits.
      var codes = ((bytes & ones) << 6) | ((bytes >> 8) & (0x3F &* ones))
      if (codes &+ 0x20 &* ones) & highs & mask != (0 as UInt64) { isPlain = false }
      // Capitals 10…2F go up by 20, 00…0F by 50.
      let from10 = codes &+ 0x70 &* ones
      let from30 = codes &+ 0x50 &* ones
      codes &+= (from10 & ~from30 & highs) >> 2
      codes &+= ((~from10 & highs) >> 7) &* 0x50
      // ё is 51, е is 35.
      let otherThanYo = (codes ^ (0x51 &* ones)) &+ 0x7F &* ones
      codes &-= ((~otherThanYo & highs) >> 7) &* 0x1C
      codes &= mask
      if isFirst {
        key.head = codes
        isFirst = false
      }
      // A lane's high bit is 0 here where a letter is like the one before it.
      let change = (codes ^ (codes << 16 | previous)) &+ 0x7F &* ones
      let pairs = ~change & mask & highs
      runs |= pairs & (pairs << 16 | wasPair)
      wasPair = pairs >> 48
      previous = codes >> 48
      key.hash = mix(key.hash ^ codes)
      position &+= letters &* 2
      if letters < 4 { return isPlain && runs == (0 as UInt64) }
    }
  }

  /// The code point of a folded Cyrillic letter less U+0400.
  @inline(__always)
  static func foldedCode(_ lead: UInt8, _ trail: UInt8) -> UInt8 {
    var code = (lead & 1) << 6 | trail & 0x3F
    if code < 0x10 { code += 0x50 } else if code < 0x30 { code += 0x20 }
    return code == 0x51 ? 0x35 : code
  }

  /// Reads ASCII letters and digits from `position` on, up to the first byte that is none.
  ///
  /// - Returns: whether there is a letter among them.
  @inline(__always)
  static func readASCII(_ text: UnsafePointer<UInt8>, _ count: Int, _ position: inout Int, _ key: inout Key) -> Bool {
    var hasLetter = false
    while position < count {
      var byte = text[position]
      if byte &- 0x41 < 26 { byte &+= 0x20 }
      if byte &- 0x61 < 26 { hasLetter = true } else if byte &- 0x30 >= 10 { break }
      key.hash = mix(key.hash ^ UInt64(byte))
      position &+= 1
    }
    return hasLetter
  }

  /// The most letters that a word of two scripts may have to be read here.
  static let longestMixed = 40

  /// Reads a word of Cyrillic letters and Latin ones that look like some, from `position` on, up to the first byte that
  /// is neither, and writes it in Cyrillic: code points less U+0400, at most `longestMixed` of them.
  ///
  /// - Returns: how many letters; 0 where the word is in one script, has letters that are not plain, one three times in a
  ///   row, or too many.
  static func readMixed(
    _ text: UnsafePointer<UInt8>, _ count: Int, _ position: inout Int, into letters: UnsafeMutablePointer<UInt8>,
    _ key: inout Key
  ) -> Int {
    var length = 0
    var latin = 0
    var run = 0
    while position < count {
      let byte = text[position]
      var code: UInt8
      if byte & 0xFE == 0xD0, position &+ 1 < count {
        guard (byte & 1) << 6 | text[position &+ 1] & 0x3F < 0x60 else { return 0 }
        code = foldedCode(byte, text[position &+ 1])
        position &+= 2
      } else {
        let letter = (byte | 0x20) &- 0x61
        guard letter < 26, byte >= 0x41 else { break }
        code = twins[Int(letter)]
        guard code > 0 else { return 0 }
        latin &+= 1
        position &+= 1
      }
      run = length > 0 && letters[length &- 1] == code ? run &+ 1 : 1
      guard run < 3, length < longestMixed else { return 0 }
      letters[length] = code
      length &+= 1
    }
    guard latin > 0, latin < length else { return 0 }
    key = Key()
    var index = 0
    while true {
      var codes: UInt64 = 0
      for lane in 0..<min(4, length &- index) { codes |= UInt64(letters[index &+ lane]) << UInt64(lane &* 16) }
      if index == 0 { key.head = codes }
      key.hash = mix(key.hash ^ codes)
      index &+= 4
      if index > length { return length }
    }
  }

  /// What each Latin letter looks like, less U+0400; 0 where like none.
  private static let twins: [UInt8] = {
    var codes = [UInt8](repeating: 0, count: 26)
    for (latin, cyrillic) in zip("abcehkmoptxy".utf8, "авсенкмортху".unicodeScalars) {
      codes[Int(latin) - 0x61] = UInt8(cyrillic.value - 0x400)
    }
    return codes
  }()

  /// The key of a whole word; nil where it is not plain.
  static func key(of word: UnsafeBufferPointer<UInt8>) -> Key? {
    guard let text = word.baseAddress, word.count > 0 else { return nil }
    var key = Key()
    var position = 0
    if text[0] & 0xFE == 0xD0 {
      guard readCyrillic(text, word.count, &position, &key) else { return nil }
    } else {
      _ = readASCII(text, word.count, &position, &key)
    }
    return position == word.count ? key : nil
  }

  /// The key of the first `letters` letters of a Cyrillic word, 1…4 of them.
  @inline(__always)
  static func prefixHash(_ head: UInt64, letters: Int) -> UInt64 {
    let mask: UInt64 = letters == 4 ? ~0 : (1 << UInt64(letters &* 16)) &- 1
    return mix((head & mask) ^ UInt64(letters) &* 0xD6E8_FEB8_6659_FD93)
  }

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    let product = value &* 0x9E37_79B9_7F4A_7C15
    return product ^ (product >> 32)
  }

  /// Eight bytes from `position` on, the first lowest; zeros behind the end.
  @inline(__always)
  private static func load(_ text: UnsafePointer<UInt8>, _ count: Int, _ position: Int) -> UInt64 {
    let raw = UnsafeRawPointer(text)
    if position &+ 8 <= count {
      return UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
    if count >= 8 {
      let last = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
      let missing = position &+ 8 &- count
      return missing >= 8 ? 0 : last >> UInt64(missing &* 8)
    }
    var value: UInt64 = 0
    var index = count
    while index > position {
      index &-= 1
      value = value << 8 | UInt64(text[index])
    }
    return value
  }

  /// Appends the folded bytes of a plain word.
  static func fold(_ word: UnsafeBufferPointer<UInt8>, into folded: inout [UInt8]) {
    var index = 0
    while index < word.count {
      let byte = word[index]
      guard byte >= 0x80, index + 1 < word.count else {
        folded.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
        index += 1
        continue
      }
      let code = foldedCode(byte, word[index + 1])
      folded.append(0xD0 | code >> 6)
      folded.append(0x80 | code & 0x3F)
      index += 2
    }
  }
}
