package import Model
import Rules

/// Links the lines of the journal, each to all before it: SHA-256 over the link before, the hash of the line's payload,
/// and its id, time, type and alert.
///
/// The payload itself is not in it: its text can be purged, and the chain still holds.
package struct JournalChain: Sendable {
  /// The link of the last line, 32 bytes; zeros before the first.
  package private(set) var head: [UInt8]

  package static let beginning = [UInt8](repeating: 0, count: 32)

  package init(head: [UInt8]) { self.head = head.count == 32 ? head : JournalChain.beginning }

  /// The head as events carry it: `sha256:` and 64 digits.
  package static func written(_ link: [UInt8]) -> String {
    "sha256:" + link.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  /// Gives a line its place at the end.
  package mutating func append(_ row: inout JournalRow) {
    row.payload = Digest.sha256(Array(row.json.utf8))
    row.link = JournalChain.link(row, after: head)
    head = row.link
  }

  /// The link of a line whose payload is hashed.
  static func link(_ row: JournalRow, after before: [UInt8]) -> [UInt8] {
    let text = "\(row.id)\n\(row.time.milliseconds)\n\(row.type)\n\(row.alert)"
    return Digest.sha256(before + row.payload + Array(text.utf8))
  }
}

/// What a walk over the journal has found.
package struct JournalVerdict: Sendable {
  /// Lines of the chain.
  package var lines = 0
  /// Those whose text is purged and whose hash still stands.
  package var purged = 0
  /// The link of the last line.
  package var head = JournalChain.beginning
  /// What is wrong, at the first place where something is; nil where all holds.
  package var problem: String?

  /// Walks over the journal of a store.
  ///
  /// - Parameter anchors: heads that somebody kept, such as `data.journal_head` of a message: each must be found.
  package init(of store: any Store, anchors: [String] = []) throws {
    // Asked for first: a server may write more while this reads.
    let known = try store.journalHead()
    let start = try store.journalStart()
    head = start.link.count == 32 ? start.link : JournalChain.beginning
    var missing = Set(anchors)
    missing.remove(JournalChain.written(head))
    var last = start.row
    var isComplete = known.isEmpty || known == start.link
    try store.journalLines { row in
      guard problem == nil, row.row > start.row else { return }
      lines += 1
      let place = "line \(row.row) (\(row.id), \(row.time.rfc3339))"
      if row.row != last + 1 {
        problem = "\(row.row - last - 1) of the lines before \(place) are cut out"
      } else if !row.json.isEmpty, Digest.sha256(Array(row.json.utf8)) != row.payload {
        problem = "the text of \(place) was changed"
      } else if JournalChain.link(row, after: head) != row.link {
        problem = "\(place) was changed, or a line before it was"
      }
      if row.json.isEmpty { purged += 1 }
      last = row.row
      head = row.link
      if head == known { isComplete = true }
      missing.remove(JournalChain.written(head))
    }
    guard problem == nil else { return }
    if !isComplete {
      problem = "the end of the journal is cut off: it stops at line \(last)"
    } else if let anchor = missing.sorted().first {
      problem = "no line has the head \(anchor): the journal was cut or written anew"
    }
  }
}
