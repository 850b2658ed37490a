package import HTTP
package import Model

/// Asks the sources, each in its own time, and hands every answer to the caller.
///
/// One request at a time to a host. Answers of different sources come to the callback at the same time.
package actor Poller {
  /// How the poller behaves towards the world.
  package struct Settings: Sendable {
    /// Named in the User-Agent: `nabat/VERSION (+contact)`.
    package var version: String
    /// Between two requests to one host; 0 is for loopback.
    package var gap = Span.seconds(2)
    /// Extra addresses fetched after one poll of a source.
    package var extras = 200
    package var limits = HTTPClient.Limits()
    /// What may be reached besides public addresses.
    package var policy: AddressPolicy

    package init(version: String, policy: AddressPolicy = .publicOnly) {
      self.version = version
      self.policy = policy
    }
  }

  private let sources: [Source]
  private let fetching: any Fetching
  private let clock: any WallClock
  private let settings: Settings
  private let jitter: @Sendable () -> Double
  private let gate: HostGate
  /// By the id of the source; refused ones say so in theirs.
  package private(set) var states: [String: SourceState]
  /// By address: validators of extra addresses, and hashes of the last good bodies. A cache: dropped when it is full.
  private var validators: [String: Validators] = [:]
  private var bodies: [String: Int] = [:]
  private let remembered = 20_000

  /// - Parameters:
  ///   - states: as they were stored; a source without one is asked at once.
  ///   - jitter: gives numbers in -1…1.
  package init(
    sources: [Source], states: [SourceState], fetching: any Fetching, clock: any WallClock, settings: Settings,
    jitter: @escaping @Sendable () -> Double = { .random(in: -1...1) }
  ) {
    self.fetching = fetching
    self.clock = clock
    self.settings = settings
    self.jitter = jitter
    gate = HostGate(clock: clock, gap: settings.gap)
    var known: [String: SourceState] = [:]
    for state in states { known[state.source] = state }
    var polled: [Source] = []
    for source in sources where source.enabled {
      var state = known[source.id] ?? SourceState(source: source.id)
      do throws(PollRefusal) {
        try Poller.check(source)
        polled.append(source)
      } catch {
        state.lastError = error.description
        state.next = nil
      }
      known[source.id] = state
    }
    self.sources = polled
    self.states = known
  }

  /// Whether a source can be polled at all.
  package static func check(_ source: Source) throws(PollRefusal) {
    guard WebAddress.authority(of: source.url) != nil else { throw .notWeb(source.url) }
    guard let contact = source.contact, contact.contains(where: { !$0.isWhitespace }) else { throw .noContact }
  }

  /// Whether an address is one that can be asked at all.
  package static func canAsk(_ url: String) -> Bool { WebAddress.authority(of: url) != nil }

  /// Polls until the task is cancelled or the callback throws, which is thrown on.
  ///
  /// The callback may be called again before it returned. What it commits goes together with `result.state(after:)`.
  package func run(onResult: @escaping @Sendable (PollResult) async throws -> PollVerdict) async throws {
    try await withThrowingDiscardingTaskGroup { group in
      for source in sources { group.addTask { try await self.watch(source, onResult) } }
    }
  }

  private func watch(_ source: Source, _ onResult: @Sendable (PollResult) async throws -> PollVerdict) async throws {
    while true {
      try Task.checkCancellation()
      if let next = states[source.id]?.next { try await clock.sleep(until: next, tolerance: nil) }
      let result = try await poll(source, url: source.url, isExtra: false)
      let verdict = try await onResult(result)
      states[source.id] = result.state(after: verdict)
      remember(result, verdict)
      var seen: Set = [source.url]
      for url in verdict.extras.prefix(settings.extras) where seen.insert(url).inserted {
        guard WebAddress.authority(of: url) != nil else { continue }
        let extra = try await poll(source, url: url, isExtra: true)
        remember(extra, try await onResult(extra))
      }
    }
  }

  private func poll(_ source: Source, url: String, isExtra: Bool) async throws -> PollResult {
    let before = states[source.id] ?? SourceState(source: source.id)
    var validators = validators[url]
    if !isExtra {
      validators =
        before.validatorURL == url ? Validators(etag: before.etag, lastModified: before.lastModified) : nil
    }
    let request = request(source, url: url, validators: validators)
    return try await gate.pass(WebAddress.authority(of: url) ?? url) {
      var result = PollResult(
        source: source, url: url, isExtra: isExtra, outcome: .unchanged, fetchedAt: clock.now, before: before,
        jitter: jitter())
      do throws(HTTPError) {
        let answer = try await fetching.send(request)
        result.fetchedAt = clock.now
        result.validators = Validators(etag: answer.headers["etag"], lastModified: answer.headers["last-modified"])
        result.outcome = outcome(of: answer, wasConditional: validators != nil, url: url)
        if answer.status >= 400,
          let span = answer.headers["retry-after"].flatMap({ RetryAfter.span($0, now: clock.now) })
        {
          result.retryAfter = clock.now + min(span, PollSchedule.longest)
        }
      } catch {
        if error == .cancelled { throw CancellationError() }
        result.fetchedAt = clock.now
        result.outcome = .failed(words: PollWords.words(for: error), status: 0)
      }
      return (result, closedUntil: result.retryAfter)
    }
  }

  private func request(_ source: Source, url: String, validators: Validators?) -> HTTPClient.Request {
    var request = HTTPClient.Request(
      .get, url, userAgent: "nabat/\(settings.version) (+\(source.contact ?? ""))",
      headers: [
        ("accept", "application/rss+xml, application/atom+xml, application/feed+json, text/html;q=0.9, */*;q=0.5")
      ])
    if let etag = validators?.etag { request.headers.append(("if-none-match", etag)) }
    if let date = validators?.lastModified { request.headers.append(("if-modified-since", date)) }
    request.limits = settings.limits
    request.certificateFile = source.certificateFile
    var policy = settings.policy
    policy.allowsPrivate = policy.allowsPrivate || source.allowPrivate
    request.policy = policy
    return request
  }

  private func outcome(of answer: HTTPClient.Response, wasConditional: Bool, url: String) -> PollResult.Outcome {
    switch answer.status {
    case 304 where wasConditional: return .unchanged
    case 200..<300:
      if bodies[url] == answer.body.hashValue { return .unchanged }
      return .payload(Payload(bytes: answer.body, url: answer.url, headers: answer.headers))
    default: return .failed(words: PollWords.words(for: answer.status), status: answer.status)
    }
  }

  /// Only what could be read is worth comparing with.
  private func remember(_ result: PollResult, _ verdict: PollVerdict) {
    switch result.outcome {
    case .payload(let payload) where verdict.isGood:
      if bodies.count >= remembered { bodies = [:] }
      bodies[result.url] = payload.bytes.hashValue
      if result.isExtra { keep(result.validators, of: result.url) }
    case .unchanged where result.isExtra && result.validators != nil:
      keep(result.validators, of: result.url)
    default: break
    }
  }

  private func keep(_ fresh: Validators?, of url: String) {
    if validators.count >= remembered { validators = [:] }
    validators[url] = fresh
  }
}
