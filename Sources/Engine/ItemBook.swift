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
    /// The step that is under way has counted a text under it.
    var isCounted = false
    /// The step that wrote its own record, as restored; 0 for none.
    var writtenIn = 0
    /// How many comments of the counter are accounted for, as texts or as increments.
    var accounted = 0

    struct Reading: Hashable {
      var at: Moment
      var value: Int
    }

    /// - Returns: its topics, and whether the step has not counted a text under it before.
    fileprivate mutating func addText() -> (narratives: [String], isFirst: Bool) {
      texts += 1
      if lastReading != nil { accounted += 1 }
      defer { isCounted = true }
      return (narratives, !isCounted)
    }
  }

  struct ID: Hashable {
    var source: String
    var item: String
  }

  var entries: [ID: Entry] = [:]
  /// Entries to write as records of their own.
  var changed: Set<ID> = []
  /// Entries under which texts were counted, in the order of the first of each: one record a step holds them all.
  var counted: [ID] = []
  /// Numbers the steps, so that the later of two records of an entry is known. Rises with every step that wrote one.
  var step = 0

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
    let (narratives, isFirst) = entries[id, default: Entry()].addText()
    if isFirst { counted.append(id) }
    return narratives
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
}
