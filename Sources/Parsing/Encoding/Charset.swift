import Glibc

/// A character encoding by name, converted by the C library's iconv.
enum Charset {
  /// The name iconv knows for what documents write; nil when it knows none.
  static func canonical(_ written: String) -> String? {
    let kept = Bytes.lowercased(written.utf8).filter {
      Bytes.isLetter($0) || Bytes.isDigit($0) || [0x2D, 0x5F, 0x2E, 0x3A, 0x2B].contains($0)
    }
    let name = String(decoding: kept, as: UTF8.self)
    guard !name.isEmpty, name.utf8.count <= 40 else { return nil }
    if let known = aliases[name] { return known }
    let handle = iconv_open("UTF-8", name)
    guard isOpen(handle) else { return nil }
    iconv_close(handle)
    return name.uppercased()
  }

  private static let aliases: [String: String] = {
    var table: [String: String] = [:]
    for name in ["utf-8", "utf8", "unicode-1-1-utf-8", "x-utf-8"] { table[name] = "UTF-8" }
    for name in [
      "windows-1251", "win-1251", "cp-1251", "cp1251", "x-cp1251", "win1251", "windows1251", "1251", "ansi-1251",
      "windows-cp1251",
    ] { table[name] = "CP1251" }
    for name in ["koi8-r", "koi8r", "koi8", "koi-8", "koi8_r", "cskoi8r"] { table[name] = "KOI8-R" }
    for name in ["cp866", "ibm866", "866", "dos-866", "cp-866", "x-cp866"] { table[name] = "CP866" }
    for name in ["iso-8859-5", "iso8859-5", "cyrillic"] { table[name] = "ISO-8859-5" }
    for name in ["x-mac-cyrillic", "mac-cyrillic", "maccyrillic"] { table[name] = "MAC-CYRILLIC" }
    // As browsers do: what is labelled Latin-1 or ASCII is read as windows-1252.
    for name in ["iso-8859-1", "iso8859-1", "latin1", "latin-1", "us-ascii", "ascii", "windows-1252", "cp1252"] {
      table[name] = "CP1252"
    }
    table["gb2312"] = "GB18030"
    table["gbk"] = "GB18030"
    table["shift_jis"] = "CP932"
    table["shift-jis"] = "CP932"
    table["x-sjis"] = "CP932"
    table["euc-kr"] = "CP949"
    table["ks_c_5601-1987"] = "CP949"
    return table
  }()

  private static func isOpen(_ handle: iconv_t?) -> Bool { handle != iconv_t(bitPattern: -1) }

  /// The bytes as UTF-8; what the encoding does not have becomes U+FFFD and is counted.
  static func convert(_ bytes: [UInt8], from charset: String) -> (bytes: [UInt8], bad: Int)? {
    let handle = iconv_open("UTF-8", charset)
    guard isOpen(handle) else { return nil }
    defer { iconv_close(handle) }
    var output: [UInt8] = []
    output.reserveCapacity(bytes.count * 2)
    var bad = 0
    var input = bytes
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    input.withUnsafeMutableBytes { source in
      buffer.withUnsafeMutableBytes { target in
        var next = source.baseAddress?.assumingMemoryBound(to: CChar.self)
        var left = source.count
        while left > 0 {
          var write = target.baseAddress?.assumingMemoryBound(to: CChar.self)
          var room = target.count
          let result = iconv(handle, &next, &left, &write, &room)
          let failure = errno
          output.append(contentsOf: target[0..<(target.count - room)])
          if result != Int(bitPattern: UInt.max) { continue }
          if failure == E2BIG { continue }
          guard left > 0 else { break }
          bad += 1
          output.append(contentsOf: [0xEF, 0xBF, 0xBD])
          let step = min(left, unit(of: charset))
          next = next?.advanced(by: step)
          left -= step
        }
      }
    }
    return (output, bad)
  }

  private static func unit(of charset: String) -> Int {
    charset.hasPrefix("UTF-32") || charset.hasPrefix("UCS-4") ? 4 : charset.hasPrefix("UTF-16") ? 2 : 1
  }
}
