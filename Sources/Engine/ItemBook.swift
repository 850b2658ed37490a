import JSON
import Model
import Rules

/// What the engine remembers of publications: their topics, for the comments under them, and their counters.
struct ItemBook {
  struct Entry: Hashable {
    var region: String?
    var lang: String?
    var sourceClass: String?
    var url: String?
    var published: Moment?
    var narratives: [String] = []
    /// Comments under it that came with their text.
    var texts = 0
    var lastReading: Reading?
    /// How many comments of the counter are accounted for, as texts or as increments.
    var accounted = 0

    struct Reading: Hashable {
      var at: Moment
      var value: Int
    }
  }

  struct ID: Hashable {
    var source: String
    var item: String
  }

  private(set) var entries: [ID: Entry] = [:]
  private var changed: Set<ID> = []

  mutating func add(_ item: Publication, narratives: [String]) {
    let id = ID(source: item.source, item: item.id)
    var entry = entries[id] ?? Entry()
    entry.region = item.region
    entry.lang = item.lang
    entry.sourceClass = item.sourceClass
    entry.url = item.url
    entry.published = item.published
    entry.narratives = narratives
    entries[id] = entry
    changed.insert(id)
  }

  /// Notes a comment text under an item; gives the item's topics.
  mutating func addText(source: String, item: String) -> [String] {
    let id = ID(source: source, item: item)
    var entry = entries[id] ?? Entry()
    entry.texts += 1
    if entry.lastReading != nil { entry.accounted += 1 }
    entries[id] = entry
    changed.insert(id)
    return entry.narratives
  }

  /// The increase that a reading brings over what is accounted for; nil when the clock has not moved since the last.
  ///
  /// Where comments are read with their texts too, the texts count, and only the excess over them is an increase.
  mutating func read(_ total: Total, at now: Moment, interval: Span) -> CounterReading? {
    let id = ID(source: total.source, item: total.item)
    var entry = entries[id] ?? Entry()
    let previous = entry.lastReading
    let increase: Int
    if let previous {
      // A fall is moderation: it counts as zero, and what rises from there counts again.
      if total.comments < previous.value { entry.accounted -= previous.value - total.comments }
      increase = max(0, total.comments - entry.accounted)
      entry.accounted += increase
    } else {
      increase = max(0, total.comments - entry.texts)
      entry.accounted = entry.texts + increase
    }
    entry.lastReading = Entry.Reading(at: now, value: total.comments)
    entries[id] = entry
    changed.insert(id)
    var fields = EventFields()
    fields.id = total.item
    fields.item = total.item
    fields.source = total.source
    fields.region = entry.region
    fields.lang = entry.lang
    fields.sourceClass = entry.sourceClass ?? "media"
    fields.url = entry.url
    return CounterReading(
      now: now, since: previous?.at ?? min(entry.published ?? now, now), count: increase, isFirst: previous == nil,
      interval: interval, fields: fields, narratives: entry.narratives)
  }

  // MARK: State

  mutating func takeChanges() -> [(key: String, value: [UInt8])] {
    defer { changed.removeAll(keepingCapacity: true) }
    return changed.compactMap { id in
      entries[id].map { ("\(id.source)\n\(id.item)", Array($0.json.serialized.utf8)) }
    }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
  }

  mutating func restore(key: String, value: [UInt8]) {
    guard let separator = key.firstIndex(of: "\n"), let json = try? JSONValue(parsing: value) else { return }
    let id = ID(source: String(key[..<separator]), item: String(key[key.index(after: separator)...]))
    entries[id] = Entry(json: json)
  }
}

extension ItemBook.Entry {
  fileprivate var json: JSONValue {
    var object = JSONObject()
    object.append("region", JSONValue(region))
    object.append("lang", JSONValue(lang))
    object.append("source_class", JSONValue(sourceClass))
    object.append("url", JSONValue(url))
    object.append("published", published.map { .integer($0.milliseconds) } ?? .null)
    object.append("narratives", .array(narratives.map(JSONValue.string)))
    object.append("texts", JSONValue(texts))
    object.append("accounted", JSONValue(accounted))
    if let lastReading {
      object.append("reading", .array([.integer(lastReading.at.milliseconds), JSONValue(lastReading.value)]))
    }
    return .object(object)
  }

  fileprivate init(json: JSONValue) {
    region = json["region"]?.string
    lang = json["lang"]?.string
    sourceClass = json["source_class"]?.string
    url = json["url"]?.string
    published = json["published"]?.integer.map { Moment(milliseconds: $0) }
    narratives = (json["narratives"]?.array ?? []).compactMap(\.string)
    texts = Int(json["texts"]?.integer ?? 0)
    accounted = Int(json["accounted"]?.integer ?? 0)
    if let reading = json["reading"]?.array, reading.count == 2, let at = reading[0].integer,
      let value = reading[1].integer
    {
      lastReading = Reading(at: Moment(milliseconds: at), value: Int(value))
    }
  }
}
