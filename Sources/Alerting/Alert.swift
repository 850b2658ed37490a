package import JSON
package import Model
package import Rules

/// One decision to tell, over one episode of its fingerprint.
package struct Alert: Sendable {
  package enum Condition: String, Sendable { case firing, cleared }
  package enum Work: String, Sendable { case new, acknowledged, answering, responded, closed }

  /// Why an alert was closed.
  package enum Closing: String, Sendable, CaseIterable {
    case confirmedFake = "confirmed-fake"
    case trueEvent = "true-event"
    case partlyTrue = "partly-true"
    case isRepeat = "repeat"
    case variant
    case debunkedByOthers = "debunked-by-others"
    case noise, test
    /// The verdict that was given first turned out to be wrong.
    case overturned
  }

  package let id: String
  /// The rule's id as it is now: a renamed rule takes its alerts along.
  package internal(set) var rule: String
  package let key: Key
  package let fingerprint: String
  /// From 1.
  package let episode: Int
  /// The alert of the episode before.
  package let previous: String?
  package var condition: Condition = .firing
  package var work: Work = .new
  package var severity: Severity
  /// Counts the transitions, told or not.
  package var seq = 0
  package var firstPublished: Moment
  package let detected: Moment
  package var eventTime: Moment
  package var deadlines: Due?
  package var measure: Measure
  package var why: [Reason]
  package var labels: [String]
  package var basis: JSONObject?
  /// In the order of arrival; at most `evidenceLimit` are kept, all are counted.
  package var evidence: [Content]
  package var evidenceCount: Int
  /// Likenesses of the texts so far: the same text on another page is a repost.
  var likenesses: Set<String> = []
  var sources: Set<String> = []
  /// Parts that hold; the alert clears when none does. Empty for alerts that clear by themselves.
  var parts: Set<String> = []
  /// When the alert clears by itself unless evidence comes.
  var expires: Moment?
  var staysFor: Span?
  /// The alert that speaks for this one.
  package internal(set) var absorbedBy: String?
  /// The account of the officer who has taken it.
  package internal(set) var owner: String?
  /// Who changed the work last, and what was said with that.
  package internal(set) var by: String?
  package internal(set) var note: String?
  /// Texts that answer the claim, and from how many sources.
  package internal(set) var answers = 0
  package internal(set) var answerSources: Set<String> = []
  /// How far the claim had spread when the answer came.
  var spreadAtAnswer: Int?
  /// Where the answer stands.
  package internal(set) var answer: String?
  /// Why it is closed.
  package internal(set) var closing: Closing?
  /// When the acknowledgement ends unless there is progress.
  package internal(set) var acknowledgedUntil: Moment?
  /// When it is told again, and how long after that once more.
  var repeatAt: Moment?
  var repeatGap = Span.zero
  /// Distinct texts at the first notice; 0 where counts are the evidence.
  var firstTexts = 0
  /// How many milestones of new evidence have been told.
  var milestones = 0
  var regions: Set<String> = []
  var sourceClasses: Set<String> = []
  /// Told nobody because its rule's hours were over; to be told when they begin.
  var isHeldByCalendar = false
  /// When it was cleared or closed last.
  package internal(set) var ended: Moment?

  static let evidenceLimit = 100
  static let likenessLimit = 5000

  /// The absolute deadlines, stored at creation.
  package struct Due: Hashable, Sendable {
    package var acknowledge: Moment
    package var respond: Moment
    package var hard: Moment
    /// At 50 and 80 % of the time to `respond`.
    package var warnings: [Moment]
  }

  /// Responded and closed alerts run no deadlines.
  package var isOpen: Bool { work != .responded && work != .closed }

  mutating func add(evidence content: Content) {
    if evidence.count < Alert.evidenceLimit { evidence.append(content.settled) }
    evidenceCount += 1
    firstPublished = min(firstPublished, content.published)
    sources.insert(content.source)
    if !content.likeness.isEmpty, likenesses.count < Alert.likenessLimit { likenesses.insert(content.likeness) }
  }
}
