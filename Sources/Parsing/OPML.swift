import Model

/// Lists of feeds as feed readers exchange them (OPML 1.0 and 2.0).
package enum OPML {
  /// A feed of the list.
  package struct Outline: Hashable, Sendable {
    /// Plain text.
    package var title: String?
    package var url: String

    package init(title: String?, url: String) {
      self.title = title
      self.url = url
    }
  }

  /// The feeds of a file in its order, each address once, those of folders too; nil when it is no OPML.
  package static func read(_ bytes: [UInt8]) -> [Outline]? {
    let text = TextDecoder.decode(bytes, contentType: nil, override: nil).bytes
    guard let tree = XMLReader.read(text).tree else { return nil }
    return withExtendedLifetime(tree) {
      guard let root = tree.root, root.name == "opml" else { return nil }
      var outlines: [Outline] = []
      var seen: Set<String> = []
      gather(root, into: &outlines, &seen, depth: 0)
      return outlines
    }
  }

  private static func gather(
    _ element: XMLElement, into outlines: inout [Outline], _ seen: inout Set<String>, depth: Int
  ) {
    guard depth < Limits.depth else { return }
    for child in element.children {
      if child.name == "outline", let address = child.attribute(named: "xmlurl"),
        let url = WebAddress.resolve(address, base: ""), seen.insert(url).inserted
      {
        let title = child.attribute(named: "title") ?? child.attribute(named: "text")
        outlines.append(Outline(title: title.flatMap(PlainText.line), url: url))
      }
      gather(child, into: &outlines, &seen, depth: depth + 1)
    }
  }

  /// OPML 2.0.
  package static func written(_ outlines: [Outline], title: String) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n"
    text += "  <head><title>\(escaped(title))</title></head>\n  <body>\n"
    for outline in outlines {
      let name = escaped(outline.title ?? outline.url)
      text += "    <outline type=\"rss\" text=\"\(name)\" title=\"\(name)\" xmlUrl=\"\(escaped(outline.url))\"/>\n"
    }
    return text + "  </body>\n</opml>\n"
  }

  private static func escaped(_ text: String) -> String {
    var bytes: [UInt8] = []
    HTMLWriter.escape(text.utf8.lazy.map { $0 < 0x20 ? 0x20 : $0 }, quotes: true, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}
