package import Model
package import Text

/// What an author wrote: one rule with everything that all types have in common, and its type's own part.
package struct Rule: Sendable {
  package var id: String
  /// Ids that the rule had before, the oldest first: its alerts keep the fingerprints they had under that one.
  package var formerly: [String] = []
  package var title: String
  /// The false statement in one sentence.
  package var claim: String?
  /// After the end of this day the rule runs as `status: test`.
  package var reviewBy: CivilDate?
  /// The topic its hits and comments count under; the id where the rule names none.
  package var narrative: String
  package var type: String
  package var status: Status
  package var severity: Severity
  package var tags: [String] = []
  package var references: [String] = []
  package var falsePositives: [String] = []
  package var owner: String?
  package var stream: Stream
  package var filters: [FieldFilter] = []
  /// Names of the fields that tell one alert of this rule from another.
  package var key: [String]
  package var missingKey: MissingKey = .separate
  package var labels: [(name: String, template: Template)] = []
  package var summary: Template?
  package var guide: String?
  /// nil where nothing has to be answered: severity `info` without `sla` of its own.
  package var deadlines: Deadlines?
  /// In the order written; the highest that holds counts.
  package var severitySteps: [SeverityStep] = []
  /// Names of what an alert carries to its receivers. No effect yet.
  package var attachments: [String] = []
  package var escalations: [Escalation] = []
  /// nil under the same conditions as `deadlines`.
  package var realert: Realert? = Realert()
  /// nil is always.
  package var active: ActiveHours?
  /// The hours in which its notices go out; nil is always, as for types that watch in their active hours only.
  package var calendar: ActiveHours?
  /// Changes of the rule that its tests need not tell from it.
  package var equivalent: [EquivalentMutant] = []
  /// The verdict that a claim is false wants a second pair of eyes.
  package var fourEyes = false
  package var keepFiring: Span = .hours(24)
  package var reopenWithin: Span = .hours(24)
  /// Foldings that this rule does without: a hit that needs one of them is none.
  package var foldsOff: Foldings = []
  /// Language of items that do not say theirs.
  package var language: String = "ru"
  /// IANA name; for `local`, the tests' start and local wall time of seasons.
  package var timezone: String = "UTC"
  package var body: any RuleBody
  package var tests: [RuleTest] = []
  /// What filters and overrides made of it, in the order in which they came to bear.
  package var changes: [RuleChange] = []
  package var place: Place
  /// Where the id stands.
  package var idPlace: Place
  /// `sha256:` and the hash of the file's bytes.
  package var version: String

  /// The id that fingerprints are made of: the oldest one the rule had.
  package var fingerprintID: String { formerly.first ?? id }

  package enum Status: String, Sendable, CaseIterable { case draft, test, stable, deprecated }
  /// `alert`: firings of other rules, for types that count.
  package enum Stream: String, Sendable, CaseIterable { case item, comment, alert }
  /// What becomes of an event without a field of the key: an alert of its own, evidence of the latest alert that is
  /// firing and agrees on the other fields (its own where there is none), or nothing.
  package enum MissingKey: String, Sendable, CaseIterable { case separate, merge, skip }

  package init(
    id: String, type: String, body: any RuleBody, place: Place, version: String = "sha256:0",
    status: Status = .draft, severity: Severity = .medium, stream: Stream = .item, key: [String] = ["region"]
  ) {
    self.id = id
    title = id
    narrative = id
    self.type = type
    self.body = body
    self.place = place
    idPlace = place
    self.version = version
    self.status = status
    self.severity = severity
    self.stream = stream
    self.key = key
  }
}

/// The part of a rule that only its type has. Each stage brings its own.
package protocol RuleBody: Sendable {
  /// The state machine that runs the rule.
  func makeEvaluator(for rule: Rule) -> any Evaluator
  /// Whether what an earlier version of the rule counted is still what this one counts.
  func countsLike(_ earlier: any RuleBody) -> Bool
  /// Whether the rule looks at firings of others instead of at a stream.
  var watchesRules: Bool { get }
  /// Whether firings of the rule with this id concern it.
  func watches(_ rule: String) -> Bool
  /// Whether its alerts are about alerts of the rule with this id.
  func isParent(_ rule: String) -> Bool
  /// Whether it asks of a text how like others it is, also where no text decides.
  var comparesTexts: Bool { get }
  /// How far back what the rule decides by may lie: a changed one counts that much of the archive anew. nil: nowhere.
  var memory: Span? { get }
  /// The comparisons of figures by which it decides; empty for a rule that does not count.
  var comparisons: [MeasureComparison] { get }
  /// When something that happens at a moment is judged.
  func judgement(after moment: Moment) -> Moment
  /// The same part with one thing left out or one bound shifted, each: what the rule's tests should notice.
  func mutants(of rule: Rule) -> [BodyMutant]
}

extension RuleBody {
  package func mutants(of rule: Rule) -> [BodyMutant] { [] }
  package var comparisons: [MeasureComparison] { [] }
  package func judgement(after moment: Moment) -> Moment { moment }
  package var memory: Span? { nil }
  package var comparesTexts: Bool { false }
  package var watchesRules: Bool { false }
  package func watches(_ rule: String) -> Bool { false }
  package func isParent(_ rule: String) -> Bool { watches(rule) }
  package func countsLike(_ earlier: any RuleBody) -> Bool { type(of: self) == type(of: earlier) }
}

extension Rule {
  /// Whether the state of an earlier version of the rule can live on under this one: same key, same stream, same counts.
  package func continues(_ earlier: Rule) -> Bool {
    type == earlier.type && stream == earlier.stream && key == earlier.key && filters == earlier.filters
      && timezone == earlier.timezone && body.countsLike(earlier.body)
  }
}

/// When an alert must have been acknowledged and answered.
package struct Deadlines: Hashable, Sendable {
  package enum Origin: String, Sendable, CaseIterable {
    case detected, published
    case firstEvidence = "first-evidence"
  }
  package var acknowledge: Span = .minutes(15)
  package var respond: Span = .hours(3)
  package var hard: Span = .hours(4)
  /// From when `respond` and `hard` count; `acknowledge` always counts from detection.
  package var from: Origin = .detected

  package init() {}
}

/// One line of `where`: a field and what its value must be.
package struct FieldFilter: Hashable, Sendable {
  package enum Test: Hashable, Sendable {
    case anyOf([String])
    case noneOf([String])
    /// `exists: true` or `false`.
    case exists(Bool)
    /// Only `age`: every comparison must hold.
    case age([Bound<Span>])
    /// Every comparison must hold.
    case compared([Bound<FieldLimit>])
  }
  /// `source`, `source_class`, `region`, `lang`, `url`, `narrative`, `item`, `id`, `age` …
  package var field: String
  package var test: Test

  package init(field: String, test: Test) {
    self.field = field
    self.test = test
  }
}

/// One comparison with a limit.
package struct Bound<Value: Comparable & Hashable & Sendable>: Hashable, Sendable {
  package enum Relation: String, Sendable, CaseIterable {
    case gte, gt, lte, lt
    /// `>=` …, as messages write it.
    package var sign: String {
      switch self {
      case .gte: ">="
      case .gt: ">"
      case .lte: "<="
      case .lt: "<"
      }
    }
  }
  package var relation: Relation
  package var limit: Value

  package init(_ relation: Relation, _ limit: Value) {
    self.relation = relation
    self.limit = limit
  }

  package func holds(for value: Value) -> Bool {
    switch relation {
    case .gte: value >= limit
    case .gt: value > limit
    case .lte: value <= limit
    case .lt: value < limit
    }
  }
}
