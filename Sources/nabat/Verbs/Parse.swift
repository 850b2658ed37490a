import Glibc
import JSON
import Model
import Parsing
import Rules

extension Verb {
  static let parse = Verb(
    name: "parse", summary: "Reads one saved feed or page and prints what it holds; never touches the network.",
    operands: "FILE", operandCount: 0...1,
    options: SavedDocument.options + [
      Option("--source", "FILE", "a source file whose selectors read an HTML page")
    ], example: "nabat parse saved/feed.xml --url https://news.example/rss --json"
  ) { arguments in
    if let list = arguments["--batch"] {
      return try SavedDocument.forEach(in: list, arguments, read: { try $0.feed() }) { feed, bytes, flush in
        feed.writeJSON(into: &bytes, flush: flush)
      } unreadable: {
        Feed(unreadable: $0)
      }
    }
    let feed = try SavedDocument(arguments, of: "parse").feed()
    var output = OutputBuffer()
    output.line { bytes, flush in feed.writeJSON(into: &bytes, flush: flush) }
    output.flush()
    // The program ends: never taken down, the entries cost nothing more. Memory of this kind is not deinitialised.
    withUnsafeTemporaryAllocation(of: Feed.self, capacity: 1) { $0.initializeElement(at: 0, to: feed) }
    return .done
  }
}

extension SavedDocument {
  fileprivate func feed() throws -> Feed {
    var options = try readingOptions()
    options.wantsPlainText = false
    return DocumentReader.read(try payload(), options: options)
  }
}

extension Feed {
  /// What stands for a document that could not be read.
  fileprivate init(unreadable reason: String) {
    self.init()
    warnings = [FeedWarning(code: "unreadable", text: reason)]
  }
}
