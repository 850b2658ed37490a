import JSON
import Model

/// State between runs. An entry has an `item` record of its own where its topics, fields or readings changed; a `texts`
/// record holds the counts of all the others that changed in one step, since nearly every comment changes one.
extension ItemBook {
  /// Records changed since the last call, in a fixed order.
  mutating func takeChanges() -> [RecordChange] {
    guard !changed.isEmpty || !counted.isEmpty else { return [] }
    step += 1
    var changes = changed.compactMap { id in
      entries[id].map { entry in
        RecordChange(
          kind: "item", key: "\(id.source)\n\(id.item)",
          value: Array(JSONValue.object(json(entry, counts(of: id))).serialized.utf8))
      }
    }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    let onlyCounted = changed.isEmpty ? counted : counted.filter { !changed.contains($0.id) }
    if !onlyCounted.isEmpty {
      let digits = String(step)
      let key = String(repeating: "0", count: max(0, 16 - digits.utf8.count)) + digits
      changes.append(RecordChange(kind: "texts", key: key, value: written(onlyCounted)))
    }
    endStep()
    return changes
  }

  /// `[source, item, texts, accounted, source, item, …]`: flat, since there are many.
  private func written(_ counted: [(id: ID, number: Int)]) -> [UInt8] {
    var json = JSONBytes(capacity: counted.count * 40)
    json.openArray()
    for (id, number) in counted {
      let counts = counts(number)
      json.string(id.source)
      json.string(id.item)
      json.integer(Int64(counts.texts))
      json.integer(Int64(counts.accounted))
    }
    json.closeArray()
    return json.bytes
  }

  /// Takes an `item` record back. These come before the `texts` records.
  mutating func restore(key: String, value: [UInt8]) {
    guard let separator = key.firstIndex(of: "\n"), let json = try? JSONValue(parsing: value) else { return }
    let id = ID(source: String(key[..<separator]), item: String(key[key.index(after: separator)...]))
    let stored = Entry(json: json)
    change(id) { entry, counts in
      entry = stored
      counts.texts = Int(json["texts"]?.integer ?? 0)
      counts.accounted = Int(json["accounted"]?.integer ?? 0)
    }
    step = max(step, stored.writtenIn)
  }

  /// Takes a `texts` record back, in the order of the keys: what was written later than an entry's own record counts.
  mutating func restoreTexts(key: String, value: [UInt8]) {
    guard let number = Int(key), let fields = (try? JSONValue(parsing: value))?.array else { return }
    step = max(step, number)
    for start in stride(from: 0, to: fields.count - 3, by: 4) {
      guard let source = fields[start].string, let item = fields[start + 1].string,
        let texts = fields[start + 2].integer, let accounted = fields[start + 3].integer
      else { continue }
      let id = ID(source: source, item: item)
      guard number > entries[id]?.writtenIn ?? 0 else { continue }
      restore(id, texts: Int(texts), accounted: Int(accounted))
    }
  }

  private func json(_ entry: Entry, _ counts: Counts) -> JSONObject {
    var object = JSONObject()
    object.append("step", JSONValue(step))
    object.append("region", JSONValue(entry.region))
    object.append("lang", JSONValue(entry.lang))
    object.append("source_class", JSONValue(entry.sourceClass))
    object.append("url", JSONValue(entry.url))
    object.append("published", entry.published.map { .integer($0.milliseconds) } ?? .null)
    object.append("narratives", .array(entry.narratives.map(JSONValue.string)))
    object.append("texts", JSONValue(counts.texts))
    object.append("accounted", JSONValue(counts.accounted))
    if let lastReading = entry.lastReading {
      object.append("reading", .array([.integer(lastReading.at.milliseconds), JSONValue(lastReading.value)]))
    }
    return object
  }
}

extension ItemBook.Entry {
  fileprivate init(json: JSONValue) {
    writtenIn = Int(json["step"]?.integer ?? 0)
    region = json["region"]?.string
    lang = json["lang"]?.string
    sourceClass = json["source_class"]?.string
    url = json["url"]?.string
    published = json["published"]?.integer.map { Moment(milliseconds: $0) }
    narratives = (json["narratives"]?.array ?? []).compactMap(\.string)
    if let reading = json["reading"]?.array, reading.count == 2, let at = reading[0].integer,
      let value = reading[1].integer
    {
      lastReading = Reading(at: Moment(milliseconds: at), value: Int(value))
    }
  }
}
