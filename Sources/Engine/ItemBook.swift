import Model
import Rules

/// What the engine remembers of publications: their topics, for the comments under them, and their counters.
///
/// Of a publication that is known only by the comments under it, no more than their number is kept.
struct ItemBook {
  struct Entry: Hashable {
    var region: String?
    var lang: String?
    var sourceClass: String?
    var url: String?
    var published: Moment?
    var narratives: [String] = []
    var lastReading: Reading?
    /// The step that wrote its own record, as restored; 0 for none.
    var writtenIn = 0

    struct Reading: Hashable {
      var at: Moment
      var value: Int
    }
  }

  struct Counts: Hashable {
    /// Comments under it that came with their text.
    var texts = 0
    /// How many comments of the counter are accounted for, as texts or as increments.
    var accounted = 0
    /// The step that is under way has counted a text under it.
    var isCounted = false
    /// There is an entry of its own.
    var hasEntry = false
    /// The counter was read.
    var isRead = false
  }

  struct ID: Hashable {
    let source: String
    let item: String
    let mark: Mark

    init(source: String, item: String) {
      self.source = source
      self.item = item
      mark = Mark(0, source, item)
    }
    static func == (left: ID, right: ID) -> Bool { left.mark == right.mark }
    func hash(into hasher: inout Hasher) { mark.hash(into: &hasher) }
  }

  private(set) var entries: [ID: Entry] = [:]
  /// In the order in which the publications first came.
  private var counts: [Counts] = []
  private var numbers: [Mark: Int] = [:]
  /// Entries to write as records of their own.
  var changed: Set<ID> = []
  /// Publications under which texts were counted, in the order of the first of each: one record a step holds them all.
  private(set) var counted: [(id: ID, number: Int)] = []
  /// Numbers the steps, so that the later of two records of an entry is known. Rises with every step that wrote one.
  var step = 0

  mutating func add(_ item: Publication, narratives: [String]) {
    let id = ID(source: item.source, item: item.id)
    change(id) { entry, _ in
      entry.region = item.region
      entry.lang = item.lang
      entry.sourceClass = item.sourceClass
      entry.url = item.url
      entry.published = item.published
      entry.narratives = narratives
    }
    changed.insert(id)
  }

  /// Changes the entry, made where there is none, and its counts.
  mutating func change(_ id: ID, _ body: (inout Entry, inout Counts) -> Void) {
    var entry = entries.removeValue(forKey: id) ?? Entry()
    let number = number(of: id)
    body(&entry, &counts[number])
    counts[number].hasEntry = true
    counts[number].isRead = entry.lastReading != nil
    entries[id] = entry
  }

  private mutating func number(of id: ID) -> Int {
    let number = ItemBook.take(counts.count, in: &numbers[id.mark])
    if number == counts.count { counts.append(Counts()) }
    return number
  }

  /// With one look-up.
  private static func take(_ next: Int, in slot: inout Int?) -> Int {
    let number = slot ?? next
    slot = number
    return number
  }

  func counts(_ number: Int) -> Counts { counts[number] }

  func counts(of id: ID) -> Counts { numbers[id.mark].map { counts[$0] } ?? Counts() }

  /// Notes a comment text under an item; gives the item's topics.
  mutating func addText(source: String, item: String) -> [String] {
    let id = ID(source: source, item: item)
    let number = number(of: id)
    let (hasEntry, isFirst) = counts[number].addText()
    if isFirst { counted.append((id, number)) }
    return hasEntry ? entries[id]?.narratives ?? [] : []
  }

  mutating func restore(_ id: ID, texts: Int, accounted: Int) {
    let number = number(of: id)
    counts[number].texts = texts
    counts[number].accounted = accounted
  }

  /// Lets the next step begin.
  mutating func endStep() {
    for (_, number) in counted { counts[number].isCounted = false }
    changed.removeAll(keepingCapacity: true)
    counted.removeAll(keepingCapacity: true)
  }

  /// The increase that a reading brings over what is accounted for; nil when the clock has not moved since the last.
  ///
  /// Where comments are read with their texts too, the texts count, and only the excess over them is an increase.
  mutating func read(_ total: Total, at now: Moment, interval: Span) -> CounterReading? {
    let id = ID(source: total.source, item: total.item)
    var increase = 0
    var previous: Entry.Reading?
    change(id) { entry, counts in
      previous = entry.lastReading
      if let previous {
        // A fall is moderation: it counts as zero, and what rises from there counts again.
        if total.comments < previous.value { counts.accounted -= previous.value - total.comments }
        increase = max(0, total.comments - counts.accounted)
        counts.accounted += increase
      } else {
        increase = max(0, total.comments - counts.texts)
        counts.accounted = counts.texts + increase
      }
      entry.lastReading = Entry.Reading(at: now, value: total.comments)
    }
    changed.insert(id)
    guard let entry = entries[id] else { return nil }
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

extension ItemBook.Counts {
  /// - Returns: whether there is an entry, and whether the step has not counted a text under it before.
  fileprivate mutating func addText() -> (hasEntry: Bool, isFirst: Bool) {
    texts += 1
    if isRead { accounted += 1 }
    defer { isCounted = true }
    return (hasEntry, !isCounted)
  }
}
