package import Alerting
import Configuration
package import Delivering
import Desk
import Engine
import HTTP
package import Model
import Parsing
import Polling
import Storage

/// The whole: polls sources, runs the engine, keeps the database, delivers alerts, until its task is cancelled.
package struct Server: Sendable {
  /// Who watches: the console of `run` and `demo`.
  package struct Watchers: Sendable {
    package var onEvents: @Sendable ([Event]) async -> Void = { _ in }
    package var onPoll: @Sendable (SourceDesk.PollReport) async -> Void = { _ in }
    package var onDelivery: @Sendable (DeliveryNote) async -> Void = { _ in }
    package var onReload: @Sendable (RuleReload) async -> Void = { _ in }

    package init() {}
  }

  /// How the server behaves besides what its configuration says; the defaults are those of `run`.
  package struct Habits: Sendable {
    /// How often the clock is told to the engine while nothing arrives.
    package var tick = Span.seconds(1)
    /// Between two requests to one host.
    package var gap = Span.seconds(2)
    /// Between two looks at the rule files.
    package var ruleLook = Span.seconds(1)

    package init() {}
  }

  private let setup: ServerSetup
  private let clock: any WallClock
  private let habits: Habits
  private let store: any Store
  private let watchers: Watchers
  /// What the rules were read from, and what the store knew of that.
  private let ruleFiles: RuleKeeper.Files
  private let storedRuleFiles: RuleKeeper.Files

  /// How many rules run at the start.
  package var ruleCount: Int { setup.rules.count }

  /// - Parameter store: already open, so that the caller may know its last moment before there is a clock.
  package init(
    setup: ServerSetup, store: any Store, clock: any WallClock, habits: Habits = Habits(), watchers: Watchers
  ) throws {
    var setup = setup
    (ruleFiles, storedRuleFiles) = try setup.chooseRules(from: store)
    self.setup = setup
    self.store = store
    self.clock = clock
    self.habits = habits
    self.watchers = watchers
  }

  /// Runs until the task is cancelled; what was taken in is committed before it returns. Throws when the store or the
  /// network stack fails.
  package func run() async throws {
    let policy = AddressPolicy(allow: setup.configuration.network.allow.compactMap(CIDR.init))
    // Two clients: many slow sources must not hold back an alert.
    let pollingClient = try HTTPClient(policy: policy)
    let deliveryClient = try HTTPClient(policy: policy)
    defer {
      pollingClient.stop()
      deliveryClient.stop()
    }
    let sinks = try setup.makeSinks(client: deliveryClient, policy: policy, store: store, clock: clock)
    let store = store
    let watchers = watchers
    let fallbacks = setup.configuration.sinks.compactMap { sink in sink.fallback.map { (sink.id, $0) } }
    let (troubles, trouble) = AsyncStream.makeStream(of: DeliveryNote.self)
    let dispatcher = Dispatcher(
      store: store, clock: clock, sinks: sinks, fallbacks: Dictionary(uniqueKeysWithValues: fallbacks),
      onNote: { note in
        if note.trouble != nil { trouble.yield(note) }
        await watchers.onDelivery(note)
      })
    let pipeline = try Pipeline(
      rules: setup.rules, lexicon: setup.lexicon, settings: setup.engineSettings, history: setup.history,
      store: store, router: setup.router
    ) { events in
      dispatcher.wake()
      await watchers.onEvents(events)
    }
    let office = try DeskServer(port: setup.configuration.deskPort)
    let database = setup.configuration.paths.database
    let access = DeskFile(url: office.url, token: DeskFile.newToken())
    try access.write(database: database)
    defer {
      office.stop()
      DeskFile.remove(database: database)
    }
    let dutyDesk = DutyDesk(
      room: DutyOffice(pipeline: pipeline, clock: clock, dispatcher: dispatcher), token: access.token,
      hosts: setup.deskHosts(port: office.port))
    let salt = try AuthorSalt.beside(database: setup.configuration.paths.database)
    let desk = SourceDesk(
      pipeline: pipeline, ingest: Ingest(authorKey: salt.key), clock: clock, onPoll: watchers.onPoll)
    var settings = Poller.Settings(version: setup.version, policy: policy)
    settings.gap = habits.gap
    let poller = Poller(
      sources: setup.sources.filter { $0.kind != SourceKind.spool.name }, states: try store.sourceStates(),
      fetching: pollingClient, clock: clock,
      settings: settings)
    for rejected in setup.rejected {
      try await pipeline.meta("rule_rejected", [("file", rejected.file), ("text", rejected.text)], at: clock.now)
    }
    try await pipeline.keep(RuleKeeper.changes(from: storedRuleFiles, to: ruleFiles), at: clock.now)
    let clock = clock
    let tick = habits.tick
    let retention = setup.configuration.retention
    let watch = RuleWatch(
      setup: setup, pipeline: pipeline, clock: clock, interval: habits.ruleLook, onReload: watchers.onReload)
    let refused = setup.ruleFiles.filter { setup.brokenRuleFiles.contains($0.key) }
    let spools = setup.sources.filter { $0.kind == SourceKind.spool.name && $0.enabled }.map { source in
      SpoolWatch(source: source, pipeline: pipeline, salt: salt, clock: clock, onPoll: watchers.onPoll)
    }
    let outcome: (any Error)?
    do {
      try await withThrowingDiscardingTaskGroup { group in
        group.addTask { try await poller.run { try await desk.take($0) } }
        for spool in spools { group.addTask { try await spool.run() } }
        group.addTask { try await dispatcher.run() }
        group.addTask {
          for await note in troubles {
            guard let words = note.trouble else { continue }
            try await pipeline.meta(
              "endpoint_degraded", [("endpoint", note.row.sink), ("message", words)], at: clock.now)
          }
        }
        group.addTask { await office.run { await dutyDesk.answer($0) } }
        group.addTask { try await watch.run(ruleFiles, rejected: refused) }
        if let heartbeat = setup.configuration.heartbeat {
          group.addTask {
            while true {
              try await clock.sleep(until: clock.now + heartbeat.every, tolerance: nil)
              try await pipeline.meta("heartbeat", [("message", "работает")], at: clock.now)
            }
          }
        }
        group.addTask {
          // Once an hour: what is a little too old does no harm.
          while true {
            // In short steps beside the pipeline, which goes on meanwhile.
            let alerts = try store.records(kind: "alert")
            _ = try store.purge(retention.purge(at: clock.now, alerts: alerts), dryRun: false)
            // Dead letters can be sent again for so long.
            try store.forgetDeliveries(before: clock.now - .days(30))
            try store.compact()
            try await clock.sleep(until: clock.now + .hours(1), tolerance: nil)
          }
        }
        group.addTask {
          while true {
            try await pipeline.tick(clock.now)
            try await clock.sleep(until: clock.now + tick, tolerance: nil)
          }
        }
      }
      outcome = nil
    } catch {
      outcome = error
    }
    if let outcome, !(outcome is CancellationError), !Task.isCancelled { throw outcome }
    try await pipeline.finish()
  }
}
