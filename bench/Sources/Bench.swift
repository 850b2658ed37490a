import Glibc
import JSON
import Model
import Monitor
import Rules
import Storage
import Text

// Bench: a year of comments of one federal district through read → match → count → alert → store.
//
// The tape and the rules are generated from a seed and the dictionary, and are the same on every machine. Beside the
// whole way it measures, in the same run, what the tape's bare reading and the rows' bare inserting cost: machines
// differ, their ratios hardly.
@main
enum Bench {
  private struct Options {
    var comments = 453_000
    var rules = 1000
    var seed: UInt64 = 1
    var threads = [1, 2]
    var json = false
    /// Measures matching alone, beside others.
    var matchOnly = false
    /// Of matching alone: numbers of claims.
    var sizes = [100, 1000, 10_000]
    /// Measures series alone.
    var seriesOnly = false
    /// Judges series from standard input.
    var judgesYear = false
    /// Applies a budget to alarms from standard input.
    var budget: Int?
    /// Also the peers that take minutes.
    var peers = true
    /// For a process of its own: a tape, and the rule files with which it matches it.
    var memory: (tape: String, rules: [String])?
    /// For a process of its own: how many different words it matches.
    var hostileWords: Int?
  }

  static func main() {
    do {
      try run(try options(Array(CommandLine.arguments.dropFirst())))
    } catch {
      let words = (error as? BenchError)?.message ?? "\(error)"
      let line = Array("nabat-bench: \(words)\n".utf8)
      _ = Glibc.write(STDERR_FILENO, line, line.count)
      exit(1)
    }
  }

  private static func options(_ arguments: [String]) throws(BenchError) -> Options {
    var options = Options()
    var rest = arguments[...]
    func number(_ name: String, _ text: String?) throws(BenchError) -> Int {
      guard let value = text.flatMap({ Int($0) }), value > 0 else { throw .usage("\(name) needs a number above 0") }
      return value
    }
    while let name = rest.popFirst() {
      switch name {
      case "--comments": options.comments = try number(name, rest.popFirst())
      case "--rules": options.rules = try number(name, rest.popFirst())
      case "--seed": options.seed = UInt64(try number(name, rest.popFirst()))
      case "--threads": options.threads = [try number(name, rest.popFirst())]
      case "--json": options.json = true
      case "--no-peers": options.peers = false
      case "--series": options.seriesOnly = true
      case "--year": options.judgesYear = true
      case "--budget": options.budget = try number(name, rest.popFirst())
      case "--match": options.matchOnly = true
      case "--sizes":
        options.sizes = try (rest.popFirst() ?? "").split(separator: ",").map { size throws(BenchError) in
          try number(name, String(size))
        }
      case "--memory":
        options.memory = (rest.popFirst() ?? "", Array(rest))
        rest = []
      case "--hostile": options.hostileWords = try number(name, rest.popFirst())
      default:
        throw .usage(
          "unknown option \(name): --comments N, --rules N, --seed S, --threads N, --json, --series, --year, --budget N, --match, --sizes N,N, --no-peers, --hostile N"
        )
      }
    }
    return options
  }

  private static func run(_ options: Options) throws {
    if options.seriesOnly { return try SeriesBench.run() }
    if options.judgesYear { return try DistrictYear.judge() }
    if let budget = options.budget { return DistrictYear.budget(perDay: budget) }
    guard let lexicon = Lexicon.defaultFolder().flatMap(Lexicon.init(folder:)) else {
      throw BenchError.failed("the dictionary is missing: run scripts/setup")
    }
    if let memory = options.memory {
      return try MatchMemory.tape(memory.tape, rules: memory.rules, lexicon: lexicon)
    }
    let folder = try temporaryFolder()
    defer { remove(folder) }
    let vocabulary = Vocabulary(lexicon: lexicon, seed: options.seed)
    if let words = options.hostileWords {
      let claims = Claims(count: options.rules, vocabulary: vocabulary)
      return MatchMemory.hostile(words: words, rules: try load(claims.files, lexicon), lexicon: lexicon)
    }
    let claims = Claims(count: options.rules, vocabulary: vocabulary)
    var tape = Tape(claims: claims, vocabulary: vocabulary, seed: options.seed)
    let path = folder + "/tape.ndjson"
    try tape.write(to: path, count: options.comments)
    if options.matchOnly {
      return try match(
        tape: path, content: tape.content, claims, vocabulary, lexicon, seed: options.seed, sizes: options.sizes,
        peers: options.peers, folder: folder)
    }
    let rules = try load(claims.files, lexicon)
    var report = Report(
      seed: options.seed, content: tape.content, rules: options.rules, tapeDigest: try digest(of: path),
      forms: vocabulary.forms.count)
    // Once for nothing: the file comes into the page cache.
    _ = try Passes.bytes(of: path)
    report.bytes = try Passes.bytes(of: path)
    report.lines = try Passes.lines(of: path)
    report.insert = try Passes.insert(tape: path, database: folder + "/bare.db")
    for threads in options.threads {
      var pass = Passes.Whole(threads: threads)
      try pass.run(tape: path, database: folder + "/threads-\(threads).db", rules: rules, lexicon: lexicon)
      report.runs.append(pass)
    }
    try write(options.json ? report.json.serialized + "\n" : report.table)
    try report.check()
    try checkTape(tape.content, claims, options.seed, report.tapeDigest)
  }

  private static func checkTape(
    _ content: Tape.Content, _ claims: Claims, _ seed: UInt64, _ digest: String
  ) throws(BenchError) {
    if content.comments == 453_000, claims.count == 1000, seed == 1, digest != Tape.sha256 {
      throw .failed("the tape is another than that of the results in bench/results")
    }
  }

  /// Matching alone: sets of 100, 1000 and 10,000 claims over the tape of the 1000.
  private static func match(
    tape: String, content: Tape.Content, _ claims: Claims, _ vocabulary: Vocabulary, _ lexicon: Lexicon, seed: UInt64,
    sizes: [Int], peers: Bool, folder: String
  ) throws {
    var bench = try MatchBench(tape: tape, lexicon: lexicon)
    bench.takeLiterals(of: claims)
    var sets: [(count: Int, threads: Int, rules: [Rule])] = []
    for count in sizes {
      let rules = try load(Claims(count: count, vocabulary: vocabulary).files, lexicon)
      sets.append((count, 1, rules))
      if count == 1000 { sets.append((count, 2, rules)) }
    }
    try bench.measure(sets)
    if peers { try bench.measurePeers(claims: claims, folder: folder) }
    var most: [String] = []
    for (number, text) in Claims(count: 10_000, vocabulary: vocabulary).files.enumerated() {
      most.append(folder + "/most-\(number).rules.yaml")
      try MatchBench.write(Array(text.utf8), to: most[number])
    }
    let report = MatchReport(
      bench: bench, content: content, digest: try digest(of: tape), megabytes: peak(rules: most, tape: tape))
    try write(report.table)
    try report.check()
    try checkTape(content, claims, seed, report.digest)
  }

  /// What a process of its own needs at most; 0 where it cannot be told.
  private static func peak(rules: [String], tape: String) -> Int {
    guard let pipe = popen("/proc/\(getpid())/exe --memory \(tape) \(rules.joined(separator: " "))", "r") else {
      return 0
    }
    defer { pclose(pipe) }
    var line = [CChar](repeating: 0, count: 64)
    guard fgets(&line, 64, pipe) != nil else { return 0 }
    return Int(strtol(line, nil, 10))
  }

  private static func digest(of path: String) throws -> String {
    var bytes: [UInt8] = []
    try TapeFile.forEachLine(path) { _, line in
      bytes.append(contentsOf: line)
      bytes.append(0x0A)
    }
    return Digest.sha256Hex(bytes)
  }

  static func say(_ words: String) {
    let line = Array("nabat-bench: \(words)\n".utf8)
    _ = Glibc.write(STDERR_FILENO, line, line.count)
  }

  private static func write(_ output: String) throws(BenchError) {
    var bytes = Array(output.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard written > 0 else { throw BenchError.system("standard output", errno) }
      bytes = bytes.dropFirst(written)
    }
  }

  static func load(_ files: [String], _ lexicon: Lexicon) throws(BenchError) -> [Rule] {
    let set = RuleLoader.load(
      texts: files.enumerated().map { (path: "bench-\($0).rules.yaml", bytes: Array($1.utf8)) },
      types: Registry.ruleTypes,
      knowsWord: { lexicon.knows($0) })
    if let error = set.diagnostics.first(where: { $0.severity == .error }) {
      throw .failed("\(error.place.file):\(error.place.line): \(error.message)")
    }
    // Stable rules must bring tests, which generated ones have none of; they run as stable all the same.
    return set.rules.map { rule in
      var rule = rule
      rule.status = .stable
      return rule
    }
  }

  private static func temporaryFolder() throws(BenchError) -> String {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/nabat-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw .system(base, errno) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func remove(_ folder: String) {
    guard let listing = opendir(folder) else { return }
    while let entry = readdir(listing) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink(folder + "/" + name) }
    }
    closedir(listing)
    rmdir(folder)
  }
}
