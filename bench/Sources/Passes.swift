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

    mutating func run(tape: String, database: String, rules: [Rule], lexicon: Lexicon) throws {
      var settings = EngineSettings()
      settings.threads = threads
      let engine = Engine(rules: rules, lexicon: lexicon, settings: settings)
      let store = try SQLiteStore(path: database)
      defer { store.close() }
      let router = Router(configuration: ServerConfiguration(), types: [], rules: rules)
      var reader = TapeReader(authorKey: AuthorHash().key)
      var batch: [TapeLine] = []
      batch.reserveCapacity(Passes.stepSize)
      Machine.resetPeak()
      let start = (wall: Machine.wall, processor: Machine.processor)
      var readFrom = start
      try TapeFile.forEachLine(tape) { _, line in
        batch.append(try reader.read(line: line))
        guard batch.count == Passes.stepSize else { return }
        read.add(since: readFrom)
        try step(batch, engine, store, router)
        batch.removeAll(keepingCapacity: true)
        readFrom = (Machine.wall, Machine.processor)
      }
      read.add(since: readFrom)
      if !batch.isEmpty { try step(batch, engine, store, router) }
      total.add(since: start)
      peakMegabytes = Machine.peakMegabytes
      var events: [UInt8] = []
      try store.journal(alert: nil, from: nil) { events += Array($0.json.utf8) + [0x0A] }
      digest = Digest.sha256Hex(events)
    }

    private mutating func step(
      _ batch: [TapeLine], _ engine: Engine, _ store: SQLiteStore, _ router: Router
    ) throws {
      let matches = match.measure { engine.matches(for: batch) }
      let fresh = count.measure {
        let fresh = batch.filter { line in
          if case .comment(_, let comment) = line {
            !engine.hasSeen("comment", source: comment.source, id: comment.id)
          } else {
            true
          }
        }
        engine.handle(fresh, matches)
        return fresh
      }
      let step: Step? = serialise.measure {
        let events = engine.takeEvents()
        guard let now = engine.now else { return nil }
        return Step(now: now, lines: fresh, records: engine.takeChanges(), events: events, router: router)
      }
      guard let step else { return }
      try self.store.measure { try store.commit(step) }
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
    var rows: [TapeRow] = []
    try TapeFile.forEachLine(tape) { _, line in
      rows.append(TapeRow(try reader.read(line: line)))
      guard rows.count == stepSize else { return }
      try watch.measure { try table.insert(rows) }
      rows.removeAll(keepingCapacity: true)
    }
    try watch.measure { try table.insert(rows) }
    return watch
  }
}
