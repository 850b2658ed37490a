import Foundation
import JSON
import Model
import Testing

@testable import Parsing

@Suite("A damaged document yields what can be saved")
struct DamageTests {
  private func rss(_ inside: String) -> String { "<rss version=\"2.0\"><channel>\(inside)</channel></rss>" }

  @Test("an unclosed tag costs its field, not the feed") func unclosed() {
    let feed = read(
      rss(
        "<item><title>Раз<link>https://a.example/1</link></item><item><title>Два</title><b><p>x</item>\n<item><title>Три</title></item>"
      ))
    #expect(feed.items.map(\.title) == ["Раз", "Два", "Три"])
    #expect(feed.items[0].link == "https://a.example/1")
    #expect(feed.warnings.first?.code == "malformed-xml")
    #expect(feed.warnings.first?.line == 1)
  }

  @Test("bare & and <, HTML's entities and a stray end tag") func bare() {
    let feed = read(
      rss("<item><title>Хлеб & соль &mdash; 2 < 3</title></b><link>https://a.example/?a=1&b=2</link></item>"))
    #expect(feed.items.map(\.title) == ["Хлеб & соль — 2 < 3"])
    #expect(feed.items.map(\.link) == ["https://a.example/?a=1&b=2"])
  }

  @Test("a file cut off keeps its last item, whether cut in a text or in a tag") func truncated() {
    let whole = rss("<item><title>Раз</title></item><item><title>Два</title><description>нача")
    for cut in ["</channel></rss>", "", "ло</descr", "ло<b cla"] {
      let text = whole.replacing("</channel></rss>", with: cut)
      let feed = read(text)
      #expect(feed.items.map(\.title) == ["Раз", "Два"], "\(cut)")
      #expect(feed.items.last?.summary?.hasPrefix("нача") == true)
      #expect(feed.warnings.contains { $0.code == "truncated" || $0.code == "malformed-xml" })
    }
  }

  @Test("unclosed CDATA, duplicate and unquoted attributes") func cdata() {
    let feed = read(
      rss(
        "<item><title><![CDATA[Раз</title><link a=1 a=2>https://a.example/1</link></item><item><title>Два</title></item>"
      ))
    #expect(feed.items.map(\.title) == ["Раз", "Два"])
    #expect(feed.items[0].link == "https://a.example/1")
  }

  @Test("control characters, NUL and bytes that are no UTF-8") func control() {
    var bytes = Array(rss("<item><title>А\u{1}Б\u{0}В</title><description>т").utf8.dropLast(16))
    bytes.append(0xFF)
    bytes.append(contentsOf: Array("ак</description></item></channel></rss>".utf8))
    let feed = read(bytes)
    #expect(feed.items.map(\.title) == ["АБВ"])
    #expect(feed.items.first?.summary == "т\u{FFFD}ак")
    #expect(feed.warnings.contains { $0.code == "invalid-utf8" })
  }

  @Test("junk before and after") func junk() {
    let feed = read(
      "<br />\n<b>Warning</b>: mysql in /x.php\n" + rss("<item><title>Раз</title></item>") + "<script>1</script>")
    #expect(feed.kind == "rss")
    #expect(feed.items.map(\.title) == ["Раз"])
    #expect(feed.warnings.contains { $0.code == "leading-junk" })
  }

  @Test("a billion laughs: bounded, quick, with a warning") func laughs() {
    var text = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">"
    for level in 1...9 {
      let before = level == 1 ? "lol" : "lol\(level - 1)"
      text += "<!ENTITY lol\(level) \"\(String(repeating: "&\(before);", count: 10))\">"
    }
    text += "]>" + rss("<item><title>&lol9;</title></item><item><title>Цел</title></item>")
    let start = ContinuousClock.now
    let feed = read(text)
    #expect(ContinuousClock.now - start < .seconds(1))
    #expect(feed.warnings.contains { $0.code == "entity-limit" })
    #expect(feed.items.last?.title == "Цел")
    #expect(feed.items.allSatisfy { ($0.title?.utf8.count ?? 0) <= Limits.expansion })
  }

  @Test("entities of the document are expanded, those from outside are not") func entities() {
    let feed = read(
      "<!DOCTYPE rss [<!ENTITY town \"Речной\"><!ENTITY secret SYSTEM \"file:///etc/passwd\">]>"
        + rss("<item><title>&town;: &secret;.</title></item>"))
    #expect(feed.items.map(\.title) == ["Речной: &secret;."])
  }

  @Test("deep nesting ends at the limit") func deep() {
    let open = String(repeating: "<a>", count: 5000)
    let feed = read(rss("<item><title>Раз</title><description>\(open)x"))
    #expect(feed.items.map(\.title) == ["Раз"])
    let html = String(repeating: "&lt;b&gt;", count: 100_000)
    #expect(read(rss("<item><title>Раз</title><description>\(html)</description></item>")).items.count == 1)
  }

  /// libxml2 compares each attribute of a tag with all before it: 100,000 of them took more than a minute.
  @Test("a tag with a hundred thousand attributes, in a page, a feed and an entry", .timeLimit(.minutes(1)))
  func attributes() throws {
    func tag(_ attribute: (Int) -> String) -> String { (0..<100_000).map(attribute).joined() }
    let many = tag { " a\($0)=1" }
    var list = Source(id: "s", kind: "page", url: "https://city.example/", place: Place(file: "s.yaml"))
    list.list = PageList(item: Selector("li"))
    let page = read(
      Array("<html><li><a href=/1>Раз</a><li\(many)><a href=/2>Два</a></html>".utf8), source: list)
    #expect(page.items.compactMap(\.link) == ["https://vesti.example/1"])
    #expect(page.warnings.map(\.code).contains("attribute-limit"))

    for tag in [many, tag { " a\($0)=\"1\"" }, tag { " xmlns:a\($0)=\"u\"" }] {
      let feed = read(rss("<item\(tag)><title>Раз</title></item><item><title>Два</title></item>"))
      #expect(feed.items.map(\.title) == ["Раз", "Два"])
    }
    let inside = rss("<item><title>Раз</title><description><![CDATA[<b>a</b><p\(many)>b</p>]]></description></item>")
    #expect(read(inside).items.map(\.summary) == ["<b>a</b><p></p>"])
  }

  @Test("a tag may have hundreds of attributes, and an attribute a megabyte") func honestAttributes() {
    let some = (0..<300).map { " data-\($0)='<b c=\">'" }.joined()
    let picture = String(repeating: "A", count: 1 << 20)
    let html = "<![CDATA[<p\(some) title=\"t\">a</p><img src=\"data:image/png;base64,\(picture)\" alt=\"x\">b]]>"
    let feed = read(rss("<item><title>Раз</title><description>\(html)</description></item>"))
    #expect(feed.items.first?.plainText == "a\nb")
  }

  @Test("no more than 20,000 entries") func many() {
    let feed = read(rss(String(repeating: "<item><link>https://a.example/1</link></item>", count: 20_010)))
    #expect(feed.items.count == 20_000)
    #expect(feed.warnings.contains { $0.code == "item-limit" })
  }

  @Test("any change of any fixture is survived, and what comes out is valid UTF-8 and JSON") func mutations() throws {
    var random = SplitMix(state: 0x6E61_6261_74)
    var list = Source(id: "s", kind: "page", url: "https://city.example/", place: Place(file: "s.yaml"))
    list.list = PageList(item: Selector("ul.news > li"))
    for name in ["town.rss", "forum.atom", "old.rdf", "board.json", "list.html", "article.html", "comments.rss"] {
      let original = try fixture(name)
      for round in 0..<150 {
        var bytes = original
        for _ in 0..<Int.random(in: 1...8, using: &random) { mutate(&bytes, &random) }
        let feed = read(bytes, source: round.isMultiple(of: 3) ? list : nil)
        let json = feed.json
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(json.utf8)) }
        #expect(json.utf8.first == 0x7B)
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
    guard !bytes.isEmpty else { return }
    let at = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: at)
    case 2: bytes.insert([0x3C, 0x26, 0x22, 0x3E, 0, 0xD0, 0x5D][Int.random(in: 0..<7, using: &random)], at: at)
    case 3: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
    case 4:
      bytes.insert(
        contentsOf: bytes[at..<min(bytes.count, at + 60)], at: Int.random(in: 0..<bytes.count, using: &random))
    default: bytes.removeSubrange(at...)
    }
  }
}

/// A small seeded generator: the same mutations on every run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
