import Alerting
import Configuration
import Delivering
import JSON
import Model
import Monitor
import Parsing
import Polling
import Rules

extension Verb {
  static let run = Verb(
    name: "run", summary: "Polls the sources, matches, alerts and delivers, until SIGTERM.",
    options: [
      Option("--config", "FILE", "the server's configuration (default nabat.yaml)"),
      Option("--history", "FILE", "counts from before, for baselines"),
      Option("--json", nil, "events as NDJSON instead of readable lines"),
    ], example: "nabat run --config nabat.yaml"
  ) { arguments in
    let setup = try ServerInput.setup(config: arguments["--config"] ?? "nabat.yaml", history: arguments["--history"])
    let store = try ServerInput.store(setup)
    defer { store.close() }
    let console = Console(zone: setup.configuration.instance.timezone, asJSON: arguments.has("--json"))
    let clock = SystemClock()
    let server = try Server(setup: setup, store: store, clock: clock, watchers: console.watchers(clock: clock))
    // What is never asked fails nowhere: without this line nobody would hear of it.
    for source in setup.sources where source.enabled && source.kind != SourceKind.spool.name {
      do throws(PollRefusal) { try Poller.check(source) } catch {
        console.say("\(source.title ?? source.id): \(error.description)")
      }
    }
    let enabled = setup.sources.count { $0.enabled }
    let opening =
      "nabat \(Program.version): \(enabled) of \(setup.sources.count) sources, \(server.ruleCount) rules, "
      + "database \(setup.configuration.paths.database)"
    try await Shutdown.run {
      // Said when it can be stopped in good order.
      console.say(opening)
      try await server.run()
    }
    console.say("stopped; everything taken in is committed")
    return .done
  }
}
