import JSON
import Model

/// What became of the text of an item: a changed text is a new version of it, kept beside the one before.
///
/// The second version of item `a1` is the item `a1#2`, so that rules judge what was written into it. Pure.
struct ItemVersions {
  /// The last version of an item as it is stored.
  struct Version: Hashable {
    var number: Int
    var text: String
    /// When it was seen last, to the day.
    var seen: Moment
  }

  /// Sentences that came and went.
  struct Change: Hashable {
    var added: [String]
    var removed: [String]
  }

  /// Records of the last version of an item, by source and id.
  static let record = "version"
  /// Records of what changed, by source and the id of the later version.
  static let changes = "change"
  /// Fewer words that came or went are a correction, not another text.
  private static let leastWords = 3
  /// Versions kept of one item: a page that never says the same twice says nothing.
  private static let most = 20
  /// What no answer brought for so long is forgotten, with what changed in it: texts are not kept for ever.
  static let kept = Span.days(7)

  static func key(_ source: String, _ id: String) -> String { "\(source)\n\(id)" }

  /// The text of an item as its source gives it.
  static func text(of item: Publication) -> String {
    [item.title, item.body].compactMap { $0 }.joined(separator: "\n")
  }

  /// What an item that was seen before comes to.
  ///
  /// - Returns: the line of a new version, nil where the text says the same, and the records to keep.
  static func taking(_ item: Publication, after last: Version, now: Moment) -> (
    line: TapeLine?, records: [RecordChange]
  ) {
    let text = text(of: item)
    guard text != last.text, last.number < most, isAnother(text, than: last.text) else {
      guard now - last.seen >= .days(1) else { return (nil, []) }
      var same = last
      same.seen = now
      return (nil, [same.record(item.source, item.id)])
    }
    let number = last.number + 1
    var version = item
    version.id = "\(item.id)#\(number)"
    version.published = now
    let change = change(from: last.text, to: text)
    return (
      .item(at: now, version),
      [
        Version(number: number, text: text, seen: now).record(item.source, item.id),
        RecordChange(
          kind: changes, key: key(item.source, version.id),
          value: Array(change.json(of: item.id, number: number, at: now).serialized.utf8)),
      ]
    )
  }

  /// Whether so many words came or went that it is another text.
  private static func isAnother(_ text: String, than last: String) -> Bool {
    var counts: [Substring: Int] = [:]
    for word in words(text.lowercased()) { counts[word, default: 0] += 1 }
    for word in words(last.lowercased()) { counts[word, default: 0] -= 1 }
    return counts.values.reduce(0) { $0 + abs($1) } >= leastWords
  }

  private static func words(_ text: String) -> [Substring] { text.split { !($0.isLetter || $0.isNumber) } }

  /// The sentences that only one of two texts has, at most ten of each.
  static func change(from last: String, to text: String) -> Change {
    let before = sentences(last)
    let after = sentences(text)
    let (old, new) = (Set(before), Set(after))
    return Change(
      added: Array(after.filter { !old.contains($0) }.prefix(10)),
      removed: Array(before.filter { !new.contains($0) }.prefix(10)))
  }

  private static func sentences(_ text: String) -> [String] {
    var sentences: [String] = []
    var sentence = ""
    var previous: Character = " "
    for character in text {
      if character.isNewline || character == " " && ".!?…".contains(previous) {
        if !sentence.isEmpty { sentences.append(sentence) }
        sentence = ""
      } else {
        sentence.append(character)
      }
      previous = character
    }
    if !sentence.isEmpty { sentences.append(sentence) }
    return sentences
  }
}

extension ItemVersions.Version {
  init?(json bytes: [UInt8]) {
    guard let value = try? JSONValue(parsing: bytes), case .integer(let number)? = value["n"],
      let text = value["text"]?.string, let seen = value["at"]?.string.flatMap({ Moment(rfc3339: $0) })
    else { return nil }
    self.init(number: Int(number), text: text, seen: seen)
  }

  /// As it is stored.
  func record(_ source: String, _ id: String) -> RecordChange {
    let json = JSONValue.object(
      JSONObject(["n": JSONValue(number), "at": .string(seen.rfc3339), "text": .string(text)]))
    return RecordChange(
      kind: ItemVersions.record, key: ItemVersions.key(source, id), value: Array(json.serialized.utf8))
  }
}

extension ItemVersions.Change {
  fileprivate func json(of item: String, number: Int, at: Moment) -> JSONValue {
    .object(
      JSONObject([
        "of": .string(item), "version": JSONValue(number), "at": .string(at.rfc3339),
        "added": .array(added.map { .string($0) }),
        "removed": .array(removed.map { .string($0) }),
      ]))
  }
}

extension Pipeline {
  /// Takes note of the texts of items: new ones as their first version, changed ones as a further version, whose line is
  /// added.
  func versioned(_ lines: [TapeLine], now: Moment) throws -> (lines: [TapeLine], records: [RecordChange]) {
    var all: [TapeLine] = []
    var records: [RecordChange] = []
    for line in lines {
      all.append(line)
      guard case .item(_, let item) = line else { continue }
      let stored = try store.record(kind: ItemVersions.record, key: ItemVersions.key(item.source, item.id))
      guard let last = stored.flatMap(ItemVersions.Version.init(json:)) else {
        let first = ItemVersions.Version(number: 1, text: ItemVersions.text(of: item), seen: now)
        records.append(first.record(item.source, item.id))
        continue
      }
      let taken = ItemVersions.taking(item, after: last, now: now)
      if let version = taken.line { all.append(version) }
      records += taken.records
    }
    return (all, records)
  }

  /// Deletions of what was not seen for a week.
  func forgottenVersions(now: Moment) throws -> [RecordChange] {
    var records: [RecordChange] = []
    for kind in [ItemVersions.record, ItemVersions.changes] {
      for (key, value) in try store.records(kind: kind) {
        let at = (try? JSONValue(parsing: value))?["at"]?.string.flatMap { Moment(rfc3339: $0) }
        if at.map({ now - $0 > ItemVersions.kept }) ?? true {
          records.append(RecordChange(kind: kind, key: key, value: nil))
        }
      }
    }
    return records
  }
}
