import Engine
import Glibc
import JSON
import Model
import Rules
import Text

/// Matching alone, over the texts of a tape that are read already, beside what others need for less.
struct MatchBench {
  struct Run {
    var rules: Int
    var threads: Int
    var watch = Stopwatch()
    var met = 0
  }
  struct Peer {
    var name: String
    var note: String
    /// Seconds for the whole tape; nil where it could not be run.
    var seconds: Double?
  }

  /// How many rounds are gone through, one of each kind in turn; the quickest of each counts.
  static let rounds = 5

  private let lexicon: Lexicon
  private let lines: [TapeLine]
  private(set) var runs: [Run] = []
  private(set) var literals: [[UInt8]] = []
  private(set) var folded: FoldedTexts
  private(set) var vectorscan: (watch: Stopwatch, hits: Int)?
  private(set) var peers: [Peer] = []

  init(tape: String, lexicon: Lexicon) throws {
    self.lexicon = lexicon
    var lines: [TapeLine] = []
    var reader = TapeReader(authorKey: AuthorHash().key)
    try TapeFile.forEachLine(tape) { _, line in lines.append(try reader.read(line: line)) }
    self.lines = lines
    folded = FoldedTexts(
      lines.map { line in if case .comment(_, let comment) = line { comment.text ?? "" } else { "" } })
  }

  /// Sets the literals: each claim's first pattern in its most frequent surface form.
  mutating func takeLiterals(of claims: Claims) {
    literals = (0..<claims.count).map { number in
      let words = claims.firstPattern(of: number).map { word in
        word.forms.map { Folding.fold($0).text }.max {
          (folded.frequencies[$0] ?? 0, $1) < (folded.frequencies[$1] ?? 0, $0)
        } ?? word.lemma
      }
      return Array(words.joined(separator: " ").utf8)
    }
  }

  /// - Parameter sets: number of claims and their loaded rules.
  mutating func measure(_ sets: [(count: Int, threads: Int, rules: [Rule])]) throws {
    let scanner = try Vectorscan(literals: literals)
    if scanner == nil { Bench.say("Vectorscan is not installed (Debian: libvectorscan5): left out") }
    for round in 0..<MatchBench.rounds {
      if let scanner {
        var watch = Stopwatch()
        let hits = try watch.measure { try scanner.hits(in: folded) }
        if vectorscan.map({ watch.processor < $0.watch.processor }) ?? true { vectorscan = (watch, hits) }
      }
      for (index, set) in sets.enumerated() {
        let run = run(set)
        if round == 0 { runs.append(run) } else if run.watch.wall < runs[index].watch.wall { runs[index] = run }
      }
    }
  }

  private func run(_ set: (count: Int, threads: Int, rules: [Rule])) -> Run {
    var settings = EngineSettings()
    settings.threads = set.threads
    // A new engine each time: no word has been seen.
    let engine = Engine(rules: set.rules, lexicon: lexicon, settings: settings)
    var run = Run(rules: set.count, threads: set.threads)
    var start = 0
    while start < lines.count {
      let end = min(start + Passes.stepSize, lines.count)
      let batch = Array(lines[start..<end])
      let matches = run.watch.measure { engine.matches(for: batch) }
      run.met += matches.count { $0.contains(where: \.holds) }
      start = end
    }
    return run
  }

  /// Peers that need seconds: each goes through a part of the texts, once.
  mutating func measurePeers(claims: Claims, folder: String) throws {
    let part = max(1, folded.count / 20)
    let scale = Double(folded.count) / Double(part)
    if let pcre = try PCRE2(literals: literals) {
      var watch = Stopwatch()
      _ = watch.measure { pcre.hits(in: folded, first: part) }
      peers.append(
        Peer(name: "PCRE2, one alternation", note: "folded, literals; 1/20", seconds: watch.processor * scale))
    } else {
      Bench.say("PCRE2 is not installed (Debian: libpcre2-8-0): left out")
    }
    try MatchBench.write(folded.bytes, to: folder + "/folded.txt")
    try MatchBench.write([0x0A], to: folder + "/empty.txt")
    let rules = literals.enumerated().map { number, literal in
      "rule r\(number) { strings: $a = \"\(String(decoding: literal, as: UTF8.self))\" condition: $a }\n"
    }.joined()
    try MatchBench.write(Array(rules.utf8), to: folder + "/literals.yar")
    peers.append(
      process(
        "yara", "folded, literals", scale: 1, probe: "command -v yara yarac",
        prepare: "yarac \(folder)/literals.yar \(folder)/literals.yac",
        idle: "yara -C \(folder)/literals.yac \(folder)/empty.txt",
        command: "yara -C \(folder)/literals.yac \(folder)/folded.txt"))
    var raw = ""
    for line in lines.prefix(part) {
      if case .comment(_, let comment) = line {
        raw += (comment.text ?? "").split(separator: "\n").joined(separator: " ")
        raw += "\n"
      }
    }
    try MatchBench.write(Array(raw.utf8), to: folder + "/raw.txt")
    let patterns = (0..<claims.count).map { claims.firstPattern(of: $0).map(\.lemma).joined(separator: " ") + "\n" }
    try MatchBench.write(Array(patterns.joined().utf8), to: folder + "/lemmas.txt")
    let python = getenv("BENCH_PYTHON").map { String(cString: $0) } ?? "python3"
    let script = "\(python) bench/peers.py \(folder)/lemmas.txt"
    peers.append(
      process(
        "pyahocorasick, pymorphy3", "raw, lemmas; 1/20", scale: scale,
        probe: "\(python) -c 'import ahocorasick, pymorphy3'",
        prepare: "true", idle: "\(script) \(folder)/empty.txt", command: "\(script) \(folder)/raw.txt"))
  }

  /// The time of a command less that of the same command with nothing to do.
  private func process(
    _ name: String, _ note: String, scale: Double, probe: String, prepare: String, idle: String, command: String
  ) -> Peer {
    func run(_ command: String) -> Bool { system("\(command) >/dev/null 2>&1") == 0 }
    guard run(probe), run(prepare) else {
      Bench.say("\(name) is not installed: left out")
      return Peer(name: name, note: "not installed", seconds: nil)
    }
    var nothing = Stopwatch()
    var whole = Stopwatch()
    let worked = nothing.measure { run(idle) } && whole.measure { run(command) }
    return Peer(name: name, note: note, seconds: worked ? max(0, whole.wall - nothing.wall) * scale : nil)
  }

  static func write(_ bytes: [UInt8], to path: String) throws(BenchError) {
    guard let file = fopen(path, "w") else { throw .system(path, errno) }
    let isWhole = fwrite(bytes, 1, bytes.count, file) == bytes.count
    guard fclose(file) == 0, isWhole else { throw .system(path, errno) }
  }
}
