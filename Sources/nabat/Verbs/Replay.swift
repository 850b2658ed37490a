import Alerting
import Engine
import Model
import Monitor
import Rules

extension Verb {
  static let replay = Verb(
    name: "replay", summary: "Feeds a tape to the engine on a virtual clock and prints the events as NDJSON.",
    options: [
      Option("--rules", "PATH", "a rule file, or a folder with all *.rules.yaml below"),
      Option("--tape", "FILE", "what happened, one event a line"),
      Option("--history", "FILE", "counts from before, for baselines"),
      Option("--until", "TIME", "runs the clock on to this moment (RFC 3339)"),
      Option("--config", "FILE", "nabat.yaml: instance, names of regions, intervals of sources"),
      Option("--all", nil, "also notes: near-misses, refutations, reposts …"),
      Option("--threads", "N", "threads that match texts (default 1); the output is the same for any number"),
    ], required: ["--rules", "--tape"],
    example: "nabat replay --rules rules/ --tape examples/demo/story.ndjson --history examples/demo/history.ndjson"
  ) { arguments in
    guard let rulesPath = arguments["--rules"], let tape = arguments["--tape"] else { return .usage }
    var until: Moment?
    if let text = arguments["--until"] {
      guard let moment = Moment(rfc3339: text) else {
        throw Stop(.usage, "--until «\(text)» is not a time like 2026-03-01T09:00:00+03:00")
      }
      until = moment
    }
    let lexicon = RuleInput.lexicon()
    let set = try RuleInput.loadSound(
      [rulesPath], lexicon: lexicon, timezone: EngineInput.timezone(config: arguments["--config"]))
    var settings = try EngineInput.settings(config: arguments["--config"])
    settings.threads = try EngineInput.threads(arguments["--threads"])
    let engine = Engine(rules: set.rules, lexicon: lexicon, settings: settings)
    if let path = arguments["--history"] { engine.preload(try TapeInput.history(path)) }
    let all = arguments.has("--all")
    var output = OutputBuffer()
    // An instance's events carry the head of its journal; one that is replayed from the beginning has the same.
    var chain = arguments["--config"].map { _ in JournalChain(head: []) }
    func write(_ events: [Event]) {
      for event in events {
        let text = chain.map { event.text(journalHead: JournalChain.written($0.head)) } ?? event.text
        var row = JournalRow(id: event.id, time: event.time, type: event.type, alert: event.alert, json: text)
        chain?.append(&row)
        if all || !event.isNote { output.line(text) }
      }
    }
    var last: Moment?
    var progress = Progress("lines")
    var ahead = MatchAhead(engine, on: settings.threads > 1 ? Lane() : nil)
    func take(_ lines: [TapeLine], _ matches: [[Match]]) {
      engine.handle(lines, matches)
      last = lines.last.map { max(last ?? $0.at, $0.at) } ?? last
      write(engine.takeEvents())
      progress.advance(by: lines.count)
    }
    do {
      try TapeInput.forEachBatch(tape) { batch in
        var batch = batch[...]
        // The end is inclusive: a line of a later moment is not taken.
        if let until { batch = batch.prefix { $0.at <= until } }
        try ahead.add(Array(batch), take)
      }
      try ahead.finish(take)
      progress.finish()
    } catch {
      // What happened before a bad line was true all the same.
      try ahead.finish(take)
      progress.finish()
      output.flush()
      throw error
    }
    if let end = until ?? last {
      engine.advance(through: end)
      write(engine.takeEvents())
    }
    output.flush()
    return .done
  }
}
