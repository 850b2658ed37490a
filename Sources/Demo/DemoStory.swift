import JSON
package import Model

/// The story of the demo region: about two hours of publications, comments and counters.
package struct DemoStory: Sendable {
  /// In the order of the tape.
  package let items: [Item]
  package let comments: [Comment]
  package let readings: [Reading]
  /// The first and the last moment of the tape.
  package let start: Moment
  package let end: Moment

  /// A publication with its author's plain name, as a feed would show it.
  package struct Item: Hashable, Sendable {
    package var at: Moment
    package var published: Moment
    package var id: String
    package var source: String
    package var url: String
    package var title: String
    package var body: String?
    package var author: String?
  }

  /// A reader's comment under an item of the same source.
  package struct Comment: Hashable, Sendable {
    package var at: Moment
    package var id: String
    package var source: String
    package var item: String
    package var author: String
    package var text: String
  }

  /// What a source's own counter of comments shows from this moment on.
  package struct Reading: Hashable, Sendable {
    package var at: Moment
    package var source: String
    package var item: String
    package var count: Int
  }

  /// The tape itself, as `replay` reads it.
  package static var tape: [UInt8] { PackageResources.story_ndjson }
  /// What was usual in the four weeks before, as `--history` reads it.
  package static var history: [UInt8] { PackageResources.history_ndjson }

  /// The embedded story.
  package init() throws(DemoError) { try self.init(tape: DemoStory.tape) }

  /// Reads a tape of items, comments and totals; other lines only move the end.
  package init(tape: [UInt8]) throws(DemoError) {
    var items: [Item] = []
    var comments: [Comment] = []
    var readings: [Reading] = []
    var moments: [Moment] = []
    for (index, bytes) in tape.split(separator: 0x0A).enumerated() {
      let line = try Line(Array(bytes), number: index + 1)
      moments.append(line.at)
      switch line.kind {
      case "item": items.append(try line.item())
      case "comment": comments.append(try line.comment())
      case "total": readings.append(try line.reading())
      default: break
      }
    }
    guard let start = moments.min(), let end = moments.max() else {
      throw .story(line: 0, reason: "the tape is empty")
    }
    self.items = items
    self.comments = comments
    self.readings = readings
    self.start = start
    self.end = end
  }
}

extension DemoStory {
  /// An alert that must reach the receiver.
  package struct Expectation: Hashable, Sendable {
    package var rule: String
    package var key: [String: String]
    /// When a replay of the tape fires it; with real polling it comes some minutes later.
    package var firesAt: Moment
  }

  /// The alerts of the story: the rumour, the surge of comments over it, the official answer. Nothing else fires.
  package static var expectations: [Expectation] {
    let key = ["narrative": "dam-breach", "region": "XA-ZAR"]
    return [
      ("claim.dam-breach", "2026-03-02T02:31:00Z"),
      ("volume.comments-surge", "2026-03-02T02:55:00Z"),
      ("official.denial", "2026-03-02T03:06:00Z"),
    ].compactMap { rule, time in
      Moment(rfc3339: time).map { Expectation(rule: rule, key: key, firesAt: $0) }
    }
  }
}

/// One parsed line of the tape.
private struct Line {
  let number: Int
  let at: Moment
  let kind: String
  private let value: JSONValue

  init(_ bytes: [UInt8], number: Int) throws(DemoError) {
    self.number = number
    do {
      value = try JSONValue(parsing: bytes)
    } catch {
      throw .story(line: number, reason: "\(error)")
    }
    kind = try Line.text("kind", value, number)
    at = try Line.time("at", value, number)
  }

  private static func text(_ name: String, _ value: JSONValue, _ number: Int) throws(DemoError) -> String {
    guard let text = value[name]?.string else { throw .story(line: number, reason: "«\(name)» is missing") }
    return text
  }

  private static func time(_ name: String, _ value: JSONValue, _ number: Int) throws(DemoError) -> Moment {
    guard let moment = Moment(rfc3339: try text(name, value, number)) else {
      throw .story(line: number, reason: "«\(name)» is not a time of RFC 3339")
    }
    return moment
  }

  private func text(_ name: String) throws(DemoError) -> String { try Line.text(name, value, number) }

  func item() throws(DemoError) -> DemoStory.Item {
    DemoStory.Item(
      at: at, published: value["published"] == nil ? at : try Line.time("published", value, number),
      id: try text("id"), source: try text("source"), url: try text("url"), title: try text("title"),
      body: value["body"]?.string, author: value["author"]?.string)
  }

  func comment() throws(DemoError) -> DemoStory.Comment {
    DemoStory.Comment(
      at: at, id: try text("id"), source: try text("source"), item: try text("item"), author: try text("author"),
      text: try text("text"))
  }

  func reading() throws(DemoError) -> DemoStory.Reading {
    guard let count = value["comments"]?.integer else {
      throw .story(line: number, reason: "«comments» is missing")
    }
    return DemoStory.Reading(at: at, source: try text("source"), item: try text("item"), count: Int(count))
  }
}
