import Alerting
import Configuration
import Engine
import JSON
import Model
import Monitor
import Rules
import Storage
import Text

/// The ways in which a tape is gone through.
enum Passes {
  /// Lines in one transaction, as in `run`.
  static let stepSize = 5000

  /// The tape from its bytes to committed rows, stage by stage, as the pipeline of `run` goes.
  struct Whole {
    var threads: Int
    var read = Stopwatch()
    var match = Stopwatch()
    var count = Stopwatch()
    var serialise = Stopwatch()
    var store = Stopwatch()
    var total = Stopwatch()
    var comments = 0
    var matched = 0
    var folded = 0
    var events = 0
    var alerts = 0
    var records = 0
    var peakMegabytes = 0
    /// SHA-256 of all stored events as NDJSON: what a change to the hot path must leave as it is.
    var digest = ""

    /// Comments a second, by the clock on the wall.
    var rate: Int { total.wall > 0 ? Int(Double(comments) / total.wall) : 0 }

    init(threads: Int) { self.threads = threads }

    private var chain = JournalChain(head: [])

    mutating func run(tape: String, database: String, rules: [Rule], lexicon: Lexicon) throws {
      var settings = EngineSettings()
      settings.threads = threads
      let engine = Engine(rules: rules, lexicon: lexicon, settings: settings)
      let store = try SQLiteStore(path: database)
      defer { store.close() }
      let router = Router(configuration: ServerConfiguration(), kinds: [], rules: rules)
      var reader = TapeReader(authorKey: AuthorHash().key)
      var batch: [TapeLine] = []
      batch.reserveCapacity(Passes.stepSize)
      let lane = threads > 1 ? Lane() : nil
      let stages = Stages(engine: engine, store: store, router: router, lane: lane)
      var ahead = MatchAhead(engine, on: lane)
      var taking = Stopwatch()
      var taken = Stopwatch()
      func take(_ lines: [TapeLine], _ matches: [[Match]]) throws {
        try taken.measure { try step(lines, matches, stages) }
      }
      Machine.resetPeak()
      let start = (wall: Machine.wall, processor: Machine.processor)
      var readFrom = start
      try TapeFile.forEachLine(tape) { _, line in
        batch.append(try reader.read(line: line))
        guard batch.count == Passes.stepSize else { return }
        read.add(since: readFrom)
        try taking.measure { try ahead.add(batch, take) }
        batch.removeAll(keepingCapacity: true)
        readFrom = (Machine.wall, Machine.processor)
      }
      read.add(since: readFrom)
      if !batch.isEmpty { try taking.measure { try ahead.add(batch, take) } }
      try taking.measure { try ahead.finish(take) }
      match = taking - taken
      try self.store.measure { try stages.lane?.finish() }
      total.add(since: start)
      peakMegabytes = Machine.peakMegabytes
      var events: [UInt8] = []
      try store.journal(alert: nil, from: nil) { events += Array($0.json.utf8) + [0x0A] }
      digest = Digest.sha256Hex(events)
    }

    private struct Stages {
      let engine: Engine
      let store: SQLiteStore
      let router: Router
      /// The second thread: it commits the step before and matches the texts of the next, while the engine counts. A
      /// stage's time is then what the first thread spends at it or waiting for it.
      let lane: Lane?
    }

    private mutating func step(_ batch: [TapeLine], _ matches: [[Match]], _ stages: Stages) throws {
      let fresh = count.measure {
        let known = Set(stages.engine.handle(batch, matches))
        return known.isEmpty ? batch : batch.indices.filter { !known.contains($0) }.map { batch[$0] }
      }
      var chain = chain
      let step: Step? = serialise.measure {
        let events = stages.engine.takeEvents()
        guard let now = stages.engine.now else { return nil }
        return Step(
          now: now, lines: fresh, records: stages.engine.takeChanges(), events: events, router: stages.router,
          chain: &chain)
      }
      self.chain = chain
      guard let step else { return }
      try self.store.measure {
        let store = stages.store
        guard let lane = stages.lane else { return try store.commit(step) }
        try lane.add { try store.commit(step) }
      }
      comments += fresh.count
      events += step.journal.count
      records += step.records.count
      alerts += step.journal.count { $0.type == "alert.fired" }
      for found in matches {
        let holding = found.filter(\.holds)
        matched += holding.isEmpty ? 0 : 1
        folded += holding.contains { match in match.why.contains { !$0.folds.isEmpty } } ? 1 : 0
      }
    }
  }

  /// The bytes of the file, line by line, and nothing else.
  static func bytes(of tape: String) throws -> Stopwatch {
    var watch = Stopwatch()
    var count = 0
    try watch.measure { try TapeFile.forEachLine(tape) { _, line in count += line.count } }
    return watch
  }

  /// The lines of the tape, read and dropped.
  static func lines(of tape: String) throws -> Stopwatch {
    var watch = Stopwatch()
    var reader = TapeReader(authorKey: AuthorHash().key)
    try watch.measure { try TapeFile.forEachLine(tape) { _, line in _ = try reader.read(line: line) } }
    return watch
  }

  /// The rows of the tape into an empty database of the same make, by SQLite alone.
  static func insert(tape: String, database: String) throws -> Stopwatch {
    try SQLiteStore(path: database).close()
    let table = try BareTable(path: database)
    var watch = Stopwatch()
    var reader = TapeReader(authorKey: AuthorHash().key)
    var lines: [TapeLine] = []
    func insert() throws {
      let rows = TapeRow.rows(lines)
      try watch.measure { try table.insert(rows) }
      lines.removeAll(keepingCapacity: true)
    }
    try TapeFile.forEachLine(tape) { _, line in
      lines.append(try reader.read(line: line))
      if lines.count == stepSize { try insert() }
    }
    try insert()
    return watch
  }
}
