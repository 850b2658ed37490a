import Delivering
import JSON
import Model

extension Verb {
  static let nearMisses = Verb(
    name: "near-misses", summary: "Lists what almost alerted: the clause that was missing. Kept for a week.",
    options: DatabaseInput.options + [
      Option("--rule", "ID", "only those of one rule"),
      Option("--from", "TIME", "the first moment (RFC 3339); default: a week before the last"),
      Option("--json", nil, "one object a line: {time, rule, item or key, source, score, missing, text}"),
    ], example: "nabat near-misses --database var/nabat.db --rule claim.dam-breach"
  ) { arguments in
    let store = try DatabaseInput.open(arguments)
    defer { store.close() }
    let week = try store.lastMoment().map { $0 - .days(7) }
    let from = try DatabaseInput.moment("--from", in: arguments) ?? week
    var misses: [NearMiss] = []
    try store.journal(alert: nil, from: from) { row in
      guard row.type == "note.near_miss", let miss = NearMiss(row), arguments["--rule"].map({ $0 == miss.rule }) ?? true
      else { return }
      misses.append(miss)
    }
    let texts = try NearMiss.texts(of: Set(misses.compactMap(\.item)), in: store)
    var output = OutputBuffer()
    for miss in misses {
      let text = miss.item.flatMap { texts[$0] }
      output.line(arguments.has("--json") ? miss.json(text).serialized : plainText(miss.words(text)))
    }
    if misses.isEmpty, !arguments.has("--json") { output.line("no near-misses") }
    output.flush()
    return .done
  }
}

/// A text or a series that almost made a rule alert.
private struct NearMiss {
  let time: Moment
  let rule: String
  let item: String?
  let key: JSONValue?
  let score: JSONValue
  let missing: String

  init?(_ row: JournalRow) {
    guard let data = (try? JSONValue(parsing: Array(row.json.utf8)))?["data"], let rule = data["rule"]?.string,
      let missing = data["missing"]?.string
    else { return nil }
    time = row.time
    self.rule = rule
    item = data["item"]?.string
    key = data["key"]
    score = data["score"] ?? .null
    self.missing = missing
  }

  /// The texts of the items and comments that are meant; where two sources use one id, the later one.
  static func texts(of ids: Set<String>, in store: any Store) throws -> [String: StoredText] {
    var texts: [String: StoredText] = [:]
    if ids.isEmpty { return texts }
    func isWanted(_ row: TapeRow) -> Bool { ids.contains(row.id) }
    try store.lines(where: isWanted) { line in
      if let text = StoredText(line) { texts[text.publication.id] = text }
    }
    return texts
  }

  func json(_ text: StoredText?) -> JSONValue {
    var object = JSONObject(["time": .string(time.rfc3339), "rule": .string(rule)])
    object.append("item", ifPresent: item.map(JSONValue.string))
    object.append("key", ifPresent: key)
    object.append("source", ifPresent: text.map { .string($0.publication.source) })
    object.append("score", score)
    object.append("missing", .string(missing))
    object.append("text", ifPresent: text?.firstWords.map(JSONValue.string))
    return .object(object)
  }

  func words(_ text: StoredText?) -> String {
    let subject =
      item.map { text?.name ?? $0 }
      ?? (key?.object?.members ?? []).map { "\($0.name)=\($0.value.string ?? "")" }.joined(separator: " ")
    let figure = score.number.map { _ in "score \(score.serialized), " } ?? ""
    let quote = text?.firstWords.map { "  «\($0)»" } ?? ""
    return "\(time.rfc3339)  \(rule)  \(subject)  \(figure)missing: \(missing)\(quote)"
  }
}

extension StoredText {
  /// The title, or how the text begins.
  fileprivate var firstWords: String? {
    (publication.title ?? publication.body).map { $0.count > 80 ? "\($0.prefix(79))…" : $0 }
  }
}
