import JSON
import Model

/// An item or a comment of a database or a tape, found by its id, as a text to judge.
struct StoredText {
  var publication: Publication
  var arrival: Moment
  /// nil for an item.
  var comment: Comment?
  var isComment: Bool { comment != nil }

  /// `source/id`, or the id alone where there is no source.
  var name: String { publication.source.isEmpty ? publication.id : "\(publication.source)/\(publication.id)" }

  init?(_ line: TapeLine) {
    switch line {
    case .item(let at, let item):
      self.init(publication: item, arrival: at, comment: nil)
    case .comment(let at, let comment):
      let text = Publication(
        id: comment.id, source: comment.source, sourceClass: comment.sourceClass, region: comment.region,
        lang: comment.lang, url: comment.url, body: comment.text, published: comment.published)
      self.init(publication: text, arrival: at, comment: comment)
    default: return nil
    }
  }

  private init(publication: Publication, arrival: Moment, comment: Comment?) {
    self.publication = publication
    self.arrival = arrival
    self.comment = comment
  }

  private func isCalled(_ name: String) -> Bool {
    publication.id == name || "\(publication.source)/\(publication.id)" == name
  }

  static func find(_ name: String, in store: any Store) throws -> [StoredText] {
    var found: [StoredText] = []
    func isCalled(_ row: TapeRow) -> Bool { row.id == name || "\(row.source)/\(row.id)" == name }
    try store.lines(where: isCalled) { line in
      if let text = StoredText(line) { found.append(text) }
    }
    return found
  }

  /// Everything that a database keeps as a tape, in the order of arrival.
  static func lines(in store: any Store) throws -> [TapeLine] {
    var lines: [TapeLine] = []
    func isAny(_ row: TapeRow) -> Bool { true }
    try store.lines(where: isAny) { lines.append($0) }
    return lines
  }

  static func find(_ name: String, tape: String) throws -> [StoredText] {
    var found: [StoredText] = []
    try TapeInput.forEachBatch(tape) { batch in
      found += batch.compactMap(StoredText.init).filter { $0.isCalled(name) }
    }
    return found
  }
}
