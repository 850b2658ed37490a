package import JSON
package import Model

/// The state machine of one rule, as the engine drives it.
///
/// It has no clock and does no I/O: time comes with what it is told, and what it wants done goes into `effects`.
/// The engine calls from one thread at a time.
package protocol Evaluator: AnyObject {
  /// An item or a comment arrived, of the rule's own stream.
  func observe(_ observation: Observation, _ effects: inout Effects)
  /// A source's counter of comments under an item was read.
  func read(_ reading: CounterReading, _ effects: inout Effects)
  /// Something happened to an alert of a rule that this one watches.
  func watch(_ move: AlertMove, _ effects: inout Effects)
  /// A source was asked for what is new, with or without success.
  func fetched(_ fetch: Fetch, at now: Moment, _ effects: inout Effects)
  /// A timer that was asked for is due.
  func wake(key: Key, at due: Moment, _ effects: inout Effects)
  /// From when on every event has been seen.
  func coverageBegins(at moment: Moment)
  /// The engine goes on from a store: `restore` or `rebuild` follows. No timer before `moment` runs again.
  func resumes(at moment: Moment)
  /// Counts from before.
  func preload(_ history: [HistoryLine])
  /// For tests of rules: the counts of the same window in earlier seasons, for every window of a series.
  func preload(sameSlot counts: [Double], series: Key)
  /// The figures of the last evaluation, whatever came of it; nil before the first.
  var lastMeasure: Measure? { get }
  /// The figures of every group as they stand at a moment, in the order of the keys; empty for rules that do not count.
  func figures(at moment: Moment) -> [(key: Key, measure: Measure)]
  /// Has `lastMeasure` tell every evaluation, also those of which nothing can come: for tests of rules.
  func keepEveryMeasure()
  /// State changed since the last call: key → bytes, nil for gone.
  func takeChanges() -> [(key: String, value: [UInt8]?)]
  /// Takes back what `takeChanges` gave, in the order of the keys; asks for its timers anew.
  func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects)
  /// Takes over what was counted, and no decision that was made on it: the rule has changed.
  ///
  /// - Parameter firing: parts of alerts that are firing now.
  /// - Returns: those of them that will clear by the rule as it is now; the rest has lost its ground.
  func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String>
}

extension Evaluator {
  package func read(_ reading: CounterReading, _ effects: inout Effects) {}
  package func watch(_ move: AlertMove, _ effects: inout Effects) {}
  package func fetched(_ fetch: Fetch, at now: Moment, _ effects: inout Effects) {}
  package func wake(key: Key, at due: Moment, _ effects: inout Effects) {}
  package func coverageBegins(at moment: Moment) {}
  package func resumes(at moment: Moment) {}
  package func preload(_ history: [HistoryLine]) {}
  package func preload(sameSlot counts: [Double], series: Key) {}
  package func figures(at moment: Moment) -> [(key: Key, measure: Measure)] { [] }
  package func keepEveryMeasure() {}
  package func takeChanges() -> [(key: String, value: [UInt8]?)] { [] }
  package func restore(_ records: [(key: String, value: [UInt8])], _ effects: inout Effects) {}
  package func rebuild(
    from records: [(key: String, value: [UInt8])], firing: Set<String>, _ effects: inout Effects
  ) -> Set<String> { firing }
}

/// An increase of a counter between two readings, for one topic.
package struct CounterReading: Sendable {
  package var now: Moment
  /// The reading before, or when the item was published for a first reading.
  package var since: Moment
  /// How many comments without text came between the two readings; ≥ 0.
  package var count: Int
  /// A first reading: it feeds baselines and never fires.
  package var isFirst: Bool
  /// How often the source is read.
  package var interval: Span
  /// The item's fields.
  package var fields: EventFields
  /// The item's topics.
  package var narratives: [String]

  package init(
    now: Moment, since: Moment, count: Int, isFirst: Bool, interval: Span, fields: EventFields, narratives: [String]
  ) {
    self.now = now
    self.since = since
    self.count = count
    self.isFirst = isFirst
    self.interval = interval
    self.fields = fields
    self.narratives = narratives
  }
}

/// What an evaluator wants done, in order.
package struct Effects: Sendable {
  package enum Effect: Sendable {
    case fire(Firing)
    /// The named part of an alert no longer holds.
    case clear(key: Key, part: String, measure: Measure, eventTime: Moment)
    /// New figures for an open alert; tells nobody.
    case update(key: Key, measure: Measure)
    /// An alert of another rule has its answer.
    case respond(alert: String, note: String?)
    case note(type: String, data: JSONObject)
    case wake(key: Key, at: Moment)
  }
  package private(set) var list: [Effect] = []

  package init() {}
  package mutating func add(_ effect: Effect) { list.append(effect) }
  package mutating func removeAll() { list.removeAll(keepingCapacity: true) }
}

/// A rule's condition holds: reason to raise an alert or to add to one.
package struct Firing: Sendable {
  package var key: Key
  /// Which part of the alert holds: alerts of several series clear when the last one does. Empty for claims.
  package var part: String = ""
  package var eventTime: Moment
  package var severity: Severity
  package var evidence: [Content]
  /// How many texts stand behind it; nil means as many as `evidence`.
  package var evidenceCount: Int?
  /// When the first text behind it was published; nil means the first of `evidence`.
  package var firstPublished: Moment?
  package var measure: Measure
  package var why: [Reason] = []
  /// Alerts whose evidence becomes this one's.
  package var joins: [String] = []
  /// Alerts whose own notices stop while this one lives.
  package var absorbs: [String] = []
  /// More of what fires already: it adds to an alert that fires, and raises none.
  package var isMore = false
  /// Names and values that the alert carries besides the rule's own labels.
  package var labels: [String] = []
  /// What the decision rests on, for `explain`.
  package var basis: JSONObject?
  /// Of the text that fires; nil where counts do.
  package var fields: EventFields?
  /// After how long without new evidence the alert clears by itself; nil: only by `clear`.
  package var staysFor: Span?

  package init(key: Key, eventTime: Moment, severity: Severity, evidence: [Content], measure: Measure) {
    self.key = key
    self.eventTime = eventTime
    self.severity = severity
    self.evidence = evidence
    self.measure = measure
  }
}

/// The figures of an alert; nil where a figure has no meaning for the rule.
package struct Measure: Sendable, Hashable {
  package struct Peak: Sendable, Hashable {
    package var count: Int
    package var ratio: Double
    package var z: Double
    package var authors: Int?

    package init(count: Int, ratio: Double, z: Double, authors: Int?) {
      self.count = count
      self.ratio = ratio
      self.z = z
      self.authors = authors
    }
  }
  package var score: Double?
  package var threshold: Double?
  package var items: Int?
  package var reposts: Int?
  package var sources: Int?
  package var count: Int?
  package var authors: Int?
  package var ratio: Double?
  package var z: Double?
  /// log10 of in how many steps so much comes once; by the series' own detector. No event has it.
  package var rarity: Double?
  /// The largest of each so far.
  package var peak: Peak?

  package init() {}
}
