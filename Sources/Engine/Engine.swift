package import Alerting
import JSON
package import Model
package import Rules
package import Text

// Engine: what happened → what it means. Matching, counting and alerting as one pure function of events.
//
// In: tape lines in the order of arrival. Out: events and changed state. No clock, no randomness, no I/O: `run`,
// `replay`, `test` and `explain` all drive this same engine, so a replay is exact.

/// What an instance may set about the engine, beside its rules.
package struct EngineSettings: Sendable {
  package var events = EventSettings()
  /// Threads that fold and match; the output does not depend on it. At least 1.
  package var threads = 1
  /// How often each source is read, by id; what counters are spread by.
  package var sourceIntervals: [String: Span] = [:]
  package var defaultInterval = Span.minutes(5)
  /// Alarms by rarity that a region is told in 24 hours; 0 holds nothing back.
  package var alarmsPerDay = 20
  /// Have evaluators see every text that concerns their rule, also where nothing came of it: for tests of rules.
  package var keepsEveryMatch = false

  package init() {}
}

/// The deterministic engine. One owner; not Sendable.
package final class Engine {
  package let rules: [Rule]
  package let settings: EngineSettings
  private let pool: MatchPool
  let evaluators: [any Evaluator]
  /// Rules that look at items or comments without matching texts: volumes. Of both streams, then of each.
  private let volumeRules: [Int]
  private let itemVolumes: [Int]
  private let commentVolumes: [Int]
  private let streams: [Rule.Stream]
  private let matchesComments: Bool
  /// Some rule of the stream compares texts, whether they match anything or not.
  private let itemsAreCompared: Bool
  private let commentsAreCompared: Bool
  var book: AlertBook
  var budget: AlarmBudget
  var timers = TimerQueue()
  /// Rules that look at firings of others, by the id of those; made as they are asked for.
  var watchers: [String: [Int]] = [:]
  var effects = Effects()
  var items = ItemBook()
  var seen = SeenSet()
  /// Sources in a run of failed fetches.
  var failing: Set<String> = []
  package internal(set) var now: Moment?
  /// Timers due up to here have run.
  var ranThrough: Moment?
  var coverageStart: Moment?
  let ruleIndex: [String: Int]
  /// Counts from before the first line.
  private(set) var history: [HistoryLine] = []
  private var output: [Event] = []

  /// - Parameter retired: rules that no longer run and whose alerts are still open.
  package convenience init(
    rules: [Rule], retired: [Rule] = [], lexicon: Lexicon?, settings: EngineSettings = EngineSettings()
  ) {
    let pool = MatchPool(
      rules: rules, lexicon: lexicon, threads: max(1, settings.threads), keepsAll: settings.keepsEveryMatch)
    self.init(rules: rules, retired: retired, settings: settings, pool: pool)
  }

  /// - Parameter pool: what matches the texts of these rules, compiled already.
  init(rules: [Rule], retired: [Rule] = [], settings: EngineSettings, pool: MatchPool) {
    self.rules = rules
    self.settings = settings
    self.pool = pool
    evaluators = rules.map { $0.body.makeEvaluator(for: $0) }
    let volumeRules = rules.indices.filter { !pool.matchesRule($0) && !rules[$0].body.watchesRules }
    self.volumeRules = volumeRules
    itemVolumes = volumeRules.filter { rules[$0].stream == .item }
    commentVolumes = volumeRules.filter { rules[$0].stream == .comment }
    streams = rules.map(\.stream)
    if settings.keepsEveryMatch { for evaluator in evaluators { evaluator.keepEveryMeasure() } }
    matchesComments = rules.indices.contains { pool.matchesRule($0) && rules[$0].stream == .comment }
    itemsAreCompared = rules.contains { $0.stream == .item && $0.body.comparesTexts }
    commentsAreCompared = rules.contains { $0.stream == .comment && $0.body.comparesTexts }
    budget = AlarmBudget(perDay: settings.alarmsPerDay)
    book = AlertBook(rules: rules + retired, settings: settings.events)
    let ids = rules.enumerated().map { ($1.id, $0) }
    let former = rules.enumerated().flatMap { index, rule in rule.formerly.map { ($0, index) } }
    ruleIndex = Dictionary(ids + former, uniquingKeysWith: { first, _ in first })
  }

  /// Counts from before the first line.
  package func preload(_ history: [HistoryLine]) {
    self.history += history
    for evaluator in evaluators { evaluator.preload(history) }
  }

  /// Takes lines in the order of arrival. How they are cut into batches changes nothing.
  package func handle(_ lines: [TapeLine]) { handle(lines, matches(for: lines)) }

  /// What the claim rules make of each line's text: the first half of `handle`, without effects.
  package func matches(for lines: [TapeLine]) -> [[Match]] {
    pool.matches(for: lines, commentsNeedMatching: commentsNeedMatching)
  }

  /// The same as a job that threads share, ahead of the engine.
  package func matchJob(for lines: [TapeLine]) -> MatchJob {
    pool.job(for: lines, commentsNeedMatching: commentsNeedMatching)
  }

  /// The second half of `handle`: counts and alerts, in the order of arrival.
  ///
  /// - Returns: the places of items and comments that were taken before and are passed over.
  @discardableResult
  package func handle(_ lines: [TapeLine], _ matches: [[Match]]) -> [Int] {
    var known: [Int] = []
    for index in lines.indices where !handle(lines[index], matches[index]) { known.append(index) }
    return known
  }

  /// Runs every timer due up to and including `moment`, with nothing more arriving then.
  package func advance(through moment: Moment) {
    runTimers { $0 <= moment }
    now = max(now ?? moment, moment)
    ranThrough = max(ranThrough ?? moment, moment)
    book.tellPending(before: nil)
    collect()
  }

  /// Whether an item or a comment of this identity was taken already.
  package func hasSeen(_ kind: String, source: String, id: String) -> Bool { seen.contains(kind, source, id) }

  /// Events since the last call, in order.
  package func takeEvents() -> [Event] {
    defer { output.removeAll(keepingCapacity: true) }
    return output
  }

  // MARK: Lines

  /// - Returns: false for an item or comment that was taken before.
  private func handle(_ line: TapeLine, _ matches: [Match]) -> Bool {
    let at = max(line.at, now ?? line.at)
    if coverageStart == nil { begin(at) }
    runTimers { $0 < at }
    book.tellPending(before: at)
    now = at
    ranThrough = max(ranThrough ?? at, at - Span(milliseconds: 1))
    var isNew = true
    switch line {
    case .item(_, let item): isNew = handle(item, matches, at)
    case .comment(_, let comment): isNew = handle(comment, matches, at)
    case .total(_, let total): handle(total, at)
    case .fetch(_, let fetch): handle(fetch, at)
    case .fire(_, let fire): handle(fire, at)
    case .act(_, let act): handle(act, at)
    case .tick, .rules: break
    }
    collect()
    return isNew
  }

  private func begin(_ moment: Moment) {
    coverageStart = moment
    for evaluator in evaluators { evaluator.coverageBegins(at: moment) }
  }

  private func commentsNeedMatching(_ topic: String?) -> Bool {
    matchesComments || topic == nil && !volumeRules.isEmpty
  }

  private func handle(_ item: Publication, _ matches: [Match], _ at: Moment) -> Bool {
    guard seen.insert("item", item.source, item.id) else { return false }
    var fields = EventFields()
    fields.id = item.id
    fields.source = item.source
    fields.sourceClass = item.sourceClass
    fields.region = item.region
    fields.lang = item.lang
    fields.url = item.url
    fields.title = item.title
    fields.body = item.body
    fields.item = item.id
    let narratives = narratives(matches) { $0.holds }
    items.add(item, narratives: narratives)
    let content = content(
      id: item.id, source: item.source, url: item.url, published: item.published, title: item.title,
      body: item.body, withLikeness: matches.contains { $0.outcome == .fire })
    var observation = Observation(
      subject: .item, now: at, eventTime: item.published, fields: fields, narratives: narratives,
      author: item.author, content: content)
    if itemsAreCompared { observation.textMark = Likeness.mark([item.title, item.body]) }
    observe(observation, matches, stream: .item, at)
    watchAnswer(observation, matches, stream: .item)
    return true
  }

  private func handle(_ comment: Comment, _ matches: [Match], _ at: Moment) -> Bool {
    guard seen.insert("comment", comment.source, comment.id) else { return false }
    var fields = EventFields()
    fields.id = comment.id
    fields.source = comment.source
    fields.sourceClass = comment.sourceClass
    fields.region = comment.region
    fields.lang = comment.lang
    fields.url = comment.url
    fields.item = comment.item
    fields.body = comment.text
    var narratives = comment.narrative.map { [$0] } ?? self.narratives(matches) { $0.holdsWithoutScore }
    if let item = comment.item {
      let under = items.addText(source: comment.source, item: item)
      if narratives.isEmpty { narratives = under }
    }
    let content = content(
      id: comment.id, source: comment.source, url: comment.url, published: comment.published, title: nil,
      body: comment.text, withLikeness: matches.contains { $0.outcome == .fire && streams[$0.rule] == .comment })
    var observation = Observation(
      subject: .comment, now: at, eventTime: comment.published, fields: fields, narratives: narratives,
      author: comment.author, content: content)
    if commentsAreCompared { observation.textMark = Likeness.mark([comment.text]) }
    observe(observation, matches, stream: .comment, at)
    watchAnswer(observation, matches, stream: .comment)
    return true
  }

  private func observe(_ observation: Observation, _ matches: [Match], stream: Rule.Stream, _ at: Moment) {
    // In the order of the rules, whatever kind they are: the output of one may decide what another does.
    let volumes = stream == .item ? itemVolumes : commentVolumes
    var next = 0
    for match in matches where streams[match.rule] == stream {
      while next < volumes.count, volumes[next] < match.rule {
        perform(rule: volumes[next], at) { $0.observe(observation, &effects) }
        next += 1
      }
      var observation = observation
      observation.match = match
      perform(rule: match.rule, at) { $0.observe(observation, &effects) }
    }
    while next < volumes.count {
      perform(rule: volumes[next], at) { $0.observe(observation, &effects) }
      next += 1
    }
  }

  /// The topics of the rules whose matches are wanted, in their order, each once.
  private func narratives(_ matches: [Match], where isWanted: (Match) -> Bool) -> [String] {
    var narratives: [String] = []
    for match in matches where isWanted(match) && !narratives.contains(rules[match.rule].narrative) {
      narratives.append(rules[match.rule].narrative)
    }
    return narratives
  }

  private func handle(_ total: Total, _ at: Moment) {
    let interval = settings.sourceIntervals[total.source] ?? settings.defaultInterval
    guard let reading = items.read(total, at: at, interval: interval) else { return }
    for rule in volumeRules { perform(rule: rule, at) { $0.read(reading, &effects) } }
  }

  private func handle(_ fetch: Fetch, _ at: Moment) {
    if !fetch.failed {
      failing.remove(fetch.source)
    } else if failing.insert(fetch.source).inserted {
      book.meta(
        "source_unreachable",
        JSONObject(["source": .string(fetch.source), "status": .integer(Int64(fetch.status))]), now: at)
    }
    for rule in volumeRules { perform(rule: rule, at) { $0.fetched(fetch, at: at, &effects) } }
  }

  private func handle(_ fire: Fire, _ at: Moment) {
    guard let index = ruleIndex[fire.rule] else {
      return refuse("fire", "there is no rule «\(fire.rule)»", at)
    }
    let rule = rules[index]
    var firing = Firing(
      key: Key(rule.key.map { ($0, fire.key[$0] ?? implied($0, rule, index)) }), eventTime: at, severity: rule.severity,
      evidence: [],
      measure: Measure())
    firing.staysFor = pool.matchesRule(index) ? rule.keepFiring : nil
    book.apply(firing, rule: rule, now: at)
    settle(at)
  }

  private func handle(_ act: Act, _ at: Moment) {
    book.perform(act, now: at)
    settle(at)
  }

  /// The topic of a claim rule's alerts is the rule's own.
  private func implied(_ field: String, _ rule: Rule, _ index: Int) -> String? {
    field == "narrative" && pool.matchesRule(index) ? rule.narrative : nil
  }

  private func refuse(_ verb: String, _ why: String, _ at: Moment) {
    book.note("refused", JSONObject(["do": .string(verb), "why": .string(why)]), now: at)
  }

  // MARK: Effects and timers

  /// Gives an evaluator its records back.
  func restore(rule: Int, _ records: [(key: String, value: [UInt8])]) {
    tellWhere(rule)
    perform(rule: rule, now ?? Moment(milliseconds: 0)) { $0.restore(records, &effects) }
  }

  /// Tells an evaluator where the timers stand.
  func tellWhere(_ rule: Int) {
    if let ranThrough { evaluators[rule].resumes(at: ranThrough + Span(milliseconds: 1)) }
  }

  private func runTimers(_ isDue: (Moment) -> Bool) {
    while let entry = timers.first, isDue(entry.due) {
      timers.removeFirst()
      // What an earlier instant has to tell is told before this one changes anything.
      book.tellPending(before: entry.due)
      // After a restart a timer may be long overdue: it is stamped with its due time, the clock never goes back.
      now = max(now ?? entry.due, entry.due)
      ranThrough = max(ranThrough ?? entry.due, entry.due - Span(milliseconds: 1))
      switch entry.target {
      case .rule(let rule, let key):
        perform(rule: rule, entry.due) { $0.wake(key: key, at: entry.due, &effects) }
      case .alert(let id, let timer): book.wake(id, timer, at: entry.due)
      case .digest(let region): tellDigest(of: region, at: entry.due)
      case .silence(let id): book.wake(silence: id, at: entry.due)
      }
      collect()
    }
  }

  /// Moves what the book has to say into the output, and its timers into the queue.
  func collect() {
    // Asked after every line: looked at one by one, lest the whole book be copied.
    if book.moves.isEmpty, book.events.isEmpty, book.wakes.isEmpty { return }
    let (events, wakes) = book.take()
    output += events
    for wake in wakes {
      switch wake.target {
      case .alert(let id, let timer):
        guard let alert = book.alerts[id] else { continue }
        timers.add(
          TimerQueue.Entry(due: wake.due, rule: alert.rule, key: alert.key.canonical, target: .alert(id, timer)))
      case .silence(let id):
        timers.add(TimerQueue.Entry(due: wake.due, rule: "", key: id, target: .silence(id)))
      }
    }
  }

  // MARK: Evidence

  private func content(
    id: String, source: String, url: String?, published: Moment, title: String?, body: String?, withLikeness: Bool
  ) -> Content {
    let text =
      switch (title, body) {
      case (let title?, let body?): "\(title)\n\(body)"
      case (let text?, nil), (nil, let text?): text
      case (nil, nil): ""
      }
    return Content(
      id: id, source: source, url: url, published: published, text: text,
      likeness: withLikeness ? Likeness.of(text) : "")
  }
}

extension Engine {
  /// Tells a meta event that no line causes.
  package func meta(_ type: String, _ data: [(String, String)], at moment: Moment) {
    var object = JSONObject()
    for (name, value) in data { object.append(name, .string(value)) }
    let at = max(moment, now ?? moment)
    now = at
    book.meta(type, object, now: at)
    collect()
  }
}
