import Testing

@testable import Parsing

@Suite("A feed that is parsed in pieces is the feed parsed as one")
struct PieceTests {
  private let entries = (0..<40).map { number in
    "<item x:n='\(number)'>\n<title>№ \(number) &amp; <![CDATA[<b>]]></title><odd\(number % 7)>текст</odd\(number % 7)>"
      + "<dc:creator>А\(number)</dc:creator></item>\n"
  }

  private func document(_ entries: [String], end: String = "<lastBuildDate>x</lastBuildDate>") -> String {
    """
    <!-- <item> in a comment --><rss xmlns:x="urn:x" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xml:base="https://a.example/"><channel xml:lang="uk">
    <title>Вісті</title><image><title>i</title></image>\(entries.joined())\(end)</channel><late a="1">t</late></rss>
    """
  }

  private func both(_ text: String, pieces: Int) -> (pieces: String?, whole: String) {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      let cut = XMLPieces.read(buffer, line: 5, pieces: pieces)
      let whole = XMLScan.run(buffer, recovering: false, line: 5)
      return (cut.map { dump($0.tree.root) }, dump(whole.tree.root))
    }
  }

  /// Everything a reader could ask of a tree.
  private func dump(_ element: XMLElement?, _ depth: Int = 0) -> String {
    guard let element else { return "nothing" }
    var lines = ["\(depth) \(element.name) \(element.line) \(element.text ?? "—") \(element.language ?? "")"]
    lines.append(
      "\(element.base(under: "b")) \(element.first(.title)?.text ?? "") \(element.hasElements) \(element.isBlank)")
    lines.append(String(decoding: element.markup, as: UTF8.self))
    for child in element.children {
      #expect(child.parent?.index == element.index)
      lines.append(dump(child, depth + 1))
    }
    return lines.joined(separator: "\n")
  }

  @Test("node by node, line by line", arguments: [2, 3, 5]) func same(pieces: Int) {
    let (cut, whole) = both(document(entries), pieces: pieces)
    #expect(cut == whole)
    #expect(whole.contains("№ 39"))
  }

  @Test("also where nothing stands around the entries but the root") func flat() {
    let text =
      "<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>"
      + (0..<30).map { "<entry><id>\($0)</id></entry>" }.joined() + "</feed>"
    let (cut, whole) = both(text, pieces: 4)
    #expect(cut == whole)
  }

  @Test(
    "where a cut would lie in CDATA or a comment, or under another element, it is parsed as one",
    arguments: [
      "<![CDATA[" + String(repeating: "<item>a</item><item>b</item>", count: 200) + "]]>",
      "<!--" + String(repeating: "<item>a</item><item>b</item>", count: 200) + "-->",
      "<items>" + String(repeating: "<item>a</item><item>b</item>", count: 200) + "</items>",
    ])
  func refused(trap: String) {
    let (cut, _) = both(document(["<item><title>1</title></item>"] + ["<item>" + trap + "</item>"]), pieces: 2)
    #expect(cut == nil)
  }

  @Test("a damaged document is not read in pieces") func damaged() {
    #expect(both(document(entries + ["<item><title>1</item>"]), pieces: 2).pieces == nil)
    #expect(both("<rss><channel>" + entries.joined(), pieces: 2).pieces == nil)
    #expect(both("", pieces: 2).pieces == nil)
  }
}
