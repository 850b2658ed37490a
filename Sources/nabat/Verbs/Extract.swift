import Model
import Parsing

extension Verb {
  static let extract = Verb(
    name: "extract", summary: "Prints the text of a saved article page, without what stands around it.",
    operands: "FILE", operandCount: 0...1, options: SavedDocument.options,
    example: "nabat extract saved/article.html --url https://news.example/2026/11/23/most --json"
  ) { arguments in
    if let list = arguments["--batch"] {
      return try SavedDocument.forEach(in: list, arguments, read: { try $0.article() }) { article, bytes, _ in
        article.writeJSON(into: &bytes)
      } unreadable: { _ in
        Article()
      }
    }
    let article = try SavedDocument(arguments, of: "extract").article()
    var output = OutputBuffer()
    output.line { bytes, _ in article.writeJSON(into: &bytes) }
    output.flush()
    return .done
  }
}

extension SavedDocument {
  fileprivate func article() throws -> Article { ArticlePage.read(try payload(), options: try readingOptions()) }
}
