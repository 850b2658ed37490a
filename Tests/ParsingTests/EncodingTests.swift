import Glibc
import Model
import Testing

@testable import Parsing

@Suite("Any encoding becomes UTF-8")
struct EncodingTests {
  static let text = "Экстренное сообщение: в городе Ёлкино объявлена «чрезвычайная» ситуация"

  /// The same feed in another encoding, by the C library.
  private func feed(_ charset: String, declaration: String = "", text: String = EncodingTests.text) throws -> [UInt8] {
    let xml = declaration + "<rss><channel><item><title>\(text)</title></item></channel></rss>"
    return try #require(Charset.encode(Array(xml.utf8), to: charset))
  }

  @Test("undeclared Cyrillic is recognised by its letters", arguments: ["CP1251", "KOI8-R", "CP866", "ISO-8859-5"])
  func undeclared(charset: String) throws {
    // «» are in neither KOI8-R nor CP866 nor ISO-8859-5.
    let text = EncodingTests.text.filter { $0 != "«" && $0 != "»" }
    let feed = read(try feed(charset, text: text))
    #expect(feed.items.first?.title == text)
    #expect(feed.warnings.map(\.code) == ["charset-guessed"])
  }

  @Test(
    "the declaration counts, under any of its names", arguments: ["windows-1251", "win-1251", "cp1251", "x-cp1251"])
  func declared(name: String) throws {
    let feed = read(try feed("CP1251", declaration: "<?xml version=\"1.0\" encoding=\"\(name)\"?>"))
    #expect(feed.items.first?.title == EncodingTests.text)
    #expect(feed.warnings.isEmpty)
  }

  @Test("a label that makes mojibake loses to the letters", arguments: ["koi8-r", "iso-8859-1", "cp866"])
  func mislabelled(name: String) throws {
    let feed = read(try feed("CP1251", declaration: "<?xml version=\"1.0\" encoding=\"\(name)\"?>"))
    #expect(feed.items.first?.title == EncodingTests.text)
    #expect(feed.warnings.map(\.code) == ["charset-mismatch"])
  }

  @Test("UTF-8 under a wrong label stays UTF-8; UTF-16 and UTF-32 by mark or by look") func unicode() throws {
    let labelled = try feed("UTF-8", declaration: "<?xml version=\"1.0\" encoding=\"windows-1251\"?>")
    #expect(read(labelled).items.first?.title == EncodingTests.text)
    for charset in ["UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"] {
      #expect(read(try feed(charset)).items.first?.title == EncodingTests.text, "\(charset)")
    }
    let marked = [0xEF, 0xBB, 0xBF, 0xEF, 0xBB, 0xBF] + (try feed("UTF-8"))
    #expect(read(marked).items.first?.title == EncodingTests.text)
  }

  @Test("one bad byte does not flip a document of UTF-8") func oneBadByte() throws {
    var bytes = try feed("UTF-8")
    bytes.insert(0xFF, at: bytes.count - 40)
    let feed = read(bytes)
    #expect(feed.items.first?.title?.hasPrefix("Экстренное сообщение") == true)
    #expect(feed.warnings.contains { $0.code == "invalid-utf8" })
  }

  @Test("Western text without a label is not taken for Russian") func western() throws {
    let text = "Le préfet a annoncé la fermeture du pont, où l'état est jugé très mauvais"
    #expect(read(try feed("CP1252", text: text)).items.first?.title == text)
  }

  @Test(
    "a short line of capitals, and Ukrainian, are told by their pairs of letters",
    arguments: [
      ("KOI8-R", "СРОЧНО: ДАМБА ПРОРВАНА"), ("CP1251", "СРОЧНО: ДАМБА ПРОРВАНА"), ("CP866", "Пожар"),
      ("KOI8-U", "Міська рада повідомила про ремонт дороги в Україні"),
    ])
  func pairs(charset: String, text: String) throws {
    #expect(read(try feed(charset, text: text)).items.first?.title == text)
  }

  @Test(
    "other scripts without a label are told by the rows and ranges of their tables",
    arguments: [
      ("GB18030", "北京市政府今天宣布，新的地铁线路将于明年开始建设"), ("BIG5", "台北市政府今天宣布，新的捷運路線將於明年開始興建"),
      ("EUC-JP", "東京都は今日、新しい路線を発表しました"), ("CP932", "東京都は今日、新しい路線を発表しました"),
      ("EUC-KR", "서울시는 오늘 새로운 지하철 노선을 발표했다"), ("TIS-620", "กรุงเทพมหานครประกาศวันนี้"),
      ("CP1255", "עיריית ירושלים הודיעה היום"), ("CP1253", "Ο δήμος Αθηναίων ανακοίνωσε σήμερα"),
      ("CP1256", "أعلنت بلدية القاهرة اليوم أن خط المترو"),
    ])
  func scripts(charset: String, text: String) throws {
    #expect(read(try feed(charset, text: text)).items.first?.title == text)
  }

  @Test("neighbours of one alphabet are told apart even under the other's label") func neighbours() throws {
    let text = "Жители «Сосновки» жалуются на запах — администрация молчит"
    let bytes = try feed("CP1251", declaration: "<?xml version=\"1.0\" encoding=\"x-mac-cyrillic\"?>", text: text)
    #expect(read(bytes).items.first?.title == text)
  }

  @Test("the charset of the answer counts where the bytes are no UTF-8") func header() throws {
    let bytes = try feed("KOI8-R", text: "Речной")
    let feed = read(bytes, headers: ["content-type": "text/xml; charset=\"koi8-r\""])
    #expect(feed.items.first?.title == "Речной")
  }
}

extension Charset {
  /// UTF-8 in another encoding; nil when it has not all the characters. What the world sends.
  static func encode(_ bytes: [UInt8], to charset: String) -> [UInt8]? {
    let handle = iconv_open(charset, "UTF-8")
    guard handle != iconv_t(bitPattern: -1) else { return nil }
    defer { iconv_close(handle) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: bytes.count * 4 + 16)
    var room = output.count
    let done = input.withUnsafeMutableBytes { source in
      output.withUnsafeMutableBytes { target in
        var next = source.baseAddress?.assumingMemoryBound(to: CChar.self)
        var write = target.baseAddress?.assumingMemoryBound(to: CChar.self)
        var left = source.count
        return iconv(handle, &next, &left, &write, &room) == 0
      }
    }
    return done ? Array(output.prefix(output.count - room)) : nil
  }
}
