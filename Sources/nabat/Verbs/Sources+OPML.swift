import Configuration
import Model
import Parsing
import Rules

extension Verb.SourceAction {
  /// Feeds of an OPML file, as a source file.
  static let importing = Verb.SourceAction(name: "import", usage: "import FILE.opml") { _, operands in
    guard let file = operands.first, operands.count == 1 else {
      throw Stop(.usage, "name one OPML file; see: nabat sources --help")
    }
    guard let outlines = OPML.read(try FileInput.bytes(file)) else {
      throw Stop(.rejected, "\(file) is no OPML: an <opml> with <outline xmlUrl=…> was expected")
    }
    guard !outlines.isEmpty else { throw Stop(.rejected, "\(file) names no feed: no <outline> has an xmlUrl") }
    var text = "format: 1\nsources:\n"
    var taken: Set<String> = []
    for outline in outlines {
      let base = sourceID(of: outline.url)
      var id = base
      var number = 2
      while !taken.insert(id).inserted {
        id = "\(base)-\(number)"
        number += 1
      }
      text += "  - id: \(id)\n"
      if let title = outline.title { text += "    title: \(quoted(title))\n" }
      text += "    kind: feed\n    url: \(quoted(outline.url))\n"
    }
    Terminal.write(text)
    return .done
  }

  /// The feeds of source files, as OPML.
  static let exporting = Verb.SourceAction(name: "export", usage: "export PATH…") { _, operands in
    guard !operands.isEmpty else { throw Stop(.usage, "name the source files; see: nabat sources --help") }
    var feeds: [OPML.Outline] = []
    for path in operands {
      for source in try SourceInput.sources(path) where source.kind == "feed" {
        feeds.append(OPML.Outline(title: source.title ?? source.id, url: source.url))
      }
    }
    Terminal.write(OPML.written(feeds, title: "Nabat"))
    return .done
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}
