import JSON
import Model
import Testing

@testable import Parsing

/// What is read by a shorter way must come out as by the long one.
@Suite("The short ways give what the long ones give")
struct SpeedPathTests {
  @Test("simple fragments are sanitised as libxml2's parser would have it") func simpleMarkup() {
    var random = Steps(state: 20_261_124)
    var simple = 0
    for _ in 0..<4000 {
      let html = fragment(&random)
      let bytes = Array(html.utf8)
      let (short, long) = bytes.withUnsafeBufferPointer { buffer in
        (
          SimpleMarkup.clean(buffer, base: "https://a.example/x/y"),
          HTMLCleaner.parsed(buffer, base: "https://a.example/x/y")
        )
      }
      guard let short else { continue }
      simple += 1
      #expect(String(decoding: short, as: UTF8.self) == String(decoding: long, as: UTF8.self), "\(html)")
    }
    // Many fragments are malformed on purpose; the short way must still be a way.
    #expect(simple > 400)
  }

  private static let pieces = [
    "<p>", "</p>", "<b>", "</b>", "<a href=\"/n?a=1&amp;b=2\">", "<a href='https://b.example/x' title=\"5 > 3\">",
    "</a>",
    "<br>", "<br/>", "<br />", "<img src=\"i.png\" alt=\"&laquo;Мост&raquo;\" onerror=\"x()\">", "<div class=\"t\">",
    "</div>",
    "<ul>", "</ul>", "<li>", "</li>", "<h2>", "</h2>", "<span style=\"color:red\">", "</span>", "<blockquote>",
    "</blockquote>", "<em>", "</em>", "Мост ", "закрыт", " — ", "&nbsp;", "&amp;", "&#8212;", "&#x41;", "&unknown;",
    " & ",
    "&lt;b&gt;", "\n", " 5 > 3 ", "<script>", "<td>", "<P>", "<a href=\"javascript:x\">",
    "<strong class='a' class='b'>",
    "</strong>", "<a href=\"mailto:a@b.example\">", "<custom>", "<!-- c -->", "&quot;", "<p title=\"a&copy;b&\">",
    "<ol>", "</ol>",
  ]

  /// Mostly balanced, for a tag is closed as often as another piece follows.
  private func fragment(_ random: inout Steps) -> String {
    var html = ""
    var open: [String] = []
    for _ in 0..<random.next(14) {
      if let name = open.last, random.next(3) > 0 {
        html += ["", "текст", "&laquo;а&raquo;"][random.next(3)] + "</\(name)>"
        open.removeLast()
      } else {
        let piece = Self.pieces[random.next(Self.pieces.count)]
        html += piece
        let name = piece.dropFirst().prefix { $0.isLetter || $0.isNumber }
        if piece.hasPrefix("<"), !name.isEmpty, !["br", "img"].contains(name) { open.append(String(name)) }
      }
    }
    if random.next(10) > 0 { for name in open.reversed() { html += "</\(name)>" } }
    return html
  }

  @Test("ten thousand entries on several threads are those of one thread, warnings in order") func threads() throws {
    let items = (0..<2000).map { number in
      "<item><guid>\(number)</guid><title>№ \(number)</title>"
        + (number % 100 == 99 ? "<pubDate>не дата \(number)</pubDate>" : "") + "</item>\n"
    }
    let whole = read("<rss><channel>\n" + items.joined() + "</channel></rss>")
    #expect(whole.items.map(\.id) == (0..<2000).map { String($0) })
    #expect(whole.items.map(\.title) == (0..<2000).map { "№ \($0)" })
    let json = try JSONValue(parsing: Array(whole.json.utf8))
    #expect(json["items"]?.array?.map { $0["id"]?.string } == (0..<2000).map { String($0) })
    #expect(whole.warnings.map(\.line) == (0..<20).map { $0 * 100 + 101 })
  }

  @Test(
    "the usual date of RSS, and what only looks like it",
    arguments: [
      ("Mon, 23 Nov 2026 14:05:00 +0300", "2026-11-23T11:05:00Z"), ("3 Feb 2026 04:05:06 GMT", "2026-02-03T04:05:06Z"),
      ("Mon, 23 Nov 2026 14:05:00 -0130", "2026-11-23T15:35:00Z"),
      ("Mon, 23 Nov 2026 14:05:00 Z", "2026-11-23T14:05:00Z"),
    ])
  func usualDate(text: String, expected: String) {
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBufferPointer { RFC822Date.read($0) } == moment(expected))
    for other in [
      "Mon, 31 Feb 2026 14:05:00 GMT", "Mon, 23 Nov 2026 25:05:00 GMT", "Mon, 23 Nov 26 14:05:00 GMT", text + "x",
    ] {
      let bytes = Array(other.utf8)
      #expect(bytes.withUnsafeBufferPointer { RFC822Date.read($0) } == nil, "\(other)")
    }
  }

  @Test(
    "addresses from the root of their base",
    arguments: [
      ("/n/1", "https://a.example/x/y?z", "https://a.example/n/1"),
      ("/n?q#f", "http://a.example", "http://a.example/n?q#f"),
      ("/a/../b", "https://a.example/x", "https://a.example/b"),
      ("/a b", "https://a.example/x", "https://a.example/a%20b"),
      ("//b.example/n", "https://a.example/x", "https://b.example/n"),
      ("/n", "https://a.example?q", "https://a.example/n"),
    ])
  func rooted(reference: String, base: String, expected: String) {
    #expect(WebAddress.resolve(reference, base: base) == expected)
  }

  @Test(
    "lines with and without anything to be put right",
    arguments: [
      ("Мост «открыт» — наконец", "Мост «открыт» — наконец"), ("а  б", "а б"), ("а\u{A0}б", "а б"),
      ("а\u{2003}б ", "а б"),
      ("R&amp;D &amp;amp; Co", "R&D & Co"), ("5 &lt; 6", "5 < 6"), ("a\u{85}b", "a b"), ("", nil), ("\u{A0}", nil),
    ] as [(String, String?)])
  func lines(text: String, expected: String?) {
    let bytes = Array(text.utf8)
    #expect(bytes.withUnsafeBufferPointer(PlainText.line) == expected)
  }

  @Test("every word of feeds is found by its number and its name") func words() {
    #expect(Word.numbers.count == Word.allCases.count)
    #expect(Word.allCases.map(\.rawValue) == (0..<Int32(Word.allCases.count)).map(\.self))
    let feed = read(
      "<rss><channel><item><WFW:CommentRSS xmlns:WFW='http://wellformedweb.org/CommentAPI/'>/f</WFW:CommentRSS></item></channel></rss>"
    )
    #expect(feed.items.first?.commentsFeed == "https://vesti.example/f")
  }
}

/// A small generator, so that a failure can be seen again.
private struct Steps {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(bound))
  }
}
