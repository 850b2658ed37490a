package import Model
package import Serving

/// The invented region on the air: its sources as they stand at the story's moment, over HTTP on this machine.
package final class DemoRegion: Sendable {
  private let server: HTTPServer

  /// Starts to serve; port 0 takes any free one. `now` is the moment of the story, asked at every request.
  package init(
    story: DemoStory, port: UInt16 = 0, now: @escaping @Sendable () -> Moment
  ) throws(ServingError) {
    server = try HTTPServer(port: port) { request in
      // Links must lead back to the port that answers; the client names it.
      let address = request.headers["host"].map { "http://\($0)" } ?? DemoSource.writtenAddress
      return DemoRegion.answer(request, story: story, at: now(), address: address)
    }
  }

  /// The port it listens on.
  package var port: UInt16 { server.port }
  /// Its address without a trailing slash.
  package var url: String { server.url }

  /// Stops serving. A second call does nothing.
  package func stop() { server.stop() }
}

extension DemoRegion {
  /// What the region answers to a request at a moment of the story.
  package static func answer(
    _ request: HTTPRequest, story: DemoStory, at moment: Moment, address: String = "http://127.0.0.1:8797"
  ) -> HTTPResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      return HTTPResponse(status: 405, headers: [("allow", "GET, HEAD")])
    }
    guard let (document, updated) = document(at: request.path, story: story, moment: moment, address: address) else {
      return HTTPResponse(
        status: 404, headers: [("content-type", "text/plain; charset=utf-8")], body: Array("Not found.\n".utf8))
    }
    let body = Array(document.text.utf8)
    let tag = "\"\(checksum(body))\""
    let modified = LocalDate(updated, .greenwich).mail
    let validators = [("etag", tag), ("last-modified", modified), ("cache-control", "no-cache")]
    if isUnchanged(request, tag: tag, modified: modified) { return HTTPResponse(status: 304, headers: validators) }
    return HTTPResponse(headers: [("content-type", document.type)] + validators, body: body)
  }

  /// RFC 9110, section 13: an entity tag, where it is sent, outweighs the date.
  private static func isUnchanged(_ request: HTTPRequest, tag: String, modified: String) -> Bool {
    if let tags = request.headers["if-none-match"] {
      return tags.split(separator: ",").contains { candidate in
        let plain = String(candidate).trimmed
        return plain == "*" || plain == tag || plain == "W/\(tag)"
      }
    }
    return request.headers["if-modified-since"] == modified
  }

  /// The path of a source's main document.
  static func path(of source: DemoSource) -> String {
    source.form == .article ? "/\(source.id)/ucheniya" : "/\(source.id)/feed"
  }

  private static func document(
    at path: String, story: DemoStory, moment: Moment, address: String
  ) -> (Rendered, Moment)? {
    let parts = path.split(separator: "/").map(String.init)
    guard let name = parts.first else { return (PageDocuments.index(address: address), story.start) }
    guard let source = DemoSource.all.first(where: { $0.id == name }) else { return nil }
    let edition = Edition(of: source, story: story, at: moment, address: address)
    switch parts.count {
    case 1: return (main(edition), edition.updated)
    case 2 where parts[1] == "feed": return (main(edition), edition.updated)
    case 2: return article("\(address)/\(name)/\(parts[1])", in: edition, story)
    case 3 where parts[1] == "comments" && source.hasComments:
      return comments(under: parts[2], in: edition, story, moment)
    default: return nil
    }
  }

  private static func main(_ edition: Edition) -> Rendered {
    switch edition.source.form {
    case .rss: FeedDocuments.rss(edition)
    case .atom: FeedDocuments.atom(edition)
    case .rdf: FeedDocuments.rdf(edition)
    case .jsonFeed: FeedDocuments.json(edition)
    case .list, .article: PageDocuments.list(edition)
    }
  }

  private static func article(_ url: String, in edition: Edition, _ story: DemoStory) -> (Rendered, Moment)? {
    edition.entries.first { $0.url == url }.map { entry in
      (PageDocuments.article(entry, of: edition.source), edition.updated)
    }
  }

  /// Comments a feed of them shows: more than come between two readings at the height of the story.
  private static let commentLimit = 60

  private static func comments(
    under id: String, in edition: Edition, _ story: DemoStory, _ moment: Moment
  ) -> (Rendered, Moment)? {
    guard let entry = edition.entries.first(where: { $0.item.id == id }) else { return nil }
    let due = story.comments.filter { $0.source == edition.source.id && $0.item == id && $0.at <= moment }
    let shown = Array(due.suffix(commentLimit).reversed())
    return (FeedDocuments.comments(shown, under: entry.item, url: entry.url), shown.first?.at ?? entry.item.at)
  }

  /// FNV-1a, 64 bits: tells two versions of a document apart.
  private static func checksum(_ bytes: [UInt8]) -> String {
    let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    return String(hash, radix: 16)
  }
}

extension String {
  /// Without blanks at both ends.
  fileprivate var trimmed: String {
    let inner = drop(while: \.isWhitespace)
    return String(inner.reversed().drop(while: \.isWhitespace).reversed())
  }
}
